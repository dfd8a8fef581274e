"""Incidents against annotated links, given gold accounts; and ECB+ event chains by the same words and clustering.

    python -m eval.linking --gazetteer FILE... --pair dev-mena.jsonl links-dev-mena.json
    python -m eval.linking --ecb ecbplus_dev.jsonl.gz

For links: B-cubed over all accounts, and precision and recall of pairs. For ECB+: B-cubed over the mentions of each
topic, by head word and shared words of their sentences alone, without training: a check that words and clustering carry
over, not a coreference system.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from eval.archives import bcubed
from trucewatch.linking.actors import ActorLinker
from trucewatch.linking.clusters import Constraints, gather
from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.linking.incidents import Linker, LinkSettings
from trucewatch.linking.places import Locator
from trucewatch.linking.sketches import content_words
from trucewatch.terms.accounts import Account, Maker, Party, ReportReading, Speaker, unlocated
from trucewatch.terms.counts import Count
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval


def gold_reading(row: dict[str, Any]) -> ReportReading:
    """An annotated report as a reading with unlocated places; account ids are `<report>/<number>`."""
    accounts = []
    for number, told in enumerate(row["accounts"]):
        at, day = max(0, row["text"].find(told["quote"])), told["date"]
        accounts.append(
            Account(
                f"{row['id']}/{number}",
                row["id"],
                told["type"],
                told["quote"],
                Span(at, at + len(told["quote"])),
                told["reality"],
                Interval(day["earliest"], day["latest"]) if day else None,
                tuple(unlocated(PlaceMention(p["name"], Span(0, 1))) for p in told["places"]),
                tuple(Party(a) for a in told["actors"]),
                tuple(Party(t) for t in told["targets"]),
                _count(told["killed"]),
                _count(told["injured"]),
                (Speaker(told["said_by"]),) if told["said_by"] else (),
                told["breach"],
                Maker("gold", "1", ""),
            )
        )
    report = Report(
        row["id"],
        row["id"],
        row["source"],
        row["url"],
        row["published"],
        row["language"],
        row["title"],
        row["text"],
        "",
    )
    return ReportReading(report, tuple(accounts))


def _count(told: dict[str, int | None] | None) -> Count | None:
    return None if not told or told["min"] is told["max"] is None else Count(told["min"], told["max"])


def links_of(path: Path) -> list[list[str]]:
    """The annotated clusters as account ids."""
    return [
        [f"{m[0]}/{m[1]}" if isinstance(m, list) else f"{m['doc']}/{m['account']}" for m in cluster["members"]]
        for cluster in json.loads(path.read_text("utf-8"))["clusters"]
    ]


def measure_links(reports: Path, links: Path, locate: Locator) -> dict[str, Any]:
    """B-cubed and pairs of one file."""
    rows = [json.loads(line) for line in reports.read_text("utf-8").splitlines() if line.strip()]
    registry = Registry(())
    incidents = Linker(LinkSettings(), registry)(ActorLinker(registry)(locate([gold_reading(r) for r in rows])))
    found = [i.account_ids for i in incidents]
    clusters = links_of(links)
    inside = {m for cluster in clusters for m in cluster}
    gold: list[Sequence[str]] = [*clusters, *([m] for group in found for m in group if m not in inside)]
    pairs = (
        {frozenset(p) for c in clusters for p in combinations(c, 2)},
        {frozenset(p) for c in found for p in combinations(c, 2)},
    )
    hit = len(pairs[0] & pairs[1])
    p, r, f1 = bcubed(gold, found)
    return {
        "file": reports.name,
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(f1, 3),
        "pair_precision": round(hit / max(1, len(pairs[1])), 3),
        "pair_recall": round(hit / max(1, len(pairs[0])), 3),
    }


def measure_ecb(path: Path, threshold: float = 0.45) -> dict[str, float]:
    """B-cubed over event mentions, mentions compared within their topic."""
    topics: dict[str, list[tuple[str, str, str, frozenset[str], frozenset[str]]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            for number, event in enumerate(row["events"]):
                tokens = row["sentences"][str(event["sent"])]
                around = content_words(" ".join(map(str, tokens)))
                mention = (
                    f"{row['id']}/{number}",
                    f"{row['id']}/{number}",
                    event["chain"],
                    content_words(event["text"]),
                    around,
                )
                topics[str(row["topic"])].append(mention)
    gold: dict[tuple[str, str], list[str]] = defaultdict(list)
    found: list[tuple[str, ...]] = []
    for topic in sorted(topics):
        scores = {}
        for a, b in combinations(sorted(topics[topic]), 2):
            share = len(a[4] & b[4]) / max(1, min(len(a[4]), len(b[4])))
            if a[3] & b[3]:
                scores[a[0], b[0]] = 0.35 + 0.65 * share
        for mention in topics[topic]:
            gold[topic, mention[2]].append(mention[0])
        found += gather({m[0]: m[1] for m in topics[topic]}, scores, Constraints(), threshold, 0.1)
    p, r, f1 = bcubed(list(gold.values()), found)
    return {
        "mentions": sum(map(len, gold.values())),
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(f1, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gazetteer", action="append", default=[], type=Path)
    parser.add_argument("--pair", nargs=2, action="append", default=[], type=Path, metavar=("REPORTS", "LINKS"))
    parser.add_argument("--ecb", type=Path)
    args = parser.parse_args()
    if args.pair:
        locate = Locator(load_gazetteers(args.gazetteer))
        for reports, links in args.pair:
            print(json.dumps(measure_links(reports, links, locate)))
    if args.ecb:
        print(json.dumps({"file": args.ecb.name, **measure_ecb(args.ecb)}))


if __name__ == "__main__":
    main()

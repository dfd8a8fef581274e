"""How often each field of an account is read right where its trigger and type are given: the fields apart from finding.

usage: fields.py SCORER.py REPORTS.jsonl... [--retellings FILE.jsonl...] [--half 0|1] [--cache FOLDER] [--show FIELD]

SCORER.py is the scorer of the annotated reports, whose `fields` compares them. The rules alone are measured: the
learned part was trained on the corpus and would look better here than it is.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import DocBin

from eval.read_corpus import account_row, report_of
from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.reading.accounts import make_account
from trucewatch.reading.candidates import Candidate, find_candidates
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.lexicons import english_lexicon
from trucewatch.reading.guesses import REALITIES, STATUSES, Guess, TriggerGuess
from trucewatch.reading.passages import break_lines
from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

ROW = ("reality", "date", "actors", "killed", "injured")  # with the places, what an analyst's row needs


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def trigger_at(text: str, item: dict[str, Any]) -> Span | None:
    """Where the trigger of an account or retelling stands in the text; None where it cannot be found."""
    at = item["start"] if isinstance(item.get("start"), int) else text.find(item["quote"])
    if at < 0 or not item.get("trigger"):
        return None
    end = at + len(item["quote"])
    found = text.find(item["trigger"], at, end)
    return Span(found, found + len(item["trigger"])) if found >= 0 else None


def guessed(span: Span, kind: str) -> TriggerGuess:
    """A trigger as the learned part would hand it over, certain of itself."""
    first = tuple((s, float(s == STATUSES[0])) for s in STATUSES)
    return TriggerGuess(
        span, 1.0, ((kind, 1.0),), first, tuple((r, float(r == REALITIES[0])) for r in REALITIES), 0, ()
    )


def contexts_of(reader: Reader, reports: Sequence[Report], cache: Path | None) -> Iterator[ReportContext]:
    """The parsed reports; parses are kept in the cache folder where one is given."""
    for report in reports:
        name = hashlib.sha256(report.text.encode()).hexdigest()[:20]
        kept = cache / f"{name}.spacy" if cache else None
        if kept and kept.exists():
            (doc,) = DocBin().from_disk(kept).get_docs(reader._nlp.vocab)
        else:
            doc = next(iter(reader._nlp.pipe([break_lines(reader._nlp.make_doc(report.text))])))
            if kept:
                DocBin(
                    attrs=["HEAD", "DEP", "TAG", "POS", "LEMMA", "SENT_START", "SPACY", "ENT_TYPE", "ENT_IOB"],
                    docs=[doc],
                ).to_disk(kept)
        yield reader._context(report, doc)


def given(
    context: ReportContext, row: dict[str, Any], told: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], list[Candidate]]]:
    """Each annotated account with the candidate its trigger makes, and those of its retellings behind it."""
    text = context.report.text
    triggers: list[tuple[TriggerGuess, int]] = []
    for k, account in enumerate(row["accounts"]):
        if (span := trigger_at(text, account)) is not None:
            triggers.append((guessed(span, account["type"]), k))
    for again in told:
        if (span := trigger_at(text, again)) is not None:
            triggers.append((guessed(span, row["accounts"][again["account"]]["type"]), again["account"]))
    by_account: dict[int, list[Candidate]] = {}
    for trigger, k in triggers:  # one at a time: two accounts may share their trigger
        found = find_candidates(context, english_lexicon(), Guess((trigger,)))
        c = next((c for c in found if c.guess == 0), None)
        if c is not None:
            by_account.setdefault(k, []).append(dataclasses.replace(c, learned=None, guess=None, type=trigger.type))
    for k, account in enumerate(row["accounts"]):
        if k in by_account:
            yield account, by_account[k]


def main() -> int:
    """Print the share of right values a field."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--retellings", type=Path, nargs="*", default=[])
    parser.add_argument("--half", type=int, choices=(0, 1), help="the reports at even or odd places of their file")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--show", help="print the accounts whose field of this name is wrong")
    args = parser.parse_args()
    spec = importlib.util.spec_from_file_location("scorer", args.scorer)
    if spec is None or spec.loader is None:
        parser.error(f"{args.scorer} is no Python file")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    told = {row["id"]: row["retellings"] for path in args.retellings for row in rows_of(path)}
    rows = [row for path in args.reports for k, row in enumerate(rows_of(path)) if args.half in (None, k % 2)]
    rows = [row for row in rows if row["language"] == "en"]
    reader = Reader(ReadingSettings(learned=False), load_gazetteers([]))
    right: Counter[str] = Counter()
    n = 0
    for row, context in zip(rows, contexts_of(reader, [report_of(r) for r in rows], args.cache), strict=True):
        for gold, cluster in given(context, row, told.get(row["id"], [])):
            made = account_row(make_account(context, cluster, [1.0] * len(cluster)))
            shares = scorer.fields(gold, made)
            ok = {
                name: share == 1 or (share >= 0.5 and name in ("places", "actors", "targets"))
                for name, share in shares.items()
            }
            right.update(name for name, fine in ok.items() if fine)
            right["row but for places"] += all(ok[name] for name in ROW)
            right["row"] += all(ok[name] for name in (*ROW, "places"))
            n += 1
            if args.show and not ok[args.show]:
                show(args.show, row, gold, made, context, cluster[0])
    for name, count in right.items():
        print(f"{name:20} {count / n:.3f}")
    print(f"{'accounts':20} {n}", file=sys.stderr)
    return 0


def show(
    field: str, row: dict[str, Any], gold: dict[str, Any], made: dict[str, Any], context: ReportContext, c: Candidate
) -> None:
    """Print one wrong value with its sentence and the one before it."""
    first = context.sentences[max(0, c.act.sentence - 1)][0]
    last = context.sentences[c.act.sentence][1]
    words = context.span(first, last).of(context.report.text).replace("\n", " ")
    print(f"[{row['id']} {row['published']}] {gold['type']} <{gold['trigger']}>")
    print(f"  gold {gold[field]}\n  made {made[field]}\n  {words}")


if __name__ == "__main__":
    raise SystemExit(main())

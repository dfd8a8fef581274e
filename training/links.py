"""Fits the weights that say whether two accounts tell of one incident: `python -m training.links --corpus FOLDER`.

Learned from the gold accounts of the corpus and `links.yaml`, which says which of them tell of one incident: all pairs
that blocking gives, and those of one incident that it does not. The weights stay near those they start from unless
pairs speak against them, since some grades are seen in few. Cross-validated: no incident is both learned from and
measured on.

Prints figures of the start and of what was learned, on pairs kept aside and as clusters, and writes the weights with
`--out src/trucewatch/linking/weights.yaml`. The same input gives the same weights.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml
from scipy.optimize import minimize

from eval.archives import bcubed
from eval.linking import gold_reading
from training.gold import load_rows
from trucewatch.linking.actors import ActorLinker
from trucewatch.linking.blocks import pairs
from trucewatch.linking.clusters import Constraints, Pair
from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.linking.grades import NAMES, grades
from trucewatch.linking.incidents import Known, Linker, LinkSettings
from trucewatch.linking.places import Locator
from trucewatch.terms.registries import Registry

FOLDS = 5
STRENGTH = 0.5  # log loss on pairs kept aside: 0.0463, with 1 0.0460 and fewer pairs found, with 2 0.0471; 2026-11-25
Floats = npt.NDArray[np.float64]
HERE = Path(__file__).parent
_BY_HAND = yaml.safe_load((HERE / "start.yaml").read_text("utf-8"))
COLUMNS = [(name, grade) for name in NAMES for grade in _BY_HAND[name]]
RULES = {("told apart", "another")}  # stay as they are
START = np.array([_BY_HAND["bias"], *(_BY_HAND[name][grade] for name, grade in COLUMNS)])


@dataclass(frozen=True, slots=True)
class Cases:
    """Pairs of accounts with their grades as columns, whether they are one incident, and their fold."""

    pairs: list[Pair]
    x: Floats
    y: Floats
    weight: Floats
    fold: npt.NDArray[np.int64]


def gold(corpus: Path, gazetteers: Sequence[Path]) -> dict[str, Known]:
    """The accounts of the corpus as annotated, located, by id."""
    found = {row["id"]: row for path in sorted(corpus.glob("train-*.jsonl")) for row in load_rows(path)}
    registry = Registry(())
    readings = ActorLinker(registry)(
        Locator(load_gazetteers(list(gazetteers)))([gold_reading(r) for r in found.values()])
    )
    return Linker(LinkSettings(), registry).all_known(readings)


def cases_of(known: Mapping[str, Known], clusters: Sequence[Sequence[str]], unsure: set[Pair]) -> Cases:
    """Every pair to learn from. Of an incident of many accounts each pair counts less."""
    cluster_of = {key: number for number, cluster in enumerate(clusters) for key in cluster}
    blocked = set(pairs(k.sketch for k in known.values()))
    wanted = sorted((blocked | {p for c in clusters for p in combinations(sorted(c), 2)}) - unsure)
    index = {column: number for number, column in enumerate(COLUMNS, 1)}
    x, y, weight, fold = np.zeros((len(wanted), len(COLUMNS) + 1)), [], [], []
    x[:, 0] = 1.0
    for row, (left, right) in enumerate(wanted):
        for name, (grade, much) in zip(NAMES, grades(known[left].sketch, known[right].sketch), strict=True):
            if grade:
                x[row, index[name, grade]] = much
        cluster = cluster_of.get(left)
        one = cluster is not None and cluster == cluster_of.get(right)
        y.append(float(one))
        weight.append(2.0 / len(clusters[cluster]) if one and cluster is not None else 1.0)
        stories = sorted({known[key].account.report_id for key in (left, right)})
        told = " ".join(sorted(clusters[cluster])) if one and cluster is not None else " ".join(stories)
        fold.append(zlib.crc32(told.encode()) % FOLDS)
    return Cases(wanted, x, np.array(y), np.array(weight), np.array(fold))


def learn(x: Floats, y: Floats, weight: Floats, strength: float) -> Floats:
    """The weights that make the pairs likely and lie near the start: the more `strength`, the nearer."""

    hold = np.array([strength, *(1e6 if column in RULES else strength for column in COLUMNS)])

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w
        off = w - START
        value = weight @ (np.logaddexp(0.0, z) - y * z) + 0.5 * hold @ (off * off)
        return float(value), x.T @ (weight * (1.0 / (1.0 + np.exp(-z)) - y)) + hold * off

    # what speaks for one incident by hand never speaks against it: that nobody names a place is no ground for one
    sides = [(None, None), *((0.0, None) if s > 0 else (None, 0.0) if s < 0 else (None, None) for s in START[1:])]
    found = minimize(loss, START, jac=True, method="L-BFGS-B", bounds=sides, options={"maxiter": 1000})
    return np.asarray(found.x)


def aside(cases: Cases, strength: float) -> Floats:
    """The chance of each pair, by weights that were not learned from its fold."""
    out = np.zeros(len(cases.pairs))
    for k in range(FOLDS):
        rest, own = cases.fold != k, cases.fold == k
        out[own] = chances(cases.x[own], learn(cases.x[rest], cases.y[rest], cases.weight[rest], strength))
    return out


def chances(x: Floats, w: Floats) -> Floats:
    """The chance of each row."""
    return 1.0 / (1.0 + np.exp(-(x @ w)))


def figures(
    cases: Cases, chance: Floats, known: Mapping[str, Known], clusters: Sequence[Sequence[str]]
) -> dict[str, float]:
    """How well chances tell the pairs, and what clusters they make of what blocking gives."""
    likely = chance >= 0.5
    hit = cases.weight[likely & (cases.y > 0)].sum()
    every, told = cases.weight[cases.y > 0].sum(), hit + cases.weight[likely & (cases.y == 0)].sum()
    safe = np.clip(chance, 1e-9, 1 - 1e-9)
    loss = -(cases.weight @ (cases.y * np.log(safe) + (1 - cases.y) * np.log(1 - safe))) / cases.weight.sum()
    blocked = set(pairs(k.sketch for k in known.values()))
    scores = {pair: float(c) for pair, c in zip(cases.pairs, chance, strict=True) if pair in blocked}
    groups = Linker(LinkSettings(), Registry(())).gathered(known, scores, Constraints())
    inside = {key for cluster in clusters for key in cluster}
    gold_groups = [*clusters, *([key] for key in sorted(known) if key not in inside)]
    precision, recall, f1 = bcubed(gold_groups, groups)
    mine = {p for group in groups for p in combinations(group, 2)} & {*cases.pairs}
    true = {p for cluster in clusters for p in combinations(sorted(cluster), 2)}
    return {
        "log_loss": loss, "pair_precision": hit / told, "pair_recall": hit / every,
        "clustered_pair_precision": len(mine & true) / max(1, len(mine)), "clustered_pairs": len(mine & true),
        "b3_precision": precision, "b3_recall": recall, "b3_f1": f1,
    }  # fmt: skip


def tables(w: Floats) -> dict[str, object]:
    """The weights as the file holds them."""
    out: dict[str, object] = {"bias": round(float(w[0]), 2)}
    for name in NAMES:
        out[name] = {grade: round(float(v), 2) for (n, grade), v in zip(COLUMNS, w[1:], strict=True) if n == name}
    return out


def main() -> None:
    """Cross-validate, fit on everything, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--gazetteer", type=Path, action="append", default=[])
    parser.add_argument("--strength", type=float, action="append", default=[])
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    told = yaml.safe_load((HERE / "links.yaml").read_text("utf-8"))
    known = gold(args.corpus, args.gazetteer)
    clusters = [sorted(cluster) for cluster in told["clusters"]]
    lost = sorted({key for cluster in clusters for key in cluster} - known.keys())
    if lost:
        raise SystemExit(f"links.yaml: not in the corpus: {', '.join(lost)}")
    cases = cases_of(known, clusters, {(min(p), max(p)) for p in told["unsure"]})
    blocked = {*pairs(k.sketch for k in known.values())}
    true = {p for c in clusters for p in combinations(c, 2)}
    print(
        json.dumps({"pairs": len(cases.pairs), "of_one_incident": len(true), "of_these_blocked": len(true & blocked)})
    )
    shown = {"start": chances(cases.x, START)}
    shown |= {f"learned, strength {s}": aside(cases, s) for s in args.strength or [STRENGTH]}
    for name, chance in shown.items():
        own = {k: round(v, 4) for k, v in figures(cases, chance, known, clusters).items()}
        print(json.dumps({"weights": name, **own}))
    w = learn(cases.x, cases.y, cases.weight, (args.strength or [STRENGTH])[-1])
    text = "# Log odds of one incident; learned, see training/links.py.\n"
    text += yaml.safe_dump(tables(w), sort_keys=False, width=120, default_flow_style=None)
    print(text)
    if args.out:
        args.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()

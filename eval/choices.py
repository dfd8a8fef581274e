"""How well the choices of the fields learn from annotated reports, apart from finding: cross-validated, deterministic.

usage: python -m eval.choices SCORER.py TRAIN.jsonl... --retellings FILE.jsonl... --guesses OOF.jsonl

Every account is given its trigger and type. Prints how often each field is right on reports kept aside (five folds over
reports). The weights that ship are fitted by `training.scorers`, with the fit of `training.choices`.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

from pydantic import TypeAdapter

from eval.fields import contexts_of, figures_of, given, load_scorer, rows_of
from eval.read_corpus import report_of
from training.choices import FIELDS, Case, cases_of, fit
from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.reading.choosing import Choices
from trucewatch.reading.guesses import Guess
from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings

N_FOLDS = 5


def fold_of(report: str) -> int:
    """The fold a report is kept aside in."""
    return zlib.crc32(report.encode()) % N_FOLDS


def main() -> int:
    """Cross-validate and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("train", type=Path, nargs="+")
    parser.add_argument("--retellings", type=Path, nargs="*", default=[])
    parser.add_argument("--cache", type=Path)
    parser.add_argument(
        "--guesses", type=Path, required=True, help="oof.jsonl: guesses of nets not trained on the report"
    )
    parser.add_argument("--gazetteer", type=Path, nargs="*", default=[], help="files beside the built-in one")
    parser.add_argument("--show", help="print the accounts whose field of this name is wrong")
    args = parser.parse_args()
    scorer = load_scorer(args.scorer)
    told = {row["id"]: row["retellings"] for path in args.retellings for row in rows_of(path)}
    rows = [row for path in args.train for row in rows_of(path) if row["language"] == "en"]
    shape = TypeAdapter(Guess)
    guesses = {row["id"]: shape.validate_python(row["guess"]) for row in rows_of(args.guesses)}
    reader = Reader(ReadingSettings(learned=False), load_gazetteers(args.gazetteer))
    read = []
    cases: dict[str, list[Case]] = {field: [] for field in FIELDS}
    for row, context in zip(rows, contexts_of(reader, [report_of(r) for r in rows], args.cache), strict=True):
        for gold, cluster in given(context, row, told.get(row["id"], []), guesses.get(row["id"])):
            read.append((row, context, gold, cluster))
            for field, found in cases_of(row["id"], context, gold, cluster).items():
                cases[field] += found
    folds: list[Choices] = [
        {name: fit(field, [c for c in cases[name] if fold_of(c.report) != k]) for name, field in FIELDS.items()}
        for k in range(N_FOLDS)
    ]
    for name, share in figures_of(scorer, [(*r, folds[fold_of(r[0]["id"])]) for r in read], args.show).items():
        print(f"{name:20} {share:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

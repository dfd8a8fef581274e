#!/usr/bin/env python3
"""Makes the small linear models of statements and tallies from annotated reports, and cross-validates them.

usage: weigh.py statements|tallies REPORTS.jsonl... [--also REPORTS.jsonl...] [--check REPORTS.jsonl...] [--out FILE]

The reports have the shape of docs/reference/annotation. Cross-validation is by report, in five folds, and by file: each
file of reports weighed by what the others taught. Reports named with `--also` are learned from and never measured, the
project's own for one. The same reports give the same file: full-batch L-BFGS from zero,
weights rounded to four digits, features that fewer than three reports show left out. Needs numpy and scipy.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from eval.read_corpus import report_of
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import PassageGuess
from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings
from trucewatch.reading.statements.finding import choose
from trucewatch.reading.statements.frames import find_frames
from trucewatch.reading.tallies.figures import find_counted
from trucewatch.reading.tallies.finding import choose as choose_tallies
from trucewatch.reading.tallies.finding import confidence_of
from trucewatch.reading.weighings import NONE, Weights, guessed_features
from trucewatch.telling.scores import overlap, pairs, quote_span, same_name, same_statement, same_tally
from trucewatch.terms.spans import Span

FOLDS = 5
LEAST_REPORTS = 3
LEASTS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45)
WORDS = (
    "word:",
    "under:",
    "said:",
    "noun_in:",
    "noun:",
    "verb:",
    "near:",
    "doer:",
)  # features that are words: many, and each says little
WORD_SHARE = 0.4  # they count this much of the others before the penalty


@dataclass(frozen=True)
class Row:
    """One candidate of one report: its features, its true class, and what is needed to score it."""

    report: int
    features: frozenset[str]
    truth: str
    item: dict[str, Any]

    @property
    def span(self) -> Span:
        """The code points of the candidate."""
        return Span(self.item["start"], self.item["end"])


def fit(rows: Sequence[Row], classes: tuple[str, ...], strength: float) -> Weights:
    """The weights that fit the rows best under a quadratic penalty."""
    seen = Counter(f for f, _ in sorted({(f, r.report) for r in rows for f in r.features}))
    names = sorted(f for f, n in seen.items() if n >= LEAST_REPORTS)
    column = {f: i for i, f in enumerate(names)}
    where = [(i, column[f]) for i, r in enumerate(rows) for f in sorted(r.features) if f in column]
    sizes = np.array([WORD_SHARE if f.startswith(WORDS) or " " in f else 1.0 for f in names])
    of = [sizes[c] for _, c in where]
    x = csr_matrix((of, tuple(zip(*where, strict=True))), shape=(len(rows), len(names)))
    truth = np.zeros((len(rows), len(classes)))
    truth[np.arange(len(rows)), [classes.index(r.truth) for r in rows]] = 1

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(len(names) + 1, len(classes))
        z = x @ w[:-1] + w[-1]
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        value = -np.log((p * truth).sum(axis=1) + 1e-12).sum() + strength / 2 * (w[:-1] ** 2).sum()
        grad = np.vstack([x.T @ (p - truth) + strength * w[:-1], (p - truth).sum(axis=0)])
        return value, grad.ravel()

    start = np.zeros((len(names) + 1) * len(classes))
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x.reshape(len(names) + 1, -1)
    table = {f: tuple(round(float(v) * float(sizes[i]), 4) for v in best[i]) for f, i in column.items()}
    return Weights(classes, tuple(round(float(v), 4) for v in best[-1]), {f: r for f, r in table.items() if any(r)})


def read_reports(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """The English reports of the files."""
    lines = (line for path in paths for line in path.read_text("utf-8").splitlines() if line.strip())
    return [r for r in map(json.loads, lines) if (r.get("language") or "en") == "en"]


def guesses_of(path: Path | None) -> dict[str, tuple[PassageGuess, ...]]:
    """The guessed passages of each report by its id, from lines `{"id", "guess": {"passages": [...]}}`.

    They must come from a learned part that has not seen the report, or the cross-validated figures are no figures.
    """
    found = {}
    for row in map(json.loads, path.read_text("utf-8").splitlines() if path else ()):
        found[row["id"]] = tuple(
            PassageGuess(Span(**p["span"]), p["prob"], tuple((k, v) for k, v in p["kinds"]), (), ())
            for p in row["guess"]["passages"]
        )
    return found


def statement_rows(n: int, doc: Any, context: ReportContext, gold: Sequence[dict[str, Any]]) -> list[Row]:
    """Every frame of a report, the one that fits an annotated statement best with its kind."""
    frames = list(find_frames(doc, context.sentences, context.skipped))
    items = [
        {"start": context.span(f.start, f.end).start, "end": context.span(f.start, f.end).end,
         "speaker": f.speaker.name if f.speaker else None, "frame": f}
        for f in frames
    ]  # fmt: skip
    truth = [NONE] * len(frames)
    for statement in gold:
        where = quote_span(statement, doc.text)
        fits = []
        for i, item in enumerate(items):
            run = (item["start"], item["end"])
            if item["speaker"] and overlap(where, run) >= 0.4:
                spoken = same_name(statement["speaker"] or "", item["speaker"])
                both = min(where[1], run[1]) - max(where[0], run[0])
                fits.append((spoken + both / (max(where[1], run[1]) - min(where[0], run[0])), -i))
        if fits:
            truth[-max(fits)[1]] = statement["kind"]
    rows = [Row(n, f.features, t, item) for f, t, item in zip(frames, truth, items, strict=True)]
    return [row for row in rows if row.item["speaker"]]  # without a speaker none is read


def tally_rows(n: int, doc: Any, context: ReportContext, gold: Sequence[dict[str, Any]]) -> list[Row]:
    """Every counted phrase of a report, with `tally` where an annotator took it for one."""
    rows = []
    for found in find_counted(doc, context):
        span = context.span(found.start, found.end)
        item = {
            "start": span.start,
            "end": span.end,
            "count": {"min": found.count.min, "max": found.count.max},
            "found": found,
        }
        hit = any(same_tally(g, item) and overlap(quote_span(g, doc.text), (span.start, span.end)) >= 0.4 for g in gold)
        rows.append(Row(n, found.features, "tally" if hit else NONE, item))
    return rows


def predicted(rows: Sequence[Row], weights: Weights, least: float, what: str) -> list[dict[str, Any]]:
    """What the reader would print for one report with these weights."""
    if what == "tallies":
        likely = [(confidence_of(weights, r.item["found"], r.features), r.item["found"]) for r in rows]
        by_found = {id(r.item["found"]): r.item for r in rows}
        return [by_found[id(found)] for _, found in choose_tallies(likely, least)]
    frames = [(weights.weigh(r.features), r.item["frame"]) for r in rows]
    kept = choose(frames, weights.classes, least)
    by_frame = {id(r.item["frame"]): r.item for r in rows}
    return [{**by_frame[id(frame)], "kind": kind} for _, kind, frame in kept]


def f1(found: Sequence[tuple[list[dict[str, Any]], dict[str, Any]]], what: str) -> tuple[float, float, float]:
    """Precision, recall and F1 over (predicted, record) pairs."""
    alike = same_statement if what == "statements" else same_tally
    hits = sum(len(pairs(record[what], got, record["text"], alike)) for got, record in found)
    n_got, n_gold = sum(len(got) for got, _ in found), sum(len(record[what]) for _, record in found)
    p, r = hits / max(1, n_got), hits / max(1, n_gold)
    return round(p, 3), round(r, 3), round(2 * p * r / max(1e-9, p + r), 3)


def main() -> int:
    """Prints the cross-validated and the checked figures and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("statements", "tallies"))
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--also", nargs="*", type=Path, default=[])
    parser.add_argument("--check", nargs="*", type=Path, default=[])
    parser.add_argument(
        "--guesses", type=Path, help="guessed passages of every report named, by parts that never saw it"
    )
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, nargs="+", default=[8.0])
    args = parser.parse_args()
    per_file = [read_reports([path]) for path in args.reports]
    records, checks, also = [r for file in per_file for r in file], read_reports(args.check), read_reports(args.also)
    guesses = guesses_of(args.guesses)
    if guesses:  # a report without any would teach that guesses say nothing
        also = [r for r in also if r["id"] in guesses]
    every = records + checks + also
    files = [str(k) for k, file in enumerate(per_file) for _ in file]
    folds = [str(zlib.crc32(r["id"].encode()) % FOLDS) for r in records]
    make = statement_rows if args.what == "statements" else tally_rows
    reader = Reader(ReadingSettings(learned=False))
    contexts = reader.contexts([report_of(r) for r in every])
    rows = [
        make(n, context.doc, context, record[args.what])
        for n, ((context, _), record) in enumerate(zip(contexts, every, strict=True))
    ]
    if guesses:
        rows = [
            [replace(r, features=r.features | guessed_features(guesses.get(record["id"], ()), r.span)) for r in part]
            for part, record in zip(rows, every, strict=True)
        ]
    train, checked = rows[: len(records)], rows[len(records) : len(records) + len(checks)]
    more = [row for report in rows[len(records) + len(checks) :] for row in report]
    classes = tuple(sorted({r.truth for report in train for r in report}))
    for strength in args.strength:
        for name, parts in (("by report", folds), ("by file", files)):
            if len(set(parts)) == 1:
                continue
            fitted = {}
            for part in sorted(set(parts)):
                others = [r for of, report in zip(parts, train, strict=True) if of != part for r in report]
                fitted[part] = fit(others + more, classes, strength)
            for least in LEASTS:
                got = [
                    (predicted(report, fitted[part], least, args.what), record)
                    for part, report, record in zip(parts, train, records, strict=True)
                ]
                each = [
                    f1([g for g, of in zip(got, parts, strict=True) if of == part], args.what)[2] for part in fitted
                ]
                print(f"strength {strength} least {least} cross-validated {name}: P R F1", *f1(got, args.what), each)
    weights = fit([r for report in train for r in report] + more, classes, args.strength[-1])
    for least in LEASTS if checks else ():
        got = [
            (predicted(report, weights, least, args.what), record)
            for report, record in zip(checked, checks, strict=True)
        ]
        print(f"least {least} checked P R F1", *f1(got, args.what))
    if args.out:
        table = {f: list(weights.table[f]) for f in sorted(weights.table)}
        made = {"classes": list(classes), "bias": list(weights.bias), "weights": table}
        args.out.write_text(json.dumps(made, separators=(",", ":"), ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

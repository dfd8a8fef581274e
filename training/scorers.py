"""Fits the scorers and choices of the reader: `python -m training.scorers --corpus FOLDER --guesses OOF.jsonl`.

The guesses are those of the learned part on the same reports, made by nets that were not trained on them (`training`
writes them as oof.jsonl): a net's guesses on its own training reports are too good to learn from. Where one scorer
learns from another, it learns from what the other says of reports it was not fitted on. The whole is cross-validated
by report; the threshold of accounts is the best on reports kept aside. The same input gives the same weights.

Of the project's own reports those without an account are learned from, since few reports of the corpus hold none, and
the others for the choice of fields alone; they are never measured on. With accounts of the
newer ones (files 7 to 10) found fell from 0.589 to 0.585 and places from 0.703 to 0.691 (F1, share right; 2026-11-25).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from eval import calibration
from eval.read_corpus import reading_row, report_of
from training.choices import fit_choices
from training.corpus import own_rows
from training.gold import Gold, gold_of, load_rows, place_names
from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.reading.accounts import make_accounts
from trucewatch.reading.candidates import Candidate
from trucewatch.reading.choosing import Choices
from trucewatch.reading.guesses import Guess
from trucewatch.reading.readers import Reader
from trucewatch.reading.scoring import PARTS, Scorer, Scorers, scorers_of
from trucewatch.reading.scoring.acts import features_of
from trucewatch.reading.scoring.fills import chosen, fill_features, placeless_features
from trucewatch.reading.scoring.options import Option, options_of
from trucewatch.reading.scoring.pairs import pair_features, worth_comparing
from trucewatch.reading.scoring.tellings import Tellings, account_features, confidence_of
from trucewatch.reading.settings import ReadingSettings
from trucewatch.telling.scores import agreement_of, same_name, score
from trucewatch.terms.accounts import Account, ReportReading

FOLDS, INNER = 5, 4
MIN_SEEN = 5  # a feature seen less often has no weight
STRENGTH = {
    "incident": 0.1,
    "pair": 0.3,
    "account": 0.1,
    "place": 0.1,
    "placeless": 0.3,
}  # inverse of the penalty, best of 0.03, 0.1, 0.3
Row = dict[str, float]
Floats = npt.NDArray[np.float64]


def fitted(rows: Sequence[Row], truth: Sequence[float], strength: float, threshold: float = 0.5) -> Scorer:
    """A logistic regression over named features, as a scorer."""
    seen: dict[str, int] = {}
    for row in rows:
        for name in row:
            seen[name] = seen.get(name, 0) + 1
    kept = {name for name, n in seen.items() if n >= MIN_SEEN and name != "bias"}
    columns = DictVectorizer()
    table = columns.fit_transform([{n: v for n, v in row.items() if n in kept} for row in rows])
    model = LogisticRegression(C=strength, max_iter=1000).fit(table, np.array(truth) > 0.5)
    names = columns.get_feature_names_out()
    weights = {str(n): round(float(w), 4) for n, w in zip(names, model.coef_[0], strict=True) if abs(w) > 1e-3}
    return Scorer({**weights, "bias": round(float(model.intercept_[0]), 4)}, threshold)


def fold_of(name: str, folds: int) -> int:
    """The fold a report is kept aside in, by its id alone."""
    return zlib.crc32(name.encode()) % folds


def apart(golds: Sequence[Gold], rows_of: Callable[[Gold], tuple[list[Row], list[float]]], kind: str) -> list[Floats]:
    """What a scorer says of every row of every report, fitted each time without the report's fold."""
    made = [rows_of(gold) for gold in golds]
    out: list[Floats] = [np.zeros(0)] * len(golds)
    for fold in range(INNER):
        inside = [fold_of(gold.name, INNER) != fold for gold in golds]
        rows = [row for (mine, _), use in zip(made, inside, strict=True) if use for row in mine]
        truth = [value for (_, mine), use in zip(made, inside, strict=True) if use for value in mine]
        known = [k for k, value in enumerate(truth) if value >= 0]
        scorer = fitted([rows[k] for k in known], [truth[k] for k in known], STRENGTH[kind])
        for n, use in enumerate(inside):
            if not use:
                out[n] = np.array([scorer.prob(row) for row in made[n][0]])
    return out


def incident_rows(gold: Gold) -> tuple[list[Row], list[float]]:
    """Candidates by themselves, and whether each tells of an incident, first or again."""
    return features_of(gold.context, gold.candidates, gold.guess), [float(k is not None) for k in gold.accounts]


def pair_rows(gold: Gold) -> tuple[list[Row], list[float]]:
    """Pairs of candidates, and whether they tell of one incident; -1 where one of them tells of none."""
    rows, truth = [], []
    for i, j in worth_comparing(gold.candidates, gold.guess):
        rows.append(pair_features(gold.context, gold.candidates[i], gold.candidates[j], gold.guess))
        mine, theirs = gold.accounts[i], gold.accounts[j]
        truth.append(-1.0 if mine is None or theirs is None else float(mine == theirs))
    return rows, truth


def tellings_of(gold: Gold, incident: Floats, same: Floats) -> Tellings:
    """The tellings of a report from what scorers said that were not fitted on it."""
    n = len(gold.candidates)
    table = np.zeros((n, n))
    for (i, j), prob in zip(worth_comparing(gold.candidates, gold.guess), same, strict=True):
        table[i, j] = table[j, i] = prob
    return Tellings(tuple(features_of(gold.context, gold.candidates, gold.guess)), table, tuple(map(float, incident)))


def beside_one_another(golds: Sequence[Gold]) -> list[Tellings]:
    """The tellings of every report, by scorers not fitted on it."""
    told, same = apart(golds, incident_rows, "incident"), apart(golds, pair_rows, "pair")
    return [tellings_of(*row) for row in zip(golds, told, same, strict=True)]


Item = tuple[Candidate, list[Option], list[Row], list[str]]


def place_items(gold: Gold, tellings: Tellings) -> Iterator[Item]:
    """For each account a candidate of its type stands for: it, the options, their features, the annotated places."""
    for k, c in enumerate(gold.candidates):
        if gold.stands[k]:
            mates: list[Candidate] = [gold.candidates[m] for m in tellings.mates(k)]
            options = options_of(gold.context, c, mates)
            yield c, options, fill_features(gold.context, c, mates, options), place_names(gold, k)


def place_scorers(golds: Sequence[Gold], beside: Sequence[Tellings]) -> tuple[Scorer, Scorer]:
    """The scorers of places and of accounts without any, with the thresholds that make most accounts right.

    The second learns from what the first says of reports it was not fitted on, and the thresholds from both so.
    """
    items = {g.name: list(place_items(g, tellings)) for g, tellings in zip(golds, beside, strict=True)}

    def rows_of(gold: Gold) -> tuple[list[Row], list[float]]:
        mine = items[gold.name]
        truth = [float(any(same_name(o.name, w) for w in names)) for _, options, _, names in mine for o in options]
        return [row for _, _, rows, _ in mine for row in rows], truth

    probs = {gold.name: said for gold, said in zip(golds, apart(golds, rows_of, "place"), strict=True)}

    def account_rows(gold: Gold) -> tuple[list[Row], list[float]]:
        mine = items[gold.name]
        said = per_account(mine, probs[gold.name])
        rows = [placeless_features(c, rows, here) for (c, _, rows, _), here in zip(mine, said, strict=True)]
        return rows, [float(not names) for _, _, _, names in mine]

    without = {gold.name: said for gold, said in zip(golds, apart(golds, account_rows, "placeless"), strict=True)}
    steps = [(place / 20, none / 20) for place in range(3, 9) for none in range(4, 13)]
    _, place, none = max((right_share(items, probs, without, *both), -both[0], both[1]) for both in steps)
    return all_fitted(golds, rows_of, "place", -place), all_fitted(golds, account_rows, "placeless", none)


def all_fitted(
    golds: Sequence[Gold], rows_of: Callable[[Gold], tuple[list[Row], list[float]]], kind: str, threshold: float
) -> Scorer:
    """A scorer fitted on every report."""
    both = [rows_of(gold) for gold in golds]
    rows, truth = [r for mine, _ in both for r in mine], [t for _, mine in both for t in mine]
    return fitted(rows, truth, STRENGTH[kind], threshold)


def per_account(items: Sequence[Item], said: Floats) -> list[list[float]]:
    """What was said of the options of a report, account by account."""
    ends = np.cumsum([len(options) for _, options, _, _ in items])
    return [list(map(float, part)) for part in np.split(said, ends[:-1])] if items else []


def right_share(
    items: Mapping[str, Sequence[Item]],
    probs: Mapping[str, Floats],
    without: Mapping[str, Floats],
    place: float,
    placeless: float,
) -> float:
    """How right the places of accounts are: the F1 of their names, and 1 more where an analyst would let them stand.

    (F1 at least 0.5.) By the second alone one would name a place too many, since that is let stand.
    """
    right = []
    for name, mine in items.items():
        for (_, options, _, names), here, none in zip(mine, per_account(mine, probs[name]), without[name], strict=True):
            found = chosen(list(zip(options, here, strict=True)), place) if none < placeless else []
            like = agreement_of(names, [o.name for o in found], same_name)
            right.append(like + (like >= 0.5))
    return float(np.mean(right))


AS_SAID = Scorer({"logit": 1.0}, 0.3)  # confidence as it was put together, not yet held against what was right


def fit_all(golds: Sequence[Gold], also: Sequence[Gold], confidence: Scorer = AS_SAID) -> tuple[Scorers, Choices]:
    """All scorers and choices, fitted on these reports, the choices on those of `also` too.

    `confidence` needs reports read that were not fitted on.
    """
    beside = beside_one_another(golds)
    pairs = [row for gold in golds for row in zip(*pair_rows(gold), strict=True) if row[1] >= 0]
    singles = [row for gold in golds for row in zip(*incident_rows(gold), strict=True)]
    accounts = [
        row
        for gold, tellings in zip(golds, beside, strict=True)
        for row in zip(account_features(gold.candidates, tellings), gold.stands, strict=True)
    ]
    scorers = Scorers(
        fitted([r for r, _ in singles], [t for _, t in singles], STRENGTH["incident"]),
        fitted([r for r, _ in pairs], [t for _, t in pairs], STRENGTH["pair"]),
        fitted([r for r, _ in accounts], [float(t) for _, t in accounts], STRENGTH["account"]),
        *place_scorers(golds, beside),
        confidence,
    )
    return scorers, fit_choices([*golds, *also], [*beside, *beside_one_another(also)])


def _made(gold: Gold, scorers: Scorers, choices: Choices) -> list[Account]:
    return make_accounts(gold.context, gold.candidates, gold.guess, scorers, choices, 0.05)


def cross_validated(
    golds: Sequence[Gold], also: Sequence[Gold], fold: Callable[[Gold], int], folds: int
) -> tuple[Scorer, dict[str, Any], list[dict[str, Any]]]:
    """Each report read with scorers not fitted on it: what sets confidence right, the figures, all that was read.

    The two numbers of the confidence and the threshold, the best, are those of the very accounts that are measured.
    Reports whose fold is negative are always fitted on and never measured.
    """
    read: dict[str, dict[str, Any]] = {}
    truth = {gold.name: gold.row for gold in golds if fold(gold) >= 0}
    for k in range(folds):
        scorers, choices = fit_all([gold for gold in golds if fold(gold) != k], also)
        for gold in golds:
            if fold(gold) == k:
                accounts = tuple(_made(gold, scorers, choices))
                read[gold.name] = reading_row(ReportReading(gold.context.report, accounts))
        print(f"fold {k + 1} of {folds} read", file=sys.stderr, flush=True)
    rows = list(calibration.told(truth, read))
    scorer = fitted([_logit(prob) for prob, _ in rows], [float(right) for _, right in rows], 10.0)
    for row in read.values():
        for account in row["accounts"]:
            account["confidence"] = round(confidence_of(scorer, account["confidence"]), 4)

    def at(threshold: float) -> dict[str, Any]:
        kept = {
            name: {**row, "accounts": [a for a in row["accounts"] if a["confidence"] >= threshold]}
            for name, row in read.items()
        }
        return score(truth, kept)

    best = max((at(step / 50)["found"]["f1"], step / 50) for step in range(4, 33))[1]
    return replace(scorer, threshold=best), at(best), list(read.values())


def _logit(prob: float) -> Row:
    return {"logit": math.log(prob / (1 - prob))}


def read_golds(
    rows: Sequence[dict[str, Any]], guesses: dict[str, Guess], folder: Path, gazetteers: Sequence[Path]
) -> list[Gold]:
    """The reports that have a guess, parsed, with their candidates and labels."""
    reader = Reader(ReadingSettings(learned=False), load_gazetteers(gazetteers))
    beside = [row for path in sorted(folder.glob("retellings-*.jsonl")) for row in load_rows(path)]
    told = {row["id"]: row["retellings"] for row in (*beside, *own_rows())}
    rows = [row for row in rows if row["id"] in guesses and row.get("language") in (None, "en")]
    out = []
    for row, (context, _) in zip(rows, reader.contexts([report_of(row) for row in rows]), strict=True):
        guess = guesses[row["id"]]
        out.append(gold_of(row, told.get(row["id"], []), context, guess, reader.candidates(context, guess)))
    return out


def book_of(scorers: Scorers) -> dict[str, Any]:
    """The scorers as they are written."""

    def made(scorer: Scorer) -> dict[str, Any]:
        return {"threshold": scorer.threshold, "weights": dict(sorted(scorer.weights.items()))}

    return {name: made(getattr(scorers, name)) for name in PARTS}


def main(argv: Sequence[str] | None = None) -> int:
    """Cross-validates by report and by group of sources, fits all reports, writes weights and figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--guesses", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for scorers.json and choices.json")
    parser.add_argument("--figures", type=Path, help="cross-validated figures as JSON")
    parser.add_argument("--predicted", type=Path, help="what was read of each report with scorers not fitted on it")
    parser.add_argument("--gazetteer", type=Path, nargs="*", default=[], help="files beside the built-in one")
    parser.add_argument("--quick", action="store_true", help="keep the confidence of the file, do not cross-validate")
    args = parser.parse_args(argv)
    shape = TypeAdapter(Guess)
    guesses = {row["id"]: shape.validate_python(row["guess"]) for row in load_rows(args.guesses)}
    corpus = [load_rows(path) for path in sorted(args.corpus.glob("train-*.jsonl"))]
    groups = {row["id"]: n for n, rows in enumerate(corpus) for row in rows}
    rows = [row for rows in corpus for row in rows] + own_rows()
    every = read_golds(rows, guesses, args.corpus, args.gazetteer)
    golds = [gold for gold in every if gold.name in groups or not gold.row["accounts"]]
    also = [gold for gold in every if gold.name not in groups and gold.row["accounts"]]
    if args.quick:
        confidence = scorers_of(json.loads((args.out / "scorers.json").read_text("utf-8"))).confidence
    else:
        confidence, by_report, read = cross_validated(
            golds, also, lambda gold: fold_of(gold.name, FOLDS) if gold.name in groups else -1, FOLDS
        )
        _, by_group, _ = cross_validated(golds, also, lambda gold: groups.get(gold.name, -1), len(corpus))
        figures = {"threshold": confidence.threshold, "by_report": by_report, "by_group": by_group}
        print(json.dumps(figures, indent=1))
        if args.predicted:
            args.predicted.write_text("".join(json.dumps(row) + "\n" for row in read), "utf-8")
        if args.figures:
            args.figures.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    scorers, choices = fit_all(golds, also, confidence)
    (args.out / "scorers.json").write_text(json.dumps(book_of(scorers), indent=0) + "\n", "utf-8")
    chosen_book = {
        name: {"ratio": choice.ratio, "threshold": choice.threshold, "weights": choice.weights}
        for name, choice in choices.items()
    }
    (args.out / "choices.json").write_text(json.dumps(chosen_book, indent=0, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

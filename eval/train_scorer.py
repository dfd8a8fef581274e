"""Train the scorer of candidates on annotated reports and write its weights: one command, deterministic.

usage: train_scorer.py TRAIN.jsonl ... --out src/trucewatch/reading/english/scorer.json [--guesses OOF.jsonl]

Without guesses it trains the scorer of the rules alone. `--guesses` are those of the learned part on the same reports,
made by nets that were not trained on them (`training` writes them as oof.jsonl): a net's guesses on its own training
reports are too good to learn from.
Cross-validates over reports in five folds, picks the threshold that is best on the reports kept aside, then fits all.
"""

from __future__ import annotations

import argparse
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from read_corpus import report_of

from trucewatch.reading.accounts import make_accounts
from trucewatch.reading.candidates import Candidate
from trucewatch.reading.guesses import Guess
from trucewatch.reading.readers import Reader
from trucewatch.reading.scoring import Scorer, features_of
from trucewatch.reading.settings import ReadingSettings

N_FOLDS = 5
RIDGE = 5.0  # of 1.5, 5 and 12 the best on reports kept aside (2026-11-24), within half a point
MIN_SEEN = 5  # a feature seen in fewer candidates has no weight


def labels_of(row: dict[str, Any], candidates: list[Candidate], context: Any) -> list[float]:
    """1 for candidates that an annotator counted: the trigger, else one of the right type inside the quote."""
    out = [0.0] * len(candidates)
    text = row["text"]
    for account in row["accounts"]:
        start = account.get("start")
        start = start if isinstance(start, int) else text.find(account["quote"])
        if start < 0:
            continue
        end = start + len(account["quote"])
        at = text.find(account.get("trigger") or "\0", start, end)
        trigger = (at, at + len(account.get("trigger") or "")) if at >= 0 else (start, end)
        fit = []
        for k, c in enumerate(candidates):
            token = context.doc[c.act.token]
            if c.type == account["type"] and start <= token.idx < end:
                fit.append((not trigger[0] <= token.idx < trigger[1], k))
        if fit:
            out[min(fit)[1]] = 1.0
    return out


def read_guesses(path: Path) -> dict[str, Guess]:
    """The guess of each report by its id."""
    shape = TypeAdapter(Guess)
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {line["id"]: shape.validate_python(line["guess"]) for line in lines}


def fit(rows: list[dict[str, float]], labels: np.ndarray, names: list[str]) -> dict[str, float]:
    """Weights of a ridge logistic regression, by Newton steps."""
    at = {n: k for k, n in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    for r, row in enumerate(rows):
        for name, value in row.items():
            if name in at:
                x[r, at[name]] = value
    w = np.zeros(len(names))
    ridge = np.full(len(names), RIDGE)
    ridge[at["bias"]] = 1e-3
    for _ in range(12):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - labels) + ridge * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        w -= np.linalg.solve(hessian, gradient)
    return {n: round(float(v), 5) for n, v in zip(names, w, strict=True) if abs(v) > 1e-4}


def names_of(groups: list[list[dict[str, float]]]) -> list[str]:
    """The features seen often enough, in order."""
    seen: dict[str, int] = {}
    for rows in groups:
        for row in rows:
            for name in row:
                seen[name] = seen.get(name, 0) + 1
    return sorted(n for n, k in seen.items() if k >= MIN_SEEN or n == "bias")


def found(row: dict[str, Any], accounts: list[Any]) -> tuple[int, int, int]:
    """Accounts found, read and annotated in one report, by type and overlap of quotes."""
    used: set[int] = set()
    hits = 0
    for g in row["accounts"]:
        start = g["start"] if isinstance(g.get("start"), int) else row["text"].find(g["quote"])
        end = start + len(g["quote"])
        for k, a in enumerate(accounts):
            shared = min(end, a.span.end) - max(start, a.span.start)
            if k not in used and a.type == g["type"] and shared >= 0.4 * min(end - start, len(a.span)):
                used.add(k)
                hits += 1
                break
    return hits, len(accounts), len(row["accounts"])


def f1(counts: list[tuple[int, int, int]]) -> float:
    """Harmonic mean of precision and recall over reports."""
    hit, read, gold = (sum(c[k] for c in counts) for k in range(3))
    return 2 * hit / max(1, read + gold)


def main() -> int:
    """Train, report and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--guesses", type=Path)
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.train for line in path.read_text("utf-8").splitlines() if line.strip()]
    rows = [r for r in rows if r.get("language") in (None, "en")]
    guesses = read_guesses(args.guesses) if args.guesses else {}
    rows = [r for r in rows if r["id"] in guesses or not guesses]
    reader = Reader(ReadingSettings(learned=False))
    read = []
    for row, (context, nothing) in zip(rows, reader.contexts([report_of(r) for r in rows]), strict=True):
        guess = guesses.get(row["id"], nothing)
        candidates = reader.candidates(context, guess)
        features = features_of(context, candidates)
        read.append((row, context, guess, candidates, features, np.array(labels_of(row, candidates, context))))
    folds = [zlib.crc32(r[0]["id"].encode()) % N_FOLDS for r in read]
    scored: list[list[float]] = [[] for _ in read]
    for fold in range(N_FOLDS):
        train = [r for r, f in zip(read, folds, strict=True) if f != fold]
        names = names_of([r[4] for r in train])
        weights = fit([x for r in train for x in r[4]], np.concatenate([r[5] for r in train]), names)
        for k, r in enumerate(read):
            if folds[k] == fold:
                scored[k] = [Scorer(weights, 0.5).prob(x) for x in r[4]]
    curve = []
    for step in range(6, 36):
        t = step / 50
        counts = [found(r[0], make_accounts(r[1], r[3], s, r[2], t)) for r, s in zip(read, scored, strict=True)]
        curve.append((round(f1(counts), 4), t))
    best = max(curve)
    reach = sum(r[5].sum() for r in read) / sum(len(r[0]["accounts"]) for r in read)
    print(
        f"candidates {sum(len(r[3]) for r in read)}, reach {reach:.3f}, cross-validated found F1 {best[0]} at {best[1]}"
    )
    names = names_of([r[4] for r in read])
    weights = fit([x for r in read for x in r[4]], np.concatenate([r[5] for r in read]), names)
    book = json.loads(args.out.read_text("utf-8")) if args.out.exists() else {}
    book["joined" if args.guesses else "rules"] = {"threshold": best[1], "found_f1": best[0], "weights": weights}
    args.out.write_text(json.dumps(book, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

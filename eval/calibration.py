#!/usr/bin/env python3
"""Holds the confidence of accounts against the share of them that are right, as a table and a drawing.

usage: calibration.py GOLD.jsonl... --predicted READ.jsonl... [--svg FILE]

An account is right where an annotated one of its type has a quote that overlaps it, as `trucewatch score` counts. The
readings must hold accounts of low confidence too (`read_corpus.py --threshold 0.05`), and be of reports that the scorer
was not fitted on: cross-validated, or kept aside. The error is the mean distance of confidence from share, by bin,
weighed by the number of accounts; where it is near 0, of accounts at 0.8 four in five are right.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trucewatch.cli.score import read_annotated
from trucewatch.telling.scores import pairs

N_BINS = 10
SIZE, EDGE = 360, 46  # of the drawing, in pixels
Told = tuple[float, bool]  # confidence, right


@dataclass(frozen=True, slots=True)
class Bin:
    """Accounts of about the same confidence: their mean, the share that is right, and how many they are."""

    low: float
    mean: float
    share: float
    n: int


def told(gold: Mapping[str, Mapping[str, Any]], predicted: Mapping[str, Mapping[str, Any]]) -> Iterable[Told]:
    """Every account that was read with a confidence, and whether it is right."""
    for name, report in gold.items():
        got = [a for a in predicted.get(name, {}).get("accounts", ()) if a.get("confidence") is not None]
        # the surest first: pairs takes one account for each annotated one
        got.sort(key=lambda a: -a["confidence"])
        found = {
            j for _, j in pairs(report["accounts"], got, report["text"], lambda a, b: bool(a["type"] == b["type"]))
        }
        yield from ((account["confidence"], j in found) for j, account in enumerate(got))


def bins_of(rows: Sequence[Told]) -> list[Bin]:
    """Bins of equal width that hold any account, in order."""
    held: dict[int, list[Told]] = {}
    for row in rows:
        held.setdefault(min(N_BINS - 1, int(row[0] * N_BINS)), []).append(row)
    return [
        Bin(k / N_BINS, sum(c for c, _ in mine) / len(mine), sum(r for _, r in mine) / len(mine), len(mine))
        for k, mine in sorted(held.items())
    ]


def error_of(bins: Sequence[Bin]) -> float:
    """The expected calibration error (0 to 1)."""
    n = sum(b.n for b in bins)
    return sum(b.n * abs(b.mean - b.share) for b in bins) / n if n else 0.0


def drawing(bins: Sequence[Bin], title: str) -> str:
    """The reliability diagram as SVG: a dot a bin, its area by the number of accounts, and where they should lie."""
    span = SIZE - 2 * EDGE
    most = max(b.n for b in bins)

    def x(share: float) -> float:
        return round(EDGE + share * span, 1)

    def y(share: float) -> float:
        return round(SIZE - EDGE - share * span, 1)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img" font-family="sans-serif">',
        f"<title>{title}</title>",
        f'<rect width="{SIZE}" height="{SIZE}" fill="#ffffff"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#8a8a8a" stroke-dasharray="4 4"/>',
        f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}" stroke="#333333" fill="none"/>',
    ]
    for tenth in range(0, N_BINS + 1, 2):
        at = tenth / N_BINS
        lines.append(f'<text x="{x(at)}" y="{y(0) + 16}" font-size="11" text-anchor="middle">{at:.1f}</text>')
        lines.append(f'<text x="{x(0) - 6}" y="{y(at) + 4}" font-size="11" text-anchor="end">{at:.1f}</text>')
    path = "L".join(f"{x(b.mean)} {y(b.share)}" for b in bins)
    lines.append(f'<path d="M{path}" stroke="#1f5f8b" fill="none"/>')
    for b in bins:
        radius = round(2.5 + 7 * (b.n / most) ** 0.5, 1)
        dot = f'<circle cx="{x(b.mean)}" cy="{y(b.share)}" r="{radius}" fill="#1f5f8b" fill-opacity="0.75">'
        lines.append(f"{dot}<title>{b.n} accounts at {b.mean:.2f}: {b.share:.2f} right</title></circle>")
    middle = SIZE / 2
    lines.append(f'<text x="{middle}" y="{SIZE - 10}" font-size="12" text-anchor="middle">confidence</text>')
    lines.append(
        f'<text x="14" y="{middle}" font-size="12" text-anchor="middle" transform="rotate(-90 14 {middle})">'
        "share that is right</text>"
    )
    lines.append(f'<text x="{middle}" y="22" font-size="12" text-anchor="middle">{title}</text>')
    return "\n".join([*lines, "</svg>\n"])


def main() -> int:
    """Print the table, and draw it where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--predicted", type=Path, nargs="+", required=True)
    parser.add_argument("--svg", type=Path)
    args = parser.parse_args()
    gold = {name: row for path in args.gold for name, row in read_annotated(path).items()}
    predicted = {name: row for path in args.predicted for name, row in read_annotated(path).items()}
    gold = {name: row for name, row in gold.items() if name in predicted}
    rows = list(told(gold, predicted))
    if not rows:
        print("No account with a confidence was read.")
        return 1
    bins = bins_of(rows)
    print("confidence  accounts  mean   right")
    for b in bins:
        print(f"{b.low:.1f} to {b.low + 1 / N_BINS:.1f}  {b.n:8}  {b.mean:.3f}  {b.share:.3f}")
    brier = sum((c - r) ** 2 for c, r in rows) / len(rows)
    title = f"{len(rows)} accounts of {len(gold)} reports: error {error_of(bins):.3f}"
    print(f"{title}, Brier score {brier:.3f}")
    if args.svg:
        args.svg.write_text(drawing(bins, title), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

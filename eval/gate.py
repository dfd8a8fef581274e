#!/usr/bin/env python3
"""Reads the project's own annotated examples and compares the figures with the floors pinned in floors.yaml.

usage: gate.py [--predicted FILE]

Prints a table; ends with 1 where a figure has dropped below its floor, or where the examples are not those the floors
were pinned for. A floor is lowered only by hand, with a line in CHANGELOG.md that says why. `--predicted` scores a file
made earlier instead of reading anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from trucewatch.cli.score import read_annotated
from trucewatch.telling.scores import score

HERE = Path(__file__).parent
FILES = ("sentences.jsonl", "reports.jsonl")
HIDDEN = ("accounts", "statements", "tallies")


def figure(figures: Mapping[str, Any], name: str) -> float:
    """The figure a dotted name leads to, such as `found.f1`."""
    value: Any = figures
    for part in name.split("."):
        value = value[part]
    return float(value or 0.0)


def fingerprint(paths: list[Path]) -> str:
    """A hash of the examples: floors hold for these and no others."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def read_anew(gold: Mapping[str, Mapping[str, Any]], folder: Path) -> Path:
    """What the product reads from the texts alone, through its own command line, as a file of JSON Lines."""
    bare, out = folder / "bare.jsonl", folder / "read.jsonl"
    rows = ({k: v for k, v in report.items() if k not in HIDDEN} for report in gold.values())
    bare.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    command = [sys.executable, "-m", "trucewatch", "read", str(bare), "-o", str(out)]
    subprocess.run(command, check=True)
    return out


def compare(
    figures: Mapping[str, Any], floors: Mapping[str, float], ceilings: Mapping[str, float]
) -> list[tuple[str, float, float, bool]]:
    """(name, figure, limit, holds) of every pinned figure, in the order of the file."""
    rows = [(n, figure(figures, n), float(limit), figure(figures, n) >= limit) for n, limit in floors.items()]
    rows += [(n, figure(figures, n), float(limit), figure(figures, n) <= limit) for n, limit in ceilings.items()]
    return rows


def main() -> int:
    """0 where every figure holds, else 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--predicted", type=Path)
    args = parser.parse_args()
    pinned = yaml.safe_load((HERE / "floors.yaml").read_text("utf-8"))
    paths = [HERE / "examples" / name for name in FILES]
    gold: dict[str, Mapping[str, Any]] = {}
    for path in paths:
        gold.update(read_annotated(path))
    with tempfile.TemporaryDirectory() as folder:
        predicted = read_annotated(args.predicted or read_anew(gold, Path(folder)))
    rows = compare(score(gold, predicted), pinned["floors"], pinned.get("ceilings", {}))
    width = max(len(name) for name, *_ in rows)
    for name, value, limit, holds in rows:
        print(f"{name:{width}}  {value:6.3f}  {limit:6.3f}  {'ok' if holds else 'DROPPED'}")
    same = fingerprint(paths) == pinned["examples"]
    if not same:
        print(f"The examples have changed: {fingerprint(paths)} instead of {pinned['examples']}. Pin the floors anew.")
    return 0 if same and all(holds for *_, holds in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())

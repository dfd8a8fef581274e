"""Read a JSON Lines file of reports and print what was read in the shape of the annotation, ready for the scorer.

usage: read_corpus.py REPORTS.jsonl > PREDICTED.jsonl
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.linking.places import Locator
from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings
from trucewatch.terms.accounts import Account, ReportReading, Statement, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.reports import Report, report_id


def report_of(row: dict[str, Any]) -> Report:
    """The report a record holds, with its text as it stands."""
    parts = {k: row.get(k) for k in ("source", "url", "published")}
    text = row["text"]
    return Report(
        report_id=report_id(**parts, text=text),
        name=row["id"],
        language=row.get("language"),
        title=row.get("title"),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        **parts,
    )


def _count(count: Count | None) -> dict[str, int | None] | None:
    return None if count is None else {"min": count.min, "max": count.max}


def account_row(a: Account) -> dict[str, Any]:
    """An account in the shape of the annotation."""
    date = None if a.time is None else {"earliest": a.time.earliest, "latest": a.time.latest}
    return {
        "type": a.type, "quote": a.quote, "start": a.span.start, "end": a.span.end, "reality": a.reality, "date": date,
        "places": [{"name": p.name, "lat": p.lat, "lon": p.lon} for p in a.places],
        "actors": [p.name for p in a.actors], "targets": [p.name for p in a.targets],
        "killed": _count(a.killed), "injured": _count(a.injured),
        "said_by": a.said_by[-1].name if a.said_by else None, "breach": a.breach, "confidence": a.confidence,
    }  # fmt: skip


def statement_row(s: Statement) -> dict[str, Any]:
    """A statement in the shape of the annotation."""
    return {
        "kind": s.kind, "speaker": s.speaker.name if s.speaker else None, "quote": s.quote, "start": s.span.start,
        "end": s.span.end, "about": s.about.name if s.about else None,
    }  # fmt: skip


def tally_row(t: Tally) -> dict[str, Any]:
    """A tally in the shape of the annotation."""
    return {
        "count": _count(t.count), "unit": t.unit, "accused": [p.name for p in t.accused], "since": t.since,
        "until": t.until, "said_by": t.said_by[-1].name if t.said_by else None, "quote": t.quote,
        "start": t.span.start, "end": t.span.end,
    }  # fmt: skip


def reading_row(reading: ReportReading) -> dict[str, Any]:
    """A whole reading in the shape of the annotation."""
    return {
        "id": reading.report.name,
        "accounts": [account_row(a) for a in reading.accounts],
        "statements": [statement_row(s) for s in reading.statements],
        "tallies": [tally_row(t) for t in reading.tallies],
    }


def main() -> int:
    """Print one record a report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--rules-only", action="store_true")
    parser.add_argument("--threshold", type=float)
    parser.add_argument("--gazetteer", type=Path, nargs="*", default=[], help="files beside the built-in one")
    args = parser.parse_args()
    rows = [json.loads(line) for path in args.reports for line in path.read_text("utf-8").splitlines() if line.strip()]
    gazetteer = load_gazetteers(args.gazetteer)
    settings = ReadingSettings(threshold=args.threshold, learned=not args.rules_only)
    readings = Reader(settings, gazetteer)([report_of(row) for row in rows])
    for reading in Locator(gazetteer)(readings):
        sys.stdout.write(json.dumps(reading_row(reading), ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Readings as Arrow tables: flat columns for analysis, and the whole value as JSON beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa

from trucewatch.terms.accounts import Account, ReportReading, Statement, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.ids import canonical_json
from trucewatch.terms.reports import Report

_TEXT, _WHOLE, _NUMBER = pa.string(), pa.int64(), pa.float64()

REPORTS = pa.schema([
    ("report_id", _TEXT), ("id", _TEXT), ("source", _TEXT), ("url", _TEXT), ("published", _TEXT), ("language", _TEXT),
    ("title", _TEXT), ("sha256", _TEXT), ("n_accounts", _WHOLE), ("n_statements", _WHOLE), ("n_tallies", _WHOLE),
])  # fmt: skip
ACCOUNTS = pa.schema([
    ("account_id", _TEXT), ("report_id", _TEXT), ("source", _TEXT), ("published", _TEXT), ("type", _TEXT),
    ("reality", _TEXT), ("earliest", _TEXT), ("latest", _TEXT), ("place", _TEXT), ("lat", _NUMBER), ("lon", _NUMBER),
    ("radius_m", _NUMBER), ("place_id", _TEXT), ("actors", pa.list_(_TEXT)), ("targets", pa.list_(_TEXT)),
    ("killed_min", _WHOLE), ("killed_max", _WHOLE), ("injured_min", _WHOLE), ("injured_max", _WHOLE),
    ("said_by", _TEXT), ("breach", pa.bool_()), ("confidence", _NUMBER), ("quote", _TEXT), ("start", _WHOLE),
    ("end", _WHOLE),
    ("payload", _TEXT),
])  # fmt: skip
STATEMENTS = pa.schema([
    ("statement_id", _TEXT), ("report_id", _TEXT), ("source", _TEXT), ("published", _TEXT), ("kind", _TEXT),
    ("speaker", _TEXT), ("about", _TEXT), ("quote", _TEXT), ("start", _WHOLE), ("end", _WHOLE), ("payload", _TEXT),
])  # fmt: skip
TALLIES = pa.schema([
    ("tally_id", _TEXT), ("report_id", _TEXT), ("source", _TEXT), ("published", _TEXT), ("unit", _TEXT),
    ("n_min", _WHOLE), ("n_max", _WHOLE), ("since", _TEXT), ("until", _TEXT), ("said_by", _TEXT), ("quote", _TEXT),
    ("start", _WHOLE), ("end", _WHOLE), ("payload", _TEXT),
])  # fmt: skip
ISSUES = pa.schema([("report_id", _TEXT), ("code", _TEXT), ("subject_id", _TEXT), ("where", _TEXT), ("what", _TEXT)])

INCOMING = ("id", "source", "url", "published", "language", "title", "text")


def tables_of(readings: Sequence[ReportReading]) -> dict[str, pa.Table]:
    """The tables `reports`, `accounts`, `statements`, `tallies` and `issues`, rows in the order of the readings."""
    return {
        "reports": _table(REPORTS, (_report(r) for r in readings)),
        "accounts": _rows(ACCOUNTS, readings, lambda r: r.accounts, _account),
        "statements": _rows(STATEMENTS, readings, lambda r: r.statements, _statement),
        "tallies": _rows(TALLIES, readings, lambda r: r.tallies, _tally),
        "issues": _table(
            ISSUES,
            (
                {
                    "report_id": r.report.report_id,
                    "code": d.code,
                    "subject_id": d.subject_id,
                    "where": d.where,
                    "what": d.what,
                }
                for r in readings
                for d in r.doubts
            ),
        ),
    }


def _rows(
    schema: pa.Schema,
    readings: Sequence[ReportReading],
    part: Callable[[ReportReading], Sequence[Any]],
    row: Callable[[Any], dict[str, Any]],
) -> pa.Table:
    return _table(schema, ({**_about(r.report), **row(item)} for r in readings for item in part(r)))


def _table(schema: pa.Schema, rows: Iterable[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=schema)


def _about(report: Report) -> dict[str, Any]:
    return {"report_id": report.report_id, "source": report.source, "published": report.published}


def _report(reading: ReportReading) -> dict[str, Any]:
    report = reading.report
    return {
        **_about(report),
        "id": report.name,
        "url": report.url,
        "language": report.language,
        "title": report.title,
        "sha256": report.sha256,
        "n_accounts": len(reading.accounts),
        "n_statements": len(reading.statements),
        "n_tallies": len(reading.tallies),
    }


def _account(account: Account) -> dict[str, Any]:
    place = next((p for p in account.places if p.located), account.places[0] if account.places else None)
    return {
        "account_id": account.account_id,
        "type": account.type,
        "reality": account.reality,
        "earliest": account.time.earliest if account.time else None,
        "latest": account.time.latest if account.time else None,
        "place": place.name if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "radius_m": place.radius_m if place else None,
        "place_id": place.place_id if place else None,
        "actors": [p.name for p in account.actors],
        "targets": [p.name for p in account.targets],
        **_bounds("killed", account.killed),
        **_bounds("injured", account.injured),
        "said_by": account.said_by[-1].name if account.said_by else None,
        "breach": account.breach,
        "confidence": account.confidence,
        "quote": account.quote,
        "start": account.span.start,
        "end": account.span.end,
        "payload": canonical_json(account),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "statement_id": statement.statement_id,
        "kind": statement.kind,
        "speaker": statement.speaker.name if statement.speaker else None,
        "about": statement.about.name if statement.about else None,
        "quote": statement.quote,
        "start": statement.span.start,
        "end": statement.span.end,
        "payload": canonical_json(statement),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "tally_id": tally.tally_id,
        "unit": tally.unit,
        **_bounds("n", tally.count),
        "since": tally.since,
        "until": tally.until,
        "said_by": tally.said_by[-1].name if tally.said_by else None,
        "quote": tally.quote,
        "start": tally.span.start,
        "end": tally.span.end,
        "payload": canonical_json(tally),
    }


def _bounds(name: str, count: Count | None) -> dict[str, Any]:
    return {f"{name}_min": count.min if count else None, f"{name}_max": count.max if count else None}

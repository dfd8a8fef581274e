"""Readings as Arrow tables: flat columns for analysis, and the whole value as JSON beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from trucewatch.linking.signatures import sign
from trucewatch.linking.sketches import names_of
from trucewatch.terms.accounts import Account, ReportReading, Statement, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.ids import canonical_json
from trucewatch.terms.incidents import Incident
from trucewatch.terms.reports import Report

_TEXT, _WHOLE, _NUMBER = pa.string(), pa.int64(), pa.float64()

REPORTS = pa.schema([
    ("report_id", _TEXT), ("id", _TEXT), ("source", _TEXT), ("url", _TEXT), ("published", _TEXT), ("language", _TEXT),
    ("title", _TEXT), ("sha256", _TEXT), ("n_accounts", _WHOLE), ("n_statements", _WHOLE), ("n_tallies", _WHOLE),
    ("signature", pa.binary()),
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

INCIDENTS = pa.schema([
    ("incident_id", _TEXT), ("type", _TEXT), ("reality", _TEXT), ("earliest", _TEXT), ("latest", _TEXT),
    ("place", _TEXT), ("lat", _NUMBER), ("lon", _NUMBER), ("radius_m", _NUMBER), ("place_id", _TEXT),
    ("lats", pa.list_(_NUMBER)), ("lons", pa.list_(_NUMBER)), ("doers", pa.list_(_TEXT)), ("actors", pa.list_(_TEXT)),
    ("targets", pa.list_(_TEXT)),
    ("killed_low", _WHOLE), ("killed_best", _WHOLE), ("killed_high", _WHOLE), ("injured_low", _WHOLE),
    ("injured_best", _WHOLE), ("injured_high", _WHOLE), ("n_accounts", _WHOLE), ("n_origins", _WHOLE),
    ("contested", pa.bool_()), ("account_ids", pa.list_(_TEXT)), ("payload", _TEXT),
])  # fmt: skip
LINKS = pa.schema([
    ("incident_id", _TEXT), ("left_id", _TEXT), ("right_id", _TEXT), ("score", _NUMBER),
    ("features", pa.list_(pa.struct([("name", _TEXT), ("left", _TEXT), ("right", _TEXT), ("weight", _NUMBER)]))),
])  # fmt: skip
EPISODES = pa.schema([("episode_id", _TEXT), ("incident_id", _TEXT), ("day", _TEXT)])


def tables_of(readings: Sequence[ReportReading]) -> dict[str, pa.Table]:
    """The tables `reports`, `accounts`, `statements`, `tallies` and `issues`, rows in the order of the readings.

    `signature` is what copies of a text are found by (see `linking.signatures`); null where there is no text.
    """
    signatures = {s.report_id: s.pack() for s in sign([r.report for r in readings if r.report.text.strip()])}
    return {
        "reports": as_table(
            REPORTS, ({**_report(r), "signature": signatures.get(r.report.report_id)} for r in readings)
        ),
        "accounts": _rows(ACCOUNTS, readings, lambda r: r.accounts, _account),
        "statements": _rows(STATEMENTS, readings, lambda r: r.statements, _statement),
        "tallies": _rows(TALLIES, readings, lambda r: r.tallies, _tally),
        "issues": as_table(
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


def tables_of_incidents(incidents: Sequence[Incident]) -> dict[str, pa.Table]:
    """The tables `incidents` and `links`, rows in the order of the incidents. The payload leaves the links out."""
    links = ((i.incident_id, link) for i in incidents for link in i.links)
    return {
        "incidents": as_table(INCIDENTS, (_incident(i) for i in incidents)),
        "links": as_table(
            LINKS,
            (
                {
                    "incident_id": key,
                    "left_id": link.left_id,
                    "right_id": link.right_id,
                    "score": link.score,
                    "features": [
                        {"name": f.name, "left": f.left, "right": f.right, "weight": f.weight} for f in link.features
                    ],
                }
                for key, link in links
            ),
        ),
    }


def _rows(
    schema: pa.Schema,
    readings: Sequence[ReportReading],
    part: Callable[[ReportReading], Sequence[Any]],
    row: Callable[[Any], dict[str, Any]],
) -> pa.Table:
    return as_table(schema, ({**_about(r.report), **row(item)} for r in readings for item in part(r)))


def as_table(schema: pa.Schema, rows: Iterable[dict[str, Any]]) -> pa.Table:
    """The rows as a table of that schema; a key that is missing is null."""
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
    return {
        "account_id": account.account_id,
        **_told(account),
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


def _incident(incident: Incident) -> dict[str, Any]:
    points = [p for p in incident.places if p.lat is not None and p.lon is not None]
    ranges = {toll.what: toll for toll in incident.tolls}
    tolls = {
        f"{what}_{end}": getattr(ranges[what], end) if what in ranges else None
        for what in ("killed", "injured")
        for end in ("low", "best", "high")
    }
    return {
        "incident_id": incident.incident_id,
        **_told(incident),
        "lats": [p.lat for p in points],
        "lons": [p.lon for p in points],
        "doers": sorted(names_of(incident.actors)),
        **tolls,
        "n_accounts": len(incident.account_ids),
        "n_origins": len(incident.origins),
        "contested": incident.contested,
        "account_ids": list(incident.account_ids),
        "payload": canonical_json(replace(incident, links=(), episode_id=None)),
    }


def _told(told: Account | Incident) -> dict[str, Any]:
    place = next((p for p in told.places if p.located), told.places[0] if told.places else None)
    return {
        "type": told.type,
        "reality": told.reality,
        "earliest": told.time.earliest if told.time else None,
        "latest": told.time.latest if told.time else None,
        "place": place.name if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "radius_m": place.radius_m if place else None,
        "place_id": place.place_id if place else None,
        "actors": [p.name for p in told.actors],
        "targets": [p.name for p in told.targets],
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

"""Readings in the shape in which reports are annotated, with what the product knows besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trucewatch.terms.accounts import Account, Party, ReportReading, Speaker, Statement, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.ids import plain
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.times import Interval


def incident_of(incidents: Iterable[Incident]) -> dict[str, str]:
    """Of each account its incident's id."""
    return {account: incident.incident_id for incident in incidents for account in incident.account_ids}


def annotation(reading: ReportReading, belongs: Mapping[str, str] | None = None) -> dict[str, Any]:
    """One report as a plain object. `belongs` gives an account's incident id; without it `incident` is None."""
    report = reading.report
    return {
        "id": report.name,
        "source": report.source,
        "url": report.url,
        "published": report.published,
        "language": report.language,
        "title": report.title,
        "text": report.text,
        "accounts": [_account(a, (belongs or {}).get(a.account_id)) for a in reading.accounts],
        "statements": [_statement(s) for s in reading.statements],
        "tallies": [_tally(t) for t in reading.tallies],
        "report_id": report.report_id,
        "sha256": report.sha256,
        "duplicate_of": report.duplicate_of,
        "issues": [plain(d) for d in reading.doubts],
    }


def _account(account: Account, incident: str | None) -> dict[str, Any]:
    return {
        "type": account.type,
        "quote": account.quote,
        "reality": account.reality,
        "date": _date(account.time),
        "places": [_place(p) for p in account.places],
        "actors": _names(account.actors),
        "targets": _names(account.targets),
        "killed": _count(account.killed),
        "injured": _count(account.injured),
        "said_by": _first_speaker(account.said_by),
        "breach": account.breach,
        "start": account.span.start,
        "end": account.span.end,
        "incident": incident,
        "said_by_chain": [plain(s) for s in account.said_by],
        "actor_ids": [p.actor_id for p in account.actors],
        "target_ids": [p.actor_id for p in account.targets],
        "time": plain(account.time),
        "tolls": [plain(t) for t in account.tolls],
        "confidence": account.confidence,
        "account_id": account.account_id,
        "maker": plain(account.maker),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "kind": statement.kind,
        "speaker": statement.speaker.name if statement.speaker else None,
        "quote": statement.quote,
        "about": statement.about.name if statement.about else None,
        "start": statement.span.start,
        "end": statement.span.end,
        "confidence": statement.confidence,
        "statement_id": statement.statement_id,
        "maker": plain(statement.maker),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "count": _count(tally.count),
        "unit": tally.unit,
        "accused": _names(tally.accused),
        "since": tally.since,
        "until": tally.until,
        "said_by": _first_speaker(tally.said_by),
        "quote": tally.quote,
        "start": tally.span.start,
        "end": tally.span.end,
        "parts": list(tally.parts),
        "confidence": tally.confidence,
        "tally_id": tally.tally_id,
        "maker": plain(tally.maker),
    }


def _place(place: Place) -> dict[str, Any]:
    return {
        "name": place.name,
        "lat": place.lat,
        "lon": place.lon,
        "radius_m": place.radius_m,
        "place_id": place.place_id,
        "note": place.note,
    }


def _date(time: Interval | None) -> dict[str, Any] | None:
    return None if time is None else {"earliest": time.earliest, "latest": time.latest}


def _names(parties: Sequence[Party]) -> list[str]:
    return [p.name for p in parties]


def _count(count: Count | None) -> dict[str, Any] | None:
    return plain(count) if count and count.known else None


def _first_speaker(chain: Sequence[Speaker]) -> str | None:
    """The first who said it, which is the last of the chain; None where the narrator tells it."""
    return chain[-1].name if chain else None

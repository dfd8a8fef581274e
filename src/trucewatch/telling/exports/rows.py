"""Flat rows of a telling that the exports share: plain values, one row per incident, finding or tally."""

from __future__ import annotations

from typing import Any

from trucewatch.telling.bulletins.entries import entries_of, standing_of
from trucewatch.telling.charges import charges
from trucewatch.telling.tallies import check_tallies
from trucewatch.telling.tellings import Telling

COLUMNS = {  # of each table, in the order they are written: an empty table has them too
    "incidents": (
        "incident_id", "type", "reality", "earliest", "latest", "place", "lat", "lon", "radius_m", "actors", "targets",
        "killed_low", "killed_high", "contested", "standing", "belief", "review_state", "n_origins", "n_accounts",
        "origins",
    ),
    "findings": (
        "finding_id", "incident_id", "agreement_id", "agreement_version", "term_id", "outcome", "probability", "belief",
        "reading", "missing",
    ),
    "charges": (
        "incident_id", "accuser", "accused", "agreement_id", "term_id", "outcome", "probability", "own_side",
        "account_ids",
    ),
    "tallies": (
        "tally_id", "claimant", "side", "unit", "claimed_min", "claimed_max", "accused", "since", "until",
        "documented_low", "documented_high", "own_low", "own_high", "verdict", "why", "quote",
    ),
    "accounts": (
        "account_id", "incident_id", "report_id", "report", "source", "published", "type", "quote", "start", "end",
        "said_by", "breach_called", "confidence", "maker",
    ),
}  # fmt: skip
TABLES = tuple(COLUMNS)
Row = dict[str, Any]


def rows_of(telling: Telling, table: str) -> list[Row]:
    """The rows of a table, sorted by their ids, each with the table's `COLUMNS` as keys; None is "not able to say"."""
    return [{name: row[name] for name in COLUMNS[table]} for row in _MAKERS[table](telling)]


def _incidents(telling: Telling) -> list[Row]:
    rows = [
        {
            "incident_id": e.incident_id,
            "type": e.type,
            "reality": e.reality,
            "earliest": e.earliest,
            "latest": e.latest,
            "place": e.place,
            "lat": e.lat,
            "lon": e.lon,
            "radius_m": e.radius_m,
            "actors": e.doers,
            "targets": e.targets,
            "killed_low": e.killed_low,
            "killed_high": e.killed_high,
            "contested": e.contested,
            "standing": standing_of(telling.findings_of.get(e.incident_id, ())),
            "belief": e.belief,
            "review_state": telling.review.get(e.incident_id),
            "n_origins": len(e.tellings),
            "n_accounts": sum(len(t.quotes) for t in e.tellings),
            "origins": "; ".join(t.origin for t in e.tellings),
        }
        for e in entries_of(telling)
    ]
    return sorted(rows, key=lambda row: str(row["incident_id"]))


def _findings(telling: Telling) -> list[Row]:
    return [
        {
            "finding_id": f.finding_id,
            "incident_id": f.incident_id,
            "agreement_id": f.agreement_id,
            "agreement_version": f.agreement_version,
            "term_id": f.term_id,
            "outcome": f.outcome,
            "probability": f.probability,
            "belief": f.belief,
            "reading": f.reading,
            "missing": "; ".join(f.missing),
        }
        for f in sorted(telling.findings, key=lambda f: f.finding_id)
    ]


def _charges(telling: Telling) -> list[Row]:
    return [
        {
            "incident_id": c.incident_id,
            "accuser": c.accuser,
            "accused": telling.actor_name(c.accused),
            "agreement_id": c.agreement_id,
            "term_id": c.term_id,
            "outcome": c.outcome,
            "probability": c.probability,
            "own_side": c.own,
            "account_ids": "; ".join(c.account_ids),
        }
        for c in charges(telling)
    ]


def _tallies(telling: Telling) -> list[Row]:
    unit = {t.tally_id: t for t in telling.tallies}
    return [
        {
            "tally_id": c.tally_id,
            "claimant": c.claimant,
            "side": c.side,
            "unit": unit[c.tally_id].unit,
            "claimed_min": c.claimed_min,
            "claimed_max": c.claimed_max,
            "accused": "; ".join(telling.actor_name(key) for key in c.accused),
            "since": c.since,
            "until": c.until,
            "documented_low": c.everyone.low if c.everyone else None,
            "documented_high": c.everyone.high if c.everyone else None,
            "own_low": c.own.low if c.own else None,
            "own_high": c.own.high if c.own else None,
            "verdict": c.verdict,
            "why": "; ".join([*(fault.what for fault in c.faults), *c.remarks]),
            "quote": unit[c.tally_id].quote,
        }
        for c in check_tallies(telling)
    ]


def _accounts(telling: Telling) -> list[Row]:
    rows = []
    incident_of = {a: i.incident_id for i in telling.incidents for a in i.account_ids}
    for account in sorted(telling.accounts, key=lambda a: a.account_id):
        report = telling.report.get(account.report_id)
        rows.append(
            {
                "account_id": account.account_id,
                "incident_id": incident_of.get(account.account_id),
                "report_id": account.report_id,
                "report": report.name if report else None,
                "source": report.source if report else None,
                "published": report.published if report else None,
                "type": account.type,
                "quote": account.quote,
                "start": account.span.start,
                "end": account.span.end,
                "said_by": "; ".join(speaker.name for speaker in account.said_by),
                "breach_called": account.breach,
                "confidence": account.confidence,
                "maker": f"{account.maker.module} {account.maker.version}",
            }
        )
    return rows


_MAKERS = {
    "incidents": _incidents,
    "findings": _findings,
    "charges": _charges,
    "tallies": _tallies,
    "accounts": _accounts,
}

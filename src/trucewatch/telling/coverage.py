"""Coverage: where nobody looked is not where nothing happened, and whose reports the ledger rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trucewatch.telling.postings import NOT_LOCATED, area_of
from trucewatch.telling.tellings import NOT_ALIGNED, Telling
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.incidents import Incident

STATES = ("violence", "quiet", "unobserved")
LONGEST_SPREAD_DAYS = 3  # an incident told of a longer span observes no single day of it


@dataclass(frozen=True, slots=True)
class ZoneDays:
    """A zone's days by state: `violence` told, `quiet` (something told, nothing violent), `unobserved` (nothing)."""

    zone: str
    violence: int
    quiet: int
    unobserved: int
    days: tuple[tuple[str, str], ...]  # (ISO day, state), every day of the window in order


@dataclass(frozen=True, slots=True)
class SideShare:
    """What one side's sources contribute: reports, accounts, and their share of all accounts (0 to 1)."""

    side: str
    n_sources: int
    n_reports: int
    n_accounts: int
    share: float


def window(telling: Telling) -> tuple[str, str] | None:
    """The first and the last day anything is told of, up to the cut-off; None where nothing is dated."""
    days = [day for incident in telling.incidents for day in _days(incident)]
    return (min(days), min(max(days), telling.as_of[:10])) if days else None


def zone_days(telling: Telling, since: str, until: str, zones: Iterable[str] = ()) -> tuple[ZoneDays, ...]:
    """Each zone's days from `since` to `until` (closed), most observed zones first.

    Zones are administrative units of located incidents; name further ones in `zones` to show them unobserved.
    """
    told: dict[str, dict[str, bool]] = defaultdict(dict)
    for zone in zones:
        told[zone] = {}
    for incident in telling.incidents:
        zone = area_of(incident)
        if zone == NOT_LOCATED or incident.reality != "asserted":
            continue
        known = incident_types().get(incident.type)
        for day in _days(incident):
            told[zone][day] = told[zone].get(day, False) or bool(known and known.violent)
    days = _span(since, until)
    rows = [_zone(zone, seen, days) for zone, seen in told.items()]
    return tuple(sorted(rows, key=lambda z: (z.unobserved, z.zone)))


def _zone(zone: str, seen: dict[str, bool], days: Sequence[str]) -> ZoneDays:
    states = [(day, "unobserved" if day not in seen else "violence" if seen[day] else "quiet") for day in days]
    counts = {state: sum(s == state for _, s in states) for state in STATES}
    return ZoneDays(zone, counts["violence"], counts["quiet"], counts["unobserved"], tuple(states))


def parity(telling: Telling) -> tuple[SideShare, ...]:
    """Reports and accounts by the side their source is aligned with, the greatest share first."""
    reports: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    side_of: dict[str, str] = {}
    for report in telling.reports:
        source = telling.source_of(report)
        side = (source.side("*") if source else None) or NOT_ALIGNED
        side_of[report.report_id] = side
        reports[side].add(report.report_id)
        names[side].add(source.source_id if source else report.source or "")
    accounts: dict[str, int] = defaultdict(int)
    for account in telling.accounts:
        accounts[side_of.get(account.report_id, NOT_ALIGNED)] += 1
    total = sum(accounts.values())
    rows = [
        SideShare(
            side,
            len(names[side]),
            len(reports[side]),
            accounts[side],
            round(accounts[side] / total, 3) if total else 0.0,
        )
        for side in sorted(reports.keys() | accounts.keys())
    ]
    return tuple(sorted(rows, key=lambda row: (-row.share, row.side)))


def _days(incident: Incident) -> list[str]:
    time = incident.time
    if time is None or time.earliest is None or time.latest is None:
        return []
    days = _span(time.earliest, time.latest)
    return days if len(days) <= LONGEST_SPREAD_DAYS else []


def _span(since: str, until: str) -> list[str]:
    first, last = date.fromisoformat(since[:10]), date.fromisoformat(until[:10])
    return [(first + timedelta(n)).isoformat() for n in range(max(0, (last - first).days + 1))]

"""Postings: what one incident adds to every ledger. Each depends on its own incident alone, so it can be kept.

A ledger is the sum of its postings. Kept beside the incidents they are counted without reading a single account, and
after a decision only those of the incidents it touched are made anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from trucewatch.telling.charges import Charge, charges
from trucewatch.telling.rules import RULES, Tick
from trucewatch.telling.tellings import Telling
from trucewatch.terms.incidents import Incident

NOT_DATED = "not dated"
NOT_LOCATED = "not located"


@dataclass(frozen=True, slots=True)
class Alleged:
    """A charge as it is counted: fields as of `Charge`."""

    accuser: str
    accused: str
    agreement_id: str
    term_id: str
    probability: float
    certain: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Posting:
    """An incident as ledgers count it: what it is grouped by, its charges, its ticks by rule.

    `names` are those of the doers and targets its accounts name, as written. Without charges it adds nothing.
    """

    incident_id: str
    type: str
    area: str
    earliest: str | None
    latest: str | None
    alleged: tuple[Alleged, ...]
    ticks: Mapping[str, tuple[Tick, ...]]
    names: tuple[str, ...] = ()


def postings_of(telling: Telling, rules: Iterable[str] = tuple(RULES)) -> list[Posting]:
    """A posting for each incident of a telling, by id, with its ticks under these rules."""
    by_incident: dict[str, list[Charge]] = defaultdict(list)
    for charge in charges(telling):
        by_incident[charge.incident_id].append(charge)
    chosen = [RULES[name] for name in rules]
    out = []
    for incident in sorted(telling.incidents, key=lambda i: i.incident_id):
        alleged = tuple(
            Alleged(c.accuser, c.accused, c.agreement_id, c.term_id, c.probability, c.certain, c.own)
            for c in by_incident[incident.incident_id]
        )
        ticks = {rule.rule_id: rule.count(incident, telling) for rule in chosen} if alleged else {}
        out.append(
            Posting(
                incident.incident_id,
                incident.type,
                area_of(incident),
                incident.time.earliest if incident.time else None,
                incident.time.latest if incident.time else None,
                alleged,
                {rule: told for rule, told in ticks.items() if told},
                _names(incident, telling),
            )
        )
    return out


def _names(incident: Incident, telling: Telling) -> tuple[str, ...]:
    accounts = telling.quotes(incident)
    return tuple(sorted({party.name for a in accounts for party in (*a.actors, *a.targets)}))


def bucket(earliest: str | None, latest: str | None, by: str) -> str:
    """The day, ISO week or month in which both days lie; `a to b` where they lie in two, `not dated` without one."""
    if earliest is None or latest is None:
        return NOT_DATED
    first, last = _bucket(earliest, by), _bucket(latest, by)
    return first if first == last else f"{first} to {last}"


def _bucket(day: str, by: str) -> str:
    if by == "month":
        return day[:7]
    if by == "week":
        year, week, _ = date.fromisoformat(day).isocalendar()
        return f"{year}-W{week:02d}"
    return day


def area_of(incident: Incident) -> str:
    """The administrative unit of the best candidate of the first located place; `not located` where there is none."""
    for place in incident.places:
        if place.located:
            admin = place.candidates[0].admin if place.candidates else ""
            return admin or place.name
    return NOT_LOCATED


def packed(posting: Posting) -> str:
    """The posting as JSON, short: it is kept for every incident. A key that is the incident's id alone is left out."""
    own = (posting.incident_id,)
    ticks = {
        rule: [[None if tick.key == own else tick.key, tick.n, tick.told] for tick in told]
        for rule, told in posting.ticks.items()
    }
    alleged = [
        [a.accuser, a.accused, a.agreement_id, a.term_id, a.probability, a.certain, a.own] for a in posting.alleged
    ]
    head = [posting.type, posting.area, posting.earliest, posting.latest]
    return json.dumps([*head, alleged, ticks, posting.names], ensure_ascii=False, separators=(",", ":"))


def unpacked(incident_id: str, text: str) -> Posting:
    """The posting that was packed: `unpacked(p.incident_id, packed(p)) == p`."""
    kind, area, earliest, latest, alleged, ticks, names = json.loads(text)
    own = (incident_id,)
    return Posting(
        incident_id,
        kind,
        area,
        earliest,
        latest,
        tuple(Alleged(*row) for row in alleged),
        {
            rule: tuple(Tick(own if key is None else tuple(key), n, told) for key, n, told in rows)
            for rule, rows in ticks.items()
        },
        tuple(names),
    )

"""The ledger: alleged breaches by accuser and accused, under a named counting rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

from trucewatch.telling.charges import Charge, charges
from trucewatch.telling.rules import RULES, Rule, Tick, rule_named
from trucewatch.telling.tellings import Telling, label_of
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.incidents import Incident

NOT_DATED = "not dated"
NOT_LOCATED = "not located"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. Every count is of *alleged* breaches under the ledger's rule.

    `certain` counts what every test puts inside the term if the telling is true; `expected` adds up the probability
    of all (a real number, at least `certain`); `possible` is the most it can be. `assumed` is True where a text gave
    no number and one was taken. `incident_ids` are sorted; each leads to its quotes.
    """

    accuser: str
    accused: str
    group: str
    certain: int
    expected: float
    possible: int
    assumed: bool
    own: bool
    incident_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Cells in the order of accuser, accused and group. `by` is what `group` holds; `all` where it holds nothing."""

    rule_id: str
    by: str
    cells: tuple[Cell, ...]
    n_incidents: int

    @property
    def accusers(self) -> tuple[str, ...]:
        """The accusing sides, sorted."""
        return tuple(sorted({cell.accuser for cell in self.cells}))

    @property
    def accused(self) -> tuple[str, ...]:
        """The accused actor keys, most accused first."""
        totals: dict[str, float] = defaultdict(float)
        for cell in self.cells:
            totals[cell.accused] += cell.expected
        return tuple(sorted(totals, key=lambda key: (-totals[key], key)))


Grouper = Callable[[Charge, Incident], str]


def make_ledger(telling: Telling, rule: str = "incident", by: str = ALL) -> Ledger:
    """The ledger of a telling. Raises SettingsError for an unknown rule or grouping.

    Counts do not depend on the order of incidents. Several terms breached by one incident are one in a cell that
    holds both, with the greatest probability.
    """
    counting, grouper = rule_named(rule), _grouper(by)
    heaps: dict[tuple[str, str, str], list[Charge]] = defaultdict(list)
    for charge in charges(telling):
        heaps[(charge.accuser, charge.accused, grouper(charge, telling.incident[charge.incident_id]))].append(charge)
    cells = [cell for key in sorted(heaps) if (cell := _cell(key, heaps[key], counting, telling)) is not None]
    return Ledger(rule, by, tuple(cells), len({i for cell in cells for i in cell.incident_ids}))


def _cell(key: tuple[str, str, str], rows: Sequence[Charge], rule: Rule, telling: Telling) -> Cell | None:
    count = count_charges(rows, rule, telling)
    if not count.incident_ids:
        return None
    return Cell(
        *key,
        count.certain,
        count.expected,
        count.possible,
        count.assumed,
        all(row.own for row in rows),
        count.incident_ids,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What a set of charges comes to under a rule."""

    certain: int
    expected: float
    possible: int
    assumed: bool
    incident_ids: tuple[str, ...]


def count_charges(rows: Iterable[Charge], rule: Rule, telling: Telling) -> Counted:
    """The charges counted under the rule: ticks with the same key once, with the chance that any of them holds."""
    best: dict[str, tuple[float, bool]] = {}
    for row in rows:
        p, certain = best.get(row.incident_id, (0.0, False))
        best[row.incident_id] = (max(p, row.probability), certain or row.certain)
    ticks: dict[tuple[str, ...], list[tuple[Tick, float, bool]]] = defaultdict(list)
    counted: set[str] = set()
    for incident_id, (p, certain) in sorted(best.items()):
        for tick in rule.count(telling.incident[incident_id], telling):
            ticks[tick.key].append((tick, p, certain))
            counted.add(incident_id)
    sure, expected, possible = 0, 0.0, 0
    for key in sorted(ticks):
        group = ticks[key]
        most = max(tick.n for tick, _, _ in group)
        possible += most
        floor = max((tick.n for tick, _, certain in group if certain), default=0)
        sure += floor
        expected += max(float(floor), most * (1 - prod(1 - p for _, p, _ in group)))
    assumed = any(not tick.told for group in ticks.values() for tick, _, _ in group)
    return Counted(sure, round(expected, 3), possible, assumed, tuple(sorted(counted)))


def bucket(incident: Incident, by: str) -> str:
    """The day, ISO week or month an incident lies in; `a to b` where it may lie in several, `not dated` where none."""
    time = incident.time
    if time is None or time.earliest is None or time.latest is None:
        return NOT_DATED
    first, last = _bucket(time.earliest, by), _bucket(time.latest, by)
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


GROUPS: dict[str, Grouper] = {
    ALL: lambda charge, incident: ALL,
    "term": lambda charge, incident: f"{charge.agreement_id} / {charge.term_id}",
    "type": lambda charge, incident: label_of(incident.type),
    "area": lambda charge, incident: area_of(incident),
    "day": lambda charge, incident: bucket(incident, "day"),
    "week": lambda charge, incident: bucket(incident, "week"),
    "month": lambda charge, incident: bucket(incident, "month"),
}


def _grouper(by: str) -> Grouper:
    if by not in GROUPS:
        raise SettingsError("unknown-grouping", unknown_name("grouping", by, GROUPS), todo="Choose one of them.")
    return GROUPS[by]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an actor stands under a rule: rank from 1, equal counts share a rank."""

    rule_id: str
    accused: str
    rank: int
    certain: int
    expected: float


@dataclass(frozen=True, slots=True)
class Rankings:
    """Standings by rule, and the actors whose rank is not the same under every rule."""

    standings: tuple[Standing, ...]
    moved: tuple[str, ...]


def rank_by_rule(telling: Telling, rules: Iterable[str] = tuple(RULES)) -> Rankings:
    """The accused ranked under each rule by the expected count of what others say of them; own words stay out."""
    rows = [charge for charge in charges(telling) if not charge.own]
    by_accused: dict[str, list[Charge]] = defaultdict(list)
    for row in rows:
        by_accused[row.accused].append(row)
    standings: list[Standing] = []
    ranks: dict[str, set[int]] = defaultdict(set)
    for rule_id in rules:
        counts = {key: count_charges(group, rule_named(rule_id), telling) for key, group in by_accused.items()}
        order = sorted(counts, key=lambda key: (-counts[key].expected, key))
        for key in order:
            rank = 1 + sum(counts[other].expected > counts[key].expected for other in order)
            standings.append(Standing(rule_id, key, rank, counts[key].certain, counts[key].expected))
            ranks[key].add(rank)
    return Rankings(tuple(standings), tuple(sorted(key for key, seen in ranks.items() if len(seen) > 1)))

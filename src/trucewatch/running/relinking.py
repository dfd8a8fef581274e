"""Linking a store: everything at once, or what changed and what that can touch, with the same incidents in the end."""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from trucewatch.linking.blocks import LONG_DAYS, MONTH, WEEKS_DAYS, Cell
from trucewatch.linking.clusters import Constraints
from trucewatch.linking.episodes import Mark, Told, changed_episodes, mark, mark_of
from trucewatch.linking.incidents import Known, Linker
from trucewatch.linking.regathering import Former, digest_of, marks_of, regather
from trucewatch.linking.sketches import names_of
from trucewatch.store import linkings
from trucewatch.store.readings import stored_readings
from trucewatch.terms.accounts import Party
from trucewatch.terms.incidents import Incident


@dataclass(frozen=True, slots=True)
class Relinked:
    """Incidents that take the place of those of these ids; of all there are where it is None."""

    incidents: tuple[Incident, ...]
    instead_of: frozenset[str] | None


def link_whole(linker: Linker, rules: Constraints) -> Relinked:
    """The incidents of all accounts of the store."""
    known = linker.all_known(list(stored_readings()))
    incidents = linker.linked(known, rules)
    holder = {key: i.incident_id for i in incidents for key in i.account_ids}
    linkings.put((_linked(known[key], holder[key]) for key in sorted(known)), whole=True)
    return Relinked(tuple(incidents), None)


def link_reports(linker: Linker, report_ids: Collection[str], rules: Constraints) -> Relinked:
    """The incidents that a change of these reports, or its people's decisions about them, can touch.

    As if everything had been linked at once, given that everything else was linked as it is.
    """
    before = {row.account_id: row for row in linkings.take(report_ids)}
    known = {one.account.account_id: one for one in _known(linker, report_ids=report_ids)}
    now = {key: _linked(one, "") for key, one in known.items()}
    linkings.put(now.values())
    gone = {row.incident_id for row in before.values()} - {""}
    fresh = {key for key, row in now.items() if key not in before or before[key].marks != row.marks}
    beside = linkings.accounts_of(gone) | (now.keys() - fresh)
    former = [_former(row) for key, row in before.items() if key in fresh or key not in now]
    incidents, reached = regather(linker, _StoredGround(linker), fresh, beside, former, rules)
    gone |= linkings.incidents_of(reached)
    linkings.move({key: i.incident_id for i in incidents for key in i.account_ids})
    return _with_episodes(incidents, gone)


def _with_episodes(incidents: Sequence[Incident], gone: Set[str]) -> Relinked:
    """The incidents with their episodes, and beside them those whose episode is another because of them."""
    old = linkings.machine_told(gone)
    touched = {m.day for i in (*old, *incidents) if (m := mark_of(i)) is not None}
    days: dict[int, list[Mark]] = defaultdict(list)
    for i in incidents:
        if (m := mark_of(i)) is not None:
            days[m.day].append(m)
    replaced = gone | {i.incident_id for i in incidents}

    def of_day(day: int) -> list[Told]:
        iso = date.fromordinal(day).isoformat()
        told = [Told(m, None) for m in days.get(day, ())]
        for plain in linkings.machine_plain(iso):
            m = _mark_of_plain(plain)
            if plain["incident_id"] not in replaced and m is not None and m.day == day:
                told.append(Told(m, plain["episode_id"]))
        return told

    changed = changed_episodes(touched, of_day)
    out = [replace(i, episode_id=changed.get(i.incident_id)) for i in incidents]
    others = linkings.machine_told(changed.keys() - {i.incident_id for i in incidents})
    beside = [replace(i, episode_id=changed[i.incident_id]) for i in others]
    return Relinked((*out, *beside), frozenset(gone | {i.incident_id for i in beside}))


def _mark_of_plain(told: Mapping[str, Any]) -> Mark | None:
    """As `mark_of`, of an incident's plain value: whole days of them are looked at and few are changed."""
    time = told["time"] or {"earliest": None, "latest": None}
    points = tuple((p["lat"], p["lon"]) for p in told["places"] if p["lat"] is not None and p["lon"] is not None)
    doers = names_of([Party(p["name"], None, p["actor_id"]) for p in told["actors"]])
    return mark(
        told["incident_id"], told["type"], told["reality"], time["earliest"], time["latest"], points, doers
    )  # fmt: skip


class _StoredGround:
    """The accounts of the store, as linked last."""

    def __init__(self, linker: Linker) -> None:
        self._linker = linker

    def in_days(self, cells: Collection[Cell], but: Set[str]) -> Iterator[Known]:
        """Every account in these cells of days, except those of these ids."""
        days = sorted(cell for cell in cells if isinstance(cell, int))
        # an account is in the cell of the day after its last as well
        found = linkings.accounts_between(((first - 1, last) for first, last in _spans(days)), WEEKS_DAYS)
        for cell in cells:
            if isinstance(cell, tuple):
                begin = cell[1] * MONTH
                found |= linkings.accounts_long(begin - MONTH, begin + 2 * MONTH, LONG_DAYS)
            elif not isinstance(cell, int):
                found |= linkings.accounts_undated()
        yield from self.of_ids(found - but)

    def of_ids(self, account_ids: Collection[str]) -> Iterator[Known]:
        """These accounts, as far as they are there."""
        yield from _known(self._linker, account_ids=account_ids)

    def mates(self, account_ids: Collection[str]) -> set[str]:
        """The accounts of the incidents that these belonged to."""
        return linkings.accounts_of(linkings.incidents_of(account_ids))


def _known(linker: Linker, **which: Collection[str]) -> Iterator[Known]:
    for reading, reports in linkings.readings_for_linking(**which):
        yield from linker.known(reading, reports)


def _linked(one: Known, incident_id: str) -> linkings.Linked:
    s = one.sketch
    marks = sorted(marks_of(s))
    packed = digest_of(s) + struct.pack(f"<{len(marks)}I", *marks)
    return linkings.Linked(s.account_id, s.report_id, incident_id, s.first, s.last, packed)


def _former(row: linkings.Linked) -> Former:
    marks = row.marks[8:]
    return Former(row.account_id, row.first, row.last, frozenset(struct.unpack(f"<{len(marks) // 4}I", marks)))


def _spans(days: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Runs of days that follow each other, given in order."""
    begin = 0
    for at, day in enumerate(days):
        if at and day > days[at - 1] + 1:
            yield days[begin], days[at - 1]
            begin = at
    if days:
        yield days[begin], days[-1]

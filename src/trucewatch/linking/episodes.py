"""Episodes above incidents: a day of shelling over five villages is five incidents and one episode."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trucewatch.linking.comparisons import GROUPS
from trucewatch.linking.distances import Vector, km_apart, vector
from trucewatch.linking.sketches import names_of, ordinal
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident

EPISODE_KM = 25.0
_CELL = 0.25  # degrees of latitude, a little more than EPISODE_KM: neighbours lie in the same or the next cell
_LONGEST_DAYS = 3  # incidents dated no better are in no episode: they would tie everything together


@dataclass(frozen=True, slots=True)
class Mark:
    """What of an incident decides on its episode: its first day as an ordinal, and its points as (lat, lon)."""

    day: int
    incident_id: str
    group: str
    points: tuple[tuple[float, float], ...]
    doers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """An incident that has its place among episodes, with the episode it was told to be in; None where alone."""

    mark: Mark
    episode_id: str | None

    @property
    def is_anchor(self) -> bool:
        """Whether it was the first of its episode, or alone."""
        return self.episode_id in (None, episode_id(self.mark.incident_id))


@dataclass(frozen=True, slots=True)
class _Anchor:
    mark: Mark
    at: tuple[Vector, ...]


class Episodes:
    """Episodes found while incidents come by in the order of day and id. Holds those of two days, whatever the archive.

    An incident belongs to the first anchor of its group within 25 km, the day before or the same day, whose doers are
    not others; where there is none it is an anchor itself. Nothing chains on: a war of years is not one episode.
    """

    def __init__(self) -> None:
        self._cells: dict[tuple[str, int, int], list[_Anchor]] = defaultdict(list)
        self._day = -1

    def anchor(self, mark: Mark) -> str:
        """The incident id of the anchor. Marks must come sorted by day and id."""
        if mark.day > self._day:
            self._forget(mark.day - 1)
            self._day = mark.day
        at = tuple(vector(*point) for point in mark.points)
        near = {a.mark.incident_id: a for cell in self._around(mark) for a in self._cells.get(cell, ())}
        for found in sorted(near.values(), key=lambda a: (a.mark.day, a.mark.incident_id)):
            rivals = mark.doers and found.mark.doers and not mark.doers & found.mark.doers
            if not rivals and any(km_apart(p, q) <= EPISODE_KM for p in at for q in found.at):
                return found.mark.incident_id
        self._keep(_Anchor(mark, at))
        return mark.incident_id

    def resume(self, anchors: Iterable[Mark]) -> None:
        """These are the anchors of the day before the next mark."""
        for mark in anchors:
            self._keep(_Anchor(mark, tuple(vector(*point) for point in mark.points)))

    def _keep(self, anchor: _Anchor) -> None:
        for lat, lon in anchor.mark.points:
            row = math.floor(lat / _CELL)
            self._cells[anchor.mark.group, row, _column(row, lon)].append(anchor)

    def _around(self, mark: Mark) -> Iterator[tuple[str, int, int]]:
        for lat, lon in mark.points:
            for row in range(math.floor(lat / _CELL) - 1, math.floor(lat / _CELL) + 2):
                column = _column(row, lon)
                yield from ((mark.group, row, c) for c in (column - 1, column, column + 1))

    def _forget(self, before: int) -> None:
        for cell in list(self._cells):
            left = [a for a in self._cells[cell] if a.mark.day >= before]
            if left:
                self._cells[cell] = left
            else:
                del self._cells[cell]


def with_episodes(incidents: Sequence[Incident]) -> list[Incident]:
    """The incidents, each with an `episode_id` where it shares its episode; None where it is alone or not placed in
    time and space. The id is made from the anchor's."""
    anchors = dict(anchored(m for i in incidents if (m := mark_of(i)) is not None))
    sizes: dict[str, int] = defaultdict(int)
    for anchor in anchors.values():
        sizes[anchor] += 1
    shared = {key: anchor for key, anchor in anchors.items() if sizes[anchor] > 1}
    return [
        replace(i, episode_id=episode_id(shared[i.incident_id]) if i.incident_id in shared else None) for i in incidents
    ]


def anchored(marks: Iterable[Mark]) -> Iterator[tuple[str, str]]:
    """Each incident with its anchor."""
    episodes = Episodes()
    for mark in sorted(marks, key=lambda m: (m.day, m.incident_id)):
        yield mark.incident_id, episodes.anchor(mark)


def changed_episodes(touched: Collection[int], of_day: Callable[[int], Sequence[Told]]) -> dict[str, str | None]:
    """The episode of every incident for which it is another than is told.

    `touched` are the days (ordinals) on which incidents were added, changed or taken away; `of_day` gives those that
    begin on a day. Goes on from the first such day until the episodes that begin on a day are what they were: what
    follows cannot be otherwise then, since nothing reaches further than to the next day.
    """
    if not touched:
        return {}
    before, episodes = of_day(min(touched) - 1), Episodes()
    anchors = {episode_id(t.mark.incident_id): t for t in before if t.is_anchor}
    episodes.resume([t.mark for t in anchors.values()])
    told = {t.mark.incident_id: t.episode_id for t in before}
    groups: dict[str, list[str]] = defaultdict(list)
    for t in before:
        if t.is_anchor or t.episode_id in anchors:
            anchor = t if t.is_anchor else anchors[str(t.episode_id)]
            groups[anchor.mark.incident_id].append(t.mark.incident_id)
    day = min(touched)
    while True:
        present = {t.mark.incident_id: t for t in of_day(day)}
        begun: dict[str, set[str]] = defaultdict(set)
        for key in sorted(present):
            told[key] = present[key].episode_id
            anchor_id = episodes.anchor(present[key].mark)
            if anchor_id in present:
                begun[anchor_id].add(key)
            else:
                groups[anchor_id].append(key)
        if day > max(touched) and begun == _begun(present):
            break
        for anchor_id, members in begun.items():
            groups[anchor_id] += sorted(members)
        day += 1
    wanted = {
        member: episode_id(anchor_id) if len(members) > 1 else None
        for anchor_id, members in groups.items()
        for member in members
    }
    return {key: episode for key, episode in wanted.items() if episode != told[key]}


def _begun(present: Mapping[str, Told]) -> dict[str, set[str]]:
    """Of each anchor of a day those of the day that were told to be in its episode, itself among them."""
    of_episode = {episode_id(key): key for key, told in present.items() if told.is_anchor}
    out: dict[str, set[str]] = {key: {key} for key in of_episode.values()}
    for key, told in present.items():
        if told.episode_id in of_episode:
            out[of_episode[told.episode_id]].add(key)
    return out


def episode_id(anchor: str) -> str:
    """The id of the episode of that anchor."""
    return make_id("episode", seed=anchor)


def mark_of(incident: Incident) -> Mark | None:
    """See `mark`."""
    time = incident.time
    points = tuple((p.lat, p.lon) for p in incident.places if p.lat is not None and p.lon is not None)
    return mark(
        incident.incident_id, incident.type, incident.reality, time.earliest if time else None,
        time.latest if time else None, points, names_of(incident.actors),
    )  # fmt: skip


def mark(
    incident_id: str,
    type: str,
    reality: str,
    earliest: str | None,
    latest: str | None,
    points: tuple[tuple[float, float], ...],
    doers: frozenset[str],
) -> Mark | None:
    """None where it is dated no better than some days, has no point, or is not told as having happened."""
    first = ordinal(earliest) if earliest else None
    last = ordinal(latest) if latest else None
    if first is None or last is None or last - first > _LONGEST_DAYS:
        return None
    if not points or reality not in ("asserted", "denied"):
        return None
    group = next((name for name, types in GROUPS.items() if type in types), type)
    return Mark(first, incident_id, group, points, doers)


def _column(row: int, lon: float) -> int:
    """Columns are as wide in kilometres as rows are high, so they take more degrees towards the poles."""
    widest = min(89.0, max(abs(row), abs(row + 1)) * _CELL)
    return math.floor(lon / (_CELL / math.cos(math.radians(widest))))

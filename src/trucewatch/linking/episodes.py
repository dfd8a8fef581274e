"""Episodes above incidents: a day of shelling over five villages is five incidents and one episode."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
        for lat, lon in mark.points:
            row = math.floor(lat / _CELL)
            self._cells[mark.group, row, _column(row, lon)].append(_Anchor(mark, at))
        return mark.incident_id

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

"""Episodes above incidents: a day of shelling over five villages is five incidents and one episode."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from trucewatch.linking.comparisons import GROUPS
from trucewatch.linking.distances import km_between
from trucewatch.linking.sketches import names_of, ordinal
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident

EPISODE_KM = 25.0
_CELL = 0.25  # degrees, about EPISODE_KM: neighbours lie in the same or the next cell
_LONGEST_DAYS = 3  # incidents dated no better are in no episode: they would tie everything together


def with_episodes(incidents: Sequence[Incident]) -> list[Incident]:
    """The incidents, each with an `episode_id` where another of its group lies within a day and 25 km by the same doer.

    The id is made from the smallest incident id of the episode. Incidents without date or point keep None.
    """
    rows = {i.incident_id: i for i in incidents}
    parent = {key: key for key in rows}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    cells: dict[tuple[str, int, int, int], list[str]] = defaultdict(list)
    for key in sorted(rows):
        for group, day, row, column in _cells(rows[key]):
            for other in (
                o
                for r in (row - 1, row, row + 1)
                for c in (column - 1, column, column + 1)
                for d in (day - 1, day, day + 1)
                for o in cells.get((group, d, r, c), ())[-12:]
            ):
                if root(other) != root(key) and _together(rows[other], rows[key]):
                    a, b = sorted((root(other), root(key)))
                    parent[b] = a
            cells[group, day, row, column].append(key)
    sizes: dict[str, int] = defaultdict(int)
    for key in rows:
        sizes[root(key)] += 1
    return [
        replace(i, episode_id=make_id("episode", seed=root(i.incident_id)) if sizes[root(i.incident_id)] > 1 else None)
        for i in incidents
    ]


def _cells(incident: Incident) -> set[tuple[str, int, int, int]]:
    group = next((name for name, types in GROUPS.items() if incident.type in types), incident.type)
    time = incident.time
    first = ordinal(time.earliest) if time and time.earliest else None
    last = ordinal(time.latest) if time and time.latest else None
    if first is None or last is None or last - first > _LONGEST_DAYS or incident.reality not in ("asserted", "denied"):
        return set()
    return {
        (group, first, int(p.lat // _CELL), int(p.lon // _CELL))
        for p in incident.places
        if p.lat is not None and p.lon is not None
    }


def _together(a: Incident, b: Incident) -> bool:
    doers_a, doers_b = names_of(a.actors), names_of(b.actors)
    if doers_a and doers_b and not doers_a & doers_b:
        return False
    return any(
        km_between(p.lat, p.lon, q.lat, q.lon) <= EPISODE_KM
        for p in a.places
        for q in b.places
        if p.lat is not None and p.lon is not None and q.lat is not None and q.lon is not None
    )

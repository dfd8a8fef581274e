"""Which pairs of accounts are worth comparing: cells of days, places and groups of types, never all with all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from trucewatch.linking.comparisons import GROUPS
from trucewatch.linking.sketches import Sketch, Spot

CELL_DEGREES = 0.5
REACH_KM = 20.0  # two tellings of one incident are seldom located further apart than their discs and this
LONG_DAYS = 10  # longer intervals are no date: such accounts meet others by month
MOST_IN_BLOCK = 48  # larger blocks are split: a city in a day of battle has hundreds of accounts

MONTH = 30  # days
UNDATED = -1  # before all days there are

Key = tuple[object, ...]
Pair = tuple[str, str]
_PLACELESS = frozenset({"toll", "doer", "word"})


def pairs(sketches: Sequence[Sketch], begin: int | None = None, end: int | None = None) -> Iterator[Pair]:
    """Every pair of accounts of different reports that shares a block, once, in the order of their ids.

    With `begin` and `end` only blocks whose time (see `time_of`) lies in that half-open span. Cost grows with the
    number of accounts times the size of a block, which is bounded.
    """
    by_id = {s.account_id: s for s in sketches}
    blocks: dict[Key, list[str]] = defaultdict(list)
    for s in sorted(sketches, key=lambda s: s.account_id):
        for key in keys(s):
            if begin is None or end is None or begin <= time_of(key[1]) < end:
                blocks[key].append(s.account_id)
    seen: dict[str, set[str]] = defaultdict(set)
    for key, members in blocks.items():
        for left, right in pairs_within(key, members, by_id):
            seen[left].add(right)
    for left in sorted(seen):
        for right in sorted(seen.pop(left)):
            yield left, right


def pairs_within(key: Key, members: Sequence[str], by_id: Mapping[str, Sketch]) -> Iterator[Pair]:
    """The pairs to compare of one block, given its account ids in order."""
    placeless = key[2] in _PLACELESS
    for left, right in _within(members, by_id):
        a, b = by_id[left], by_id[right]
        # blocks without a place are for those that have none: two placed accounts meet where they lie
        if a.report_id != b.report_id and not (placeless and a.placed and b.placed):
            yield left, right


def keys(s: Sketch) -> set[Key]:
    """The blocks an account is in. Two accounts a day and 20 km apart share at least one where their types may meet."""
    groups = [name for name, types in GROUPS.items() if s.type in types] or [s.type]
    days = day_cells(s.first, s.last)
    places = _place_cells(s)
    out: set[Key] = {(group, day, "place", place) for group in groups for day in days for place in places}
    return out | {(group, day, *mark) for group in groups for day in days for mark in _marks(s)}


def day_cells(first: int | None, last: int | None) -> list[object]:
    """The days, or months, of the blocks of an account; the day after as well, so that neighbours meet."""
    if first is None or last is None:
        return ["undated"]
    if last - first > LONG_DAYS:
        return [("month", day // MONTH) for day in range(first, min(last, first + 400) + MONTH, MONTH)]
    return list(range(first, last + 2))


def time_of(cell: object) -> int:
    """The first day of a cell of `day_cells` as an ordinal: what windows are cut by. UNDATED for what has none."""
    if isinstance(cell, int):
        return cell
    return cell[1] * MONTH if isinstance(cell, tuple) else UNDATED


def _place_cells(s: Sketch) -> list[object]:
    cells: set[object] = set()
    for spot in s.spots[:8]:
        if spot.lat is None or spot.lon is None or spot.radius_km > 100.0:
            cells.add(("name", spot.key))
        else:
            cells.update(_cells_of(spot, spot.lat, spot.lon))
    return sorted(cells, key=repr)


def _marks(s: Sketch) -> list[Key]:
    """What brings an account without a narrow place together with others: its toll, its doer, its rarest words."""
    killed = s.killed.min if s.killed is not None else None
    marks: list[Key] = [("toll", killed)] if killed else []
    marks += [("doer", doer) for doer in sorted(s.doers)]
    longest = sorted(s.targets or s.words, key=lambda w: (-len(w), w))[:2]
    return marks + [("word", word) for word in longest]


def _cells_of(spot: Spot, lat: float, lon: float) -> Iterator[object]:
    reach = (min(spot.radius_km, 30.0) + REACH_KM / 2) / 111.0
    wide = reach / max(0.1, math.cos(math.radians(lat)))
    for row in range(math.floor((lat - reach) / CELL_DEGREES), math.floor((lat + reach) / CELL_DEGREES) + 1):
        for column in range(math.floor((lon - wide) / CELL_DEGREES), math.floor((lon + wide) / CELL_DEGREES) + 1):
            yield row, column % round(360 / CELL_DEGREES)


def _within(members: Sequence[str], by_id: Mapping[str, Sketch]) -> Iterator[tuple[str, str]]:
    if len(members) <= MOST_IN_BLOCK:
        yield from combinations(members, 2)
        return
    finer: dict[Key, list[str]] = defaultdict(list)
    for member in members:
        for key in _finer_keys(by_id[member]):
            finer[key].append(member)
    for same in finer.values():
        if len(same) <= MOST_IN_BLOCK:
            yield from combinations(same, 2)
        else:
            # what is alike in place and word as well is compared with its neighbours by likeness of what it tells
            order = sorted(same, key=lambda m: _likeness(by_id[m]))
            for at, left in enumerate(order):
                for right in order[at + 1 : at + MOST_IN_BLOCK // 4]:
                    yield (left, right) if left < right else (right, left)


def _finer_keys(s: Sketch) -> list[Key]:
    kinds = ("vague",) if s.type in ("attack", "killing", "violation") else (s.type, "vague")
    places = [spot.place_id or spot.key for spot in s.spots[:4]] or [""]
    return [(kind, place) for kind in kinds for place in places]


def _likeness(s: Sketch) -> tuple[object, ...]:
    killed = s.killed.min if s.killed and s.killed.min is not None else -1
    injured = s.injured.min if s.injured and s.injured.min is not None else -1
    return (s.first or 0, sorted(s.doers), killed, injured, sorted(s.words), s.account_id)

"""Which pairs of accounts are worth comparing: cells of days, places and groups of types, never all with all."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from trucewatch.linking.comparisons import GROUPS
from trucewatch.linking.sketches import Sketch, Spot, is_placed

CELL_DEGREES = 0.5
CELLS_IN_TILE = 8  # 4 degrees, some 440 km: what archives are cut by; accounts at an edge lie in both
REACH_KM = 20.0  # two tellings of one incident are seldom located further apart than their discs and this
LONG_DAYS = 10  # longer intervals are no date: such accounts meet each other by month
WEEKS_DAYS = 31  # up to this length they are in every day's blocks as well: "in February" meets the 27th
MOST_IN_BLOCK = 48  # larger blocks are split: a city in a day of battle has hundreds of accounts

MOST_SPOTS = 8  # of an account
MONTH = 30  # days
UNDATED = -1  # before all days there are

Cell = object  # of days: an ordinal, ("month", n) or "undated"
Tile = tuple[int, int]
Key = tuple[str, Cell, str, object, Tile | None]  # group of types, days, kind, value, tile
Pair = tuple[str, str]
_MARKS = frozenset({"toll", "doer", "word"})


def pairs(sketches: Iterable[Sketch], within: Callable[[Key], bool] | None = None) -> Iterator[Pair]:
    """Every pair of accounts of different reports that shares a block, once, in the order of their ids.

    With `within` only blocks for which it is true. Cost grows with the number of accounts times the size of a block,
    which is bounded.
    """
    by_id = {s.account_id: s for s in sketches}
    seen: dict[str, set[str]] = defaultdict(set)
    for key, members in blocks_of(by_id, within):
        for left, right in pairs_within(key, members, by_id):
            seen[left].add(right)
    for left in sorted(seen):
        for right in sorted(seen.pop(left)):
            yield left, right


def blocks_of(
    by_id: Mapping[str, Sketch], within: Callable[[Key], bool] | None = None
) -> Iterator[tuple[Key, list[str]]]:
    """The blocks of these accounts with their ids in order.

    What has no narrow place may be anywhere: it is in the blocks of its marks in every tile, beside those that lie
    there, and in one block with its like.
    """
    blocks: dict[Key, list[str]] = defaultdict(list)
    for account_id in sorted(by_id):
        for key in keys(by_id[account_id]):
            if within is None or key[4] is None or within(key):
                blocks[key].append(account_id)
    for key, members in blocks.items():
        if within is not None and key[4] is None and not within(key):
            continue
        if key[2] != "place" and key[4] is not None:
            anywhere = blocks.get((*key[:4], None), ())
            if not anywhere and key[2] in _MARKS:
                continue  # two placed accounts meet where they lie
            members = sorted([*members, *anywhere])
        yield key, members


def pairs_within(key: Key, members: Sequence[str], by_id: Mapping[str, Sketch]) -> Iterator[Pair]:
    """The pairs to compare of one block, given its account ids in order."""
    kind, tile = key[2], key[4]
    for left, right in _within(members, by_id):
        a, b = by_id[left], by_id[right]
        if a.report_id == b.report_id:
            continue
        if kind != "place" and tile is not None and not a.placed and not b.placed:
            continue  # they meet once, outside of all tiles
        if kind not in _MARKS or not (a.placed and b.placed):
            yield left, right


def keys(s: Sketch) -> set[Key]:
    """The blocks an account is in, `tile` None where it may be anywhere.

    Two accounts a day and 20 km apart share at least one where their types may meet.
    """
    groups = [name for name, types in GROUPS.items() if s.type in types] or [s.type]
    days = day_cells(s.first, s.last)
    cells = _place_cells(s.spots)
    tiles = tiles_of(s.spots) if s.placed else {None}
    out: set[Key] = {(group, day, "place", cell, tile_of(cell)) for group in groups for day in days for cell in cells}
    marks = [*_names(s), *_marks(s)]
    return out | {
        (group, day, kind, value, tile) for group in groups for day in days for kind, value in marks for tile in tiles
    }


def tiles_of(spots: Sequence[Spot]) -> set[Tile]:
    """The tiles an account of these places lies in; none where it may be anywhere."""
    return {tile_of(cell) for cell in _place_cells(spots)} if is_placed(spots) else set()


def tile_of(cell: tuple[int, int]) -> Tile:
    """The tile a cell lies in."""
    return cell[0] // CELLS_IN_TILE, cell[1] // CELLS_IN_TILE


def day_cells(first: int | None, last: int | None) -> list[Cell]:
    """The days, or months, of the blocks of an account; the day after as well, so that neighbours meet."""
    if first is None or last is None:
        return ["undated"]
    out: list[Cell] = []
    if last - first > LONG_DAYS:
        out += [("month", day // MONTH) for day in range(first, min(last, first + 400) + MONTH, MONTH)]
    if last - first <= WEEKS_DAYS:
        out += range(first, last + 2)
    return out


def time_of(cell: Cell) -> int:
    """The first day of a cell of `day_cells` as an ordinal: what windows are cut by. UNDATED for what has none."""
    if isinstance(cell, int):
        return cell
    return cell[1] * MONTH if isinstance(cell, tuple) else UNDATED


def _place_cells(spots: Sequence[Spot]) -> set[tuple[int, int]]:
    return {cell for spot in spots[:MOST_SPOTS] for cell in _cells_of(spot)}


def _names(s: Sketch) -> list[tuple[str, object]]:
    """Places that are nowhere or nearly everywhere on the map bring together by their names."""
    return sorted({("name", spot.key) for spot in s.spots[:MOST_SPOTS] if not _narrow(spot)})


def _narrow(spot: Spot) -> bool:
    return spot.lat is not None and spot.lon is not None and spot.radius_km <= 100.0


def _marks(s: Sketch) -> list[tuple[str, object]]:
    """What brings an account without a narrow place together with others: its toll, its doer, its longest words; with
    those that have no narrow place either, its type."""
    killed = s.killed.min if s.killed is not None else None
    marks: list[tuple[str, object]] = [] if s.placed or s.first is None else [("type", s.type)]
    marks += [("toll", killed)] if killed else []
    marks += [("doer", doer) for doer in sorted(s.doers)]
    longest = sorted(s.targets or s.words, key=lambda w: (-len(w), w))[:2]
    return marks + [("word", word) for word in longest]


def _cells_of(spot: Spot) -> Iterator[tuple[int, int]]:
    if spot.lat is None or spot.lon is None or not _narrow(spot):
        return
    reach = (min(spot.radius_km, 30.0) + REACH_KM / 2) / 111.0
    wide = reach / max(0.1, math.cos(math.radians(spot.lat)))
    south, north = spot.lat - reach, spot.lat + reach
    west, east = spot.lon - wide, spot.lon + wide
    for row in range(math.floor(south / CELL_DEGREES), math.floor(north / CELL_DEGREES) + 1):
        for column in range(math.floor(west / CELL_DEGREES), math.floor(east / CELL_DEGREES) + 1):
            yield row, column % round(360 / CELL_DEGREES)


def _within(members: Sequence[str], by_id: Mapping[str, Sketch]) -> Iterator[tuple[str, str]]:
    if len(members) <= MOST_IN_BLOCK:
        yield from combinations(members, 2)
        return
    finer: dict[tuple[str, str], list[str]] = defaultdict(list)
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


def _finer_keys(s: Sketch) -> list[tuple[str, str]]:
    kinds = ("vague",) if s.type in ("attack", "killing", "violation") else (s.type, "vague")
    places = [spot.place_id or spot.key for spot in s.spots[:4]] or [""]
    return [(kind, place) for kind in kinds for place in places]


def _likeness(s: Sketch) -> tuple[object, ...]:
    killed = s.killed.min if s.killed and s.killed.min is not None else -1
    injured = s.injured.min if s.injured and s.injured.min is not None else -1
    return (s.first or 0, sorted(s.doers), killed, injured, sorted(s.words), s.account_id)

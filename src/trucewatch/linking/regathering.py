"""Linking that goes on: a report that is added, changed or taken away touches only what it can touch.

Gathering never joins what no chain of strong scores (or of people's decisions) ties together. So it is enough to look
at the days of what changed, to follow the chains from there, and to gather these anew: the incidents are then those of
linking everything at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Set
from dataclasses import astuple, dataclass
from hashlib import blake2b
from typing import Protocol

from trucewatch.linking.blocks import MOST_IN_BLOCK, Cell, Key, blocks_of, day_cells, keys, pairs_within
from trucewatch.linking.clusters import Constraints, Pair
from trucewatch.linking.comparisons import score
from trucewatch.linking.frontiers import chains_of
from trucewatch.linking.incidents import Known, Linker
from trucewatch.linking.sketches import Sketch
from trucewatch.terms.incidents import Incident

Marks = frozenset[int]


class Ground(Protocol):
    """The accounts there are now, looked up as linking goes."""

    def in_days(self, cells: Collection[Cell], but: Set[str]) -> Iterable[Known]:
        """Every account that is in one of these cells of days, except those of these ids; others may be among them."""
        ...

    def of_ids(self, account_ids: Collection[str]) -> Iterable[Known]:
        """These accounts, as far as they are there."""
        ...

    def mates(self, account_ids: Collection[str]) -> set[str]:
        """The accounts of the incidents that these belonged to, as linked last."""
        ...


@dataclass(frozen=True, slots=True)
class Former:
    """How an account that is gone, or is told otherwise now, was blocked: its days and the marks of its keys."""

    account_id: str
    first: int | None
    last: int | None
    marks: Marks


def marks_of(sketch: Sketch) -> Marks:
    """The keys of its blocks as 32-bit numbers, tiles aside."""
    return frozenset(_mark(key) for key in keys(sketch))


def digest_of(sketch: Sketch) -> bytes:
    """Eight bytes that name all that is compared of an account: where they are the same, so is every score."""
    parts = [sorted(v, key=repr) if isinstance(v, frozenset) else v for v in astuple(sketch)]
    return blake2b(repr(parts).encode(), digest_size=8).digest()


def regather(
    linker: Linker,
    ground: Ground,
    fresh: Collection[str],
    beside: Collection[str],
    former: Collection[Former],
    rules: Constraints,
) -> tuple[list[Incident], set[str]]:
    """What the accounts that the change can touch tell now, without episodes, and the ids of these accounts.

    `fresh` are accounts that are new or compared otherwise than before, `former` is how accounts were blocked that are
    gone or compared otherwise now. `beside` are accounts that are compared as before, but have lost one of their
    incident, or what is told of them or decided about them is another. The incidents take the place of every incident
    that any of the accounts was in.
    """
    field = _Field(linker, ground)
    field.load(ground.of_ids({*fresh, *beside}))
    reached = field.parted(fresh, former) | ({*fresh, *beside} & field.known.keys())
    joined: dict[str, set[str]] = defaultdict(set)
    for left, right in rules.must_link:
        joined[left].add(right)
        joined[right].add(left)
    todo = set(reached)
    while todo:
        todo |= ground.mates(todo)
        todo |= {partner for key in todo for partner in joined.get(key, ())}
        field.load(ground.of_ids(todo - field.known.keys()))
        todo &= field.known.keys()
        reached |= todo
        field.cover(cell for key in todo for cell in field.cells(key))
        todo = {other for key in todo for other in field.strong(key)} - reached
    return list(field.told(reached, rules)), reached


class _Field:
    """The accounts and blocks of the cells of days that were looked at; compared is only what is asked for."""

    def __init__(self, linker: Linker, ground: Ground) -> None:
        self._linker, self._ground = linker, ground
        self.known: dict[str, Known] = {}
        self._in_cell: dict[Cell, set[str]] = defaultdict(set)
        self._covered: set[Cell] = set()
        self._blocks: dict[str, list[tuple[Key, list[str]]]] = defaultdict(list)  # of each account, not yet paired
        self._paired: set[Key] = set()
        self._beside: dict[str, set[str]] = defaultdict(set)
        self._scores: dict[Pair, float] = {}

    def load(self, found: Iterable[Known]) -> None:
        """These are known."""
        for one in found:
            key = one.account.account_id
            self.known[key] = one
            for cell in self.cells(key):
                self._in_cell[cell].add(key)

    def cells(self, key: str) -> list[Cell]:
        """The cells of days of a known account."""
        sketch = self.known[key].sketch
        return day_cells(sketch.first, sketch.last)

    def cover(self, cells: Iterable[Cell]) -> list[tuple[Key, list[str]]]:
        """The blocks of cells not looked at before: whole, and so are all scores there."""
        fresh = set(cells) - self._covered
        if not fresh:
            return []
        self._covered |= fresh
        self.load(self._ground.in_days(fresh, self.known.keys()))
        sketches = {key: self.known[key].sketch for cell in fresh for key in self._in_cell[cell]}
        blocks = list(blocks_of(sketches, lambda key: key[1] in fresh))
        for block in blocks:
            for key in block[1]:
                self._blocks[key].append(block)
        return blocks

    def parted(self, fresh: Collection[str], former: Collection[Former]) -> set[str]:
        """The accounts that stayed of pairs that are compared now and were not, or may have been and are not.

        Blocks that are small with all that is and was in them compare everyone with everyone, whoever else comes.
        """
        come = {key for key in fresh if key in self.known}
        cells = [cell for one in former for cell in day_cells(one.first, one.last)]
        cells += [cell for key in come for cell in self.cells(key)]
        gone = Counter(mark for one in former for mark in one.marks)
        out: set[str] = set()
        for block, members in self.cover(cells):
            n_gone = gone[_mark(block)] if len(members) + len(former) > MOST_IN_BLOCK else 0
            if len(members) + n_gone <= MOST_IN_BLOCK:
                continue
            if n_gone:
                out |= set(members)  # how the block was split, only those that are gone could tell
                continue
            stayed = [key for key in members if key not in come]
            if len(stayed) < len(members):
                sketches = {key: self.known[key].sketch for key in members}
                now = {p for p in pairs_within(block, members, sketches) if come.isdisjoint(p)}
                out |= {key for pair in now ^ set(pairs_within(block, stayed, sketches)) for key in pair}
        return out - come

    def strong(self, key: str) -> set[str]:
        """The accounts that its scores alone tie it to, once its cells are covered."""
        threshold = self._linker.settings.threshold
        return {other for other in self._partners(key) if self._score(key, other) >= threshold}

    def told(self, reached: Set[str], rules: Constraints) -> Iterable[Incident]:
        """The incidents of the chains among these."""
        ties = [(key, other) for key in reached for other in self.strong(key)]
        ties += [pair for pair in rules.must_link if pair[0] in reached and pair[1] in reached]
        for chain in chains_of(reached, ties):
            members = {key: self.known[key] for key in chain}
            own = {(a, b): self._score(a, b) for a in chain for b in self._beside[a] if a < b and b in members}
            for group in self._linker.gathered(members, own, rules):
                yield self._linker.told(group, members, own)

    def _partners(self, key: str) -> set[str]:
        """The accounts it is compared with."""
        for block, members in self._blocks.pop(key, ()):
            if block not in self._paired:
                self._paired.add(block)
                sketches = {member: self.known[member].sketch for member in members}
                for left, right in pairs_within(block, members, sketches):
                    self._beside[left].add(right)
                    self._beside[right].add(left)
        return self._beside[key]

    def _score(self, one: str, other: str) -> float:
        pair = (one, other) if one < other else (other, one)
        if pair not in self._scores:
            self._scores[pair] = score(self.known[pair[0]].sketch, self.known[pair[1]].sketch)
        return self._scores[pair]


def _mark(key: Key) -> int:
    return int.from_bytes(blake2b(repr(key[:4]).encode(), digest_size=4).digest(), "little")

"""Counting under one rule, cell by cell, from postings that come and go. The order in which they do changes nothing.

Sums of probabilities are kept exactly, as whole numbers, so that what is taken out again leaves no trace in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod

from trucewatch.telling.postings import Alleged, Posting

Key = tuple[str, ...]
Sorter = Callable[[Alleged, Posting], Key | None]
_Entry = tuple[str, int, bool, float, bool]  # incident id, number, told, probability, certain

_BITS = 1074  # every float is a whole number of this power of a half


@dataclass(frozen=True, slots=True)
class Counted:
    """What a set of charges comes to under a rule; `incident_ids` are sorted, `own` where all are somebody's own."""

    certain: int
    expected: float
    possible: int
    assumed: bool
    own: bool
    incident_ids: tuple[str, ...]


class Counting:
    """The charges of postings under one rule; `sorter` says in which cell a charge lies, None for in none.

    Within a cell, ticks with the same key are one thing: it holds the greatest number, with the chance that any of
    its charges holds. Several terms breached by one incident are one, with the greatest probability.
    """

    def __init__(self, rule_id: str, sorter: Sorter) -> None:
        self._rule_id, self._sorter = rule_id, sorter
        self._heaps: dict[Key, _Heap] = {}
        self._held: dict[str, int] = {}  # in how many cells an incident counts

    def add(self, posting: Posting) -> None:
        """The posting is counted. It must not be yet."""
        ticks = posting.ticks.get(self._rule_id, ())
        for key, rows in self._sorted(posting).items():
            heap = self._heaps.get(key)
            if heap is None:
                heap = self._heaps[key] = _Heap()
            probability, certain = max(row.probability for row in rows), any(row.certain for row in rows)
            heap.note(posting.incident_id, rows, 1, bool(ticks))
            for tick in ticks:
                heap.put(tick.key, (posting.incident_id, tick.n, tick.told, probability, certain))
            if ticks:
                self._held[posting.incident_id] = self._held.get(posting.incident_id, 0) + 1

    def remove(self, posting: Posting) -> None:
        """The posting, which was added, is not counted any more."""
        ticks = posting.ticks.get(self._rule_id, ())
        for key, rows in self._sorted(posting).items():
            heap = self._heaps[key]
            heap.note(posting.incident_id, rows, -1, bool(ticks))
            for tick in ticks:
                heap.take(tick.key, posting.incident_id)
            if heap.n_rows == 0:
                del self._heaps[key]
        if ticks:
            self._held.pop(posting.incident_id, None)

    def counts(self) -> dict[Key, Counted]:
        """What each cell comes to, in the order of keys; a cell under whose rule nothing counts has no incidents."""
        return {key: self._heaps[key].counted() for key in sorted(self._heaps)}

    @property
    def n_incidents(self) -> int:
        """How many incidents count in any cell."""
        return len(self._held)

    def _sorted(self, posting: Posting) -> dict[Key, list[Alleged]]:
        out: dict[Key, list[Alleged]] = {}
        for row in posting.alleged:
            if (key := self._sorter(row, posting)) is not None:
                out.setdefault(key, []).append(row)
        return out


class _Heap:
    """One cell: its ticks with their sums, kept up with every change."""

    __slots__ = (
        "_certain",
        "_counted",
        "_expected",
        "_ids",
        "_n_foreign",
        "_n_untold",
        "_possible",
        "_ticks",
        "n_rows",
    )

    def __init__(self) -> None:
        self._ticks: dict[Key, tuple[_Entry, ...]] = {}
        self._ids: dict[str, None] = {}
        self._certain = self._possible = self._expected = self._n_untold = self._n_foreign = self.n_rows = 0
        self._counted: Counted | None = None

    def note(self, incident_id: str, rows: Iterable[Alleged], sign: int, counts: bool) -> None:
        """The charges of an incident have come (1) or gone (-1)."""
        self._counted = None
        for row in rows:
            self.n_rows += sign
            self._n_foreign += 0 if row.own else sign
        if counts and sign > 0:
            self._ids[incident_id] = None
        elif counts:
            self._ids.pop(incident_id, None)

    def put(self, key: Key, entry: _Entry) -> None:
        before = self._ticks.get(key, ())
        self._change(key, before, tuple(sorted((*before, entry))) if before else (entry,))

    def take(self, key: Key, incident_id: str) -> None:
        before = self._ticks[key]
        self._change(key, before, tuple(entry for entry in before if entry[0] != incident_id))

    def _change(self, key: Key, before: tuple[_Entry, ...], after: tuple[_Entry, ...]) -> None:
        for entries, sign in ((before, -1), (after, 1)):
            if entries:
                certain, possible, expected, n_untold = _figures(entries)
                self._certain += sign * certain
                self._possible += sign * possible
                self._expected += sign * expected
                self._n_untold += sign * n_untold
        if after:
            self._ticks[key] = after
        else:
            del self._ticks[key]

    def counted(self) -> Counted:
        if self._counted is None:
            self._counted = Counted(
                self._certain,
                round(self._expected / (1 << _BITS), 3),  # the true quotient, rounded once
                self._possible,
                self._n_untold > 0,
                self._n_foreign == 0,
                tuple(sorted(self._ids)),
            )
        return self._counted


def _figures(entries: tuple[_Entry, ...]) -> tuple[int, int, int, int]:
    """Certain and possible number, expected number in parts of 2**-1074, and how many numbers were assumed."""
    if len(entries) == 1:
        _, most, told, p, certain = entries[0]
        floor, chance, n_untold = most if certain else 0, 1 - (1 - p), int(not told)
    else:
        most = max(entry[1] for entry in entries)
        floor = max((entry[1] for entry in entries if entry[4]), default=0)
        chance = 1 - prod(1 - entry[3] for entry in entries)
        n_untold = sum(not entry[2] for entry in entries)
    numerator, denominator = max(float(floor), most * chance).as_integer_ratio()
    return floor, most, numerator << (_BITS + 1 - denominator.bit_length()), n_untold

"""Accounts under way while an archive is linked window by window: what can still grow is held, the rest is told.

Gathering never joins what no chain of strong scores (or of people's decisions) ties together, so each such chain can be
gathered by itself, with the same result as all at once. A chain is told as soon as no later window can touch it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from trucewatch.linking.blocks import LONG_DAYS, UNDATED, day_cells, time_of
from trucewatch.linking.clusters import Constraints, Pair
from trucewatch.linking.incidents import Known, Linker
from trucewatch.terms.incidents import Incident

WINDOW_DAYS = 16  # longer windows take more memory per worker, shorter ones leave more at their edges

Reach = tuple[int, int]  # the first and the last window an account is in


class Windows:
    """The archive's days cut into windows of equal length, numbered from day 0; what is undated has one of its own.

    An account is in every window its blocks reach into, so that neighbours meet in at least one.
    """

    def __init__(self, days: int = WINDOW_DAYS) -> None:
        self.days = days

    def of(self, first: int | None, last: int | None) -> list[int]:
        """The windows of an account of these days, in order."""
        if first is not None and last is not None and last - first <= LONG_DAYS:
            return list(range(first // self.days, (last + 1) // self.days + 1))
        return sorted({time_of(cell) // self.days for cell in day_cells(first, last)})

    def reach(self, known: Known) -> Reach:
        """The first and the last window of an account."""
        numbers = self.of(known.sketch.first, known.sketch.last)
        return numbers[0], numbers[-1]

    def span(self, number: int) -> tuple[int, int]:
        """Its half-open span of days; for what is undated, the one that `time_of` gives it."""
        return (UNDATED, 0) if number < 0 else (number * self.days, (number + 1) * self.days)


class Frontier:
    """Accounts with their scores, until the chains they are in are closed."""

    def __init__(self, linker: Linker, constraints: Constraints | None = None) -> None:
        self._linker, self._rules = linker, constraints or Constraints()
        self.known: dict[str, Known] = {}
        self.scores: dict[Pair, float] = {}

    def add(self, known: Mapping[str, Known], scores: Mapping[Pair, float]) -> None:
        """Holds these as well; what is held already and comes again is the same."""
        self.known.update(known)
        self.scores.update(scores)

    def close(self, done: Callable[[Known], bool]) -> Iterator[Incident]:
        """The incidents of every chain all of whose accounts are done; they are held no longer.

        Accounts that people joined are done when all of them have come, wherever they are: see `reach_together`.
        """
        strong = (pair for pair, score in self.scores.items() if score >= self._linker.settings.threshold)
        must = (p for p in self._rules.must_link if p[0] in self.known and p[1] in self.known)
        chains = chains_of(self.known, [*strong, *must])
        chain_of = {key: number for number, chain in enumerate(chains) for key in chain}
        closed = {number for number, chain in enumerate(chains) if all(done(self.known[key]) for key in chain)}
        inside: dict[int, dict[Pair, float]] = defaultdict(dict)
        left: dict[Pair, float] = {}
        for pair, score in self.scores.items():
            a, b = chain_of[pair[0]], chain_of[pair[1]]
            if a == b and a in closed:
                inside[a][pair] = score
            elif a not in closed and b not in closed:
                left[pair] = score  # weak scores between chains that may yet be tied together
        self.scores = left
        for number in sorted(closed):
            members = {key: self.known.pop(key) for key in chains[number]}
            scores = inside.pop(number, {})
            for group in self._linker.gathered(members, scores, self._rules):
                yield self._linker.told(group, members, scores)

    def first_day(self) -> int | None:
        """The first day of anything held; None where nothing dated is."""
        return min((k.sketch.first for k in self.known.values() if k.sketch.first is not None), default=None)


def reach_together(reach: Mapping[str, Reach], must_link: Iterable[Pair]) -> dict[str, Reach]:
    """Of accounts that people joined with others: the first and the last window any of these is in.

    `reach` is each account's own; those that are not in it are nowhere.
    """
    pairs = [pair for pair in must_link if pair[0] in reach and pair[1] in reach]
    out: dict[str, Reach] = {}
    for chain in chains_of({key for pair in pairs for key in pair}, pairs):
        whole = min(reach[key][0] for key in chain), max(reach[key][1] for key in chain)
        out |= dict.fromkeys(chain, whole)
    return out


def chains_of(members: Iterable[str], ties: Iterable[Pair]) -> list[list[str]]:
    """The members tied together directly or through others; each chain sorted, in the order of their first."""
    parent = {key: key for key in members}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for left, right in ties:
        a, b = sorted((root(left), root(right)))
        parent[b] = a
    chains: dict[str, list[str]] = defaultdict(list)
    for key in sorted(parent):
        chains[root(key)].append(key)
    return [chains[key] for key in sorted(chains)]

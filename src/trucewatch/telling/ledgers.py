"""The ledger: alleged breaches by accuser and accused, under a named counting rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from trucewatch.telling.countings import Counted, Counting, Sorter
from trucewatch.telling.postings import Alleged, Posting, bucket, postings_of
from trucewatch.telling.rules import RULES, rule_named
from trucewatch.telling.tellings import Telling, label_of, nobody_of, unnamed
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.registries import fold_actor

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
    """Cells in the order of accuser, accused and group. `by` is what `group` holds; `all` where it holds nothing.

    `unnamed` are the accused that name nobody, the best described first: they stand last everywhere.
    """

    rule_id: str
    by: str
    cells: tuple[Cell, ...]
    n_incidents: int
    unnamed: tuple[str, ...] = ()

    @property
    def accusers(self) -> tuple[str, ...]:
        """The accusing sides, sorted."""
        return tuple(sorted({cell.accuser for cell in self.cells}))

    @property
    def accused(self) -> tuple[str, ...]:
        """The accused actor keys, most accused first, the unnamed last."""
        totals: dict[str, float] = defaultdict(float)
        for cell in self.cells:
            totals[cell.accused] += cell.expected
        return tuple(sorted(totals, key=lambda key: (self.last(key), -totals[key], key)))

    def last(self, accused: str) -> int:
        """0 for a named actor, else its place among the unnamed, from 1: what lists sort by first."""
        return self.unnamed.index(accused) + 1 if accused in self.unnamed else 0


Grouper = Callable[[Alleged, Posting], str]

GROUPS: dict[str, Grouper] = {
    ALL: lambda row, posting: ALL,
    "term": lambda row, posting: f"{row.agreement_id} / {row.term_id}",
    "type": lambda row, posting: label_of(posting.type),
    "area": lambda row, posting: posting.area,
    "day": lambda row, posting: bucket(posting.earliest, posting.latest, "day"),
    "week": lambda row, posting: bucket(posting.earliest, posting.latest, "week"),
    "month": lambda row, posting: bucket(posting.earliest, posting.latest, "month"),
}


def _grouper(by: str) -> Grouper:
    if by not in GROUPS:
        raise SettingsError("unknown-grouping", unknown_name("grouping", by, GROUPS), todo="Choose one of them.")
    return GROUPS[by]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an actor stands under a rule: rank from 1, equal counts share a rank; 0 for who is not named."""

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


class Book:
    """The postings of a dossier with every ledger that was asked for, each kept up as postings come and go.

    `known` are the names of the actors of the registry by id, `nobody` the ids of those that are only described.
    """

    def __init__(self, known: Mapping[str, str], nobody: Collection[str] = ()) -> None:
        self._known, self._nobody = known, frozenset(nobody)
        self._postings: dict[str, Posting] = {}
        self._names: dict[str, Counter[str]] = defaultdict(Counter)  # spellings by folded name
        self._ledgers: dict[tuple[str, str], Counting] = {}
        self._ranks: dict[str, Counting] = {}

    def __len__(self) -> int:
        return len(self._postings)

    def __iter__(self) -> Iterator[str]:
        return iter(self._postings)

    def put(self, posting: Posting) -> None:
        """The posting counts, in place of the one its incident had."""
        self.drop(posting.incident_id)
        self._postings[posting.incident_id] = posting
        for counting in self._countings():
            counting.add(posting)
        for name in posting.names:
            self._names[folded(name)][name] += 1

    def drop(self, incident_id: str) -> None:
        """The incident has no posting any more."""
        posting = self._postings.pop(incident_id, None)
        if posting is None:
            return
        for counting in self._countings():
            counting.remove(posting)
        for name in posting.names:
            self._names[folded(name)] -= Counter((name,))

    def ledger(self, rule: str, by: str = ALL) -> Ledger:
        """The ledger under the rule. Raises SettingsError for an unknown rule or grouping."""
        counting = self._ledgers.get((rule, by))
        if counting is None:
            rule_named(rule)
            group = _grouper(by)
            counting = self._filled(rule, lambda row, posting: (row.accuser, row.accused, group(row, posting)))
            self._ledgers[rule, by] = counting
        cells = [
            Cell(accuser, accused, group, c.certain, c.expected, c.possible, c.assumed, c.own, c.incident_ids)
            for (accuser, accused, group), c in counting.counts().items()
            if c.incident_ids
        ]
        cells.sort(key=lambda cell: (cell.accuser, self._unnamed(cell.accused), cell.accused, cell.group))
        nobody = sorted({c.accused for c in cells if self._unnamed(c.accused)}, key=lambda k: (self._unnamed(k), k))
        return Ledger(rule, by, tuple(cells), counting.n_incidents, tuple(nobody))

    def total(self, rule: str) -> Counted:
        """All that others say of anybody, as one number; own words stay out."""
        counting = self._filled(rule, lambda row, posting: None if row.own else (ALL,))
        return counting.counts().get((ALL,), Counted(0, 0.0, 0, False, False, ()))

    def rankings(self, rules: Iterable[str] = tuple(RULES)) -> Rankings:
        """The accused ranked under each rule by the expected count of what others say of them; own words stay out.

        Who is not named cannot be ranked: "doer not told" may be anybody. Such standings come last, with rank 0.
        """
        standings: list[Standing] = []
        ranks: dict[str, set[int]] = defaultdict(set)
        for rule in rules:
            if rule not in self._ranks:
                rule_named(rule)
                self._ranks[rule] = self._filled(rule, lambda row, posting: None if row.own else (row.accused,))
            counts = {key: counted for (key,), counted in self._ranks[rule].counts().items()}
            order = sorted(counts, key=lambda key: (self._unnamed(key), -counts[key].expected, key))
            named = [key for key in order if not self._unnamed(key)]
            for key in order:
                above = sum(counts[other].expected > counts[key].expected for other in named)
                rank = 0 if self._unnamed(key) else 1 + above
                standings.append(Standing(rule, key, rank, counts[key].certain, counts[key].expected))
                ranks[key].add(rank)
        return Rankings(tuple(standings), tuple(sorted(key for key, seen in ranks.items() if len(seen) > 1)))

    def actor_name(self, key: str, also: Iterable[str] = ()) -> str:
        """How an actor key is shown: its name in the registry, else the first spelling of it; `also` are others."""
        if key in self._known:
            return self._known[key]
        return min([*self._names.get(key, ()), *(name for name in also if folded(name) == key)], default=key)

    def _unnamed(self, key: str) -> int:
        return unnamed(key, self._nobody)

    def _filled(self, rule: str, sorter: Sorter) -> Counting:
        counting = Counting(rule, sorter)
        for posting in self._postings.values():
            counting.add(posting)
        return counting

    def _countings(self) -> Iterator[Counting]:
        yield from self._ledgers.values()
        yield from self._ranks.values()


def book_of(telling: Telling, rules: Iterable[str] = tuple(RULES)) -> Book:
    """The book of a telling: every posting made anew, with ticks under these rules."""
    book = Book({actor.actor_id: actor.name for actor in telling.actors}, nobody_of(telling.actors))
    for posting in postings_of(telling, rules):
        book.put(posting)
    return book


def make_ledger(telling: Telling, rule: str = "incident", by: str = ALL) -> Ledger:
    """The ledger of a telling. Raises SettingsError for an unknown rule or grouping.

    Counts do not depend on the order of incidents. Several terms breached by one incident are one in a cell that
    holds both, with the greatest probability.
    """
    return book_of(telling, (rule_named(rule).rule_id,)).ledger(rule, by)


def rank_by_rule(telling: Telling, rules: Iterable[str] = tuple(RULES)) -> Rankings:
    """The accused ranked under each rule; see `Book.rankings`."""
    chosen = tuple(rule_named(rule).rule_id for rule in rules)
    return book_of(telling, chosen).rankings(chosen)


@lru_cache(maxsize=100_000)
def folded(name: str) -> str:
    """As `fold_actor`, remembered: the same few names come with every incident."""
    return fold_actor(name)

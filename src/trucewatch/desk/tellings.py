"""The ledgers and the checked tallies of the served dossier: made once for each state of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

from trucewatch.running import tally_checks
from trucewatch.running.dossiers import load_dossier
from trucewatch.running.postings import MARK, KeptBook, posting_fingerprint
from trucewatch.running.stages import DossierStages
from trucewatch.running.tellings import load_telling
from trucewatch.store.marks import marked
from trucewatch.store.models import ReportRow, RunRow, TallyRow
from trucewatch.store.states import State, state_of_store
from trucewatch.telling.ledgers import Book, Cell, Ledger, book_of
from trucewatch.telling.tallies import Check, check_tallies, in_order
from trucewatch.telling.tellings import Telling
from trucewatch.terms.accounts import Tally

SHOWN, SHOWN_OF_MANY = 12, 3  # incidents listed in a cell itself, of one table and of many; a cell can hold thousands

# A telling holds the whole dossier: eight people asking at once must wait for one, not make eight.
_making = Lock()


@dataclass(frozen=True, slots=True)
class Told:
    """A cell of a ledger with some of its incidents: `n` is how many it has in all."""

    cell: Cell
    n: int
    accused: str  # the name of who is accused


@dataclass(frozen=True, slots=True)
class Part:
    """A ledger in so far as a page shows it: the cells of some of its groups, as `Told` by accuser.

    `tables` are (group, rows) and a row is (name of the accused, a cell or None for each of the `accusers`); `n_groups`
    are the groups in all; `moved` names those whose rank changes with the rule.
    """

    rule_id: str
    by: str
    accusers: tuple[str, ...]
    tables: tuple[tuple[str, tuple[tuple[str, tuple[Told | None, ...]], ...]], ...]
    n_groups: int
    n_incidents: int
    moved: tuple[str, ...]


class Ledgers:
    """The ledgers of one dossier. Every decision shows in the first ledger asked for after it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state: State | None = None
        self._kept: KeptBook | None = None
        self._stages: DossierStages | None = None
        self._book = Book({})
        self._claimed: tuple[str, ...] = ()  # whom tallies accuse, as they write it
        self._ledgers: dict[tuple[str, str], Ledger] = {}
        self._moved: tuple[str, ...] | None = None

    def part(self, rule: str, by: str, first: int, most: int) -> Part:
        """The ledger under the rule, of at most so many groups from the `first` on (from 0).

        Each cell has its first incidents only: a dozen where one group is shown, else three. Raises SettingsError for
        an unknown rule or grouping.
        """
        with _making:
            made = self._ledger(rule, by)
            groups = sorted({cell.group for cell in made.cells})
            chosen = groups[first : first + most]
            wanted = frozenset(chosen)
            cells = {(cell.accuser, cell.accused, cell.group): cell for cell in made.cells if cell.group in wanted}
            shown = SHOWN if len(chosen) == 1 else SHOWN_OF_MANY
            names = self._named(made.accused)
            accusers = made.accusers
            tables = []
            for group in chosen:
                rows = []
                for accused in made.accused:
                    row = [cells.get((accuser, accused, group)) for accuser in accusers]
                    if any(row):
                        rows.append((names[accused], tuple(_told(cell, names, 0, shown) for cell in row)))
                tables.append((group, tuple(rows)))
            if self._moved is None:
                self._moved = tuple(self._named(self._book.rankings().moved).values())
            return Part(rule, by, accusers, tuple(tables), len(groups), made.n_incidents, self._moved)

    def cell(self, rule: str, by: str, key: tuple[str, str, str], first: int, most: int) -> Told | None:
        """The cell of that accuser, accused and group with at most so many incidents; None where there is none."""
        with _making:
            made = self._ledger(rule, by)
            cell = next((c for c in made.cells if (c.accuser, c.accused, c.group) == key), None)
            return _told(cell, self._named(made.accused), first, most)

    def tallies(self, first: int, most: int) -> tuple[list[tuple[Tally, Check]], int]:
        """Some tallies held against what the store documents now, and how many there are in all."""
        with _making:
            return _checked(self._folder, state_of_store(), first, most)

    def make_ready(self) -> None:
        """What every ledger is counted from is in memory, where that needs no telling of the whole dossier."""
        with _making:
            if not _cut(self._folder):
                self._bring_up()

    def _ledger(self, rule: str, by: str) -> Ledger:
        self._bring_up()
        if (rule, by) not in self._ledgers:
            self._ledgers[rule, by] = self._book.ledger(rule, by)
        return self._ledgers[rule, by]

    def _named(self, keys: tuple[str, ...]) -> dict[str, str]:
        return {key: self._book.actor_name(key, self._claimed) for key in keys}

    def _bring_up(self) -> None:
        state = state_of_store()
        if state == self._state:
            return
        if _cut(self._folder):
            self._book, self._kept = book_of(_made(self._folder, state)), None
        else:
            # while a run writes, only it may: a page that waited for the run's lock would not come
            running = RunRow.objects.filter(state="running").exists()
            if self._kept is None or self._stages is None or posting_fingerprint(self._stages) != marked(MARK):
                self._stages = DossierStages(load_dossier(self._folder))
                self._kept = KeptBook(self._stages)
            self._book = self._kept.brought_up(keep=not running)
        tallies = TallyRow.objects.exclude(state="rejected").values_list("payload", flat=True)
        self._claimed = tuple(party["name"] for text in tallies for party in json.loads(text)["accused"])
        self._state, self._ledgers, self._moved = state, {}, None


def _told(cell: Cell | None, names: Mapping[str, str], first: int, most: int) -> Told | None:
    if cell is None:
        return None
    some = replace(cell, incident_ids=cell.incident_ids[first : first + most])
    return Told(some, len(cell.incident_ids), names[cell.accused])


@lru_cache(maxsize=1)
def ledgers_of(folder: Path) -> Ledgers:
    """The ledgers of that dossier, kept as long as this process runs."""
    return Ledgers(folder)


@lru_cache(maxsize=16)
def _checked(folder: Path, state: State, offset: int, limit: int) -> tuple[list[tuple[Tally, Check]], int]:
    if not _cut(folder):
        return tally_checks.checks_of(DossierStages(load_dossier(folder)), offset, limit)
    telling = _made(folder, state)
    chosen = in_order(telling)[offset : offset + limit]
    checks = check_tallies(telling, only={tally.tally_id for tally in chosen})
    return list(zip(chosen, checks, strict=True)), len(telling.tallies)


def _cut(folder: Path) -> bool:
    """Whether the dossier looks at a day before its last report: what it knew then is linked and judged anew."""
    as_of = load_dossier(folder).as_of
    return as_of is not None and ReportRow.objects.filter(published__gt=f"{as_of}~").exists()


@lru_cache(maxsize=2)
def _made(folder: Path, state: State) -> Telling:
    return load_telling(folder)

"""The ledgers and the checked tallies of the served dossier: made once for each state of the store."""

from __future__ import annotations

import json
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
from trucewatch.telling.ledgers import Book, Ledger, book_of
from trucewatch.telling.tallies import Check, check_tallies, in_order
from trucewatch.telling.tellings import Telling
from trucewatch.terms.accounts import Tally

# A telling holds the whole dossier: eight people asking at once must wait for one, not make eight.
_making = Lock()


def checks_of(folder: Path, offset: int, limit: int) -> tuple[list[tuple[Tally, Check]], int]:
    """Some tallies held against what the store documents now, from `offset` on, and how many there are in all."""
    with _making:
        return _checked(folder, state_of_store(), offset, limit)


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

    def ledger(self, rule: str, by: str) -> tuple[Ledger, dict[str, str], tuple[str, ...]]:
        """The ledger under the rule, the names of its accused, and the names of those whose rank moves with the rule.

        Raises SettingsError for an unknown rule or grouping.
        """
        with _making:
            self._bring_up()
            if (rule, by) not in self._ledgers:
                self._ledgers[rule, by] = self._book.ledger(rule, by)
            made = self._ledgers[rule, by]
            if self._moved is None:
                self._moved = tuple(self._named(self._book.rankings().moved).values())
            return made, self._named(made.accused), self._moved

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


@lru_cache(maxsize=1)
def ledgers_of(folder: Path) -> Ledgers:
    """The ledgers of that dossier, kept as long as the server runs."""
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

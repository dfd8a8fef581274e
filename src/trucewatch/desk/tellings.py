"""The telling of the served dossier: made once for each state of the store, not once for each page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

from trucewatch.running.tellings import load_telling
from trucewatch.store.decisions import head
from trucewatch.store.models import MarkRow, RunRow
from trucewatch.telling.ledgers import Ledger, make_ledger, rank_by_rule
from trucewatch.telling.tellings import Telling

# A telling holds the whole dossier: eight people asking at once must wait for one, not make eight.
_making = Lock()


def state_of_store() -> object:
    """What changes whenever the incidents may have: the last run, the marks of what is done, the last decision."""
    run = RunRow.objects.order_by("-pk").values_list("pk", "state").first()
    marks = tuple(MarkRow.objects.order_by("pk").values_list("stage", "fingerprint"))
    return (run, marks, head())


def telling_of(folder: Path) -> Telling:
    """The telling as the store stands now."""
    with _making:
        return _made(folder, state_of_store())


def ledger_of(folder: Path, rule: str, by: str) -> tuple[Telling, Ledger, tuple[str, ...]]:
    """The telling, its ledger under the rule, and the names of those whose rank moves with the rule."""
    with _making:
        state = state_of_store()
        return (_made(folder, state), *_ledger(folder, state, rule, by))


@lru_cache(maxsize=2)
def _made(folder: Path, state: object) -> Telling:
    return load_telling(folder)


@lru_cache(maxsize=24)
def _ledger(folder: Path, state: object, rule: str, by: str) -> tuple[Ledger, tuple[str, ...]]:
    telling = _made(folder, state)
    return make_ledger(telling, rule, by), _moved(folder, state)


@lru_cache(maxsize=2)
def _moved(folder: Path, state: object) -> tuple[str, ...]:
    telling = _made(folder, state)
    return tuple(telling.actor_name(key) for key in rank_by_rule(telling).moved)

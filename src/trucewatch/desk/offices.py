"""One process keeps the ledgers in memory for all that answer requests: together they would hold them several times.

What it has told is kept where it was asked for, as long as the store stays as it is.
"""

from __future__ import annotations

import secrets
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections

from trucewatch.desk.tellings import Ledgers, Part, Told, ledgers_of
from trucewatch.store.states import State, state_of_store
from trucewatch.telling.tallies import Check
from trucewatch.terms.accounts import Tally
from trucewatch.terms.errors import TrucewatchError

REPLACED_WITHIN_S = 30.0  # when the process has ended, another one stands in its place by then
KEPT = 128  # answers, of all kinds


@dataclass(frozen=True, slots=True)
class Office:
    """Where the ledgers are asked for. Only processes of the same server know the `key`."""

    address: str
    key: bytes


def found_office(folder: Path) -> Office:
    """An office to be, whose socket lies in that folder, which nobody else may read."""
    if hasattr(socket, "AF_UNIX"):
        return Office(str(folder / "ledgers"), secrets.token_bytes(32))
    return Office(rf"\\.\pipe\{folder.name}", secrets.token_bytes(32))


def keep_office(folder: Path, office: Office) -> None:
    """Answers one after the other, and never ends."""
    ledgers = ledgers_of(folder)
    if not office.address.startswith("\\"):
        Path(office.address).unlink(missing_ok=True)  # of one that was killed
    with Listener(office.address, authkey=office.key) as door:
        with suppress(TrucewatchError, DatabaseError):  # whoever asks first is told
            ledgers.make_ready()
        while True:
            try:
                with door.accept() as line:
                    _answer(ledgers, line)
            except (EOFError, OSError, AuthenticationError) as error:
                print(f"ledgers: whoever asked is gone: {error!r}", file=sys.stderr, flush=True)


def _answer(ledgers: Ledgers, line: Connection) -> None:
    """Sends whether it could be done, and the answer or the error."""
    name, words = line.recv()
    close_old_connections()
    try:
        line.send((True, getattr(ledgers, name)(*words)))
    except TrucewatchError as error:
        line.send((False, error))
    except Exception as error:
        line.send((False, RuntimeError(repr(error))))
        raise  # another process takes this one's place


class AskedLedgers:
    """The ledgers as the office tells them. Methods are as those of `Ledgers`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def part(self, rule: str, by: str, first: int, most: int) -> Part:
        """As `Ledgers.part`."""
        return _asked(self._office, state_of_store(), "part", rule, by, first, most)  # type: ignore[no-any-return]

    def cell(self, rule: str, by: str, key: tuple[str, str, str], first: int, most: int) -> Told | None:
        """As `Ledgers.cell`."""
        return _asked(self._office, state_of_store(), "cell", rule, by, key, first, most)  # type: ignore[no-any-return]

    def tallies(self, first: int, most: int) -> tuple[list[tuple[Tally, Check]], int]:
        """As `Ledgers.tallies`."""
        return _asked(self._office, state_of_store(), "tallies", first, most)  # type: ignore[no-any-return]


@lru_cache(maxsize=KEPT)
def _asked(office: Office, state: State, name: str, *words: Any) -> Any:
    """What the office tells now, which is at least as new as the state; errors are not kept."""
    until = time.monotonic() + REPLACED_WITHIN_S
    while True:
        try:
            with Client(office.address, authkey=office.key) as line:
                line.send((name, words))
                done, answer = line.recv()
            break
        except (EOFError, OSError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    if not done:
        raise answer
    return answer


_at: list[Office] = []


def ask_at(office: Office) -> None:
    """From now on this process asks that office for ledgers."""
    _at[:] = [office]


def ledgers_at_desk(folder: Path) -> Ledgers | AskedLedgers:
    """The ledgers of the served dossier: the office's where the server has one, else this process's own."""
    return AskedLedgers(_at[0]) if _at else ledgers_of(folder)

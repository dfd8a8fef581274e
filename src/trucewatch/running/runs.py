"""Runs: one at a time on a dossier, recorded once there is something to record, stoppable between batches."""

from __future__ import annotations

import fcntl
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from django.db import transaction

from trucewatch import __version__
from trucewatch.running.provenances import MADE_WITH, made_with
from trucewatch.running.stages import Stages
from trucewatch.store.decisions import head
from trucewatch.store.formers import keep_files, present_instant
from trucewatch.store.models import RunRow
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import canonical_json


class Stop:
    """Whether the user has asked to stop. A batch that has begun is finished first."""

    def __init__(self) -> None:
        self.requested = False

    def __bool__(self) -> bool:
        return self.requested


@contextmanager
def stopping_on_interrupt(say: Callable[[str], None]) -> Iterator[Stop]:
    """The first Ctrl-C asks for a stop after the present batch, the second interrupts at once (losing that batch)."""
    stop = Stop()

    def ask(number: int, frame: FrameType | None) -> None:
        if stop.requested:
            raise KeyboardInterrupt
        stop.requested = True
        say("Stopping after this batch; nothing is lost. Press Ctrl-C again to stop at once.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """No other run works on that dossier meanwhile. A killed run leaves no lock behind.

    Raises SettingsError `run-under-way` where one does.
    """
    with (folder / ".run.lock").open("w") as lock:
        _take(lock, folder)
        yield


def _take(lock: IO[str], folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SettingsError(
            "run-under-way",
            "another run is at work on this dossier",
            where=str(folder),
            todo="Wait until it has ended.",
        ) from error


def end_killed() -> None:
    """Runs that still stand as running were killed: only one works on a dossier at a time, and that one asks this."""
    RunRow.objects.filter(state="running").update(state="killed", ended_at=present_instant())


@dataclass(slots=True)
class Record:
    """The row of a run, written with its first piece of work: a run that finds nothing to do leaves no trace.

    What it is made with stands in the row from the beginning, and the dossier's files are kept, if it is killed too.
    """

    stages: Stages
    row: RunRow | None = None

    @property
    def number(self) -> int:
        """The number of the run, which from now on is recorded."""
        if self.row is None:
            made, contents = made_with(self.stages)
            with transaction.atomic():
                keep_files(contents)
                self.row = RunRow.objects.create(
                    started_at=present_instant(),
                    version=__version__,
                    fingerprint=self.stages.fingerprint,
                    state="running",
                    figures=canonical_json({MADE_WITH: made}),
                )
        return self.row.number

    def close(self, state: str, figures: dict[str, Any], error: str | None = None) -> None:
        """The row says how the run ended, and where the chain of decisions stood."""
        if self.row is None:
            return
        figures = {MADE_WITH: json.loads(self.row.figures)[MADE_WITH], **figures}
        self.row.state, self.row.ended_at, self.row.error = state, present_instant(), error
        self.row.n_reports_read = int(figures.get("n_read", 0))
        self.row.n_reports_added = int(figures.get("n_added", 0))
        self.row.figures = canonical_json(figures)
        self.row.decisions_seq, self.row.decisions_head = head()
        self.row.save()

"""Progress on standard error, for people who watch."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)


class Bars:
    """A bar per stage. Shown only on a terminal; elsewhere nothing is written."""

    def __init__(self) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(
            *columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, stage: str, total: int | None) -> None:
        """A bar for the stage is shown."""
        self._task = self._progress.add_task(stage, total=total)

    def advance(self, n: int = 1) -> None:
        """The bar moves on."""
        if self._task is not None:
            self._progress.advance(self._task, n)

    def end(self) -> None:
        """The bar goes away."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None

    def say(self, words: str) -> None:
        """A line above the bars."""
        self._progress.console.print(words, markup=False, highlight=False)

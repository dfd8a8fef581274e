"""How far a run is: said to whoever watches."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where a run says how far it is. `total` is None where nobody knows yet."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins."""
        ...

    def advance(self, n: int = 1) -> None:
        """So many more of the stage are done."""
        ...

    def end(self) -> None:
        """The stage is over."""
        ...


class Silent:
    """A progress nobody watches."""

    def begin(self, stage: str, total: int | None) -> None:
        """Nothing is shown."""

    def advance(self, n: int = 1) -> None:
        """Nothing is shown."""

    def end(self) -> None:
        """Nothing is shown."""

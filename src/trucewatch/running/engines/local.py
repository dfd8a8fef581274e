"""In this process, one batch after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from trucewatch.running.engines import Work

T = TypeVar("T")
R = TypeVar("R")


class LocalEngine:
    """Loads the models with the first batch."""

    def map(self, work: Work[T, R], batches: Iterable[Sequence[T]]) -> Iterator[list[R]]:
        """The result of each batch, in order."""
        do = None
        for batch in batches:
            if do is None:
                do = work.make()
            yield do(batch)

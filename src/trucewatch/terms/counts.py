"""Counts with bounds. None is "not able to say"; zero is "none were"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Count:
    """A figure as the text bounds it: "at least 8" is (8, None), "up to 20" is (None, 20), "8" is (8, 8)."""

    min: int | None
    max: int | None

    def __post_init__(self) -> None:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"count with min {self.min} above max {self.max}")

    @property
    def known(self) -> bool:
        """False where neither bound is given."""
        return self.min is not None or self.max is not None

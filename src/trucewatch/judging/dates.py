"""The date of an incident as people write it: days, months, clocks and zones, made one interval."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from trucewatch.judging.moments import NOT_STATED
from trucewatch.judging.schemas import known_zone
from trucewatch.terms.times import Interval

_PART = re.compile(r"(\d{4})(?:-(\d\d))?")  # a year or a month
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?")


class DateRow(BaseModel):
    """When an incident happened. `earliest` and `latest` are ISO dates or date-times; a month or a year is its days.

    `time`, or `from_time` and `to_time`, are clocks (`HH:MM`) on these days; `zone` is the IANA zone of all of them.
    A clock without zone or offset is the clock of the place. One of `earliest` and `latest` alone leaves the other
    side open.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)
    earliest: str | None = None
    latest: str | None = None
    time: str | None = None
    from_time: str | None = None
    to_time: str | None = None
    zone: str | None = None

    @field_validator("earliest")
    @classmethod
    def _first(cls, value: str | None) -> str | None:
        return None if value is None else _iso(value, last=False)

    @field_validator("latest")
    @classmethod
    def _last(cls, value: str | None) -> str | None:
        return None if value is None else _iso(value, last=True)

    @field_validator("time", "from_time", "to_time")
    @classmethod
    def _clock(cls, value: str | None) -> str | None:
        if value is None:
            return None
        found = _CLOCK.fullmatch(value.strip())
        if found is None:
            raise ValueError(f"'{value}' is no clock: write it as 00:20")
        return f"{int(found[1]):02d}:{found[2]}"

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return None if value in (None, NOT_STATED) else known_zone(str(value))

    @model_validator(mode="after")
    def _order(self) -> DateRow:
        first, last = self._ends()
        if first and last and _before(last, first):
            raise ValueError(f"'latest' {last} lies before 'earliest' {first}")
        return self

    def _ends(self) -> tuple[str | None, str | None]:
        return (
            _placed(self.earliest, self.from_time or self.time, self.zone),
            _placed(self.latest, self.to_time or self.time or self._to_its_minute(), self.zone),
        )

    def _to_its_minute(self) -> str | None:
        """`from_time` alone, on a single day, is the minute of it."""
        return self.from_time if self.earliest == self.latest else None

    def interval(self) -> Interval | None:
        """The interval; None where nothing is told."""
        first, last = self._ends()
        if first is None and last is None:
            return None
        return Interval(first, last, "minute" if any(len(t) > 10 for t in (first, last) if t) else "day")


def dated(value: Any) -> Any:
    """A date written as one text: itself, or two with a slash between them."""
    if not isinstance(value, str):
        return value
    first, slash, last = value.partition("/")
    return {"earliest": first or None, "latest": (last or None) if slash else first}


def _iso(value: str, *, last: bool) -> str:
    """ISO in one form: `YYYY-MM-DD`, or that with a clock and, where told, an offset."""
    text = value.strip()
    if part := _PART.fullmatch(text):
        year, month = int(part[1]), int(part[2] or (12 if last else 1))
        if year and 1 <= month <= 12:
            return f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1] if last else 1:02d}"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{value}' is no ISO date or date-time") from error
    timed = ":" in text or "T" in text.upper()
    return moment.isoformat(timespec="minutes") if timed else moment.date().isoformat()


def _placed(day: str | None, clock: str | None, zone: str | None) -> str | None:
    if day is None:
        return None
    if len(day) == len("2020-03-06"):
        if clock is None:
            return day
        day = f"{day}T{clock}"
    moment = datetime.fromisoformat(day)
    if zone is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.isoformat(timespec="minutes")


def _before(last: str, first: str) -> bool:
    end, begin = datetime.fromisoformat(last), datetime.fromisoformat(first)
    if len(last) == len("2020-03-06"):
        end += timedelta(days=1)
    if end.tzinfo is None or begin.tzinfo is None:
        # where only one of them names a zone they are compared as they stand on the clock
        end, begin = end.replace(tzinfo=None), begin.replace(tzinfo=None)
    return end < begin

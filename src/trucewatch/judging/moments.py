"""Moments and incident times as minutes, with what is known of their time zone.

All instants are minutes since 1970-01-01T00:00 UTC. A minute named `00:01` covers [00:01:00, 00:02:00), which is what
makes "in force from 00:01" and "at 00:00" tell apart without a question of seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from trucewatch.terms.times import Interval

NOT_STATED = "not stated"
DAY_MIN = 24 * 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No place on Earth is further from UTC than this; used where a clock has no zone and none is suggested.
_WIDEST_OFFSETS = (-12 * 60, 14 * 60)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment an agreement names. `clock` is ISO, a date or a date and time; `zone` an IANA name or `not stated`.

    `could_be` are the zones the drafters may have meant where none is stated.
    """

    clock: str
    zone: str = NOT_STATED
    could_be: tuple[str, ...] = ()
    note: str | None = None

    @property
    def timed(self) -> bool:
        """True where an hour is given."""
        return len(self.clock) > 10

    def text(self) -> str:
        """As shown to people: the clock and its zone."""
        return f"{self.clock} ({self.zone})"


@dataclass(frozen=True, slots=True, eq=False)  # made by `window`, one object per interval: compared by identity
class Window:
    """When an incident happened: half-open [start, end) in minutes on its own clock.

    `offset` is minutes east of UTC where the telling gives one, None for a local clock whose zone it does not give.
    None on a side means that the interval is open there. `by_day` is True where no hour is told.
    """

    start: int | None
    end: int | None
    offset: int | None
    by_day: bool
    text: str


def minutes(clock: str) -> tuple[int, int | None]:
    """Minutes of an ISO date or date-time on its own clock, and its UTC offset in minutes (None where it has none).

    Raises ValueError where the text is neither.
    """
    value = datetime.fromisoformat(clock)
    offset = value.utcoffset()
    wall = value.replace(tzinfo=UTC, second=0, microsecond=0)
    return int((wall - _EPOCH).total_seconds() // 60), None if offset is None else int(offset.total_seconds() // 60)


def iso(minute: int) -> str:
    """A minute on a clock as `YYYY-MM-DDTHH:MM`."""
    return (_EPOCH + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M")


@lru_cache(maxsize=65536)
def offset_of(zone: str, wall_minute: int) -> int:
    """Minutes east of UTC of a zone when its clocks show that minute."""
    naive = (_EPOCH + timedelta(minutes=wall_minute)).replace(tzinfo=None)
    delta = naive.replace(tzinfo=ZoneInfo(zone)).utcoffset()
    return int(delta.total_seconds() // 60) if delta is not None else 0


@lru_cache(maxsize=262144)
def window(interval: Interval | None) -> Window | None:
    """The interval of an incident in minutes; None where it has no time at all."""
    if interval is None or (interval.earliest is None and interval.latest is None):
        return None
    first, last = interval.earliest, interval.latest
    if first is not None and interval.from_time and len(first) == 10:
        first = f"{first}T{interval.from_time}"
    if last is not None and interval.to_time and len(last) == 10:
        last = f"{last}T{interval.to_time}"
    start = end = offset = None
    if first is not None:
        start, offset = minutes(first)
    if last is not None:
        end, end_offset = minutes(last)
        end += 1 if len(last) > 10 else DAY_MIN
        if offset is None:
            offset = end_offset
        elif end_offset is not None:
            end += offset - end_offset
    by_day = len(first or last or "") == 10 and len(last or first or "") == 10
    text = first if first == last else f"{first or '...'} to {last or '...'}"
    return Window(start, end, offset, by_day, str(text))


@lru_cache(maxsize=262144)
def moment_on(moment: Moment, clock_offset: int | None, local_zone: str | None) -> tuple[int, int]:
    """The earliest and latest minute at which the moment may fall on an incident's clock.

    A clock without a zone is read as the time of the place (`local_zone`). Where neither the agreement nor the incident
    states a zone the two are compared as they stand: both speak of the same wall clock. A date without an hour spans
    its whole day.
    """
    wall, _ = minutes(moment.clock)
    spread = 0 if moment.timed else DAY_MIN
    zones = (moment.zone,) if moment.zone != NOT_STATED else moment.could_be
    if clock_offset is None and (moment.zone == NOT_STATED or not moment.timed):
        return wall, wall + spread  # a calendar day is the same day on every wall
    if clock_offset is None:
        if local_zone is None:
            return wall + _WIDEST_OFFSETS[0] * 2, wall + _WIDEST_OFFSETS[1] * 2 + spread
        shown = wall - offset_of(zones[0], wall) + offset_of(local_zone, wall)
        return shown, shown + spread
    if not zones:
        zones = (local_zone,) if local_zone else ()
    offsets = [offset_of(zone, wall) for zone in zones] or list(_WIDEST_OFFSETS)
    shown_all = [wall - offset + clock_offset for offset in offsets]
    return min(shown_all), max(shown_all) + spread


def shifted(moment: Moment, *, days: int = 0, hours: int = 0) -> Moment:
    """The moment so many days and hours later; a date stays a date unless hours are added."""
    if not moment.timed and not hours:
        return Moment(
            (date.fromisoformat(moment.clock) + timedelta(days=days)).isoformat(), moment.zone, moment.could_be
        )
    value = datetime.fromisoformat(moment.clock) + timedelta(days=days, hours=hours)
    return Moment(value.isoformat(timespec="minutes"), moment.zone, moment.could_be)

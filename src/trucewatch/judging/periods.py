"""Whether an incident fell into a period: yes, no or undetermined, with the share of its interval inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from trucewatch.judging.moments import DAY_MIN, Moment, Window, moment_on
from trucewatch.terms.findings import Verdict

NO_INFORMATION = 0.5  # the share shown where nothing is known either way; always beside verdict "undetermined"
_OPEN = 10**12  # minutes; beyond any date
_MIDNIGHT_MIN = 1  # "00:01" (and "23:59") is how drafters write midnight without saying which day it belongs to


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment (included) until a moment (excluded); None is open."""

    since: Moment | None = None
    until: Moment | None = None

    def text(self) -> str:
        """As shown to people."""
        since = self.since.text() if self.since else "the beginning"
        return f"from {since} until {self.until.text() if self.until else 'no end stated'}"


@dataclass(frozen=True, slots=True)
class Share:
    """A verdict with the share (0 to 1) of the interval inside and what would decide it."""

    verdict: Verdict
    share: float
    missing: str | None = None


@lru_cache(maxsize=262144)
def inside(period: Period, when: Window | None, local_zone: str | None) -> Share:
    """How much of an incident's interval lies inside a period.

    The whole interval is used: yes only where all of it is inside whatever the open time zone, no only where none is.
    An incident told by its day alone is held against the day where the period begins at 00:00 or 00:01 (or ends at
    23:59 or 00:01), since that minute is the drafters' midnight; the share still says 1439 in 1440.
    """
    if period.since is None and period.until is None:
        return Share("yes", 1.0)
    if when is None:
        return Share("undetermined", NO_INFORMATION, "when it happened")
    since_lo, since_hi = _bounds(period.since, when, local_zone, -_OPEN)
    until_lo, until_hi = _bounds(period.until, when, local_zone, _OPEN)
    sure = _overlap(when, since_hi, until_lo)
    if _within(when, _snap(since_hi, when), _snap(until_lo, when)):
        return Share("yes", sure)
    possible = _overlap(when, since_lo, until_hi)
    if possible == 0.0 or _overlap(when, _snap(since_lo, when), _snap(until_hi, when)) == 0.0:
        return Share("no", 0.0)
    return Share(
        "undetermined", (possible + sure) / 2, _decider(period, when, (since_lo, since_hi, until_lo, until_hi))
    )


def _bounds(moment: Moment | None, when: Window, local_zone: str | None, default: int) -> tuple[int, int]:
    return (default, default) if moment is None else moment_on(moment, when.offset, local_zone)


def _snap(minute: int, when: Window) -> int:
    """The bound itself, or the midnight beside it for an incident told by its day alone."""
    if not when.by_day:
        return minute
    past = minute % DAY_MIN
    if past <= _MIDNIGHT_MIN:
        return minute - past
    return minute + DAY_MIN - past if DAY_MIN - past <= _MIDNIGHT_MIN else minute


def _within(when: Window, start: int, end: int) -> bool:
    from_start = start <= -_OPEN if when.start is None else when.start >= start
    to_end = end >= _OPEN if when.end is None else when.end <= end
    return from_start and to_end and start < end


def _overlap(when: Window, start: int, end: int) -> float:
    """The share of the window inside [start, end); NO_INFORMATION where an open side leaves it untold."""
    low = -_OPEN if when.start is None else when.start
    high = _OPEN if when.end is None else when.end
    inner = max(0, min(high, end) - max(low, start))
    if inner == 0 or (low >= start and high <= end):
        return 1.0 if inner else 0.0
    return NO_INFORMATION if high - low >= _OPEN else inner / (high - low)


def _decider(period: Period, when: Window, bounds: tuple[int, int, int, int]) -> str:
    parts = []
    for moment, low, high, label in (
        (period.since, *bounds[:2], "begins"),
        (period.until, *bounds[2:], "ends"),
    ):
        before = when.end is not None and when.end <= low
        after = when.start is not None and when.start >= high
        if moment is None or before or after:
            continue
        if low != high and not moment.timed:
            parts.append(f"the hour at which the period {label} on {moment.clock}")
        elif low != high:
            parts.append(f"in which time zone {moment.clock} is meant")
        else:
            parts.append(f"whether it happened before or after {moment.text()}")
    return "; ".join(parts) or "when it happened"

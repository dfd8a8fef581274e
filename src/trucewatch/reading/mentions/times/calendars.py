"""Arithmetic of days: which day, month or year a name means when it is counted from another day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple": 2, "dozen": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30,
}  # fmt: skip
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}

# A report may tell of a day that lies ahead ("talks on 20 March"); further ahead than this, a date without a year is
# read as the year before.
AHEAD_DAYS = 35


@dataclass(frozen=True, slots=True)
class Days:
    """A closed run of days; None is an open end."""

    first: date | None
    last: date | None

    def shifted(self, n_days: int) -> Days:
        """The same run, moved by that many days."""
        step = timedelta(days=n_days)
        return Days(self.first + step if self.first else None, self.last + step if self.last else None)


def day(value: date) -> Days:
    """A single day."""
    return Days(value, value)


def make_day(year: int, month: int, number: int) -> Days | None:
    """That day, or None where the calendar has no such day."""
    try:
        return day(date(year, month, number))
    except ValueError:
        return None


def month_of(year: int, month: int) -> Days:
    """The whole month."""
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def months_back(of: date, n_months: int) -> Days:
    """The whole month that lies so many months before the day's own."""
    index = of.year * 12 + of.month - 1 - n_months
    return month_of(index // 12, index % 12 + 1)


def year_of(year: int) -> Days:
    """The whole year."""
    return Days(date(year, 1, 1), date(year, 12, 31))


def season_of(name: str, year: int) -> Days:
    """The meteorological season of the northern half of the earth; a winter is named by the year it begins in."""
    first, last = SEASONS[name]
    end_year = year + (last < first)
    return Days(date(year, first, 1), month_of(end_year, last).last)


def part_of(days: Days, part: str) -> Days:
    """The early, middle or late part: ten days of a month, a quarter of a year (mid: May to August)."""
    if days.first is None or days.last is None:
        return days
    long = (days.last - days.first).days > 45
    start, end = days.first, days.last
    if part == "early":
        return Days(start, start.replace(month=3, day=31) if long else start.replace(day=10))
    if part == "mid":
        if long:
            return Days(start.replace(month=5), start.replace(month=8, day=31))
        return Days(start.replace(day=10), start.replace(day=20))
    return Days(start.replace(month=10) if long else start.replace(day=20), end)


def weekday_before(of: date, weekday: int, *, itself: bool = True) -> date:
    """The most recent such weekday on or (`itself` False) before the day."""
    back = (of.weekday() - weekday) % 7
    return of - timedelta(days=back if back or itself else 7)


def weekday_after(of: date, weekday: int) -> date:
    """The first such weekday after the day."""
    return of + timedelta(days=(weekday - of.weekday() - 1) % 7 + 1)


def week_of(of: date, n_weeks: int = 0) -> Days:
    """The week, Sunday to Saturday, that lies so many weeks after the day's own."""
    first = of - timedelta(days=(of.weekday() + 1) % 7) + timedelta(weeks=n_weeks)
    return Days(first, first + timedelta(days=6))


def year_for(of: date, month: int, number: int | None) -> int:
    """The year a month, or a day of a month, without one means: the latest that does not lie too far ahead."""
    if number is None:
        return of.year - (month > of.month)
    then = make_day(of.year, month, number)
    if then is None or then.first is None:
        return of.year
    return of.year - (then.first > of + timedelta(days=AHEAD_DAYS))


def number_of(word: str) -> int | None:
    """The number a word or numeral stands for, or None where it gives none ("several")."""
    word = word.lower().replace(",", "").removeprefix("a ").strip()
    if word.isdigit():
        return int(word)
    return NUMBERS.get(word.removesuffix(" of"))

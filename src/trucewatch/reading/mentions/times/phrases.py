"""The phrases of time, as a table: a pattern and what it means when counted from the day of publication."""

# ruff: noqa: E501 - one pattern a line reads as the table it is

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from trucewatch.reading.mentions.times.calendars import (
    MONTHS,
    WEEKDAYS,
    Days,
    day,
    make_day,
    month_of,
    months_back,
    number_of,
    part_of,
    season_of,
    week_of,
    weekday_after,
    weekday_before,
    year_for,
    year_of,
)
from trucewatch.terms.times import Precision


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a phrase is counted from: the day of publication, and whether its clause speaks of what lies ahead."""

    published: date | None
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for. `days` is None where the anchor it needs is missing or it names none ("recently")."""

    days: Days | None
    precision: Precision
    anchor: str = "absolute"
    part: str | None = None  # dawn, morning, afternoon, evening, night


Resolver = Callable[[re.Match[str], Anchor], Meaning]

_MONTH = r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?\.?|july?\.?|aug(?:ust|\.)?|sept?(?:ember|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)"
_FULL_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_COUNT = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|a couple of)"
)
_UNIT = r"(?:hour|day|night|week|month|year|decade)s?"
_PART = r"(?:early |late |the early hours of |the )?(?:morning|afternoon|evening|night|dawn|noon|midday|midnight)"
_DAY_NO = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:19|20)\d\d"


def _month(word: str) -> int:
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(word.lower().rstrip(".")[:3]))


def _number(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def _weekday(word: str) -> int:
    return WEEKDAYS.index(word.lower())


def _part_word(match: re.Match[str]) -> str | None:
    words = match.group(0).lower()
    for key in ("dawn", "morning", "afternoon", "evening", "night", "noon"):
        if key in words:
            return {"noon": "afternoon" if "after" in words else "noon"}.get(key, key)
    return None


def _iso(m: re.Match[str], _: Anchor) -> Meaning:
    return Meaning(make_day(int(m["y"]), int(m["m"]), int(m["d"])), "day")


def _slashed(m: re.Match[str], _: Anchor) -> Meaning:
    first, second, year = int(m["a"]), int(m["b"]), int(m["y"])
    number, month = (second, first) if second > 12 else (first, second)
    return Meaning(make_day(year, month, number), "day")


def _calendar_day(m: re.Match[str], anchor: Anchor) -> Meaning:
    """A day of a month, or a run of days in it, with or without a year."""
    month, first = _month(m["m"]), _number(m["d"])
    groups = m.groupdict()
    last = _number(groups["d2"]) if groups.get("d2") else first
    if m["y"]:
        year = int(m["y"]) if len(m["y"]) == 4 else 1900 + int(m["y"]) + (100 if int(m["y"]) < 50 else 0)
    elif anchor.published:
        year = year_for(anchor.published, month, first)
    else:
        return Meaning(None, "day", "published")
    start, end = make_day(year, month, first), make_day(year, month, last)
    how = "absolute" if m["y"] else "published"
    if start is None or end is None:
        return Meaning(None, "day", how)
    return Meaning(Days(start.first, end.last), "day" if first == last else "period", how)


def _calendar_month(m: re.Match[str], anchor: Anchor) -> Meaning:
    month = _month(m["m"])
    which, part = (m["which"] or "").lower().strip(), (m["part"] or "").lower().strip(" -")
    if m["y"]:
        days, how = month_of(int(m["y"]), month), "absolute"
    elif anchor.published is None:
        return Meaning(None, "month", "published")
    else:
        of, how = anchor.published, "published"
        year = year_for(of, month, None)
        if which == "last" and month == of.month:
            year = of.year - 1
        if which == "next" or (anchor.ahead and year == of.year - 1):
            year = of.year + (month <= of.month)
        days = month_of(year, month)
        if month == of.month and year == of.year and not anchor.ahead and not part:
            days = Days(days.first, of)  # what is told of the running month has happened by now
    if part:
        days = part_of(
            days, {"beginning of": "early", "start of": "early", "end of": "late"}.get(part, part[:5].strip(" -"))
        )
    return Meaning(days, "period" if part else "month", how)


def _weekday_named(m: re.Match[str], anchor: Anchor) -> Meaning:
    if anchor.published is None:
        return Meaning(None, "day", "published", _part_word(m))
    which, name = (m["which"] or "").lower().strip(), _weekday(m["w"])
    if which == "next" or (anchor.ahead and which != "last"):
        found = weekday_after(anchor.published, name)
    else:
        found = weekday_before(anchor.published, name, itself=which != "last")
    part = _part_word(m)
    return Meaning(day(found), "part_of_day" if part else "day", "published", part)


_NEAR_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2}


def _near_day(m: re.Match[str], anchor: Anchor) -> Meaning:
    part = _part_word(m)
    precision: Precision = "part_of_day" if part else "day"
    if anchor.published is None:
        return Meaning(None, precision, "published", part)
    words = re.sub(r"\s+", " ", m["near"].lower())
    shift = next((n for word, n in _NEAR_DAYS.items() if words == word), 0)
    return Meaning(day(anchor.published + timedelta(days=shift)), precision, "published", part)


def _last_night(m: re.Match[str], anchor: Anchor) -> Meaning:
    if anchor.published is None:
        return Meaning(None, "part_of_day", "published", "night")
    return Meaning(day(anchor.published - timedelta(days=1)), "part_of_day", "published", "night")


def _overnight(_: re.Match[str], anchor: Anchor) -> Meaning:
    if anchor.published is None:
        return Meaning(None, "part_of_day", "published", "night")
    return Meaning(Days(anchor.published - timedelta(days=1), anchor.published), "part_of_day", "published", "night")


def _near_period(m: re.Match[str], anchor: Anchor) -> Meaning:
    """This, last or next week, month or year, and the early or late part of it."""
    unit, which = m["unit"].lower(), m["which"].lower()
    precision: Precision = "week" if unit in ("week", "weekend") else "month" if unit == "month" else "year"
    of = anchor.published
    if of is None:
        return Meaning(None, precision, "published")
    step = {"last": -1, "the previous": -1, "next": 1}.get(which, 0)
    part = (m["part"] or "").lower().strip()
    if unit == "weekend":
        saturday = weekday_before(of - timedelta(days=1) if step < 0 else of, 6) - timedelta(days=1)
        saturday += timedelta(weeks=1 if step > 0 or anchor.ahead else 0)
        return Meaning(Days(saturday, saturday + timedelta(days=1)), precision, "published")
    if unit == "week":
        days = week_of(of, step)
    elif unit == "month":
        days = months_back(of, -step)
    else:
        days = year_of(of.year + step)
    if unit == "week" and step == 0 and part == "earlier" and days.first == of:
        days = week_of(of, -1)  # on a Sunday the week told of is the one that has just ended
    if part in ("early", "mid", "late") and unit != "week":
        days = part_of(days, part)
    if step == 0 and not anchor.ahead and not (days.first and days.first > of):
        days = Days(days.first, min(days.last or of, of))
    return Meaning(days, precision, "published")


def _ago(m: re.Match[str], anchor: Anchor) -> Meaning:
    n, unit = number_of(m["n"]), m["unit"].lower().rstrip("s")
    if n is None or anchor.published is None or m["vague"]:
        return Meaning(None, "day", "published")
    if unit == "hour":
        return Meaning(day(anchor.published - timedelta(days=n // 24)), "day", "published")
    if unit in ("day", "night"):
        return Meaning(day(anchor.published - timedelta(days=n)), "day", "published")
    if unit == "week":
        return Meaning(day(anchor.published - timedelta(weeks=n)), "week", "published")
    if unit == "month":
        return Meaning(months_back(anchor.published, n), "month", "published")
    return Meaning(year_of(anchor.published.year - n * (10 if unit == "decade" else 1)), "year", "published")


def _past(m: re.Match[str], anchor: Anchor) -> Meaning:
    """The run of so many hours, days or weeks that ends with the day of publication."""
    n = number_of(m["n"]) if m["n"] else 1
    unit = m["unit"].lower().rstrip("s")
    of = anchor.published
    if n is None or of is None:
        return Meaning(None, "period", "published")
    if unit in ("month", "year", "decade"):
        back = n * {"month": 1, "year": 12, "decade": 120}[unit]
        month = months_back(of, back).first or of
        first = date(month.year, month.month, min(of.day, 28))
    else:
        first = of - timedelta(days=-(-n // 24) if unit == "hour" else n * 7 if unit == "week" else n)
    return Meaning(Days(first, of), "period", "published")


def _year_named(m: re.Match[str], _: Anchor) -> Meaning:
    days = year_of(int(m["y"]))
    part = (m["part"] or "").lower().strip(" -")
    if part:
        key = {"beginning of": "early", "start of": "early", "end of": "late"}.get(part, part.split("-")[0])
        days = part_of(days, key)
    if m["y2"]:
        end = m["y2"] if len(m["y2"]) == 4 else m["y"][:2] + m["y2"]
        days = Days(days.first, date(int(end), 12, 31)) if int(end) >= int(m["y"]) else days
    return Meaning(days, "year")


def _season_named(m: re.Match[str], anchor: Anchor) -> Meaning:
    if m["y"]:
        return Meaning(season_of(m["s"].lower(), int(m["y"])), "season")
    if anchor.published is None:
        return Meaning(None, "season", "published")
    days = season_of(m["s"].lower(), anchor.published.year)
    if days.first and days.first > anchor.published:
        days = season_of(m["s"].lower(), anchor.published.year - 1)
    return Meaning(days, "season", "published")


def _vague(_: re.Match[str], __: Anchor) -> Meaning:
    return Meaning(None, "period")


def _row(kind: str, pattern: str, resolve: Resolver) -> tuple[str, re.Pattern[str], Resolver]:
    return kind, re.compile(rf"(?<![\w-]){pattern}(?!\w)", re.IGNORECASE), resolve


# The longest phrase wins where two overlap, the earlier row where they are of one length.
PHRASES: tuple[tuple[str, re.Pattern[str], Resolver], ...] = (
    _row("date", r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?:T[\d:]+Z?)?", _iso),
    _row("date", r"(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<y>(?:19|20)\d\d)", _slashed),
    _row("date", rf"(?:{_WEEKDAY},? (?:the )?)?(?P<m>{_MONTH}) (?P<d>{_DAY_NO})(?:\s?(?:-|–|—|and|to|through|&)\s?(?P<d2>{_DAY_NO}))?(?![:%])(?:,? (?:of )?(?P<y>{_YEAR}))?", _calendar_day),
    _row("date", rf"(?:{_WEEKDAY},? (?:the )?)?(?P<d>{_DAY_NO})\s?(?:-|–|—|and|to|through|&)\s?(?P<d2>{_DAY_NO}) (?:of )?(?P<m>{_MONTH})(?:,? (?P<y>{_YEAR}|\d\d(?= \()))?", _calendar_day),
    _row("date", rf"(?:{_WEEKDAY},? (?:the )?)?(?P<d>{_DAY_NO}) (?:of )?(?P<m>{_MONTH})(?:,? (?P<y>{_YEAR}|\d\d(?= \()))?(?! \d{{1,2}}(?!\d))", _calendar_day),
    _row("month", rf"(?:(?P<part>early|mid|late|beginning of|start of|end of)[ -](?:in )?)?(?:(?P<which>last|this|next|of) )?(?P<m>{_FULL_MONTH}|(?:jan|feb|aug|sept|oct|nov|dec)\.?)(?:,? (?:of )?(?P<y>{_YEAR}))?", _calendar_month),
    _row("weekday", rf"(?:{_PART} (?:of |on )?)?(?:(?P<which>last|this|next|this past) )?(?P<w>{_WEEKDAY})(?P<plural>s)?(?: {_PART})?", _weekday_named),
    _row("near", rf"(?:{_PART} )?(?P<near>today|tonight|yesterday|tomorrow|the day before yesterday)(?: {_PART})?", _near_day),
    _row("near", r"(?:early |late |earlier )?(?P<near>this (?:morning|afternoon|evening))", _near_day),
    _row("near", r"(?:late )?last night", _last_night),
    _row("near", r"overnight|over night|during the night", _overnight),
    _row("near", r"(?:(?P<part>early|earlier|mid|late|later) )?(?P<which>this|last|next|the previous) (?P<unit>weekend|week|month|year)", _near_period),
    _row("ago", rf"(?P<vague>(?:more than|over|nearly|almost|less than|at least|several|some) )?(?:about |around |just |some )?(?P<n>{_COUNT}) (?P<unit>{_UNIT}) (?:ago|back)", _ago),
    _row("past", rf"(?:the |these )?(?:past|last|previous|preceding) (?:(?P<n>{_COUNT}|few|several|couple of) )?(?P<unit>hours?|days?|weeks?|months?|years?|decades?)", _past),
    _row("year", rf"(?:(?:the )?(?P<part>early|mid|late|beginning of|start of|end of)[ -])?(?P<y>{_YEAR})(?:\s?[-–]\s?(?P<y2>(?:{_YEAR}|\d\d)))?", _year_named),
    _row("season", rf"(?:(?:the|last|this) )?(?P<s>spring|summer|autumn|winter)(?: (?:of )?(?P<y>{_YEAR}))?(?! (?:camp|offensive|school|session|games))", _season_named),
    _row("vague", r"(?:in |over |during )?(?:recent|the coming|coming|the last few|the past few) (?:hours|days|weeks|months|years)|recently|lately|(?:days|weeks|months|years|decades) ago|in the following (?:hours|days|weeks|months)|(?:hours|days|weeks|months|years) (?:later|earlier)|in the (?:19|20)\d0s|in the past|previously|in history", _vague),
)  # fmt: skip

RELATIVE = re.compile(
    rf"(?<![\w-])(?:(?P<same>(?:(?:on|later|earlier) )?(?:the|that) (?:same|very) (?:day|night|morning|evening|afternoon))"
    rf"|(?P<that>(?:on|later|earlier) that (?:day|night|morning|evening))"
    rf"|(?P<next>(?:on )?the (?:next|following) (?:day|morning|night|week|month|year)|a (?:day|week|month|year) later)"
    rf"|(?P<prior>(?:on )?the (?:previous|preceding) (?:day|evening|night)|the (?:day|night|evening) before|a (?:day|week|month|year) (?:earlier|before))"
    rf"|(?P<n>{_COUNT}) (?P<unit>days?|weeks?|months?|years?) (?P<way>after|before|later|earlier|following))(?!\w)",
    re.IGNORECASE,
)

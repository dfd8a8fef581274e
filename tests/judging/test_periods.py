from __future__ import annotations

import pytest

from trucewatch.judging.moments import Moment, window
from trucewatch.judging.periods import Period, inside
from trucewatch.terms.times import Interval

MIDNIGHT = Period(Moment("2020-03-06T00:01", "not stated", ("Europe/Moscow", "Asia/Damascus")))
STATED = Period(Moment("2024-11-27T04:00", "Asia/Beirut"))


def verdict(period: Period, first: str | None, last: str | None, zone: str | None = "Asia/Damascus") -> str:
    return inside(period, window(Interval(first, last)), zone).verdict


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2020-03-06T00:00", "2020-03-06T00:00", "no"),
        ("2020-03-06T00:01", "2020-03-06T00:01", "yes"),
        ("2020-03-06T00:00", "2020-03-06T00:01", "undetermined"),
        ("2020-03-05T23:30", "2020-03-06T00:30", "undetermined"),
        ("2020-03-05", "2020-03-05", "no"),
        ("2020-03-06", "2020-03-06", "yes"),  # told by its day: the drafters' midnight is the day's
        ("2020-03-05", "2020-03-06", "undetermined"),
        (None, "2020-03-05", "no"),
        (None, "2020-03-07", "undetermined"),
        ("2020-03-07", None, "yes"),
    ],
)
def test_minutes_around_the_entry_into_force(first: str | None, last: str | None, expected: str) -> None:
    assert verdict(MIDNIGHT, first, last) == expected


def test_the_share_of_a_day_says_that_one_minute_is_outside() -> None:
    share = inside(MIDNIGHT, window(Interval("2020-03-06", "2020-03-06")), None)
    assert share.share == pytest.approx(1439 / 1440)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-03-05T20:59+00:00", "no"),  # before one past midnight in Moscow and in Damascus
        ("2020-03-05T21:30+00:00", "undetermined"),  # after it in Moscow, before it in Damascus
        ("2020-03-05T22:01+00:00", "yes"),
    ],
)
def test_a_zone_that_is_not_stated_leaves_the_hour_between_open(at: str, expected: str) -> None:
    assert verdict(MIDNIGHT, at, at) == expected


def test_the_question_of_the_zone_is_what_is_missing() -> None:
    share = inside(MIDNIGHT, window(Interval("2020-03-05T21:30+00:00", "2020-03-05T21:30+00:00")), "Asia/Damascus")
    assert share.missing is not None
    assert "time zone" in share.missing


@pytest.mark.parametrize(
    ("at", "zone", "expected"),
    [
        ("2024-11-27T03:59", "Asia/Beirut", "no"),
        ("2024-11-27T04:00", "Asia/Beirut", "yes"),
        ("2024-11-27T01:59+00:00", "Asia/Beirut", "no"),
        ("2024-11-27T02:00+00:00", "Asia/Beirut", "yes"),
        ("2024-11-27T05:30", "Europe/Moscow", "yes"),
        ("2024-11-27T04:30", "Europe/Moscow", "no"),
    ],
)
def test_clocks_are_compared_across_zones(at: str, zone: str, expected: str) -> None:
    assert verdict(STATED, at, at, zone) == expected


def test_a_date_without_an_hour_leaves_its_day_open() -> None:
    period = Period(Moment("2018-09-17", "not stated"))
    assert verdict(period, "2018-09-17", "2018-09-17") == "undetermined"
    assert verdict(period, "2018-09-18", "2018-09-18") == "yes"
    assert verdict(period, "2018-09-16", "2018-09-16") == "no"


def test_no_time_is_undetermined() -> None:
    assert inside(MIDNIGHT, None, None).verdict == "undetermined"


def test_an_end_is_excluded() -> None:
    period = Period(until=Moment("2020-03-06T00:01"))
    assert verdict(period, "2020-03-06T00:00", "2020-03-06T00:00") == "yes"
    assert verdict(period, "2020-03-06T00:01", "2020-03-06T00:01") == "no"
    assert verdict(period, "2020-03-06", "2020-03-06") == "no"

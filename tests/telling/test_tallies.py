from __future__ import annotations

import pytest
from tellers import Told, reversed_telling

from trucewatch.telling.tallies import Check, check_tallies
from trucewatch.telling.units import measure_of


def only(told: Told) -> Check:
    (check,) = check_tallies(told.telling())
    return check


def test_a_claim_the_ledger_reaches_is_covered(told: Told) -> None:
    told.incident("a").incident("b", day="2031-05-06").tally("t", 2)
    check = only(told)
    assert (check.verdict, check.share) == ("covered", 1.0)


def test_a_claim_beyond_the_ledger_is_partly_covered(told: Told) -> None:
    told.incident("a").tally("t", 70)
    check = only(told)
    assert check.verdict == "partly_covered"
    assert check.everyone is not None
    assert check.everyone.incident_ids == ("inc_a",)


def test_a_claim_of_which_nothing_is_documented_is_uncovered(told: Told) -> None:
    assert only(told.tally("t", 70)).verdict == "uncovered"


def test_only_incidents_of_the_window_count(told: Told) -> None:
    told.incident("before", day="2031-04-30").incident("after", day="2031-05-11").tally("t", 2)
    assert only(told).verdict == "uncovered"


def test_only_incidents_of_the_accused_count(told: Told) -> None:
    told.incident("a", by="Southern army").tally("t", 1)
    assert only(told).verdict == "uncovered"


def test_an_accused_state_answers_for_its_army(told: Told) -> None:
    assert only(told.incident("a").tally("t", 1, accused=("North",))).verdict == "covered"


def test_an_accused_army_does_not_answer_for_its_state(told: Told) -> None:
    assert only(told.incident("a", by="North").tally("t", 1)).verdict == "uncovered"


def test_the_claimants_own_tellings_are_counted_apart(told: Told) -> None:
    told.incident("a", told_by=("Southern Voice",)).incident("b", day="2031-05-06").tally("t", 2)
    check = only(told)
    assert check.own is not None
    assert check.own.incident_ids == ("inc_a",)


def test_deaths_are_added_up_with_their_range(told: Told) -> None:
    told.incident("a", killed=(2, 4)).incident("b", day="2031-05-06", killed=(1, 1)).tally("t", 9, "civilians killed")
    check = only(told)
    assert check.everyone is not None
    assert (check.everyone.low, check.everyone.high, check.share) == (3, 5, 0.556)


def test_sites_are_places_by_day(told: Told) -> None:
    told.incident("a", places=("Gorno", "Selo")).incident("b").tally("t", 2, "sites attacked")
    assert only(told).verdict == "covered"


def test_denied_and_threatened_incidents_bear_nothing_out(told: Told) -> None:
    told.incident("a", reality="denied").incident("b", reality="threatened").tally("t", 1)
    assert only(told).verdict == "uncovered"


def test_displaced_people_are_not_comparable(told: Told) -> None:
    check = only(told.tally("t", 690_000, "displaced people"))
    assert (check.verdict, check.everyone, check.share) == ("not_comparable", None, None)


def test_a_claim_without_a_beginning_is_not_comparable(told: Told) -> None:
    assert only(told.incident("a").tally("t", 1, since=None)).verdict == "not_comparable"


def test_parts_beyond_the_whole_cannot_be(told: Told) -> None:
    check = only(told.tally("t", 118, "sites attacked", parts=(41, 22, 30, 35)))
    assert check.verdict == "impossible"
    assert "128" in check.faults[0].what


def test_parts_below_the_whole_may_be_some_of_it_and_say_how_far_they_fall_short(told: Told) -> None:
    check = only(told.tally("t", 118, parts=(41, 22)))
    assert check.faults == ()
    assert check.remarks == ("its parts 41 + 22 come to 63, 55 fewer than the 118 claimed: the rest is not told",)


@pytest.mark.parametrize("parts", [(41, 77), (41,), ()])
def test_parts_that_make_up_the_whole_need_no_remark(told: Told, parts: tuple[int, ...]) -> None:
    assert only(told.tally("t", 118, parts=parts)).remarks == ()


def test_a_cumulative_figure_that_falls_cannot_be(told: Told) -> None:
    told.tally("june", 312, published="2031-06-01").tally("july", 298, published="2031-07-15")
    checks = check_tallies(told.telling())
    assert [(c.verdict, c.faults[0].code, c.faults[0].other_id) for c in checks] == [
        ("impossible", "falls", "tal_july"),
        ("impossible", "falls", "tal_june"),
    ]


def test_a_cumulative_figure_that_grows_stands(told: Told) -> None:
    told.tally("june", 298, published="2031-06-01").tally("july", 312, published="2031-07-15")
    assert all(c.faults == () for c in check_tallies(told.telling()))


def test_a_window_inside_a_longer_one_cannot_hold_more(told: Told) -> None:
    told.tally("week", 50, since="2031-05-03", until="2031-05-05").tally("month", 40, until="2031-05-31")
    assert {c.faults[0].code for c in check_tallies(told.telling())} == {"window"}


def test_two_speakers_may_contradict_each_other(told: Told) -> None:
    told.tally("june", 312, published="2031-06-01")
    told.tally("july", 298, published="2031-07-15", source="Northern Voice")
    assert all(c.faults == () for c in check_tallies(told.telling()))


def test_at_least_and_up_to_leave_room(told: Told) -> None:
    told.tally("june", (312, None), published="2031-06-01").tally("july", (None, 320), published="2031-07-15")
    assert all(c.faults == () for c in check_tallies(told.telling()))


def test_order_changes_no_check(told: Told) -> None:
    told.incident("a").tally("june", 312, published="2031-06-01").tally("july", 298, published="2031-07-15")
    telling = told.telling()
    assert check_tallies(telling) == check_tallies(reversed_telling(telling))


@pytest.mark.parametrize(
    ("unit", "what"),
    [
        ("violations", "incidents"), ("sites attacked", "site_days"), ("civilians killed", "killed"),
        ("air raids", "incidents"), ("injured", "injured"), ("displaced people", "not comparable"),
        ("blue things", "not comparable"),
    ],
)  # fmt: skip
def test_units_mean_something_countable_or_nothing(unit: str, what: str) -> None:
    assert measure_of(unit).what == what

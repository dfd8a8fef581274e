"""The measures, against cases worked out by hand and laws they must keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.telling.scores import acceptable, b_cubed, overlap, quote_span, rates, same_name, score

TEXT = "Rebels shelled Qarin on Friday. The army seized Moro. The army denied it. Monitors count 57 violations."


def account(quote="Rebels shelled Qarin", **changes):
    base = {
        "type": "shelling", "quote": quote, "reality": "asserted", "date": None, "killed": None, "injured": None,
        "places": [{"name": "Qarin", "lat": 10.0, "lon": 20.0}], "actors": ["Rebels"], "targets": [], "said_by": None,
        "breach": False,
    }  # fmt: skip
    return {**base, **changes}


def run(gold, predicted, links=None):
    whole = {"accounts": [], "statements": [], "tallies": []}
    return score({"r": {"text": TEXT, **whole, **gold}}, {"r": {**whole, **predicted}}, links)


def test_the_same_reading_is_right_in_everything():
    got = run({"accounts": [account()]}, {"accounts": [account()]})
    assert got["row"]["f1"] == got["found"]["f1"] == got["geo"]["within_10km"] == 1.0
    assert set(got["fields"].values()) == {1.0}


def test_another_type_of_the_family_is_found_only_as_family():
    got = run({"accounts": [account()]}, {"accounts": [account(type="attack")]})
    assert (got["found"]["f1"], got["found_family"]["f1"]) == (0.0, 1.0)


def test_a_wrong_toll_spoils_the_row_and_nothing_else():
    got = run({"accounts": [account()]}, {"accounts": [account(killed={"min": 1, "max": 1})]})
    assert (got["found"]["f1"], got["row"]["f1"], got["fields"]["killed"], got["fields"]["date"]) == (
        1.0,
        0.0,
        0.0,
        1.0,
    )


def test_one_account_is_not_found_twice():
    got = run({"accounts": [account()]}, {"accounts": [account(), account()]})
    assert got["found"] == {"precision": 0.5, "recall": 1.0, "f1": 0.667}


def test_a_missing_report_counts_as_nothing_read():
    got = score({"r": {"text": TEXT, "accounts": [account()]}}, {})
    assert got["found"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_what_is_read_from_a_quiet_report_is_counted():
    assert run({}, {"accounts": [account()]})["quiet_reports"] == {"reports": 1, "accounts_wrongly_read": 1}


def test_a_statement_needs_kind_and_speaker():
    gold = {"statements": [{"kind": "denial", "speaker": "army", "quote": "The army denied it"}]}
    right = {"statements": [{"kind": "denial", "speaker": "The army", "quote": "army denied it"}]}
    wrong = {"statements": [{"kind": "denial", "speaker": "rebels", "quote": "army denied it"}]}
    assert (run(gold, right)["statements"]["f1"], run(gold, wrong)["statements"]["f1"]) == (1.0, 0.0)


def test_a_tally_needs_both_bounds():
    gold = {"tallies": [{"count": {"min": 57, "max": 57}, "quote": "57 violations"}]}
    wrong = {"tallies": [{"count": {"min": 57, "max": None}, "quote": "57 violations"}]}
    assert (run(gold, gold)["tallies"]["f1"], run(gold, wrong)["tallies"]["f1"]) == (1.0, 0.0)


def test_the_distance_to_the_nearest_point_counts():
    far = account(places=[{"name": "Qarin", "lat": 10.2, "lon": 20.0}])
    assert run({"accounts": [account()]}, {"accounts": [far]})["geo"] == {
        "places": 1, "located": 1.0, "within_10km": 0.0, "within_25km": 1.0, "median_km": 22.2,
    }  # fmt: skip


def test_links_are_scored_over_the_found_accounts():
    two = [account(), account("The army seized Moro", type="territorial_change")]
    joined = [{**a, "incident": "same"} for a in two]
    assert run({"accounts": two}, {"accounts": joined}, [[("r", 0), ("r", 1)]])["linking"]["f1"] == 1.0
    assert run({"accounts": two}, {"accounts": joined}, [])["linking"]["precision"] == 0.5


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [("Syrian army", "the Syrian Army", True), ("HTS", "Hayat Tahrir", False), ("Idlib city", "city of Idlib", True),
     ("Ma'arrat", "Maarrat", False), ("", "HTS", False), ("Zélie", "Zelie", True)],
)  # fmt: skip
def test_names_are_compared_by_the_words_that_tell(left, right, same):
    assert same_name(left, right) is same


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_overlap_is_symmetric_and_a_share(a, n, b, m):
    left, right = (a, a + n), (b, b + m)
    assert overlap(left, right) == overlap(right, left)
    assert 0 <= overlap(left, right) <= 1


@given(st.dictionaries(st.text("abc", min_size=1), st.sampled_from("xyz"), min_size=1))
def test_a_clustering_agrees_with_itself(clusters):
    assert b_cubed(clusters, clusters)["f1"] == 1.0


def test_offsets_come_before_the_words():
    assert quote_span({"start": 3, "end": 5, "quote": "Rebels"}, TEXT) == (3, 5)
    assert quote_span({"quote": "nowhere"}, TEXT) == (-1, -1)


def test_rates_divide_by_nothing_as_zero():
    assert rates(0, 0, 0) == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


def test_half_of_the_places_is_enough_for_a_row():
    right = dict.fromkeys(("reality", "date", "killed", "injured"), 1.0)
    assert acceptable({**right, "places": 0.5, "actors": 0.5})
    assert not acceptable({**right, "places": 0.4, "actors": 1.0})

"""Choices: probabilities, what is taken, and that the order of features does not matter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from trucewatch.reading.choosing import Choice

CHOICE = Choice({"by": 2.0, "far": -3.0, "bias": -1.0}, threshold=0.25, ratio=0.5)
FEATURES = st.dictionaries(st.sampled_from(["by", "far", "bias", "unknown"]), st.floats(-5, 5), max_size=4)


def test_takes_the_likely_ones_the_likeliest_first() -> None:
    assert CHOICE.taken([{"bias": 1.0}, {"bias": 1.0, "by": 1.0}, {"bias": 1.0, "far": 1.0}]) == [1]
    assert CHOICE.taken([{"by": 0.5}, {"by": 1.0}]) == [1, 0]


def test_takes_none_below_the_threshold() -> None:
    assert CHOICE.taken([{"far": 1.0}, {"far": 2.0}]) == []
    assert CHOICE.taken([]) == []


def test_best_is_the_first_of_equals_and_shares_sum_to_one() -> None:
    assert CHOICE.best([{}, {"by": 1.0}, {"by": 1.0}])[0] == 1
    assert CHOICE.best([{}, {}])[1] == approx(0.5)


@given(FEATURES)
def test_order_of_features_does_not_matter(features: dict[str, float]) -> None:
    turned = dict(reversed(list(features.items())))
    assert CHOICE.prob(features) == CHOICE.prob(turned)


@given(st.lists(FEATURES, max_size=6))
def test_a_lower_threshold_never_takes_fewer(options: list[dict[str, float]]) -> None:
    loose = Choice(CHOICE.weights, 0.1, 0.5)
    assert set(CHOICE.taken(options)) <= set(loose.taken(options))

from __future__ import annotations

import pytest
from tellers import Told

from trucewatch.telling.ledgers import Rankings, rank_by_rule
from trucewatch.telling.ranks import leaders, rank_rows, rules_of


@pytest.fixture
def rankings(told: Told) -> Rankings:
    """By incidents the Northerners lead with three to two; by sites the Guests do, with four places to three."""
    for name, day in (("a", "2031-05-04"), ("b", "2031-05-05"), ("c", "2031-05-06")):
        told.incident(name, day=day)
    told.incident("d", "Guests", places=("Selo", "Brod"), day="2031-05-07")
    told.incident("e", "Guests", places=("Selo", "Brod"), day="2031-05-08", killed=(1, 1))
    return rank_by_rule(told.telling(), ("incident", "site_day", "ucdp_like"))


def test_who_stands_first_is_told_with_the_rules(rankings: Rankings) -> None:
    assert leaders(rankings) == (("northern-army", ("incident",)), ("guests", ("site_day", "ucdp_like")))


def test_a_move_is_counted_from_the_first_rule(rankings: Rankings) -> None:
    moves = {row.accused: [rank.up for rank in row.ranks] for row in rank_rows(rankings)}
    assert moves["northern-army"][:2] == [0, -1]
    assert moves["guests"] == [0, 1, 1]


def test_a_last_place_of_nothing_is_no_move(rankings: Rankings) -> None:
    (north,) = [row for row in rank_rows(rankings) if row.accused == "northern-army"]
    last = north.ranks[rules_of(rankings).index("ucdp_like")]
    assert (last.counted, last.rank, last.up) == (False, 2, 0)


def test_shares_are_of_the_greatest_under_the_same_rule(rankings: Rankings) -> None:
    shares = {row.accused: [round(rank.share, 2) for rank in row.ranks] for row in rank_rows(rankings)}
    assert shares == {"northern-army": [1.0, 0.75, 0.0], "guests": [0.67, 1.0, 1.0]}


def test_nobody_accused_gives_no_rows(told: Told) -> None:
    assert rank_rows(rank_by_rule(told.telling())) == ()
    assert leaders(rank_by_rule(told.telling())) == ()


def test_who_is_not_named_comes_last_and_leads_nowhere(told: Told) -> None:
    told.incident("a", "Guests").incident("b", by="").incident("c", by="", day="2031-05-06").incident("d", "gunmen")
    found = rank_by_rule(told.telling(), ("incident", "site_day"))
    assert [row.accused for row in rank_rows(found)] == ["guests", "gunmen (whose is not told)", "doer not told"]
    assert leaders(found) == (("guests", ("incident", "site_day")),)
    assert found.moved == ()

"""Where an act happened, told apart from where somebody spoke and from what only says where a place lies."""

from __future__ import annotations

import pytest
from parsing import report, shared_reader

pytestmark = pytest.mark.model


def places(text: str, kind: str) -> list[str]:
    [reading] = shared_reader()([report(text)])
    return [p.name for a in reading.accounts if a.type == kind for p in a.places]


def test_the_country_is_left_out_where_a_town_is_told() -> None:
    assert places("Artillery shelled the town of Orvash in Sudan on Friday, killing four.", "shelling") == ["Orvash"]


def test_a_unit_behind_a_place_only_says_where_it_lies() -> None:
    text = "Government warplanes bombed the village of Belem in Kantar province on Monday."
    assert places(text, "airstrike") == ["Belem"]


def test_the_place_of_the_sentence_before_is_carried_on() -> None:
    text = "Rebels entered the town of Orvash on Monday. Artillery then shelled the town, killing three people."
    assert places(text, "shelling") == ["Orvash"]

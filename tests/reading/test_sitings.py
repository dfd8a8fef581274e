"""Where an act happened, told apart from where somebody spoke and from what only says where a place lies."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from parsing import report, shared_reader

from trucewatch.reading.readers import Reader
from trucewatch.terms.places import NameHit

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


class Known:
    """A gazetteer of a few made-up towns."""

    towns = (("Anfa",), ("Borun", "Carim"), ("Dalo",), ("Orvash",))

    def hits(self, words: Sequence[str]) -> list[NameHit]:
        found = [
            NameHit(at, at + len(town), 1, True, 0.5)
            for at in range(len(words))
            for town in self.towns
            if tuple(words[at : at + len(town)]) == town
        ]
        return found


def test_places_listed_without_commas_are_told_apart() -> None:
    text = "Jets bombed the towns of Anfa Borun Carim Zeveh Dalo on Monday. Shells hit Orvash."
    [reading] = Reader(place_names=Known())([report(text)])
    [account] = [a for a in reading.accounts if a.type == "airstrike"]
    assert {"Anfa", "Borun Carim", "Dalo"} <= {p.name for p in account.places}
    assert not any("Anfa Borun" in p.name for p in account.places)


def test_a_party_is_no_place() -> None:
    text = "Fighters of the Orvash Brigade clashed with soldiers of the army near Belem on Friday, killing two."
    assert places(text, "armed_clash") == ["Belem"]

"""Parties with their whole names, whatever the parser makes of hyphens."""

from __future__ import annotations

import pytest
from parsing import context_of, report, shared_reader

from trucewatch.reading.castings import whole
from trucewatch.reading.contexts import ActorMention
from trucewatch.terms.spans import Span

pytestmark = pytest.mark.model


def test_a_name_goes_on_over_the_hyphens_of_its_particle() -> None:
    text = "Fighters of Hayat Orvash al-Belem shelled the town of Tirak."
    context = context_of(text)
    words = [t.text for t in context.doc]
    for word in ("Orvash", "al", "Belem"):
        at = words.index(word)
        token = context.doc[at]
        part = ActorMention(word, Span(token.idx, token.idx + len(token)), at, at + 1, at, "armed")
        name = whole(context.doc, part).name
        assert name.endswith("al-Belem")
        assert name == text[text.index(name) : text.index(name) + len(name)]


def test_a_name_without_hyphens_stays() -> None:
    context = context_of("The army shelled Tirak.")
    part = ActorMention("army", Span(4, 8), 1, 2, 1, "armed")
    assert whole(context.doc, part) is part


def test_a_day_before_a_party_is_no_part_of_its_name() -> None:
    [reading] = shared_reader()([report("On Friday regime forces shelled the town of Orvash, killing two farmers.")])
    assert [a.name for a in reading.accounts[0].actors] == ["regime forces"]


def actors_of(text: str) -> list[list[str]]:
    [reading] = shared_reader()([report(text)])
    assert reading.accounts
    return [[a.name for a in account.actors] for account in reading.accounts]


@pytest.mark.parametrize(
    "text",
    [
        "A bomb went off on the road near Orvash on Tuesday as the 21st joint patrol passed.",
        "A joint patrol was held near Orvash on Tuesday.",
    ],
)
def test_a_patrol_that_tells_not_whose_it_is_is_nobody(text: str) -> None:
    assert all("patrol" not in name for names in actors_of(text) for name in names)


def test_a_patrol_of_somebody_is_a_doer() -> None:
    assert any(
        "patrol" in name or "Orv" in name
        for names in actors_of("An Orvian army patrol shelled Tirak.")
        for name in names
    )


def test_who_was_hit_did_not_do_it() -> None:
    told = "A Turkish soldier was killed on Wednesday when a bomb exploded near Orvash."
    text = f"Soldier killed by a bomb near Orvash\n\n{told}"
    assert all(name.lower() != "soldier" for names in actors_of(text) for name in names)

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

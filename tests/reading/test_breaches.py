"""Breaches: called so, or set against a truce in or beside the sentence of the act."""

from __future__ import annotations

import pytest
from parsing import context_of, shared_reader

from trucewatch.reading.breaches import breach_of, called_breach
from trucewatch.reading.guesses import Guess


@pytest.mark.parametrize(
    "text",
    [
        "Shells fell on Orvash in violation of the ceasefire.",
        "The strike came despite a two-week-old truce.",
        "The army broke an 18-month ceasefire by bombing Tirak.",
        "It was the first death since the cessation of hostilities took effect.",
        "The raid dealt a setback to a shaky ceasefire.",
    ],
)
def test_words_set_against_a_truce_call_a_breach(text: str) -> None:
    assert called_breach(text)


@pytest.mark.parametrize(
    "text",
    [
        "The army shelled Orvash on Monday.",
        "The ceasefire was signed in Belem.",
        "The general was accused of violations of human rights.",
        "The talks broke up without an agreement on the road.",
    ],
)
def test_other_words_call_none(text: str) -> None:
    assert not called_breach(text)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels shelled Orvash on Monday. It was a breach of the ceasefire, the ministry said.", {"shelling": True}),
        ("Rebels shelled Orvash on Monday. The town lies on the river.", {"shelling": False}),
        (
            "Rebels shelled Orvash on Monday. Each side accuses the other of truce violations, and one another.",
            {"shelling": False},
        ),
    ],
)
def test_the_sentence_beside_a_violent_act_counts(text: str, expected: dict[str, bool]) -> None:
    context = context_of(text)
    found = {c.type: breach_of(context, c, ()) for c in shared_reader().candidates(context, Guess())[:1]}
    assert found == expected

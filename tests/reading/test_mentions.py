"""Places, acts, speakers and reality on sentences of our own."""

from __future__ import annotations

import pytest
from parsing import context_of

from trucewatch.reading.english.lexicons import build, english_lexicon
from trucewatch.reading.mentions.acts import find_acts
from trucewatch.reading.passages import triage
from trucewatch.reading.reality import reality_of
from trucewatch.terms.codebooks import load_codebook
from trucewatch.terms.errors import SettingsError

pytestmark = pytest.mark.model


def acts(text: str) -> list[tuple[str, str]]:
    context = context_of(text)
    found = find_acts(context.doc, english_lexicon(), context.sentences, context.skipped)
    return [(context.doc[a.token].text, a.type) for a in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Warplanes hit the market in Belem.", ("hit", "airstrike")),
        ("Rockets hit the market in Belem.", ("hit", "shelling")),
        ("A car bomb killed two officers in Belem.", ("bomb", "bombing")),
        ("The rebels took full control of Orvash.", ("took", "territorial_change")),
        ("Soldiers opened fire on a bus near Tirak.", ("opened", "gunfire")),
    ],
)
def test_the_means_beside_an_act_say_its_type(text: str, expected: tuple[str, str]) -> None:
    assert expected in acts(text)


def test_blocked_phrases_name_no_act() -> None:
    assert acts("He died after a heart attack.")[:1] != [("attack", "attack")]


def test_a_lexicon_with_an_unknown_type_is_refused() -> None:
    book = load_codebook("lexicon_en")
    with pytest.raises(SettingsError, match="shellfire"):
        build({**book, "acts": {**book["acts"], "shellfire": {"nouns": ["shellfire"]}}})


def test_a_word_an_analyst_adds_takes_effect() -> None:
    book = load_codebook("lexicon_en")
    more = build({**book, "acts": {**book["acts"], "shelling": {"nouns": ["grimble"], "verbs": []}}})
    assert triage("The grimble went on.", more)
    assert not triage("The grimble went on.", english_lexicon())


@pytest.mark.parametrize(
    ("text", "name", "relation"),
    [
        ("Shells fell on the village of Orvash.", "Orvash", "in"),
        ("Shells fell near Orvash.", "Orvash", "near"),
        ("Shells fell south of Orvash.", "Orvash", "direction"),
        ("Shells fell 12 km west of Orvash.", "Orvash", "distance"),
        ("Shells fell in the countryside of Orvash.", "Orvash", "countryside"),
    ],
)
def test_a_place_is_found_by_its_cue_with_how_the_act_lies_to_it(text: str, name: str, relation: str) -> None:
    assert [(p.mention.name, p.mention.relation) for p in context_of(text).places] == [(name, relation)]


def test_a_distance_is_in_metres_with_its_bearing() -> None:
    [place] = context_of("Shells fell 12 km west of Orvash.").places
    assert (place.mention.distance_m, place.mention.bearing) == (12000.0, "W")


@pytest.mark.parametrize(
    ("text", "word", "reality"),
    [
        ("The army shelled Orvash.", "shelled", "asserted"),
        ("The army did not shell Orvash.", "shell", "denied"),
        ("The army will shell Orvash.", "shell", "planned"),
        ("The army could shell Orvash.", "shell", "hypothetical"),
        ("The army threatened to shell Orvash.", "shell", "threatened"),
        ("The army plans to shell Orvash.", "shell", "planned"),
    ],
)
def test_reality_is_read_off_the_verbs_around_the_act(text: str, word: str, reality: str) -> None:
    doc = context_of(text).doc
    [token] = [t for t in doc if t.text == word]
    assert reality_of(doc, token.i, token.i) == reality


@pytest.mark.parametrize(
    ("text", "reality"),
    [
        ("Reports of strikes on villages near Orvash are false, the ministry said.", "denied"),
        ("The army rejected claims of strikes on Orvash.", "denied"),
        ("Reports of strikes on Orvash came in on Monday.", "asserted"),
    ],
)
def test_what_reports_are_called_false_of_is_denied(text: str, reality: str) -> None:
    doc = context_of(text).doc
    [token] = [t for t in doc if t.text == "strikes"]
    assert reality_of(doc, token.i, None) == reality


def speakers(text: str, word: str) -> list[str]:
    context = context_of(text)
    [token] = [t for t in context.doc if t.text == word]
    return [s.name for s in context.speakers_at(token.i)]


def test_the_subject_of_a_speech_verb_answers_for_its_clause() -> None:
    assert speakers("The Valley Observatory said that rebels shelled Orvash.", "shelled") == ["Valley Observatory"]


def test_a_pronoun_speaks_for_the_last_speaker() -> None:
    text = "Mara Kessel said the road was calm. She added that rebels shelled Orvash."
    assert speakers(text, "shelled") == ["Mara Kessel"]


def test_the_narrator_has_no_speaker() -> None:
    assert speakers("Rebels shelled Orvash.", "shelled") == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("A source at the Orvash Police Command said that rebels shelled the town.", "Orvash Police Command"),
        ("The agency quoted General Tirak as saying that rebels had shelled the town.", "Tirak"),
        ("The ministry issued a statement saying that rebels had shelled the town.", "ministry"),
    ],
)
def test_a_speaker_is_named_with_whose_he_is(text: str, speaker: str) -> None:
    context = context_of(text)
    assert any(speaker in a.speakers[-1].name for a in context.attributions if a.speakers)

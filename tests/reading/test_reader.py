"""The reader on sentences of our own: who did what to whom, where, who says so, and what is no incident."""

from __future__ import annotations

import pytest
from parsing import report, shared_reader

from trucewatch.terms.accounts import Account, ReportReading
from trucewatch.terms.spans import grounded

pytestmark = pytest.mark.model


def read(text: str, **more: str | None) -> ReportReading:
    [reading] = shared_reader()([report(text, **more)])
    return reading


def the(text: str, kind: str) -> Account:
    [account] = [a for a in read(text).accounts if a.type == kind]
    return account


def test_a_passive_names_doer_target_and_place() -> None:
    account = the(
        "The village of Orvash was shelled by Kantar army artillery on Friday, killing four people.", "shelling"
    )
    assert [p.name for p in account.places] == ["Orvash"]
    assert any("Kantar" in p.name for p in account.actors)
    assert account.killed is not None and account.killed.min == account.killed.max == 4


def test_several_places_of_one_act_are_one_account() -> None:
    account = the("Government warplanes bombed the villages of Orvash, Belem and Tirak on Monday.", "airstrike")
    assert [p.name for p in account.places] == ["Orvash", "Belem", "Tirak"]


def test_who_says_so_is_read_from_according_to() -> None:
    account = the("Rebels shelled the town of Belem on Sunday, according to the Valley Observatory.", "shelling")
    assert account.said_by and "Observatory" in account.said_by[-1].name


def test_a_denied_act_is_no_account() -> None:
    assert not [a for a in read("The army did not shell the town of Belem on Sunday.").accounts if a.type == "shelling"]


def test_quotes_are_slices_of_the_text() -> None:
    text = "Belem (Valley Post)\n\nClashes broke out near Orvash on Friday.\nGunmen kidnapped three farmers in Tirak.\n"
    reading = read(text)
    assert reading.accounts
    assert all(grounded(text, a.span, a.quote) for a in reading.accounts)


def test_the_same_reports_give_the_same_reading() -> None:
    text = "Rebels shelled Belem on Sunday. The army captured the town of Orvash on Monday, residents said."
    assert read(text) == read(text)


def test_the_order_of_a_batch_is_kept() -> None:
    texts = ["Rebels shelled the town of Belem.", "The choir sang.", "Gunmen kidnapped two farmers in Tirak."]
    assert [r.report.text for r in shared_reader()([report(t) for t in texts])] == texts


@pytest.mark.parametrize(
    "text",
    [
        "The two brands called a trade truce after months of a price war.",
        "He died of a heart attack at his home, the family said.",
        "The film opened to good reviews and the band released a new album.",
    ],
)
def test_the_words_of_war_used_for_something_else_are_no_accounts(text: str) -> None:
    assert read(text).accounts == ()


def test_a_report_in_another_language_is_a_doubt() -> None:
    reading = read("Un texte.", language="fr")
    assert [d.code for d in reading.doubts] == ["language-unread"]

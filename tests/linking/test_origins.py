"""Who first said it: the chain of speakers, then who was copied, then who published."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_accounts import account, reading

from trucewatch.linking.origins import FirstTeller, Origins, gathered
from trucewatch.terms.accounts import Speaker
from trucewatch.terms.actors import Actor, Alias
from trucewatch.terms.registries import Registry
from trucewatch.terms.sources import Source

ORIGINS = Origins(
    [Source("wire", "Valley Wire", "B", (("*", "government"),), aliases=("VW",)), Source("paper", "Paper", "C")],
    Registry([Actor("army", "Army", "army", (Alias("The Military"),), side="government")]),
)


def teller(
    *said_by: Speaker, source: str | None = "Paper", copy_of: str | None = None, report: str = "r1"
) -> FirstTeller:
    told = replace(account(report), said_by=said_by)
    own = reading(report, told, source=source, duplicate_of="r0" if copy_of else None).report
    original = reading("r0", source=copy_of).report if copy_of else None
    return ORIGINS.first_teller(told, own, original)


def test_the_last_of_the_chain_first_said_it() -> None:
    found = teller(Speaker("activists", None, "unnamed"), Speaker("the Military"))
    assert (found.key, found.kind, found.side) == ("actor army", "speaker", "government")


def test_a_speaker_goes_before_the_copied_report_and_that_before_the_paper() -> None:
    assert teller(Speaker("Observatory"), copy_of="Valley Wire").key == "name observatory"
    copied = teller(copy_of="Valley Wire")
    assert (copied.key, copied.kind, copied.reliability) == ("source wire", "copy_group", "B")
    own = teller()
    assert (own.key, own.kind, own.reliability) == ("source paper", "source", "C")


def test_a_source_cited_by_another_is_the_source_under_any_of_its_names() -> None:
    assert teller(Speaker("VW")).key == teller(source="valley wire").key == "source wire"


def test_the_unnamed_are_one_within_a_paper_and_two_in_two() -> None:
    unnamed = Speaker("activists", None, "unnamed")
    one, same, other = (
        teller(unnamed), teller(unnamed, report="r2"), teller(unnamed, source="Valley Wire"),
    )  # fmt: skip
    assert one.key == same.key != other.key
    assert teller(unnamed, copy_of="Valley Wire").key == other.key


def test_without_a_source_a_text_and_its_copies_are_one() -> None:
    nameless = replace(reading("r2", source=None).report, duplicate_of="r1")
    first = reading("r1", source=None).report
    assert ORIGINS.first_teller(account("r1"), first).key == ORIGINS.first_teller(account("r2"), nameless, first).key


@pytest.mark.parametrize("turned", [False, True])
def test_origins_of_an_incident_do_not_depend_on_order(turned: bool) -> None:
    tellers = {
        "acc_1": teller(Speaker("Observatory")), "acc_2": teller(), "acc_3": teller(Speaker("The Observatory")),
    }  # fmt: skip
    found = gathered(tellers, sorted(tellers, reverse=turned))
    assert [(o.kind, o.account_ids) for o in found] == [("speaker", ("acc_1", "acc_3")), ("source", ("acc_2",))]

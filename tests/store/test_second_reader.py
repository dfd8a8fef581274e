"""A dossier that asks for a second reader: two different people, or nothing is in effect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gorno
import pytest

from trucewatch.running.decidings import decide_and_follow
from trucewatch.store import reader
from trucewatch.store.audits import audit
from trucewatch.store.filters import Filters
from trucewatch.store.models import AccountRow, IncidentAccountRow, IncidentRow
from trucewatch.store.opening import Store
from trucewatch.store.proposals import added, disputed, proposals
from trucewatch.terms.accounts import Account
from trucewatch.terms.decisions import Decision
from trucewatch.terms.errors import SettingsError, StoreError
from trucewatch.terms.ids import make_id
from trucewatch.terms.records import rebuild
from trucewatch.terms.spans import Span


@pytest.fixture
def two(stages: gorno.GornoStages) -> gorno.GornoStages:
    """The stages of a dossier that asks for a second reader."""
    stages.dossier = stages.dossier.model_copy(update={"second_reader": True})
    return stages


def say(stages: gorno.GornoStages, author: str, kind: str, subject: str, **words: Any) -> Decision:
    return decide_and_follow(stages, kind, subject, author=author, reason="because", **words)


def at_gorno() -> reader.IncidentView:
    return reader.incidents(Filters(place="Gorno")).rows[0]


def test_the_first_word_waits_and_the_second_puts_it_in_effect(store: Store, two: gorno.GornoStages) -> None:
    key = at_gorno().incident.incident_id
    first = say(two, "amal", "verify", key)
    assert (first.kind, first.new, at_gorno().state) == ("propose", "verify", "unreviewed")
    assert [f.belief for f in reader.findings_of(key)] == ["alleged"]
    second = say(two, "basma", "verify", key)
    assert (second.kind, at_gorno().state) == ("verify", "verified")
    assert [f.belief for f in reader.findings_of(key)] == ["verified"]
    assert proposals() == {} and not audit(store).faults


def test_nobody_is_a_second_reader_to_oneself(two: gorno.GornoStages) -> None:
    key = at_gorno().incident.incident_id
    say(two, "amal", "accept", key)
    with pytest.raises(SettingsError) as error:
        say(two, "amal", "accept", key, settles=True)
    assert error.value.code == "read-already" and at_gorno().state == "unreviewed"


def test_a_disagreement_is_settled_by_a_third_who_may(two: gorno.GornoStages) -> None:
    key = at_gorno().incident.incident_id
    say(two, "amal", "accept", key)
    say(two, "basma", "reject", key)
    assert disputed(proposals()[key])
    for author, settles, code in (("carim", False, "readers-disagree"), ("basma", True, "read-already")):
        with pytest.raises(SettingsError) as error:
            say(two, author, "reject", key, settles=settles)
        assert error.value.code == code
    assert say(two, "carim", "reject", key, settles=True).kind == "reject"
    assert at_gorno().state == "rejected" and proposals() == {}


def test_an_undone_reading_counts_no_more(two: gorno.GornoStages) -> None:
    key = at_gorno().incident.incident_id
    first = say(two, "amal", "accept", key)
    say(two, "amal", "undo", first.decision_id)
    assert proposals() == {}
    assert say(two, "basma", "accept", key).kind == "propose"


def test_undoing_the_second_word_leaves_the_first_waiting(two: gorno.GornoStages) -> None:
    key = at_gorno().incident.incident_id
    say(two, "amal", "accept", key)
    second = say(two, "basma", "accept", key)
    say(two, "basma", "undo", second.decision_id)
    assert at_gorno().state == "unreviewed"
    assert [(r.author, r.kind) for r in proposals()[key]] == [("amal", "accept")]


def test_a_correction_is_its_authors_accept_and_asks_the_others_anew(two: gorno.GornoStages) -> None:
    key = at_gorno().incident.incident_id
    say(two, "amal", "reject", key)
    say(two, "basma", "correct", key, field="type", new="airstrike")
    assert [(r.author, r.kind) for r in proposals()[key]] == [("basma", "accept")]
    assert say(two, "amal", "accept", key).kind == "accept"
    assert (at_gorno().state, at_gorno().incident.type) == ("accepted", "airstrike")


def test_an_incident_that_holds_other_accounts_by_now_is_read_anew(two: gorno.GornoStages) -> None:
    view = at_gorno()
    say(two, "amal", "accept", view.incident.incident_id)
    IncidentAccountRow.objects.filter(account_id=view.incident.account_ids[0]).delete()
    assert proposals() == {}
    assert say(two, "amal", "accept", view.incident.incident_id).kind == "propose"


def test_without_the_setting_one_word_is_enough(stages: gorno.GornoStages) -> None:
    assert say(stages, "amal", "accept", at_gorno().incident.incident_id).kind == "accept"


def test_an_account_waits_like_its_incident(store: Store, two: gorno.GornoStages) -> None:
    key = at_gorno().incident.account_ids[0]
    assert say(two, "amal", "reject", key).kind == "propose"
    assert AccountRow.objects.get(pk=key).state == "unreviewed" and [r.kind for r in proposals()[key]] == ["reject"]
    assert say(two, "basma", "reject", key).kind == "reject"
    assert AccountRow.objects.get(pk=key).state == "rejected" and proposals() == {} and not audit(store).faults


def pair() -> tuple[str, str]:
    """Two incidents that tell of different places."""
    return at_gorno().incident.incident_id, reader.incidents(Filters(place="Brod")).rows[0].incident.incident_id


def test_a_merge_waits_at_both_and_may_be_confirmed_from_either(store: Store, two: gorno.GornoStages) -> None:
    one, other = pair()
    before = IncidentRow.objects.count()
    assert say(two, "amal", "merge", one, new=[other]).kind == "propose"
    assert set(proposals()) == {one, other} and IncidentRow.objects.count() == before
    assert say(two, "basma", "merge", other, new=[one]).kind == "merge"
    assert IncidentRow.objects.count() == before - 1 and proposals() == {} and not audit(store).faults


def test_who_accepts_an_incident_disagrees_with_its_merge(two: gorno.GornoStages) -> None:
    one, other = pair()
    say(two, "amal", "merge", one, new=[other])
    say(two, "basma", "accept", other)
    assert disputed(proposals()[other]) and not disputed(proposals()[one])
    with pytest.raises(SettingsError) as error:
        say(two, "carim", "merge", one, new=[other])
    assert error.value.code == "readers-disagree"
    assert say(two, "carim", "merge", one, new=[other], settles=True).kind == "merge"
    assert proposals() == {}


def test_a_split_is_the_same_whichever_part_is_taken_out(two: gorno.GornoStages) -> None:
    one, other = pair()
    for author in ("amal", "basma"):
        say(two, author, "merge", one, new=[other])
    merged = reader.incidents(Filters(place="Brod")).rows[0].incident
    left, right = merged.account_ids[:1], merged.account_ids[1:]
    assert say(two, "amal", "split", merged.incident_id, new=list(left)).kind == "propose"
    assert say(two, "basma", "split", merged.incident_id, new=list(right)).kind == "split"


def test_a_split_of_nothing_is_not_even_proposed(two: gorno.GornoStages) -> None:
    one, _ = pair()
    for kind, code in (("split", "nothing-to-split"), ("merge", "nothing-to-merge")):
        with pytest.raises(SettingsError) as error:
            say(two, "amal", kind, one, new=[])
        assert error.value.code == code


def added_at_gorno() -> Account:
    """An account nobody has yet: a part of the quote of one there is."""
    told = reader.accounts_of(at_gorno().incident.incident_id)[0].account
    span = Span(told.span.start, told.span.end - 1)
    key = make_id("account", report=told.report_id, start=span.start, quote=told.quote[:-1])
    return replace(told, account_id=key, quote=told.quote[:-1], span=span)


def test_an_account_is_added_by_two(store: Store, two: gorno.GornoStages) -> None:
    account = added_at_gorno()
    key = account.account_id
    assert say(two, "amal", "add", key, new=account).kind == "propose"
    assert not AccountRow.objects.filter(pk=key).exists()
    assert rebuild(Account, added(key)) == account
    assert say(two, "basma", "add", key, new=added(key)).kind == "add"
    assert AccountRow.objects.get(pk=key).state == "accepted" and not audit(store).faults


def test_an_account_nobody_else_would_add_is_settled_away_and_can_come_back(two: gorno.GornoStages) -> None:
    account = added_at_gorno()
    key = account.account_id
    say(two, "amal", "add", key, new=account)
    assert say(two, "basma", "reject", key).kind == "propose"
    assert disputed(proposals()[key])
    assert say(two, "carim", "reject", key, settles=True).kind == "reject"
    assert proposals() == {} and not AccountRow.objects.filter(pk=key).exists()
    for author in ("dara", "elin"):
        say(two, author, "add", key, new=account)
    assert AccountRow.objects.get(pk=key).state == "accepted"


def test_a_proposal_that_cannot_be_grounded_is_refused(two: gorno.GornoStages) -> None:
    account = replace(added_at_gorno(), quote="what nobody wrote")
    with pytest.raises(StoreError) as error:
        say(two, "amal", "add", account.account_id, new=account)
    assert error.value.code == "ungrounded-quote" and proposals() == {}

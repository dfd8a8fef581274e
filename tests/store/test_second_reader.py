"""A dossier that asks for a second reader: two different people, or nothing is in effect."""

from __future__ import annotations

from typing import Any

import gorno
import pytest

from trucewatch.running.decidings import decide_and_follow
from trucewatch.store import reader
from trucewatch.store.audits import audit
from trucewatch.store.filters import Filters
from trucewatch.store.models import IncidentAccountRow
from trucewatch.store.opening import Store
from trucewatch.store.proposals import disputed, proposals
from trucewatch.terms.decisions import Decision
from trucewatch.terms.errors import SettingsError


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

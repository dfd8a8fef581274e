"""Decisions: in effect at once, kept through runs, never changed or removed."""

from __future__ import annotations

import json
from typing import Any

import gorno
import pytest
from django.db import DatabaseError, connection, transaction

from trucewatch.running.decidings import decide_and_follow
from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.store import reader
from trucewatch.store.audits import audit
from trucewatch.store.decisions import decide, decisions_on, head
from trucewatch.store.filters import Filters
from trucewatch.store.lookups import find
from trucewatch.store.models import AccountRow, DecisionRow, IncidentRow
from trucewatch.store.opening import Store
from trucewatch.terms.decisions import Decision
from trucewatch.terms.errors import SettingsError, StoreError


def incident_at(place: str, kind: str = "shelling") -> reader.IncidentView:
    page = reader.incidents(Filters(place=place, types=(kind,)))
    assert page.total == 1
    return page.rows[0]


def say(stages: gorno.GornoStages, kind: str, subject: str, **words: Any) -> Decision:
    return decide_and_follow(stages, kind, subject, author="reviewer", reason="because", **words)


def again(store: Store, stages: gorno.GornoStages) -> None:
    """A run that reads everything anew, with the same result."""
    run(store, gorno.GornoStages(stages.dossier, gorno.GornoWork(version="2")), engine_named("local"))


def test_a_verified_incident_changes_the_belief_of_its_findings(store: Store, stages: gorno.GornoStages) -> None:
    gorno_id = incident_at("Gorno").incident.incident_id
    say(stages, "verify", gorno_id)
    assert incident_at("Gorno").state == "verified"
    assert [f.belief for f in reader.findings_of(gorno_id)] == ["verified"]


def test_a_correction_shows_and_survives_a_new_reading(store: Store, stages: gorno.GornoStages) -> None:
    say(stages, "correct", incident_at("Gorno").incident.incident_id, field="type", new="airstrike")
    for _ in range(2):
        view = incident_at("Gorno", "airstrike")
        assert (view.incident.type, view.state) == ("airstrike", "corrected")
        machine = IncidentRow.objects.values_list("machine", flat=True).get(pk=view.incident.incident_id)
        assert json.loads(machine or "{}")["type"] == "shelling"
        again(store, stages)


def test_a_correction_follows_its_accounts_into_a_larger_incident(store: Store, stages: gorno.GornoStages) -> None:
    say(stages, "correct", incident_at("Nowhere").incident.incident_id, field="reality", new="denied")
    from trucewatch.store.writer import add_reports

    add_reports([gorno.report("late", "2031-05-04 shelling at Nowhere by the Southern guard", source="Late Post")])
    run(store, stages, engine_named("local"))
    view = incident_at("Nowhere")
    assert (len(view.incident.account_ids), view.incident.reality, view.state) == (2, "denied", "corrected")


def test_a_merge_and_its_undo(store: Store, stages: gorno.GornoStages) -> None:
    left, right = incident_at("Gorno").incident, incident_at("Nowhere").incident
    merge = say(stages, "merge", left.incident_id, new=[right.incident_id])
    merged = find(right.incident_id).id
    assert find(left.incident_id).id == merged
    assert sorted(reader.incidents().rows[0].incident.account_ids) == sorted(left.account_ids + right.account_ids)
    again(store, stages)
    assert find(left.incident_id).id == merged
    say(stages, "undo", merge.decision_id)
    assert {v.incident.account_ids for v in reader.incidents().rows} >= {left.account_ids, right.account_ids}


def test_a_split_holds_through_a_new_linking(store: Store, stages: gorno.GornoStages) -> None:
    whole = incident_at("Gorno").incident
    say(stages, "split", whole.incident_id, new=[whole.account_ids[0]])
    for _ in range(2):
        parts = [v.incident.account_ids for v in reader.incidents(Filters(place="Gorno")).rows]
        assert sorted(parts) == [(a,) for a in whole.account_ids]
        again(store, stages)


def test_a_rejected_account_leaves_its_incident_until_undone(store: Store, stages: gorno.GornoStages) -> None:
    whole = incident_at("Gorno").incident
    rejection = say(stages, "reject", whole.account_ids[0])
    assert incident_at("Gorno").incident.account_ids == whole.account_ids[1:]
    say(stages, "undo", rejection.decision_id)
    assert incident_at("Gorno").incident.account_ids == whole.account_ids


def test_an_undo_can_be_undone(store: Store, stages: gorno.GornoStages) -> None:
    key = incident_at("Gorno").incident.incident_id
    first = say(stages, "accept", key)
    undo = say(stages, "undo", first.decision_id)
    assert incident_at("Gorno").state == "unreviewed"
    say(stages, "undo", undo.decision_id)
    assert incident_at("Gorno").state == "accepted"


def test_what_the_machine_missed_can_be_added(store: Store, stages: gorno.GornoStages) -> None:
    given = gorno.report("wire-3", "In the night 2031-05-09 airstrike at Brod by the guard, 2 killed")
    from trucewatch.store.writer import add_reports

    add_reports([given])
    found = gorno.read_one(given).accounts
    assert found
    added = say(stages, "add", found[0].account_id, new=found[0])
    assert AccountRow.objects.get(pk=found[0].account_id).by_hand
    assert incident_at("Brod", "airstrike").incident.account_ids == (found[0].account_id,)
    say(stages, "undo", added.decision_id)
    assert not AccountRow.objects.filter(pk=found[0].account_id).exists()


def test_an_effect_that_fails_takes_the_decision_with_it(store: Store, stages: gorno.GornoStages) -> None:
    with pytest.raises(SettingsError, match="value-misfit"):
        say(stages, "correct", incident_at("Gorno").incident.incident_id, field="places", new=[{"nonsense": 1}])
    assert DecisionRow.objects.count() == 0


def test_the_second_of_two_people_is_told(store: Store, stages: gorno.GornoStages) -> None:
    view = incident_at("Gorno")
    say(stages, "correct", view.incident.incident_id, field="type", new="airstrike", expected_version=view.version)
    with pytest.raises(StoreError, match="changed-meanwhile"):
        say(stages, "reject", view.incident.incident_id, expected_version=view.version)
    assert DecisionRow.objects.count() == 1


def test_who_corrects_an_account_is_told_of_other_changes_of_its_incident(stages: gorno.GornoStages) -> None:
    view = incident_at("Gorno")
    one, *_ = view.incident.account_ids
    say(stages, "correct", one, field="killed", new={"min": 4, "max": 4}, expected_version=view.version)
    with pytest.raises(StoreError, match="changed-meanwhile"):
        say(stages, "correct", one, field="killed", new={"min": 9, "max": 9}, expected_version=view.version)
    with pytest.raises(StoreError, match="changed-meanwhile"):
        say(stages, "accept", view.incident.incident_id, expected_version=view.version)
    assert DecisionRow.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("praise", {}, "unknown-decision"),
        ("merge", {"new": []}, "nothing-to-merge"),
        ("split", {"new": []}, "nothing-to-split"),
        ("correct", {"field": "colour", "new": "red"}, "unknown-field"),
    ],
)
def test_what_makes_no_sense_is_refused(
    store: Store, stages: gorno.GornoStages, kind: str, words: dict[str, Any], code: str
) -> None:
    with pytest.raises(SettingsError, match=code):
        say(stages, kind, incident_at("Gorno").incident.incident_id, **words)


def test_an_unknown_id_is_refused(store: Store, stages: gorno.GornoStages) -> None:
    with pytest.raises(SettingsError, match="unknown-id"):
        say(stages, "accept", "inc_000000000000000000000000")


@pytest.mark.parametrize("statement", ["UPDATE decisions SET reason = 'x'", "DELETE FROM decisions"])
def test_the_database_itself_refuses_to_change_a_decision(
    store: Store, stages: gorno.GornoStages, statement: str
) -> None:
    say(stages, "accept", incident_at("Gorno").incident.incident_id)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert decisions_on()[0].reason == "because"


def test_each_decision_is_chained_to_the_one_before(store: Store, stages: gorno.GornoStages) -> None:
    key = incident_at("Gorno").incident.incident_id
    first, second = (decide(kind, key, author="reviewer", reason="x") for kind in ("accept", "note"))
    assert (first.previous, second.previous) == ("", first.hash())
    assert head() == (2, second.hash())
    assert audit(store).faults == ()

"""A decision with all that follows from it: incidents put together anew, findings judged anew, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from trucewatch.running.stages import Stages
from trucewatch.store.clusters import write_findings, write_incidents
from trucewatch.store.constraints import constraints, decided_incidents
from trucewatch.store.decisions import decide
from trucewatch.store.models import DecisionRow, IncidentAccountRow, IncidentRow, RulingRow
from trucewatch.store.overlays import target_of
from trucewatch.store.readings import readings_of_accounts
from trucewatch.store.writer import bump
from trucewatch.terms.decisions import Decision
from trucewatch.terms.ids import kind_of
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild

# What a decision of these kinds on an account changes is what linking starts from.
_RELINKS = ("correct", "reject", "accept", "add", "undo")


def decide_and_follow(stages: Stages, kind: str, subject_id: str, **words: Any) -> Decision:
    """The decision is taken, and everything in the store that depends on it is as if it had always stood.

    Takes what `store.decisions.decide` takes and raises what it raises. Only incidents that the decision can touch are
    put together anew; a run afterwards finds nothing else to change in them.
    """
    return decide(kind, subject_id, then=lambda decision: follow(stages, decision), **words)


def follow(stages: Stages, decision: Decision) -> None:
    """Incidents and findings that depend on the decision are made anew. Runs inside the decision's transaction."""
    touched, accounts = _touched(decision)
    if decision.subject_kind == "account" and decision.kind in _RELINKS:
        bump()  # the next run links the whole, for what this account may join elsewhere
    if not touched and not accounts:
        return
    if _regroups(decision):
        present = sorted(
            IncidentAccountRow.objects.filter(incident_id__in=touched).values_list("account_id", flat=True)
        )
        readings = readings_of_accounts({*present, *accounts})
        must, cannot = constraints()
        incidents = stages.link(readings, must, cannot)
        write_incidents(incidents, instead_of=touched)
        touched = [i.incident_id for i in incidents]
    write_findings(stages.judge(_incidents(touched), decided_incidents()), of_incidents=touched)


def _regroups(decision: Decision) -> bool:
    """Whether accounts may belong to other incidents now: not where only an incident itself is corrected or judged."""
    if decision.kind == "undo":
        undone = DecisionRow.objects.get(decision_id=decision.subject_id)
        return undone.kind in ("merge", "split", "undo") or undone.subject_kind == "account"
    return decision.kind in ("merge", "split") or decision.subject_kind == "account"


def _touched(decision: Decision) -> tuple[list[str], list[str]]:
    """The incidents whose making or judging depends on the decision, and accounts besides theirs that take part."""
    if decision.kind == "undo":
        return _touched_by_undo(decision)
    if decision.subject_kind == "incident":
        others = [str(i) for i in decision.new or ()] if decision.kind == "merge" else []
        return sorted({decision.subject_id, *others}), []
    if decision.subject_kind == "account":
        held = IncidentAccountRow.objects.filter(account_id=decision.subject_id).values_list("incident_id", flat=True)
        return sorted(held), [decision.subject_id] if decision.kind != "reject" else []
    return [], []


def _touched_by_undo(decision: Decision) -> tuple[list[str], list[str]]:
    undone = DecisionRow.objects.get(decision_id=decision.subject_id)
    while undone.kind == "undo":
        undone = DecisionRow.objects.get(decision_id=undone.subject_id)
    if kind_of(undone.subject_id) == "account":
        held = IncidentAccountRow.objects.filter(account_id=undone.subject_id).values_list("incident_id", flat=True)
        return sorted(held), [undone.subject_id]
    ruling = RulingRow.objects.filter(pk=undone.seq).first()
    if ruling is None or ruling.subject_kind != "incident":
        return [], []
    anchors = _anchors(ruling)
    held = IncidentAccountRow.objects.filter(account_id__in=anchors).values_list("incident_id", flat=True)
    target = target_of(ruling)
    return sorted({*held, *([target] if target else [])}), []


def _anchors(ruling: RulingRow) -> list[str]:
    return [str(a) for a in json.loads(ruling.anchors)]


def _incidents(ids: Sequence[str]) -> list[Incident]:
    rows = IncidentRow.objects.filter(pk__in=ids).order_by("pk").values_list("payload", flat=True)
    return [rebuild(Incident, json.loads(payload)) for payload in rows]

"""A decision with all that follows from it: incidents put together anew, findings judged anew, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from trucewatch.running.areas import areas_of_incidents
from trucewatch.running.postings import keep_changed
from trucewatch.running.second_readers import as_read
from trucewatch.running.stages import Stages
from trucewatch.store.clusters import write_areas, write_findings, write_incidents
from trucewatch.store.constraints import constraints, decided_incidents
from trucewatch.store.decisions import decide
from trucewatch.store.effects import NO_RULING
from trucewatch.store.locks import lock_chain
from trucewatch.store.models import AccountRow, DecisionRow, IncidentAccountRow, IncidentRow, RulingRow
from trucewatch.store.overlays import target_of
from trucewatch.store.readings import readings_of_accounts
from trucewatch.store.rows import first_located
from trucewatch.store.writer import bump
from trucewatch.terms.accounts import Account
from trucewatch.terms.decisions import Decision
from trucewatch.terms.ids import kind_of
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild

# What a decision of these kinds on an account changes is what linking starts from.
_RELINKS = ("correct", "reject", "add")
NEAR_DAYS = 4  # how far apart in time an account and an incident may lie and still be put together by linking
NEAR_DEGREES = 0.6  # some 60 km: likewise in space


def decide_and_follow(
    stages: Stages, kind: str, subject_id: str, *, author: str, settles: bool = False, **words: Any
) -> Decision:
    """The decision is taken, and everything in the store that depends on it is as if it had always stood.

    Takes what `store.decisions.decide` takes and raises what it raises. Only incidents that the decision can touch are
    put together anew; a run afterwards finds nothing else to change in them. Where the dossier asks for a second
    reader, the first one's decision is written down as a proposal; `settles` is for an editor, who may settle what two
    readers disagree on.
    """
    with transaction.atomic():
        if stages.dossier.second_reader:
            lock_chain()
            kind, proposed = as_read(kind, subject_id, author, settles=settles)
            words |= {"new": proposed} if proposed else {}
        return decide(kind, subject_id, author=author, then=lambda decision: follow(stages, decision), **words)


def follow(stages: Stages, decision: Decision) -> None:
    """Incidents and findings that depend on the decision are made anew. Runs inside the decision's transaction."""
    if decision.kind in NO_RULING and decision.kind != "undo":
        return
    _follow(stages, decision)
    keep_changed(stages)


def _follow(stages: Stages, decision: Decision) -> None:
    touched, accounts = _touched(decision)
    if accounts or (decision.subject_kind == "account" and decision.kind in _RELINKS):
        bump()  # the next run links the whole: what lies further off than is looked at here
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
    standing = _incidents(touched)
    write_findings(stages.judge(standing, decided_incidents()), of_incidents=touched)
    write_areas(areas_of_incidents(stages.agreements, standing), of_incidents=touched)


def _regroups(decision: Decision) -> bool:
    """Whether accounts may belong to other incidents now: not where only an incident itself is corrected or judged."""
    if decision.kind == "undo":
        undone = DecisionRow.objects.get(decision_id=decision.subject_id)
        return undone.kind in ("merge", "split", "undo") or undone.subject_kind == "account"
    return decision.kind in ("merge", "split") or (decision.subject_kind == "account" and decision.kind in _RELINKS)


def _touched(decision: Decision) -> tuple[list[str], list[str]]:
    """The incidents whose making or judging depends on the decision, and accounts besides theirs that take part."""
    if decision.kind == "undo":
        return _touched_by_undo(decision)
    if decision.subject_kind == "incident":
        others = [str(i) for i in decision.new or ()] if decision.kind == "merge" else []
        return sorted({decision.subject_id, *others}), []
    if decision.subject_kind == "account":
        if decision.kind == "reject":
            return _holders(decision.subject_id), []
        if decision.kind in _RELINKS:
            return _around(decision.subject_id), [decision.subject_id]
        return _holders(decision.subject_id), []
    return [], []


def _touched_by_undo(decision: Decision) -> tuple[list[str], list[str]]:
    undone = DecisionRow.objects.get(decision_id=decision.subject_id)
    while undone.kind == "undo":
        undone = DecisionRow.objects.get(decision_id=undone.subject_id)
    if kind_of(undone.subject_id) == "account":
        return _around(undone.subject_id), [undone.subject_id]
    ruling = RulingRow.objects.filter(pk=undone.seq).first()
    if ruling is None or ruling.subject_kind != "incident":
        return [], []
    anchors = _anchors(ruling)
    held = IncidentAccountRow.objects.filter(account_id__in=anchors).values_list("incident_id", flat=True)
    target = target_of(ruling)
    return sorted({*held, *([target] if target else [])}), []


def _holders(account_id: str) -> list[str]:
    """The incident the account belongs to, as a list of one or none."""
    return list(IncidentAccountRow.objects.filter(account_id=account_id).values_list("incident_id", flat=True))


def _around(account_id: str) -> list[str]:
    """The incidents the account belongs to or may belong to, by time and place; an undated one by place alone."""
    row = AccountRow.objects.filter(pk=account_id).first()
    if row is None:
        return _holders(account_id)
    place = first_located(rebuild(Account, json.loads(row.payload)).places)
    near = IncidentRow.objects.all()
    if row.earliest and row.latest:
        near = near.filter(earliest__lte=_days(row.latest, NEAR_DAYS), latest__gte=_days(row.earliest, -NEAR_DAYS))
    if place and place.lat is not None and place.lon is not None:
        south, north = place.lat - NEAR_DEGREES, place.lat + NEAR_DEGREES
        west, east = place.lon - NEAR_DEGREES, place.lon + NEAR_DEGREES
        near = near.filter(Q(lat__range=(south, north), lon__range=(west, east)) | Q(lat=None))
    elif not row.earliest:
        return _holders(account_id)
    return sorted({*_holders(account_id), *near.values_list("pk", flat=True)})


def _days(day: str, n: int) -> str:
    return (date.fromisoformat(day[:10]) + timedelta(days=n)).isoformat()


def _anchors(ruling: RulingRow) -> list[str]:
    return [str(a) for a in json.loads(ruling.anchors)]


def _incidents(ids: Sequence[str]) -> list[Incident]:
    rows = IncidentRow.objects.filter(pk__in=ids).order_by("pk").values_list("payload", flat=True)
    return [rebuild(Incident, json.loads(payload)) for payload in rows]

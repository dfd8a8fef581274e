"""A decision with all that follows from it: incidents put together anew, findings judged anew, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from trucewatch.running.areas import areas_of_incidents
from trucewatch.running.postings import keep_changed
from trucewatch.running.second_readers import as_read
from trucewatch.running.stages import Stages
from trucewatch.store.clusters import write_areas, write_findings, write_incidents
from trucewatch.store.constraints import constraints, decided_incidents
from trucewatch.store.decisions import decide
from trucewatch.store.effects import reports_of
from trucewatch.store.linkings import linked_with
from trucewatch.store.locks import lock_chain
from trucewatch.store.marks import bump, marked
from trucewatch.store.models import DecisionRow, RulingRow
from trucewatch.store.overlays import target_of
from trucewatch.store.reader import incidents_of
from trucewatch.terms.decisions import Decision


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
            kind, subject_id, new = as_read(kind, subject_id, words.get("new"), author, settles=settles)
            words["new"] = new
        return decide(kind, subject_id, author=author, then=lambda decision: follow(stages, decision), **words)


def follow(stages: Stages, decision: Decision) -> None:
    """Incidents and findings that depend on the decision are made anew. Runs inside the decision's transaction."""
    ruling = _ruling_of(decision)
    if ruling is None:
        return
    touched: set[str] = set()
    if reports := reports_of(ruling):
        bump()
        relinked = stages.relink(reports, *constraints())
        changes = write_incidents(relinked.incidents, instead_of=relinked.instead_of)
        linked_with(reports, marked("linking") or "")
        touched.update(changes.added, changes.changed)
    if ruling.subject_kind == "incident" and (target := target_of(ruling)):
        touched.add(target)
    ids = sorted(touched)
    standing = incidents_of(ids)
    write_findings(stages.judge(standing, decided_incidents()), ids, stages.judge_fingerprint)
    write_areas(areas_of_incidents(stages.agreements, standing), ids)
    keep_changed(stages)


def _ruling_of(decision: Decision) -> RulingRow | None:
    """What the decision brought about, or took back; None for a note."""
    seq, kind, subject = decision.seq, decision.kind, decision.subject_id
    while kind == "undo":
        undone = DecisionRow.objects.get(decision_id=subject)
        seq, kind, subject = undone.seq, undone.kind, undone.subject_id
    return RulingRow.objects.filter(pk=seq).first()

"""Readings that wait for a second one: what was proposed on an incident since it was last decided on.

Where a dossier asks for a second reader, the first person's word is a proposal: in the chain, signed, and without
effect. A correction is in effect at once and counts as its author's accept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from trucewatch.store.effects import standing_decisions
from trucewatch.store.models import DecisionRow, IncidentAccountRow, RulingRow
from trucewatch.store.overlays import STATES

PROPOSE = "propose"


@dataclass(frozen=True, slots=True)
class Reading:
    """That a person has read an incident and would decide so: `kind` is accept, reject, verify or refute."""

    author: str
    kind: str
    at: str
    reason: str
    decision_id: str


def proposals(incident_ids: Iterable[str] | None = None) -> dict[str, list[Reading]]:
    """The readings that wait, of these incidents or of all that have some, in the order they were made.

    A reading counts as long as the incident holds the accounts it held then: with others it is read anew.
    """
    rows = DecisionRow.objects.filter(subject_kind="incident", kind__in=(PROPOSE, *STATES)).order_by("seq")
    if incident_ids is not None:
        rows = rows.filter(subject_id__in=list(incident_ids))
    told = list(rows)
    if not told:
        return {}
    stands = standing_decisions() if DecisionRow.objects.filter(kind="undo").exists() else {}
    anchors = dict(
        RulingRow.objects.filter(pk__in=[r.pk for r in told if r.kind == "correct"]).values_list("pk", "anchors")
    )
    held = _held({row.subject_id for row in told})
    out: dict[str, list[Reading]] = defaultdict(list)
    for row in told:
        if not stands.get(row.seq, True):
            continue
        if row.kind != PROPOSE:
            out.pop(row.subject_id, None)
        if (
            row.kind in (PROPOSE, "correct")
            and json.loads(anchors.get(row.pk, row.old or "[]")) == held[row.subject_id]
        ):
            kind = "accept" if row.kind == "correct" else str(json.loads(row.new or '"accept"'))
            out[row.subject_id].append(Reading(row.author, kind, row.at, row.reason, row.decision_id))
    return dict(out)


def _held(incident_ids: set[str]) -> dict[str, list[str]]:
    """The accounts of each of these incidents, sorted."""
    out: dict[str, list[str]] = {key: [] for key in incident_ids}
    rows = IncidentAccountRow.objects.filter(incident_id__in=sorted(incident_ids))
    for key, account in rows.values_list("incident_id", "account_id"):
        out[key].append(account)
    return {key: sorted(accounts) for key, accounts in out.items()}


def disputed(readings: Iterable[Reading]) -> bool:
    """True where the readings do not agree."""
    return len({reading.kind for reading in readings}) > 1

"""Readings that wait for a second one: what was proposed on an incident, account, statement or tally since it was last
decided on.

Where a dossier asks for a second reader, the first person's word is a proposal: in the chain, signed, and without
effect. A correction is in effect at once and counts as its author's accept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from trucewatch.store.effects import accounts_of, standing_decisions
from trucewatch.store.models import DecisionRow, IncidentAccountRow, RulingRow
from trucewatch.store.overlays import STATES

PROPOSE = "propose"
SHAPES = ("merge", "split")  # what changes which accounts an incident holds
ADD = "add"


@dataclass(frozen=True, slots=True)
class Reading:
    """That a person has read something and would decide so.

    `kind` is accept, reject, verify, refute, merge, split or add. `about` are the incidents to be one for a merge, the
    accounts of the smaller part for a split, the account as canonical JSON for an add, and nothing else. Two readings
    say the same where both are equal.
    """

    author: str
    kind: str
    about: tuple[str, ...]
    at: str
    reason: str
    decision_id: str

    @property
    def word(self) -> tuple[str, tuple[str, ...]]:
        """What it says, whoever says it."""
        return self.kind, self.about


def proposals(subject_ids: Iterable[str] | None = None) -> dict[str, list[Reading]]:
    """The readings that wait by what they are about, of these ids or of all that have some, in the order they came.

    A merge waits at each of its incidents. A reading of an incident counts as long as the incidents it is about hold
    the accounts they held then: with others they are read anew.
    """
    wanted = None if subject_ids is None else set(subject_ids)
    rows = DecisionRow.objects.filter(kind__in=(PROPOSE, *STATES, *SHAPES, ADD)).order_by("seq")
    if wanted is not None:
        rows = rows.filter(Q(subject_id__in=wanted) | Q(kind=PROPOSE, new__contains='"merge"') | Q(kind="merge"))
    told = list(rows)
    if not any(row.kind in (PROPOSE, "correct") for row in told):
        return {}
    stands = standing_decisions() if DecisionRow.objects.filter(kind="undo").exists() else {}
    corrected = [row.pk for row in told if row.kind == "correct"]
    anchors = dict(RulingRow.objects.filter(pk__in=corrected).values_list("pk", "anchors"))
    about = {row.seq: _incidents_of(row) for row in told}
    held = _held({key for row in told if row.kind in (PROPOSE, "correct") for key in about[row.seq]})
    out: dict[str, list[Reading]] = defaultdict(list)
    for row in told:
        if not stands.get(row.seq, True):
            continue
        subjects = about[row.seq] or [row.subject_id]
        if row.kind != PROPOSE:
            for key in subjects:
                out.pop(key, None)
        if row.kind not in (PROPOSE, "correct"):
            continue
        then = json.loads(anchors.get(row.pk, row.old or "[]"))
        if then == sorted(account for key in about[row.seq] for account in held[key]):
            for key in subjects:
                out[key].append(_reading(row))
    return {key: readings for key, readings in out.items() if wanted is None or key in wanted}


def proposed(kind: str, subject_id: str, new: Any) -> Any:
    """What a proposal of that decision holds, as plain JSON: equal for two people who say the same.

    The parts of a split are one whichever was ticked: the smaller one stands for both.
    """
    if kind == "merge":
        return {kind: sorted({subject_id, *(new or ())})}
    if kind == "split":
        taken = sorted(set(new or ()))
        rest = sorted(set(accounts_of([subject_id])) - set(taken))
        return {kind: min(taken, rest, key=lambda part: (len(part), part))}
    return {kind: new} if kind == ADD else kind


def added(account_id: str) -> dict[str, Any] | None:
    """The account that waits to be added, as plain JSON; None where none does, or two would add it differently."""
    found = {r.about[0] for r in proposals([account_id]).get(account_id, ()) if r.kind == ADD}
    return dict(json.loads(found.pop())) if len(found) == 1 else None


def disputed(readings: Iterable[Reading]) -> bool:
    """True where the readings do not agree."""
    return len({reading.word for reading in readings}) > 1


def _reading(row: DecisionRow) -> Reading:
    kind, about = _word_of(json.loads(row.new or '"accept"')) if row.kind == PROPOSE else ("accept", ())
    return Reading(row.author, kind, about, row.at, row.reason, row.decision_id)


def _word_of(new: Any) -> tuple[str, tuple[str, ...]]:
    if isinstance(new, str):
        return new, ()
    ((kind, about),) = new.items()
    return kind, (json.dumps(about, sort_keys=True),) if kind == ADD else tuple(about)


def _incidents_of(row: DecisionRow) -> Sequence[str]:
    """The incidents a decision or a proposal is about; none where it is about something else."""
    if row.subject_kind != "incident":
        return []
    new = json.loads(row.new) if row.new and (row.kind == "merge" or row.kind == PROPOSE) else None
    if row.kind == PROPOSE:
        new = new.get("merge") if isinstance(new, dict) else None
    return sorted({row.subject_id, *(new or ())})


def _held(incident_ids: set[str]) -> dict[str, list[str]]:
    """The accounts of each of these incidents, sorted."""
    out: dict[str, list[str]] = {key: [] for key in incident_ids}
    rows = IncidentAccountRow.objects.filter(incident_id__in=sorted(incident_ids))
    for key, account in rows.values_list("incident_id", "account_id"):
        out[key].append(account)
    return {key: sorted(accounts) for key, accounts in out.items()}

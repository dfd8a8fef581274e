"""What people decided, laid over what the machine made. The two are kept apart and joined here, at every writing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from trucewatch.store.models import AccountRow, IncidentAccountRow, IncidentRow, RulingRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.rows import account_row
from trucewatch.store.syncs import BATCH
from trucewatch.terms.accounts import Account
from trucewatch.terms.errors import SettingsError, StoreError
from trucewatch.terms.ids import canonical_json, plain
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild

T = TypeVar("T")

STATES = {
    "accept": ReviewState.ACCEPTED,
    "correct": ReviewState.CORRECTED,
    "reject": ReviewState.REJECTED,
    "verify": ReviewState.VERIFIED,
    "refute": ReviewState.REFUTED,
}


def with_fields(item: T, fields: Mapping[str, Any]) -> T:
    """The same with these fields replaced by plain values. Raises SettingsError where a value misfits."""
    try:
        return rebuild(type(item), {**plain(item), **fields})
    except (TypeError, ValueError, AttributeError, KeyError, StoreError) as error:
        raise SettingsError(
            "value-misfit",
            f"{' and '.join(sorted(fields))} cannot be set so: {error}",
            todo="Give the value in the shape that `trucewatch explain` shows for it.",
        ) from error


def corrected_account_rows(accounts: Sequence[Account]) -> list[AccountRow]:
    """Rows for these accounts with people's corrections in them, and the machine's own word kept beside."""
    fields: dict[str, dict[str, Any]] = {}
    standing = RulingRow.objects.filter(standing=True, subject_kind="account", kind="correct").order_by("pk")
    for subject, field, value in standing.values_list("subject_id", "field", "value"):
        fields.setdefault(subject, {})[str(field)] = json.loads(value or "null")
    rows = []
    for account in accounts:
        own = fields.get(account.account_id)
        row = account_row(with_fields(account, own) if own else account)
        row.machine = canonical_json(account) if own else None
        rows.append(row)
    return rows


def overlaid_incidents(incidents: Sequence[Incident]) -> list[Incident]:
    """The incidents, in order, with people's corrections in them. One without any is the very same object."""
    holder = {a: i.incident_id for i in incidents for a in i.account_ids}
    fields: dict[str, dict[str, Any]] = {}
    standing = RulingRow.objects.filter(standing=True, subject_kind="incident", kind="correct").order_by("pk")
    for field, value, anchors in standing.values_list("field", "value", "anchors"):
        if target := _most(holder[a] for a in json.loads(anchors) if a in holder):
            fields.setdefault(target, {})[str(field)] = json.loads(value or "null")
    return [with_fields(i, fields[i.incident_id]) if i.incident_id in fields else i for i in incidents]


def target_of(ruling: RulingRow) -> str | None:
    """The id of the row the ruling is about now, or None where the text it rests on is gone.

    An incident's ruling follows its accounts to the incident that holds most of them, the smallest id among equals.
    """
    if ruling.subject_kind != "incident":
        return ruling.subject_id
    return _most(_holders(json.loads(ruling.anchors)).values())


def restate_incidents() -> int:
    """Every incident has the review state that the standing rulings give it. Returns how many changed."""
    wanted: dict[str, str] = {}
    standing = RulingRow.objects.filter(standing=True, subject_kind="incident", kind__in=STATES).order_by("pk")
    rulings = [(kind, json.loads(anchors)) for kind, anchors in standing.values_list("kind", "anchors")]
    holder = _holders({account for _, anchors in rulings for account in anchors})
    for kind, anchors in rulings:
        if target := _most(holder[a] for a in anchors if a in holder):
            wanted[target] = STATES[kind].value
    judged = IncidentRow.objects.exclude(state=ReviewState.UNREVIEWED).values_list("pk", "state")
    present = dict(judged)
    differs = [key for key in sorted(present.keys() | wanted.keys()) if present.get(key) != wanted.get(key)]
    for key in differs:
        IncidentRow.objects.filter(pk=key).update(state=wanted.get(key, ReviewState.UNREVIEWED.value))
    return len(differs)


def _holders(account_ids: Iterable[str]) -> dict[str, str]:
    """Of each of these accounts that belongs to an incident: which."""
    ids = sorted(account_ids)
    out: dict[str, str] = {}
    for start in range(0, len(ids), BATCH):
        rows = IncidentAccountRow.objects.filter(account_id__in=ids[start : start + BATCH])
        out.update(rows.values_list("account_id", "incident_id"))
    return out


def _most(votes: Iterable[str]) -> str | None:
    counts = Counter(votes)
    return min(counts, key=lambda key: (-counts[key], key)) if counts else None

"""What people decided, laid over what the machine made. The two are kept apart and joined here, at every writing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import QuerySet

from trucewatch.store.models import AccountRow, IncidentAccountRow, IncidentRow, RulingRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.postings import forget_postings
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


def standing_rulings() -> QuerySet[RulingRow]:
    """The rulings that stand now."""
    return RulingRow.objects.filter(standing=True)


def corrected_account_rows(accounts: Sequence[Account]) -> list[AccountRow]:
    """Rows for these accounts with people's corrections in them, and the machine's own word kept beside."""
    rows = []
    for machine, told in zip(accounts, overlaid_accounts(accounts), strict=True):
        row = account_row(told)
        row.machine = canonical_json(machine) if told is not machine else None
        rows.append(row)
    return rows


def overlaid_accounts(accounts: Sequence[Account], standing: QuerySet[RulingRow] | None = None) -> list[Account]:
    """The accounts, in order, with people's corrections in them. One without any is the very same object.

    `standing` are the rulings to go by; those that stand now without.
    """
    fields: dict[str, dict[str, Any]] = {}
    rulings = (standing_rulings() if standing is None else standing).filter(subject_kind="account", kind="correct")
    for subject, field, value in rulings.order_by("pk").values_list("subject_id", "field", "value"):
        fields.setdefault(subject, {})[str(field)] = json.loads(value or "null")
    return [with_fields(a, fields[a.account_id]) if a.account_id in fields else a for a in accounts]


def overlaid_incidents(incidents: Sequence[Incident], standing: QuerySet[RulingRow] | None = None) -> list[Incident]:
    """As `overlaid_accounts`, for incidents: a correction follows the accounts it was made on."""
    holder = {a: i.incident_id for i in incidents for a in i.account_ids}
    fields: dict[str, dict[str, Any]] = {}
    rulings = (standing_rulings() if standing is None else standing).filter(subject_kind="incident", kind="correct")
    for field, value, anchors in rulings.order_by("pk").values_list("field", "value", "anchors"):
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
    rulings = standing_rulings().filter(subject_kind="incident", kind__in=STATES).values_list("anchors", flat=True)
    wanted = incident_states(_holders({account for anchors in rulings for account in json.loads(anchors)}))
    judged = IncidentRow.objects.exclude(state=ReviewState.UNREVIEWED).values_list("pk", "state")
    present = dict(judged)
    differs = [key for key in sorted(present.keys() | wanted.keys()) if present.get(key) != wanted.get(key)]
    for key in differs:
        state = wanted.get(key, ReviewState.UNREVIEWED.value)
        IncidentRow.objects.filter(pk=key).update(state=state, judged_with="")
    forget_postings(differs)
    return len(differs)


def incident_states(holder: Mapping[str, str], standing: QuerySet[RulingRow] | None = None) -> dict[str, str]:
    """The review state of each incident that has one; `holder` gives the incident of an account.

    `standing` are the rulings to go by; those that stand now without.
    """
    rulings = (standing_rulings() if standing is None else standing).filter(subject_kind="incident", kind__in=STATES)
    out: dict[str, str] = {}
    for kind, anchors in rulings.order_by("pk").values_list("kind", "anchors"):
        if target := _most(holder[a] for a in json.loads(anchors) if a in holder):
            out[target] = STATES[kind].value
    return out


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

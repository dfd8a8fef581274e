"""Decisions: a person's word, appended to the chain in one transaction with what it does."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from trucewatch.store.effects import apply, as_it_was, resolve_subject
from trucewatch.store.fields import check_field
from trucewatch.store.locks import lock_chain
from trucewatch.store.models import DecisionRow, IncidentRow
from trucewatch.terms.decisions import KINDS, Decision
from trucewatch.terms.errors import SettingsError, StoreError, unknown_name
from trucewatch.terms.ids import canonical_json, make_id, plain


def decide(
    kind: str,
    subject_id: str,
    *,
    author: str,
    reason: str = "",
    field: str | None = None,
    new: Any = None,
    at: str | None = None,
    expected_version: int | None = None,
    then: Callable[[Decision], None] | None = None,
) -> Decision:
    """The decision is appended and in effect, or nothing has changed.

    `new` is the plain value for `correct`, the other incident ids for `merge`, the account ids to take out for `split`,
    the whole account for `add`; `undo` has the id of a decision as its subject. `then` runs inside the transaction,
    for what follows elsewhere. `expected_version` is the version of the incident the author looked at, also where an
    account of it is corrected.

    Raises SettingsError for an unknown kind or id, a missing author, or a value that does not fit its field
    (`value-misfit`); StoreError `changed-meanwhile` where somebody else has changed the incident.
    """
    if kind not in KINDS:
        raise SettingsError("unknown-decision", unknown_name("decision", kind, KINDS))
    if not author.strip():
        raise SettingsError("no-author", "a decision needs the name of who takes it", todo="Say who: --author NAME")
    with transaction.atomic():
        lock_chain()
        subject_kind, subject = resolve_subject(kind, subject_id, new)
        if kind == "correct":
            check_field(subject_kind, field, plain(new))
        if expected_version is not None:
            _check_version(subject_kind, subject, expected_version)
        decision = _next(
            kind,
            subject_kind,
            subject,
            author,
            reason=reason,
            field=field,
            old=plain(as_it_was(kind, subject_kind, subject, field, plain(new))),
            new=plain(new),
            at=at,
        )
        _row(decision).save(force_insert=True)
        apply(decision)
        if then:
            then(decision)
    return decision


@transaction.atomic
def record_person(subject_id: str, what: str, *, author: str, old: Any = None, new: Any = None) -> Decision:
    """A change of who may do what stands in the chain beside the decisions. Call it in the change's own transaction.

    `what` is a word for the change, `subject_id` names the person or the key; no password and no key is ever in it.
    """
    lock_chain()
    decision = _next("person", "person", subject_id, author, field=what, old=plain(old), new=plain(new))
    _row(decision).save(force_insert=True)
    return decision


def _next(
    kind: str, subject_kind: str, subject_id: str, author: str, *, at: str | None = None, **words: Any
) -> Decision:
    """The decision that follows the last of the chain, which is locked."""
    last = DecisionRow.objects.order_by("-seq").first()
    seq, previous = (last.seq + 1, last.hash) if last else (1, "")
    when = at or datetime.now(UTC).isoformat(timespec="milliseconds")
    key = make_id("decision", seq=seq, previous=previous, act=kind, subject=subject_id, author=author, at=when)
    reason = words.pop("reason", "")
    return Decision(key, seq, kind, subject_kind, subject_id, author, when, reason, previous=previous, **words)


def decisions_on(*subject_ids: str, newest_first: bool = False) -> list[Decision]:
    """The decisions on those subjects, or all, in the order they were taken."""
    rows = DecisionRow.objects.order_by("-seq" if newest_first else "seq")
    return [decision_of(row) for row in (rows.filter(subject_id__in=subject_ids) if subject_ids else rows)]


def head() -> tuple[int, str]:
    """The number and the hash of the last decision; (0, "") where there is none."""
    row = DecisionRow.objects.order_by("-seq").values_list("seq", "hash").first()
    return row or (0, "")


def decision_of(row: DecisionRow) -> Decision:
    """The decision a row holds."""
    return Decision(
        decision_id=row.decision_id,
        seq=row.seq,
        kind=row.kind,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        author=row.author,
        at=row.at,
        reason=row.reason,
        field=row.field,
        old=json.loads(row.old) if row.old else None,
        new=json.loads(row.new) if row.new else None,
        previous=row.previous,
    )


def _row(decision: Decision) -> DecisionRow:
    row = DecisionRow(**{name: getattr(decision, name) for name in _COPIED})
    row.old = None if decision.old is None else canonical_json(decision.old)
    row.new = None if decision.new is None else canonical_json(decision.new)
    row.hash = decision.hash()
    return row


_COPIED = ("decision_id", "seq", "kind", "subject_kind", "subject_id", "author", "at", "reason", "field", "previous")


def _check_version(subject_kind: str, subject_id: str, expected: int) -> None:
    about = {"incident": {"pk": subject_id}, "account": {"members__account_id": subject_id}}.get(subject_kind)
    found = IncidentRow.objects.filter(**about).values_list("pk", "version").first() if about else None
    if found is not None and found[1] != expected:
        incident_id = found[0]
        raise StoreError(
            "changed-meanwhile",
            "somebody else has decided on this incident since you opened it",
            where=incident_id,
            todo="Look at their decision and take yours again.",
        )

"""What a decision does to the rows it is about. Everything here runs inside the transaction of the decision."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import F, Model

from trucewatch.store.linkings import relink
from trucewatch.store.models import (
    AccountRow,
    DecisionRow,
    FindingRow,
    IncidentAccountRow,
    IncidentAliasRow,
    IncidentRow,
    ObligationRow,
    ReportRow,
    RulingRow,
    StatementRow,
    TallyRow,
)
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.overlays import STATES, corrected_account_rows, restate_incidents, with_fields
from trucewatch.store.postings import forget_postings, forget_postings_of_accounts
from trucewatch.store.rows import account_row, incident_row
from trucewatch.store.turns import set_turns
from trucewatch.terms.accounts import Account
from trucewatch.terms.decisions import Decision
from trucewatch.terms.errors import SettingsError, StoreError
from trucewatch.terms.ids import canonical_json, kind_of, plain
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild
from trucewatch.terms.spans import grounded

TABLES: dict[str, type[Model]] = {
    "report": ReportRow,
    "account": AccountRow,
    "statement": StatementRow,
    "tally": TallyRow,
    "incident": IncidentRow,
    "finding": FindingRow,
    "obligation": ObligationRow,
}
CORRECTABLE = {"account": Account, "incident": Incident}
ONLY_INCIDENTS = ("merge", "split")
NO_RULING = ("note", "undo", "propose", "person")
REVIEWED = ("account", "incident", "statement", "tally")


def resolve_subject(kind: str, subject_id: str, new: Any) -> tuple[str, str]:
    """The kind and present id of what a decision is about. Raises SettingsError where there is no such row."""
    if kind == "add":
        return "account", str(plain(new)["account_id"])
    if kind == "propose" and isinstance(new, dict) and "add" in new:
        return "account", str(new["add"]["account_id"])
    if kind == "undo":
        taken = DecisionRow.objects.filter(decision_id=subject_id).values_list("kind", flat=True).first()
        if taken == "person":
            raise SettingsError("decision-misfit", "a change of people is undone by another one, under People")
        found = taken is not None
        subject_kind: str | None = "decision"
    else:
        subject_kind = kind_of(subject_id)
        found = subject_kind in TABLES and TABLES[subject_kind]._default_manager.filter(pk=subject_id).exists()
        if not found and subject_kind == "incident":
            alias = IncidentAliasRow.objects.filter(pk=subject_id).first()
            if alias:
                subject_id, found = alias.incident_id, True
        if not found and subject_kind == "account":  # one that waits for a second reader to be added
            offered = DecisionRow.objects.filter(kind="propose", subject_id=subject_id)
            found = offered.filter(new__startswith='{"add":').exists()
    if not found or subject_kind is None:
        raise SettingsError("unknown-id", f"there is no {subject_kind or 'row'} {subject_id}")
    if kind in ONLY_INCIDENTS and subject_kind != "incident":
        raise SettingsError("decision-misfit", f"only incidents can be {kind}ed, not a {subject_kind}")
    if kind == "correct" and subject_kind not in CORRECTABLE:
        raise SettingsError("decision-misfit", f"a {subject_kind} cannot be corrected; reject it instead")
    if kind in STATES and subject_kind not in REVIEWED:
        raise SettingsError("decision-misfit", f"a {subject_kind} has no review state; decide on its incident")
    return subject_kind, subject_id


def as_it_was(kind: str, subject_kind: str, subject_id: str, field: str | None, new: Any = None) -> Any:
    """What the decision changes, as it stood before: the field's value, the accounts of its incidents, or the state."""
    if kind == "correct":
        payload = json.loads(TABLES[subject_kind]._default_manager.values_list("payload", flat=True).get(pk=subject_id))
        if field not in payload:
            raise SettingsError(
                "unknown-field",
                f"{subject_kind} has no field '{field}'",
                todo=f"Fields: {', '.join(sorted(payload))}",
            )
        return payload[field]
    if kind in ONLY_INCIDENTS:
        return accounts_of([subject_id])
    if kind == "propose":
        merged = new.get("merge", ()) if isinstance(new, dict) else ()
        return accounts_of([subject_id, *merged])
    if kind in STATES:
        return TABLES[subject_kind]._default_manager.filter(pk=subject_id).values_list("state", flat=True).first()
    return None


def accounts_of(incident_ids: list[str]) -> list[str]:
    """The accounts of these incidents, sorted."""
    rows = IncidentAccountRow.objects.filter(incident_id__in=incident_ids)
    return sorted(rows.values_list("account_id", flat=True))


def apply(decision: Decision) -> None:
    """The decision is in effect: its ruling stands, and states and corrected values show it."""
    if decision.kind == "undo":
        _undo(decision)
        return
    ruling = ruling_of(decision)
    if ruling is None:
        return
    ruling.save(force_insert=True)
    if decision.kind == "add":
        _add(rebuild(Account, decision.new))
    _show(ruling)


def ruling_of(decision: Decision) -> RulingRow | None:
    """What stands because of this decision alone; None for one that has no effect of its own."""
    if decision.kind in NO_RULING:
        return None
    anchors = anchors_of(decision.kind, decision.subject_id, decision.new)
    return RulingRow(
        decision_id=decision.seq,
        kind=decision.kind,
        subject_kind=decision.subject_kind,
        subject_id=decision.subject_id,
        field=decision.field,
        value=None if decision.new is None else canonical_json(decision.new),
        anchors=canonical_json(anchors),
    )


def anchors_of(kind: str, subject_id: str, new: Any) -> list[str]:
    """The accounts that such a decision on an incident rests on, sorted; none for anything else.

    Raises SettingsError for a merge with nothing else, and for a split that takes out nothing or everything.
    """
    if kind_of(subject_id) != "incident":
        return []
    anchors = accounts_of([subject_id, *(new or ())] if kind == "merge" else [subject_id])
    if kind == "merge" and (len(anchors) < 2 or not new):
        raise SettingsError("nothing-to-merge", "name at least one other incident to merge with")
    if kind == "split" and not set() < set(new or ()) < set(anchors):
        raise SettingsError("nothing-to-split", "name some accounts of this incident, and not all of them")
    return anchors


def standing_decisions(last: int | None = None) -> dict[int, bool]:
    """Of each decision, by number, whether it stands: an undo takes away its subject, unless it is undone itself.

    With `last`, as it was when that number was the newest: later decisions are left out.
    """
    cancelled: set[int] = set()
    taken = DecisionRow.objects.all() if last is None else DecisionRow.objects.filter(seq__lte=last)
    numbers = dict(taken.values_list("decision_id", "seq"))
    for seq, subject in taken.filter(kind="undo").order_by("-seq").values_list("seq", "subject_id"):
        if seq not in cancelled:
            cancelled.add(numbers[subject])
    return {seq: seq not in cancelled for seq in sorted(numbers.values())}


def _undo(decision: Decision) -> None:
    standing = standing_decisions()
    for ruling in RulingRow.objects.order_by("pk"):
        if ruling.standing != standing[ruling.pk]:
            ruling.standing = standing[ruling.pk]
            ruling.save(update_fields=["standing"])
            if ruling.kind == "add":
                if ruling.standing:
                    _add(rebuild(Account, json.loads(ruling.value or "{}")))
                else:
                    AccountRow.objects.filter(pk=ruling.subject_id, by_hand=True).delete()
            _show(ruling)


def check_grounded(account: Account) -> None:
    """Raises StoreError where the quote is not what the report's text holds at that place."""
    text = ReportRow.objects.filter(pk=account.report_id).values_list("text", flat=True).first()
    if text is None or not grounded(text, account.span, account.quote):
        raise StoreError("ungrounded-quote", "the quote is not in the report at that place", where=account.report_id)


def _add(account: Account) -> None:
    check_grounded(account)
    row = account_row(account)
    row.by_hand, row.state = True, ReviewState.ACCEPTED
    row.save()


def show_standing() -> None:
    """Every account, statement and tally shows the rulings that stand, and what people added is there."""
    for ruling in RulingRow.objects.filter(standing=True).order_by("pk"):
        if ruling.kind == "add":
            _add(rebuild(Account, json.loads(ruling.value or "{}")))
    for ruling in RulingRow.objects.filter(standing=True).order_by("pk"):
        if ruling.subject_kind != "incident":
            _show(ruling)


def reports_of(ruling: RulingRow) -> list[str]:
    """The reports from which linking takes something else because of the ruling."""
    if ruling.kind == "add":
        return [rebuild(Account, json.loads(ruling.value or "{}")).report_id]
    about = [ruling.subject_id]
    if ruling.subject_kind == "incident":
        about = json.loads(ruling.anchors) if ruling.kind in ONLY_INCIDENTS else []
    accounts = AccountRow.objects.filter(pk__in=about).values_list("report_id", flat=True)
    statements = StatementRow.objects.filter(pk__in=about).values_list("report_id", flat=True)
    return sorted({*accounts, *statements})


def _show(ruling: RulingRow) -> None:
    """The row shows the rulings that stand: its corrected values and its review state."""
    subject_kind, subject_id = ruling.subject_kind, ruling.subject_id
    relink(reports_of(ruling))
    if subject_kind == "account":
        _show_account(subject_id)
        # whoever looks at the incident now has looked at something else
        IncidentRow.objects.filter(members__account_id=subject_id).update(version=F("version") + 1)
    elif subject_kind == "incident":
        _show_incident(subject_id)
        restate_incidents()
    elif subject_kind in ("statement", "tally"):
        TABLES[subject_kind]._default_manager.filter(pk=subject_id).update(state=_state(subject_kind, subject_id))


def _state(subject_kind: str, subject_id: str) -> str:
    said = {**STATES, "add": ReviewState.ACCEPTED}
    rulings = RulingRow.objects.filter(standing=True, subject_kind=subject_kind, subject_id=subject_id, kind__in=said)
    kind = rulings.order_by("-pk").values_list("kind", flat=True).first()
    return said[kind].value if kind else ReviewState.UNREVIEWED.value


def _show_account(account_id: str) -> None:
    present = AccountRow.objects.filter(pk=account_id).first()
    if present is None:
        return
    row = corrected_account_rows([rebuild(Account, json.loads(present.machine or present.payload))])[0]
    row.by_hand, row.read_at = present.by_hand, present.read_at
    row.state = _state("account", account_id)
    row.save(force_update=True)
    forget_postings_of_accounts([account_id])


def _show_incident(incident_id: str) -> None:
    present = IncidentRow.objects.filter(pk=incident_id).first()
    if present is None:
        return
    own = {
        str(field): json.loads(value or "null")
        for field, value in RulingRow.objects.filter(
            standing=True, subject_kind="incident", subject_id=incident_id, kind="correct"
        ).order_by("pk").values_list("field", "value")
    }  # fmt: skip
    machine = rebuild(Incident, json.loads(present.machine or present.payload))
    row = incident_row(with_fields(machine, own) if own else machine)
    row.machine = canonical_json(machine) if own else None
    row.state, row.words = present.state, present.words
    row.version = present.version
    row.save(force_update=True)
    forget_postings([incident_id])
    set_turns([incident_id])
    IncidentRow.objects.filter(pk=incident_id).update(version=F("version") + 1)

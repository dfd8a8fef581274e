"""From an id, or the beginning of one, to what it names."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model

from trucewatch.store.models import (
    AccountRow,
    BulletinRow,
    DecisionRow,
    DoubtRow,
    FindingRow,
    IncidentAliasRow,
    IncidentRow,
    ObligationRow,
    ReportRow,
    StatementRow,
    TallyRow,
)
from trucewatch.store.models.columns import ReviewState
from trucewatch.terms.codebooks import values
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.findings import BELIEFS, OBLIGATION_STATES, OUTCOMES
from trucewatch.terms.ids import PREFIXES, kind_of

_TABLES: dict[str, tuple[type[Model], str]] = {
    "report": (ReportRow, "report_id"),
    "account": (AccountRow, "account_id"),
    "statement": (StatementRow, "statement_id"),
    "tally": (TallyRow, "tally_id"),
    "incident": (IncidentRow, "incident_id"),
    "finding": (FindingRow, "finding_id"),
    "obligation": (ObligationRow, "obligation_id"),
    "decision": (DecisionRow, "decision_id"),
    "issue": (DoubtRow, "doubt_id"),
    "bulletin": (BulletinRow, "bulletin_id"),
}

_LISTED = {"outcome": OUTCOMES, "belief": BELIEFS, "state": ReviewState.values, "duty_state": OBLIGATION_STATES}


def known_values(name: str) -> frozenset[str]:
    """What a filter of that name can be: of the closed lists, else what stands in the store.

    `state` is that of a review, `duty_state` that of an obligation, `kind` that of statements; `stage` is one that
    issues came up in.
    """
    if name in _LISTED:
        return frozenset(_LISTED[name])
    if name == "kind":
        return frozenset(values("statement_kinds"))
    if name == "stage":
        return frozenset(DoubtRow.objects.values_list("stage", flat=True).distinct())
    held = (FindingRow, ObligationRow)
    return frozenset(v for model in held for v in model.objects.values_list(f"{name}_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Named:
    """What an id names: its kind and whole id; `was` is the id asked for where it has since been merged away."""

    kind: str
    id: str
    was: str | None = None


def find(beginning: str) -> Named:
    """The one thing whose id begins so, or a report of that name.

    Raises SettingsError where nothing does, or several things do.
    """
    kind = kind_of(beginning)
    found: list[Named] = []
    for table, (model, column) in _TABLES.items():
        if kind is None or table == kind:
            rows = model._default_manager.filter(**{f"{column}__startswith": beginning}).order_by(column)
            found += [Named(table, key) for key in rows.values_list(column, flat=True)[:5]]
    if not found and kind in (None, "incident"):
        old = IncidentAliasRow.objects.filter(old_id__startswith=beginning).order_by("old_id")
        found = [Named("incident", row.incident_id, was=row.old_id) for row in old[:5]]
    if not found:
        named = ReportRow.objects.filter(name=beginning).order_by("pk").values_list("pk", flat=True)
        found = [Named("report", key) for key in named[:5]]
    if not found:
        known = ", ".join(f"{PREFIXES[table]}_" for table in _TABLES)
        raise SettingsError(
            "unknown-id", f"nothing here has an id that begins with '{beginning}'", todo=f"Ids begin with {known}"
        )
    if len({(n.kind, n.id) for n in found}) > 1 and beginning not in [n.id for n in found]:
        shown = ", ".join(n.id for n in found)
        raise SettingsError("ambiguous-id", f"'{beginning}' begins several ids: {shown}", todo="Write more of it.")
    return next((n for n in found if n.id == beginning), found[0])

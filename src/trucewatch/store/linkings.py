"""How linking last saw the accounts, and which reports wait to be linked anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from trucewatch.store.models import AccountRow, IncidentRow, LinkedRow, ReportRow, StatementRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.rows import report_of
from trucewatch.store.syncs import BATCH
from trucewatch.terms.accounts import Account, ReportReading, Statement
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report


@dataclass(frozen=True, slots=True)
class Linked:
    """How linking saw an account. See `LinkedRow`; `marks` are packed."""

    account_id: str
    report_id: str
    incident_id: str
    first: int | None
    last: int | None
    marks: bytes


def relink(report_ids: Iterable[str]) -> None:
    """These reports wait to be linked: something that linking takes from them has changed."""
    for chunk in _chunks(report_ids):
        ReportRow.objects.filter(pk__in=chunk).update(linked_with="")


def waiting(fingerprint: str) -> list[str]:
    """The reports that were not linked as they are now with that fingerprint, those that are gone too; sorted."""
    present = ReportRow.objects.exclude(linked_with=fingerprint).values_list("pk", flat=True)
    there = ReportRow.objects.filter(pk=OuterRef("report_id"))
    gone = LinkedRow.objects.filter(~Exists(there)).values_list("report_id", flat=True).distinct()
    return sorted({*present, *gone})


def linked_with(report_ids: Iterable[str] | None, fingerprint: str) -> None:
    """These reports, or all, are linked as they are now."""
    if report_ids is None:
        ReportRow.objects.exclude(linked_with=fingerprint).update(linked_with=fingerprint)
        return
    for chunk in _chunks(report_ids):
        ReportRow.objects.filter(pk__in=chunk).update(linked_with=fingerprint)


def take(report_ids: Iterable[str]) -> list[Linked]:
    """How the accounts of these reports were linked last. They count as not linked from now on."""
    out: list[Linked] = []
    for chunk in _chunks(report_ids):
        rows = LinkedRow.objects.filter(report_id__in=chunk)
        out += [
            Linked(r.account_id, r.report_id, r.incident_id, r.first, r.last, bytes(r.marks))
            for r in rows.order_by("pk")
        ]
        rows.delete()
    return out


def put(rows: Iterable[Linked], *, whole: bool = False) -> None:
    """Accounts are linked so; with `whole` no others are."""
    if whole:
        LinkedRow.objects.all().delete()
    made = [
        LinkedRow(account_id=r.account_id, report_id=r.report_id, first=r.first, last=r.last, marks=r.marks,
                  incident_id=r.incident_id)
        for r in rows
    ]  # fmt: skip
    LinkedRow.objects.bulk_create(made, batch_size=BATCH)


def move(incident_of: Mapping[str, str]) -> None:
    """Accounts belong to these incidents now."""
    by_incident: dict[str, list[str]] = defaultdict(list)
    for account_id, incident_id in incident_of.items():
        by_incident[incident_id].append(account_id)
    for incident_id, accounts in by_incident.items():
        for chunk in _chunks(accounts):
            LinkedRow.objects.filter(pk__in=chunk).update(incident_id=incident_id)


def incidents_of(account_ids: Iterable[str]) -> set[str]:
    """The incidents these accounts belonged to as linked last."""
    out: set[str] = set()
    for chunk in _chunks(account_ids):
        out.update(LinkedRow.objects.filter(pk__in=chunk).values_list("incident_id", flat=True))
    return out - {""}


def accounts_of(incident_ids: Iterable[str]) -> set[str]:
    """The accounts that belonged to these incidents as linked last."""
    out: set[str] = set()
    for chunk in _chunks(incident_ids):
        out.update(LinkedRow.objects.filter(incident_id__in=chunk).values_list("pk", flat=True))
    return out


def accounts_between(days: Iterable[tuple[int, int]], long_days: int) -> set[str]:
    """Accounts of at most `long_days` and a day that lie in one of these spans (of ordinals, both ends in it)."""
    out: set[str] = set()
    for first, last in days:
        rows = LinkedRow.objects.filter(first__lte=last, last__gte=first, last__lte=F("first") + long_days)
        out.update(rows.values_list("pk", flat=True))
    return out


def accounts_undated() -> set[str]:
    """Accounts that nothing dates."""
    return set(LinkedRow.objects.filter(first=None).values_list("pk", flat=True))


def accounts_long(first: int, last: int, long_days: int) -> set[str]:
    """Accounts of more than `long_days` and a day that meet that span."""
    rows = LinkedRow.objects.filter(first__lte=last, last__gte=first, last__gt=F("first") + long_days)
    return set(rows.values_list("pk", flat=True))


def readings_for_linking(
    *, account_ids: Collection[str] | None = None, report_ids: Collection[str] | None = None
) -> Iterator[tuple[ReportReading, dict[str, Report]]]:
    """What linking takes of these accounts, or of these reports: a reading without texts per report, and its originals.

    What people rejected is left out.
    """
    by_report: dict[str, list[Account]] = defaultdict(list)
    names, ids = ("pk", account_ids) if account_ids is not None else ("report_id", report_ids)
    for chunk in _chunks(ids or ()):
        rows = AccountRow.objects.filter(Q(**{f"{names}__in": chunk})).exclude(state=ReviewState.REJECTED)
        for report_id, payload in rows.order_by("start", "pk").values_list("report_id", "payload"):
            by_report[report_id].append(rebuild(Account, json.loads(payload)))
    reports = _reports(by_report)
    denials: dict[str, list[Statement]] = defaultdict(list)
    for chunk in _chunks(by_report):
        said = StatementRow.objects.filter(report_id__in=chunk, kind="denial").exclude(state=ReviewState.REJECTED)
        for report_id, payload in said.order_by("start", "pk").values_list("report_id", "payload"):
            denials[report_id].append(rebuild(Statement, json.loads(payload)))
    for key in sorted(by_report):
        yield ReportReading(reports[key], tuple(by_report[key]), tuple(denials[key])), reports


def machine_plain(day: str) -> list[dict[str, Any]]:
    """The incidents that may begin on that ISO day as the machine tells them, as plain values, by id.

    Those that people corrected are among them whatever their days.
    """
    rows = IncidentRow.objects.filter(Q(earliest=day) | Q(machine__isnull=False)).order_by("pk")
    return [json.loads(m or p) for p, m in rows.values_list("payload", "machine")]


def machine_told(incident_ids: Iterable[str]) -> list[Incident]:
    """These incidents as the machine tells them."""
    out: list[Incident] = []
    for chunk in _chunks(incident_ids):
        rows = IncidentRow.objects.filter(pk__in=chunk).order_by("pk")
        out += [rebuild(Incident, json.loads(m or p)) for p, m in rows.values_list("payload", "machine")]
    return out


def _reports(ids: Iterable[str]) -> dict[str, Report]:
    """These reports and all they go back to, without their texts."""
    out: dict[str, Report] = {}
    todo = set(ids)
    while todo:
        for chunk in _chunks(todo):
            for row in ReportRow.objects.filter(pk__in=chunk).defer("text", "signature"):
                row.text = ""
                out[row.report_id] = report_of(row)
        todo = {r.duplicate_of for r in out.values() if r.duplicate_of} - out.keys() - todo
    return out


def _chunks(ids: Iterable[str]) -> Iterator[Sequence[Any]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]

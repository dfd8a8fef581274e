"""What linking starts from: the readings as stored, with people's corrections in them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

from trucewatch.store.models import AccountRow, DoubtRow, ReportRow, StatementRow, TallyRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.rows import report_of
from trucewatch.store.syncs import BATCH
from trucewatch.terms.accounts import Account, Doubt, ReportReading, Statement, Tally
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report


def unread(fingerprint: str) -> list[str]:
    """The ids of the reports that were not yet read with that fingerprint, sorted."""
    return sorted(ReportRow.objects.exclude(read_with=fingerprint).values_list("pk", flat=True))


def never_read(ids: Iterable[str]) -> set[str]:
    """Those of these reports that were read with no fingerprint yet."""
    return set(ReportRow.objects.filter(pk__in=list(ids), read_with="").values_list("pk", flat=True))


def stored_reports(ids: Iterable[str]) -> list[Report]:
    """These reports, by id."""
    return [report_of(row) for row in ReportRow.objects.filter(pk__in=list(ids)).order_by("pk")]


def stored_readings(report_ids: Iterable[str] | None = None, *, rejected: bool = False) -> Iterator[ReportReading]:
    """The readings of all reports, or of these, by report id: what people rejected is left out unless asked for.

    A chunk is in memory at a time.
    """
    ids = sorted(report_ids) if report_ids is not None else sorted(ReportRow.objects.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield from _chunk(ids[start : start + BATCH], rejected)


def _chunk(ids: list[str], rejected: bool) -> Iterator[ReportReading]:
    accounts: dict[str, list[Account]] = defaultdict(list)
    statements: dict[str, list[Statement]] = defaultdict(list)
    tallies: dict[str, list[Tally]] = defaultdict(list)
    doubts: dict[str, list[Doubt]] = defaultdict(list)
    out = () if rejected else (ReviewState.REJECTED,)
    for account in AccountRow.objects.filter(report_id__in=ids).exclude(state__in=out).order_by("start", "pk"):
        accounts[account.report_id].append(rebuild(Account, json.loads(account.payload)))
    for statement in StatementRow.objects.filter(report_id__in=ids).exclude(state__in=out).order_by("start", "pk"):
        statements[statement.report_id].append(rebuild(Statement, json.loads(statement.payload)))
    for tally in TallyRow.objects.filter(report_id__in=ids).exclude(state__in=out).order_by("start", "pk"):
        tallies[tally.report_id].append(rebuild(Tally, json.loads(tally.payload)))
    for row in DoubtRow.objects.filter(report_id__in=ids, stage="reading").order_by("pk"):
        doubts[row.report_id or ""].append(Doubt(row.code, row.subject_id, row.where, row.what))
    for report in stored_reports(ids):
        key = report.report_id
        yield ReportReading(
            report, tuple(accounts[key]), tuple(statements[key]), tuple(tallies[key]), tuple(doubts[key])
        )

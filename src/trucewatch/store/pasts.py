"""The store as it stood at a past moment: what had come in by then, as read by then, under the decisions of then.

Reports keep when they came in, decisions when they were taken, and readings from when to when they stood.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from trucewatch.store.effects import standing_decisions
from trucewatch.store.formers import copies_changed_since, formers_at, stood_at
from trucewatch.store.models import AccountRow, DecisionRow, ReportRow, RulingRow
from trucewatch.store.overlays import STATES, overlaid_accounts
from trucewatch.store.reader import reports
from trucewatch.store.readings import stored_readings
from trucewatch.terms.accounts import Account, ReportReading, Statement, Tally
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report

T = TypeVar("T", Account, Statement, Tally)


def instant(text: str) -> datetime:
    """The instant an ISO date or date-time names: a date is its last moment, a time without a zone is UTC.

    Raises SettingsError where it is neither.
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            "no-instant", f"'{text}' is no ISO date or date-time", todo="Write it as 2020-04-01 or 2020-04-01T12:00."
        ) from error
    if len(text) <= len("2020-04-01"):
        value += timedelta(days=1, microseconds=-1)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def reports_by(at: datetime) -> tuple[Report, ...]:
    """The reports that were in the store at that instant, by day of publication, flagged as copies as they were then.

    Those that do not say when they came in are among them.
    """
    rows = ReportRow.objects.values_list("pk", "added_at")
    there = {key for key, added_at in rows if added_at is None or instant(added_at) <= at}
    flags = copies_changed_since(at)
    out = []
    for report in reports().rows:
        if report.report_id not in there:
            continue
        if report.report_id in flags:
            other, share = flags[report.report_id] or (None, None)
            report = replace(report, duplicate_of=other, similarity=share)
        out.append(report)
    return tuple(out)


def decided_by(at: datetime) -> int:
    """The number of the last decision taken by that instant; 0 where none was."""
    taken = (seq for seq, when in DecisionRow.objects.values_list("seq", "at") if instant(when) <= at)
    return max(taken, default=0)


def rulings_by(last: int) -> QuerySet[RulingRow]:
    """The rulings that stood when the decision of that number was the newest."""
    return RulingRow.objects.filter(pk__in=[seq for seq, stands in standing_decisions(last).items() if stands])


def readings_by(
    of: Collection[Report], standing: QuerySet[RulingRow], at: datetime | None = None
) -> list[ReportReading]:
    """The readings of these reports under those rulings, by report id: without what they reject, with what they add.

    With `at`, as the reader of that instant had read them; as they are read now without.
    """
    by_id = {report.report_id: report for report in of}
    machine = {
        key: rebuild(Account, json.loads(text))
        for key, text in AccountRow.objects.exclude(machine=None).values_list("pk", "machine")
        if text is not None
    }
    by_hand = set(AccountRow.objects.filter(by_hand=True).values_list("pk", flat=True))
    added = [rebuild(Account, json.loads(r.value or "{}")) for r in standing.filter(kind="add").order_by("pk")]
    rejected = _rejected(standing)
    then = None if at is None else _Then(at)
    out = []
    for reading in stored_readings(by_id, rejected=True):
        key = reading.report.report_id
        own = [machine.get(a.account_id, a) for a in reading.accounts if a.account_id not in by_hand]
        said, counted = list(reading.statements), list(reading.tallies)
        if then is not None:
            own, said = then.of(key, "account", Account, own), then.of(key, "statement", Statement, said)
            counted = then.of(key, "tally", Tally, counted)
        own += [a for a in added if a.report_id == key]
        told = overlaid_accounts([a for a in own if a.account_id not in rejected], standing)
        out.append(
            replace(
                reading,
                report=by_id[key],
                accounts=tuple(sorted(told, key=lambda a: (a.span.start, a.account_id))),
                statements=tuple(s for s in said if s.statement_id not in rejected),
                tallies=tuple(t for t in counted if t.tally_id not in rejected),
            )
        )
    return out


class _Then:
    """What had been read at an instant, where it is told otherwise now."""

    def __init__(self, at: datetime) -> None:
        kinds = ("account", "statement", "tally")
        self._stood = {kind: set(stood_at(kind, at).values_list("pk", flat=True)) for kind in kinds}
        self._former: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for kind in kinds:
            for report_id, payload in formers_at(kind, at):
                self._former[kind, report_id].append(json.loads(payload))

    def of(self, report_id: str, kind: str, cls: type[T], now: Sequence[T]) -> list[T]:
        """The readings of that kind of a report as they were, in the order of the text; `now` are the present ones."""
        kept = [one for one in now if _id(one) in self._stood[kind]]
        kept += [rebuild(cls, told) for told in self._former[kind, report_id]]
        return sorted(kept, key=lambda one: (one.span.start, _id(one)))


def _id(one: Account | Statement | Tally) -> str:
    if isinstance(one, Account):
        return one.account_id
    return one.statement_id if isinstance(one, Statement) else one.tally_id


def _rejected(standing: QuerySet[RulingRow]) -> set[str]:
    """What people had rejected: the last word on each row counts."""
    last = dict(standing.filter(kind__in=STATES).order_by("pk").values_list("subject_id", "kind"))
    return {key for key, kind in last.items() if kind == "reject"}

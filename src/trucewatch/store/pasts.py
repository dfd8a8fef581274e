"""The store as it stood at a past moment: what had come in by then, under the decisions taken by then.

Reports keep when they came in and decisions when they were taken, so any moment can be looked at again. What a report
says is read as it is read now: an older version of the reader cannot be asked again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from trucewatch.store.effects import standing_decisions
from trucewatch.store.models import AccountRow, DecisionRow, ReportRow, RulingRow
from trucewatch.store.overlays import STATES, overlaid_accounts
from trucewatch.store.readings import stored_readings
from trucewatch.terms.accounts import Account, ReportReading
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.records import rebuild


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


def reports_by(known_at: str) -> set[str]:
    """The ids of the reports that were in the store at that instant; those that do not say when they came in are."""
    limit = instant(known_at)
    rows = ReportRow.objects.values_list("pk", "added_at")
    return {key for key, added_at in rows if added_at is None or instant(added_at) <= limit}


def decided_by(known_at: str) -> int:
    """The number of the last decision taken by that instant; 0 where none was."""
    limit = instant(known_at)
    taken = (seq for seq, at in DecisionRow.objects.values_list("seq", "at") if instant(at) <= limit)
    return max(taken, default=0)


def rulings_by(last: int) -> QuerySet[RulingRow]:
    """The rulings that stood when the decision of that number was the newest."""
    return RulingRow.objects.filter(pk__in=[seq for seq, stands in standing_decisions(last).items() if stands])


def readings_by(report_ids: Collection[str], standing: QuerySet[RulingRow]) -> list[ReportReading]:
    """The readings of these reports under those rulings, by report id: without what they reject, with what they add."""
    wanted = set(report_ids)
    machine = {
        key: rebuild(Account, json.loads(text))
        for key, text in AccountRow.objects.exclude(machine=None).values_list("pk", "machine")
        if text is not None
    }
    by_hand = set(AccountRow.objects.filter(by_hand=True).values_list("pk", flat=True))
    added = [rebuild(Account, json.loads(r.value or "{}")) for r in standing.filter(kind="add").order_by("pk")]
    rejected = _rejected(standing)
    out = []
    for reading in stored_readings(wanted, rejected=True):
        own = [machine.get(a.account_id, a) for a in reading.accounts if a.account_id not in by_hand]
        own += [a for a in added if a.report_id == reading.report.report_id]
        told = overlaid_accounts(_kept(own, rejected), standing)
        out.append(
            replace(
                reading,
                accounts=tuple(sorted(told, key=lambda a: (a.span.start, a.account_id))),
                statements=tuple(s for s in reading.statements if s.statement_id not in rejected),
                tallies=tuple(t for t in reading.tallies if t.tally_id not in rejected),
            )
        )
    return out


def _kept(accounts: Sequence[Account], rejected: Collection[str]) -> list[Account]:
    return [a for a in accounts if a.account_id not in rejected]


def _rejected(standing: QuerySet[RulingRow]) -> set[str]:
    """What people had rejected: the last word on each row counts."""
    last = dict(standing.filter(kind__in=STATES).order_by("pk").values_list("subject_id", "kind"))
    return {key for key, kind in last.items() if kind == "reject"}

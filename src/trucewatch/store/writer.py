"""Writing what the machine found. Every function is one transaction: it is all there or none of it is."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from trucewatch.store.formers import keep_former_copies, leaving, present_instant
from trucewatch.store.linkings import relink
from trucewatch.store.marks import bump
from trucewatch.store.models import (
    AccountRow,
    DoubtRow,
    ObligationRow,
    ReportRow,
    RulingRow,
    SourceRow,
    StatementRow,
    TallyRow,
)
from trucewatch.store.overlays import corrected_account_rows
from trucewatch.store.postings import forget_postings_of_accounts
from trucewatch.store.rows import doubt_row, obligation_row, report_row, source_row, statement_row, tally_row
from trucewatch.store.syncs import BATCH, Changes, sync
from trucewatch.terms.accounts import Account, Doubt, ReportReading, Statement, Tally
from trucewatch.terms.findings import Obligation
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source
from trucewatch.terms.spans import grounded

ACCOUNT_COLUMNS = ("type", "reality", "earliest", "latest", "start", "confidence", "payload", "machine", "read_at")
STATEMENT_COLUMNS = ("kind", "speaker", "about", "earliest", "start", "payload", "read_at")
TALLY_COLUMNS = ("unit", "n_min", "n_max", "since", "until", "start", "payload", "read_at")


R = TypeVar("R", AccountRow, StatementRow, TallyRow)


@dataclass(frozen=True, slots=True)
class Added:
    """How many reports were new, and how many were there already."""

    n_new: int
    n_known: int


@transaction.atomic
def add_reports(reports: Sequence[Report]) -> Added:
    """Reports not seen before are stored, unread. A report with the same id is the same report and is left alone."""
    by_id = {report.report_id: report for report in reports}
    known = set(ReportRow.objects.filter(pk__in=by_id).values_list("pk", flat=True))
    new = [report_row(by_id[key]) for key in sorted(by_id.keys() - known)]
    now = present_instant()
    for row in new:
        row.added_at = now
    ReportRow.objects.bulk_create(new, batch_size=BATCH)
    if new:
        bump()
    return Added(len(new), len(reports) - len(new))


@transaction.atomic
def write_doubts(doubts: Iterable[Doubt], stage: str, run_number: int | None = None, *, whole: bool = False) -> int:
    """The doubts of a stage are stored, each once. With `whole`, those of the stage not among them are removed.

    Returns how many are new.
    """
    rows = [doubt_row(doubt, stage, run_number=run_number) for doubt in doubts]
    if whole:
        return len(sync(DoubtRow.objects.filter(stage=stage, report_id=None), rows, ("what",), compare=("what",)).added)
    before = DoubtRow.objects.count()
    DoubtRow.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return DoubtRow.objects.count() - before


@transaction.atomic
def write_readings(readings: Sequence[ReportReading], fingerprint: str, run_number: int | None = None) -> Changes:
    """What was read from these reports now stands in the store, and the reports count as read with that fingerprint.

    A quote that is not exactly its slice of the stored text is dropped and leaves a doubt. Rows a person has judged
    keep their state while their id, which is made from their text, stays; where it goes, a doubt says so. Accounts a
    person added are left alone. What is replaced is kept as it stood. Returns the changes among accounts.
    """
    ids = [reading.report.report_id for reading in readings]
    texts = dict(ReportRow.objects.filter(pk__in=ids).values_list("pk", "text"))
    doubts: list[DoubtRow] = []
    accounts: dict[str, Account] = {}
    statements: dict[str, Statement] = {}
    tallies: dict[str, Tally] = {}
    for reading in readings:
        key = reading.report.report_id
        checks = _Grounding(key, texts[key])
        accounts |= {a.account_id: a for a in reading.accounts if checks.holds(a.account_id, a, accounts)}
        statements |= {s.statement_id: s for s in reading.statements if checks.holds(s.statement_id, s, statements)}
        tallies |= {t.tally_id: t for t in reading.tallies if checks.holds(t.tally_id, t, tallies)}
        doubts += [doubt_row(d, "reading", report_id=key, run_number=run_number) for d in reading.doubts]
        doubts += [doubt_row(d, "storing", report_id=key, run_number=run_number) for d in checks.doubts]
    now = present_instant()
    changes = sync(
        AccountRow.objects.filter(report_id__in=ids, by_hand=False),
        _read_at(now, corrected_account_rows(list(accounts.values()))),
        ACCOUNT_COLUMNS,
        compare=("payload", "machine"),
        leaving=leaving("account", now),
    )
    said, counted = map(statement_row, statements.values()), map(tally_row, tallies.values())
    others = [
        sync(
            StatementRow.objects.filter(report_id__in=ids),
            _read_at(now, said),
            STATEMENT_COLUMNS,
            leaving=leaving("statement", now),
        ),
        sync(
            TallyRow.objects.filter(report_id__in=ids),
            _read_at(now, counted),
            TALLY_COLUMNS,
            leaving=leaving("tally", now),
        ),
    ]
    if changes or any(others):
        relink(ids)
        bump()
    forget_postings_of_accounts(changes.changed)
    doubts += _lost_rulings(changes.removed, run_number)
    # doubts keep the run in which they first arose, so that a report read again alike changes no row
    sync(DoubtRow.objects.filter(report_id__in=ids), doubts, ("what",), compare=("what",))
    told = dict.fromkeys(ids, 0)
    for account in accounts.values():
        told[account.report_id] += 1
    rows = [ReportRow(report_id=key, read_with=fingerprint, n_accounts=n) for key, n in told.items()]
    ReportRow.objects.bulk_update(rows, ["read_with", "n_accounts"], batch_size=100)
    return changes


def _read_at(now: str, rows: Iterable[R]) -> Iterator[R]:
    for row in rows:
        row.read_at = now
        yield row


class _Grounding:
    """The check of one report's quotes, and the doubts it leaves."""

    def __init__(self, report_id: str, text: str) -> None:
        self.report_id, self.text = report_id, text
        self.doubts: list[Doubt] = []

    def holds(self, key: str, found: Account | Statement | Tally, before: Container[str]) -> bool:
        """True where the quote is its slice and nothing of the same id came before it."""
        if not grounded(self.text, found.span, found.quote):
            where = f"{found.span.start}-{found.span.end}"
            self.doubts.append(
                Doubt("ungrounded-quote", self.report_id, where, f"not in the text: {found.quote[:200]}")
            )
            return False
        if key in before:
            self.doubts.append(Doubt("told-twice", self.report_id, key, found.quote[:200]))
            return False
        return True


def _lost_rulings(removed: Sequence[str], run_number: int | None) -> list[DoubtRow]:
    """A doubt for each decision whose account the new reading no longer has."""
    out = []
    for start in range(0, len(removed), BATCH):
        chunk = removed[start : start + BATCH]
        lost = RulingRow.objects.filter(standing=True, subject_kind="account", subject_id__in=chunk)
        for ruling in lost.order_by("pk"):
            what = (
                f"the text this decision rests on is not read that way any more ({ruling.kind} of {ruling.subject_id})"
            )
            doubt = Doubt("decision-lost-its-text", ruling.subject_id, f"decision {ruling.pk}", what)
            out.append(doubt_row(doubt, "decisions", run_number=run_number))
    return out


@transaction.atomic
def write_duplicates(flags: Mapping[str, tuple[str, float] | None]) -> int:
    """Each of these reports is flagged with the report it repeats and how nearly (0 to 1), or loses its flag.

    Those that change, and those that go back to them, wait to be linked anew; what they were flagged with before is
    kept. Returns how many rows changed.
    """
    old: dict[str, tuple[str, float] | None] = {}
    ids = sorted(flags)
    for start in range(0, len(ids), BATCH):
        found = ReportRow.objects.filter(pk__in=ids[start : start + BATCH]).exclude(duplicate_of=None)
        old.update((key, (other, share)) for key, other, share in found.values_list(*_FLAG))
    differs = [key for key in ids if old.get(key) != flags[key]]
    rows = [ReportRow(report_id=key) for key in differs]
    for row in rows:
        row.duplicate_of, row.similarity = flags[row.report_id] or (None, None)
    ReportRow.objects.bulk_update(rows, ["duplicate_of", "similarity"], batch_size=100)
    if differs:
        keep_former_copies({key: old.get(key) for key in differs}, present_instant())
        relink(_going_back_to(differs))
    return len(rows)


_FLAG = ("pk", "duplicate_of", "similarity")


def _going_back_to(report_ids: Iterable[str]) -> set[str]:
    """These reports and their copies, through copies of copies."""
    copies: dict[str, list[str]] = {}
    for key, other in ReportRow.objects.exclude(duplicate_of=None).values_list("pk", "duplicate_of"):
        copies.setdefault(str(other), []).append(key)
    out, todo = set(report_ids), list(report_ids)
    while todo:
        fresh = set(copies.get(todo.pop(), ())) - out
        out |= fresh
        todo += fresh
    return out


@transaction.atomic
def write_sources(sources: Sequence[Source]) -> Changes:
    """The sources of the dossier are these."""
    return sync(SourceRow.objects.all(), map(source_row, sources), ("name", "reliability", "payload"))


@transaction.atomic
def write_obligations(obligations: Sequence[Obligation]) -> Changes:
    """The obligations under watch are these."""
    columns = ("agreement_id", "term_id", "state", "due", "payload")
    return sync(ObligationRow.objects.all(), map(obligation_row, obligations), columns)

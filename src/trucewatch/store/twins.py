"""A store as it stood at a past moment, taken into memory and put into an empty store: lists are asked of that one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from trucewatch.store.effects import show_standing, standing_decisions
from trucewatch.store.models import DecisionRow, ReportRow, RulingRow
from trucewatch.store.pasts import decided_by, readings_by, reports_by
from trucewatch.store.rows import report_row
from trucewatch.store.syncs import BATCH
from trucewatch.store.writer import write_readings, write_sources
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.sources import Source


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What people and machine had put into a store by an instant; readings are the machine's own word."""

    readings: tuple[ReportReading, ...]
    decisions: tuple[DecisionRow, ...]
    rulings: tuple[RulingRow, ...]


def taken(at: datetime, *, read: bool = True) -> Snapshot:
    """The open store at that instant; without `read`, reports as they came in."""
    last = decided_by(at)
    stands = standing_decisions(last)
    rulings = list(RulingRow.objects.filter(pk__lte=last).order_by("pk"))
    for ruling in rulings:
        ruling.standing = stands[ruling.pk]
    reports = reports_by(at)
    readings = readings_by(reports, RulingRow.objects.none(), at) if read else [ReportReading(r) for r in reports]
    decisions = DecisionRow.objects.filter(seq__lte=last).order_by("seq")
    return Snapshot(tuple(readings), tuple(decisions), tuple(rulings))


@transaction.atomic
def fill_twin(snapshot: Snapshot, sources: Sequence[Source]) -> None:
    """The open store, which must be empty, holds the snapshot, under the decisions in it; nothing is linked yet."""
    ReportRow.objects.bulk_create([report_row(r.report) for r in snapshot.readings], batch_size=BATCH)
    write_sources(sources)
    DecisionRow.objects.bulk_create(snapshot.decisions, batch_size=BATCH)
    RulingRow.objects.bulk_create(snapshot.rulings, batch_size=BATCH)
    write_readings(snapshot.readings, "past")
    show_standing()

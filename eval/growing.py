"""A dossier that grows: what a report costs that comes late, against linking everything at once.

    python eval/growing.py 10000

A store is filled with the made-up reports of `archives.py` and linked as `trucewatch run` links it; then late reports
come in one by one. Prints seconds of processor time for the first linking and for each late report (copies looked for,
linking, writing), how many rows of incidents that changed, and whether the store ends as if linked at once.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from archives import archive, registry

from trucewatch.linking.incidents import Constraints, Linker, LinkSettings
from trucewatch.store.opening import open_store
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild
from trucewatch.terms.spans import Span

LINKER = Linker(LinkSettings(), registry())


def with_text(reading: ReportReading) -> ReportReading:
    """The reading of a text that holds its quotes."""
    text, accounts = "", []
    for account in reading.accounts:
        accounts.append(replace(account, span=Span(len(text), len(text) + len(account.quote))))
        text += account.quote + "\n"
    return replace(reading, report=replace(reading.report, text=text), accounts=tuple(accounts))


class Growing:
    """A store, opened, that takes readings in."""

    def __init__(self, folder: Path) -> None:
        open_store(folder)

    def take_in(self, readings: Sequence[ReportReading]) -> None:
        """The reports are stored and count as read."""
        from trucewatch.store.writer import add_reports, write_readings

        add_reports([r.report for r in readings])
        for start in range(0, len(readings), 200):
            write_readings(readings[start : start + 200], "made")

    def link(self) -> tuple[float, int]:
        """What waits is linked, as a run links it; gives processor seconds, and rows of incidents that changed."""
        from django.db import transaction

        from trucewatch.running.doubles import changed_copies
        from trucewatch.running.relinking import link_reports, link_whole
        from trucewatch.store.clusters import write_incidents
        from trucewatch.store.linkings import linked_with, waiting
        from trucewatch.store.marks import mark, marked
        from trucewatch.store.writer import write_duplicates

        begun, anew = time.process_time(), marked("linking") is None
        with transaction.atomic():
            write_duplicates(changed_copies(anew=anew))
            reports = None if anew else waiting("made")
            done = (
                link_whole(LINKER, Constraints()) if reports is None else link_reports(LINKER, reports, Constraints())
            )
            changes = write_incidents(done.incidents, instead_of=done.instead_of)
            linked_with(reports, "made")
            mark("linking", "made")
        changed = len(changes.added) + len(changes.changed) + len(changes.removed)
        return time.process_time() - begun, changed

    def as_at_once(self) -> bool:
        """Whether the store holds what linking all of it at once gives."""
        from trucewatch.store.models import IncidentRow
        from trucewatch.store.readings import stored_readings

        rows = IncidentRow.objects.order_by("pk").values_list("payload", flat=True)
        stored = [rebuild(Incident, json.loads(payload)) for payload in rows]
        return stored == sorted(LINKER(list(stored_readings())), key=lambda i: i.incident_id)


def measure(n_accounts: int, n_late: int) -> dict[str, Any]:
    """One size."""
    readings = [with_text(reading) for reading, _ in archive(n_accounts)]
    late = random.Random(1).sample(readings, n_late)
    ids = {r.report.report_id for r in late}
    with tempfile.TemporaryDirectory() as folder:
        store = Growing(Path(folder))
        store.take_in([r for r in readings if r.report.report_id not in ids])
        first, _ = store.link()
        costs, changed = [], 0
        for reading in late:
            store.take_in([reading])
            cost, n = store.link()
            costs.append(cost)
            changed += n
        return {
            "accounts": sum(len(r.accounts) for r in readings),
            "cpu_seconds_at_first": round(first, 1),
            "cpu_seconds_a_late_report": round(sum(costs) / n_late, 3),
            "accounts_a_late_report": round(sum(len(r.accounts) for r in late) / n_late, 1),
            "incident_rows_changed_by_each": round(changed / n_late, 1),
            "as_at_once": store.as_at_once(),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accounts", type=int)
    parser.add_argument("--late", type=int, default=20, help="reports that come in one by one")
    args = parser.parse_args()
    print(json.dumps(measure(args.accounts, args.late)))


if __name__ == "__main__":
    main()

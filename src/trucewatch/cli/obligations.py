"""`trucewatch obligations`: duties under watch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trucewatch.cli.options import filter_options, filters_of, folder_argument, limit_option
from trucewatch.cli.tables import format_option, write_rows

COLUMNS = ("id", "agreement", "term", "title", "bearers", "state", "due", "days left", "evidence")


@click.command("obligations")
@folder_argument
@filter_options("state", "agreement", "term", "actor", "since", "until")
@limit_option
@format_option
def command(folder: Path | None, form: str, limit: int | None, **given: Any) -> None:
    """List the duties of the agreements by due date, with their state and evidence.

    \b
    trucewatch obligations DIR
    trucewatch obligations DIR --state overdue
    """
    from trucewatch.running.openings import open_dossier
    from trucewatch.terms.ids import plain

    open_dossier(folder)
    from trucewatch.store import reader

    page = reader.obligations(filters_of(given), limit=limit)
    rows = (
        {
            **plain(o),
            "id": o.obligation_id,
            "agreement": o.agreement_id,
            "term": o.term_id,
            "days left": o.days_left,
            "evidence": [f"{e.weighs} {e.incident_id}" for e in o.evidence] if form == "table" else plain(o.evidence),
        }
        for o in page.rows
    )
    write_rows(rows, COLUMNS, form, empty="No obligation fits.")

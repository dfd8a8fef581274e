"""`trucewatch statements`: threats, denials, demands, commitments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trucewatch.cli.layouts import UNDER
from trucewatch.cli.options import (
    filter_options,
    filters_of,
    folder_argument,
    known_at_option,
    limit_option,
    tell_caveats,
)
from trucewatch.cli.tables import Row, format_option, listing_end, write_rows

COLUMNS = ("id", "kind", "speaker", "about", "quote")


@click.command("statements")
@folder_argument
@filter_options("kind", "since", "until", "actor", "source", "state", "text")
@limit_option
@known_at_option
@format_option
def command(folder: Path | None, form: str, limit: int | None, known_at: str | None, **given: Any) -> None:
    """List what parties say beyond telling of an incident.

    \b
    trucewatch statements DIR --type denial
    trucewatch statements DIR --type threat --actor "Syrian army"
    """
    from trucewatch.running.twins import open_at
    from trucewatch.terms.ids import plain

    opened = open_at(folder, known_at)
    tell_caveats(opened.caveats)
    from trucewatch.store import reader

    page = reader.statements(filters_of(given), limit=limit)
    rows = (
        {
            **plain(s),
            "id": s.statement_id,
            "speaker": s.speaker.name if s.speaker else None,
            "about": s.about.name if s.about else None,
        }
        for s in page.rows
    )
    write_rows(rows, COLUMNS, form, empty="No statement fits.", told=_told)
    if form == "table":
        listing_end(len(page.rows), page.total, "statements")


def _told(row: Row) -> Row:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "speaker": row["speaker"] or "not told",
        "about": row["about"],
        UNDER: [f"| {row['quote']}"],
    }

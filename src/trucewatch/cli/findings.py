"""`trucewatch findings`: incidents held against terms."""

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
    tell_changed,
)
from trucewatch.cli.tables import Row, format_option, listing_end, write_rows

COLUMNS = ("id", "incident", "agreement", "term", "outcome", "probability", "belief", "admiralty", "accused", "missing")


@click.command("findings")
@folder_argument
@filter_options(
    "agreement", "term", "outcome", "belief", "since", "until", "place", "actor", "types", "source", "state"
)
@limit_option
@known_at_option
@format_option
def command(folder: Path | None, form: str, limit: int | None, known_at: str | None, **given: Any) -> None:
    """List findings: each incident against each term it may touch, with what would decide it.

    A finding is of an alleged breach: whether the telling is true stands in its belief.

    \b
    trucewatch findings DIR --outcome breach_if_true
    trucewatch findings DIR --term corridor --outcome undetermined
    """
    from trucewatch.running.twins import open_at
    from trucewatch.terms.ids import plain

    opened = open_at(folder, known_at)
    tell_caveats(opened.caveats)
    tell_changed(folder, known_at)
    from trucewatch.store import reader

    # a table for people leaves out terms that speak of other acts; programs get every finding
    page = reader.findings(filters_of({**given, "touching": form == "table" and not given["outcome"]}), limit=limit)
    rows = (
        {
            **plain(f),
            "id": f.finding_id,
            "incident": f.incident_id,
            "agreement": f.agreement_id,
            "term": f.term_id,
            "admiralty": f.reliability + f.credibility,
        }
        for f in page.rows
    )
    write_rows(rows, COLUMNS, form, empty="No finding fits.", told=told)
    if form == "table":
        listing_end(len(page.rows), page.total, "findings", "each of an alleged breach, if the telling is true")


def told(row: Row) -> Row:
    """A finding as a row for people: what would decide it stands below."""
    reading = f", read as {row['reading']}" if row["reading"] else ""
    return {
        **({"id": row["id"]} if "id" in row else {}),
        "incident": row["incident"],
        "term": f"{row['agreement']} {row['term']}{reading}",
        "outcome, probability": f"{row['outcome']} {row['probability']:.2f}",
        "belief, grade": f"{row['belief']} {row['admiralty']}",
        "accused": row["accused"],
        UNDER: [f"would decide it: {missing}" for missing in row["missing"]],
    }

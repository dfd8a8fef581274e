"""`trucewatch obligations`: duties under watch."""

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

COLUMNS = ("id", "agreement", "term", "title", "bearers", "state", "due", "days left", "evidence")
SHOWN = 1  # facts that would decide a duty, in a table


@click.command("obligations")
@folder_argument
@filter_options("duty_state", "agreement", "term", "actor", "since", "until")
@limit_option
@known_at_option
@format_option
def command(folder: Path | None, form: str, limit: int | None, known_at: str | None, **given: Any) -> None:
    """List the duties of the agreements by due date, with their state and evidence.

    \b
    trucewatch obligations DIR
    trucewatch obligations DIR --state overdue
    """
    from trucewatch.running.twins import open_at
    from trucewatch.terms.ids import plain

    opened = open_at(folder, known_at)
    tell_caveats(opened.caveats)
    tell_changed(folder, known_at)
    from trucewatch.store import reader

    page = reader.obligations(filters_of(given), limit=limit)
    rows = (
        {
            **plain(o),
            "id": o.obligation_id,
            "agreement": o.agreement_id,
            "term": o.term_id,
            "days left": o.days_left,
            "evidence": [f"{e.weighs} {e.incident_id}" for e in o.evidence] if form == "csv" else plain(o.evidence),
        }
        for o in page.rows
    )
    write_rows(rows, COLUMNS, form, empty="No obligation fits.", told=told)
    if form == "table":
        listing_end(len(page.rows), page.total, "duties", f"as told by {page.rows[0].as_of}" if page.rows else "")


def told(row: Row) -> Row:
    """A duty as a row for people: the incidents that weigh for and against it stand below."""
    weighed: dict[str, list[str]] = {}
    for evidence in row["evidence"]:
        weighed.setdefault(evidence["weighs"], []).append(evidence.get("incident_id") or evidence["incident"])
    missing = row["missing"][:SHOWN]
    left = len(row["missing"]) - len(missing)
    return {
        **({"id": row["id"]} if "id" in row else {}),
        "term": f"{row['agreement']} {row['term']}",
        "duty": row["title"],
        "bearers": row["bearers"],
        "state": row["state"],
        "due": _due(row),
        UNDER: [f"{weighs}: {', '.join(ids)}" for weighs, ids in weighed.items()]
        + [f"would decide it: {fact}" for fact in missing]
        + ([f"and {left} more: --format jsonl"] if left else []),
    }


def _due(row: Row) -> str:
    left = row["days_left"]
    if row["due"] is None or left is None or row["state"] == "met":
        return row["due"] or "no day stated"
    return f"{row['due']}, {left} days left" if left >= 0 else f"{row['due']}, {-left} days ago"

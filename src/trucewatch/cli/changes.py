"""`trucewatch changes`: what is told otherwise than before, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trucewatch.cli.layouts import UNDER
from trucewatch.cli.options import folder_argument, tell_caveats
from trucewatch.cli.tables import Row, format_option, write_rows

if TYPE_CHECKING:
    from trucewatch.telling.changes import Change

COLUMNS = ("change", "incident", "title", "what", "cause")


@click.command("changes")
@folder_argument
@click.option("--since", "since", metavar="BULLETIN|MOMENT", required=True, help="A bulletin's id, or a date or time.")
@format_option
def command(folder: Path | None, since: str, form: str) -> None:
    """List what is told otherwise than before, each change with its cause.

    Before is in a bulletin published at the desk, or at a past moment of the store.

    A moment is when reports came in and decisions were taken, not when they were published. Causes: a new report, a
    decision, a report withdrawn, accounts put together or read otherwise, agreements judged anew.

    \b
    trucewatch changes DIR --since bul_3f20c1
    trucewatch changes DIR --since 2020-04-01T12:00
    """
    from trucewatch.running.changes import changes_since_bulletin, changes_since_moment
    from trucewatch.running.openings import open_dossier
    from trucewatch.running.stages import DossierStages

    dossier, _ = open_dossier(folder)
    made = changes_since_bulletin if since.startswith("bul_") else changes_since_moment
    found = made(DossierStages(dossier), since)
    tell_caveats(found.caveats)
    empty = f"Nothing is told otherwise than on {found.before_as_of}."
    write_rows(map(change_row, found.changes), COLUMNS, form, empty=empty, told=_told)


def _told(row: Row) -> Row:
    below = [row["what"], f"cause: {row['cause']}"]
    return {"change": row["change"], "incident": row["incident"], "title": row["title"], UNDER: filter(None, below)}


def change_row(change: Change) -> dict[str, Any]:
    """A change as printed: plain JSON types, what and why in words."""
    from trucewatch.terms.ids import plain

    return {
        **plain(change),
        "change": change.kind,
        "incident": change.incident_id,
        "what": "; ".join(f"{name}: {old} -> {new}" for name, old, new in change.fields),
        "cause": "; ".join(f"{cause.kind.replace('_', ' ')}: {cause.what}" for cause in change.causes),
    }

"""`trucewatch waiting`: what a second reader must read, and what two readers disagree on."""

from __future__ import annotations

from pathlib import Path

import click

from trucewatch.cli.options import folder_argument
from trucewatch.cli.tables import format_option, write_rows

COLUMNS = ("subject", "what", "waits_for", "said", "since")


@click.command("waiting")
@folder_argument
@format_option
def command(folder: Path | None, form: str) -> None:
    """List the decisions that wait for a second reader, or for an editor where two disagree.

    What the first reader said is shown only where two disagree: the second says the own word without it.

    \b
    trucewatch waiting DIR
    trucewatch decide accept inc_3f --author basma --reason "read it, agree" -d DIR
    trucewatch decide reject inc_3f --author carim --settle --reason "the photograph is of another day" -d DIR
    """
    from trucewatch.running.openings import open_dossier
    from trucewatch.terms.ids import kind_of

    open_dossier(folder)
    from trucewatch.store.proposals import disputed, proposals

    rows = [
        {
            "subject": key,
            "what": kind_of(key),
            "waits_for": "an editor" if disputed(readings) else "a second reader",
            "said": "; ".join(f"{r.kind} ({r.author})" for r in readings) if disputed(readings) else None,
            "since": readings[0].at[:16],
        }
        for key, readings in sorted(proposals().items(), key=lambda item: (item[1][0].at, item[0]))
    ]
    write_rows(rows, COLUMNS, form, empty="Nothing waits for a second reader.")

"""`trucewatch audit`: whether everything is as it was written."""

from __future__ import annotations

from pathlib import Path

import click

from trucewatch.cli.options import folder_argument
from trucewatch.cli.tables import format_option, write_rows


@click.command("audit")
@folder_argument
@format_option
def command(folder: Path | None, form: str) -> None:
    """Check that decisions, quotes and raw files are as they were written.

    Every decision against the chain, every quote against its text, every raw file against its hash.

    Ends with 0 where all is as written and with 1 where it is not.

    \b
    trucewatch audit DIR
    """
    from trucewatch.running.openings import open_dossier

    _, store = open_dossier(folder)
    from trucewatch.store.audits import audit

    found = audit(store)
    rows = [{"code": f.code, "where": f.where, "what": f.what} for f in found.faults]
    write_rows(rows, ("code", "where", "what"), form, empty="All is as it was written.")
    click.echo(f"Checked {found.n_decisions} decisions, {found.n_quotes} quotes, {found.n_raw} raw files.", err=True)
    if found.faults:
        raise click.exceptions.Exit(1)

"""`trucewatch new`: an empty dossier."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="What the dossier is called; its folder's name without it.")
def command(folder: Path, name: str | None) -> None:
    """Make a dossier: one ceasefire under watch.

    \b
    trucewatch new gorno --name "Gorno, truce of 4 May"
    """
    from trucewatch.running.dossiers import new_dossier

    path = new_dossier(folder, name)
    click.echo(f"{path} is made. Put agreements into {folder}/agreements, reports into {folder}/reports, then:")
    click.echo(f"  trucewatch run {folder}")

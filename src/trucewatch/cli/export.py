"""`trucewatch export`: the whole dossier as files."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "-o", "--output", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="DIR/export without it."
)
def command(folder: Path, output: Path | None) -> None:
    """Write every table as JSON Lines, with counts and hashes: the same content gives the same bytes.

    \b
    trucewatch export DIR -o export/
    """
    from trucewatch.running.openings import open_dossier

    dossier, _ = open_dossier(folder)
    from trucewatch.running.exports import export

    target = output or dossier.folder / "export"
    counts = export(target)
    click.echo(f"{target}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))

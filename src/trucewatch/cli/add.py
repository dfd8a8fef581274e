"""`trucewatch add`: reports into a dossier."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from trucewatch.cli.options import dossier_argument, stated_options
from trucewatch.terms.errors import SettingsError


@click.command("add")
@dossier_argument
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@stated_options
def command(
    folder: Path, paths: tuple[Path, ...], published: datetime | None, source: str | None, language: str | None
) -> None:
    """Add reports: folders, .txt .md .html .pdf .docx .eml .csv .jsonl .zip and feeds.

    Raw bytes are kept under their SHA-256. A report that is there already is left alone. Reading comes with `run`.

    \b
    trucewatch add DIR reports.zip
    trucewatch add DIR page.html --source "Levant Wire" --published 2020-03-06
    """
    from trucewatch.cli.bars import Bars
    from trucewatch.reading.sources import IngestSettings
    from trucewatch.running.openings import open_dossier

    if missing := [str(path) for path in paths if not path.exists()]:
        raise SettingsError("missing-file", "there is no such file or folder", where=missing[0], todo="Check the path.")
    _, store = open_dossier(folder, create=True)
    from trucewatch.running.ingests import take_in
    from trucewatch.store.writer import write_doubts

    day = published.date().isoformat() if published else None
    with Bars() as bars:
        taken = take_in(store, paths, IngestSettings(published=day, source=source, language=language), bars)
    write_doubts(taken.doubts, "ingest")
    click.echo(f"{taken.n_new} reports added, {taken.n_known} were there already.")
    for code, n in sorted(Counter(d.code for d in taken.doubts).items()):
        example = next(d for d in taken.doubts if d.code == code)
        click.echo(f"  {n} x {code}: {example.where}: {example.what}", err=True)
    if not taken.n_new and not taken.n_known:
        click.echo("No report could be taken in.", err=True)
        raise click.exceptions.Exit(2)
    if taken.n_new:
        click.echo(f"Read them: trucewatch run {folder}")

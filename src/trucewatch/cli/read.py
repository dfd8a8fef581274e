"""`trucewatch read`: reports in, annotations out, no dossier needed."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click


@click.command("read")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--published", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="Stands instead of what files say.")
@click.option("--source", metavar="NAME", help="Stands instead of what files say.")
@click.option("--language", metavar="CODE", help="ISO 639-1; stands instead of detection.")
@click.option("--gazetteer", "gazetteers", metavar="FILE", multiple=True, type=click.Path(exists=True, path_type=Path))
@click.option("--actors", metavar="FILE", type=click.Path(exists=True, path_type=Path), help="A registry of actors.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="Workers; 1 without it.")
@click.option("--engine", metavar="NAME", help="local, processes or ray; by --jobs without it.")
@click.option("--link/--no-link", default=True, show_default=True, help="Whether accounts are grouped into incidents.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="JSON Lines, or a folder for Parquet."
)
def command(
    paths: tuple[str, ...],
    published: datetime | None,
    source: str | None,
    language: str | None,
    gazetteers: tuple[Path, ...],
    actors: Path | None,
    jobs: int | None,
    engine: str | None,
    link: bool,
    output: Path | None,
) -> None:
    """Read reports and print one JSON object per report: accounts, statements, tallies, each with its quote.

    PATH is a file or folder, or - for standard input (JSON Lines, or one text). With Parquet files in and a folder out,
    partition by partition is read, and a run that was stopped goes on with those that are missing.

    \b
    trucewatch read reports.jsonl -o out.jsonl
    trucewatch read page.html --published 2020-03-06 --gazetteer SY.zip
    cat text.txt | trucewatch read - --published 2020-03-06
    trucewatch read archive/ --engine ray --jobs 16 -o readings/
    """
    from trucewatch.cli.bars import Bars
    from trucewatch.reading.sources import IngestSettings
    from trucewatch.running.engines import engine_named
    from trucewatch.running.engines.works import ReadingWork
    from trucewatch.running.loose import read_loose, stdin_as_file
    from trucewatch.running.partitions import partitions_of, read_partitions

    day = published.date().isoformat() if published else None
    settings = IngestSettings(published=day, source=source, language=language)
    work = ReadingWork(gazetteers=tuple(map(str, gazetteers)), actors=str(actors) if actors else None)
    workers = engine_named(engine, jobs or 1)
    if partitions := partitions_of(paths):
        with Bars() as bars:
            done = read_partitions(partitions, output, work, workers, bars)
        click.echo(
            f"{done.n_read} partitions read, {done.n_known} were there already, {done.n_failed} put aside.", err=True
        )
        return
    with Bars() as bars, stdin_as_file(paths, sys.stdin.buffer) as files:
        result = read_loose(files, settings, work, workers, bars, linked=link)
    result.write(output)
    for doubt in result.doubts:
        click.echo(f"  {doubt.code}: {doubt.where}: {doubt.what}", err=True)
    if not result.lines:
        click.echo("No report could be read.", err=True)
        raise click.exceptions.Exit(2)

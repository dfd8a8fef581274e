"""`trucewatch read`: reports in, annotations out, no dossier needed."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trucewatch.cli.options import engine_option, jobs_option, stated_options
from trucewatch.terms.errors import SettingsError

if TYPE_CHECKING:
    from trucewatch.running.endpoints import EndpointWork


@click.command("read")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@stated_options
@click.option(
    "--gazetteer",
    "gazetteers",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Where places lie; can be repeated.",
)
@click.option("--actors", metavar="FILE", type=click.Path(exists=True, path_type=Path), help="A registry of actors.")
@jobs_option
@engine_option
@click.option("--link/--no-link", default=True, show_default=True, help="Whether accounts are grouped into incidents.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="JSON Lines, or a folder for Parquet."
)
@click.option(
    "--reader",
    type=click.Choice(["rules", "endpoint"]),
    default="rules",
    show_default=True,
    help="endpoint sends every text to --endpoint-url.",
)
@click.option("--endpoint-url", metavar="URL", help="An OpenAI-compatible base, such as http://localhost:8080/v1.")
@click.option("--model", metavar="NAME", help="The model to ask for at the endpoint.")
@click.option("--price-in", metavar="N", type=click.FloatRange(0), default=0.0, help="Per million tokens sent.")
@click.option("--price-out", metavar="N", type=click.FloatRange(0), default=0.0, help="Per million tokens answered.")
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
    reader: str,
    endpoint_url: str | None,
    model: str | None,
    price_in: float,
    price_out: float,
) -> None:
    """Read reports and print one JSON object for each, with no dossier.

    It holds the accounts, statements and tallies, each with its quote; its fields are in docs/reference/annotations.md.

    PATH is a file or folder, or - for standard input (JSON Lines, or one text). With Parquet files in and a folder out,
    partition by partition is read, and a run that was stopped goes on with those that are missing.

    \b
    trucewatch read reports.jsonl -o out.jsonl
    trucewatch read page.html --published 2020-03-06 --gazetteer SY.zip
    cat text.txt | trucewatch read - --published 2020-03-06
    trucewatch read archive/ --engine ray --jobs 16 -o readings/

    With --reader endpoint the texts leave this machine; the key is taken from TRUCEWATCH_ENDPOINT_KEY.
    """
    from trucewatch.cli.bars import Bars
    from trucewatch.reading.sources import IngestSettings
    from trucewatch.running.engines import engine_named
    from trucewatch.running.engines.works import ReadingWork
    from trucewatch.running.loose import read_loose, stdin_as_file
    from trucewatch.running.partitions import partitions_of, read_partitions

    day = published.date().isoformat() if published else None
    settings = IngestSettings(published=day, source=source, language=language)
    named = tuple(map(str, gazetteers)), str(actors) if actors else None
    asked = _endpoint(endpoint_url, model, (price_in, price_out), *named) if reader == "endpoint" else None
    if asked is None and (endpoint_url or model):
        raise SettingsError("reader-rules", "--endpoint-url and --model are for --reader endpoint")
    if asked is not None and (partitions_of(paths) or engine or (jobs or 1) > 1):
        raise SettingsError(
            "endpoint-engine", "the endpoint is asked one report at a time, without --engine and --jobs"
        )
    work = asked or ReadingWork(*named)
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
    if asked is not None:
        click.echo(asked.summary(), err=True)
        if not asked.asked.usage.n_reports:
            raise click.exceptions.Exit(1)


def _endpoint(
    url: str | None, model: str | None, prices: tuple[float, float], gazetteers: tuple[str, ...], actors: str | None
) -> EndpointWork:
    from trucewatch.reading.endpoints import EndpointSettings
    from trucewatch.running.endpoints import KEY, EndpointWork

    if not url or not model:
        todo = "Such as --endpoint-url http://localhost:8080/v1 --model NAME."
        raise SettingsError("endpoint-missing", "--reader endpoint needs --endpoint-url and --model", todo=todo)
    settings = EndpointSettings(url, model, os.environ.get(KEY) or None, price_in=prices[0], price_out=prices[1])
    return EndpointWork.of(settings, gazetteers, actors)

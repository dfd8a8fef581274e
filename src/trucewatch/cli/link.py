"""`trucewatch link`: an archive that was read to Parquet becomes incidents, window by window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from trucewatch.cli.options import engine_option, jobs_option


@click.command("link")
@click.argument("readings", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--actors", metavar="FILE", type=click.Path(exists=True, path_type=Path), help="A registry of actors.")
@click.option("--sources", metavar="FILE", type=click.Path(exists=True, path_type=Path), help="Sources, with sides.")
@jobs_option
@engine_option
@click.option("--window-days", metavar="N", type=click.IntRange(1, 366), help="Shorter: less memory. 16 without it.")
@click.option(
    "--most", metavar="N", type=click.IntRange(1), help="Windows of more accounts are cut by place. 20000 without it."
)
@click.option(
    "-o", "--output", metavar="FOLDER", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="Where incidents, links and episodes go; what is there already is gone on with.",
)  # fmt: skip
def command(
    readings: Path,
    actors: Path | None,
    sources: Path | None,
    jobs: int | None,
    engine: str | None,
    window_days: int | None,
    most: int | None,
    output: Path,
) -> None:
    """Gather the accounts of an archive into incidents.

    FOLDER is what `trucewatch read ARCHIVE/ -o FOLDER` wrote.

    The output holds the Parquet folders incidents, links and episodes. The result is that of linking everything at
    once; memory does not grow with the archive. After more was read, only the windows of days it touches are done anew.
    Merges and splits taken with `trucewatch decide --archive` hold.

    \b
    trucewatch link readings/ -o incidents/
    trucewatch link readings/ --actors actors.yaml --engine ray --jobs 16 -o incidents/
    """
    from trucewatch.cli.bars import Bars
    from trucewatch.running.archives import ArchiveSettings, link_archive
    from trucewatch.running.engines import engine_named

    settings = ArchiveSettings(readings, output, actors, sources)
    if window_days is not None:
        settings = replace(settings, days=window_days)
    if most is not None:
        settings = replace(settings, most=most)
    with Bars() as bars:
        done = link_archive(settings, engine_named(engine, jobs or 1), bars)
    if done.n_lost:
        click.echo(f"{done.n_lost} accounts that people decided on are not among the readings any more.", err=True)
    click.echo(
        f"{done.n_sorted} partitions sorted, {done.n_linked} parts linked, {done.n_known} as they were.", err=True
    )

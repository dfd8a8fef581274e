"""`trucewatch run`: what is new is read, linked, judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from trucewatch.cli.options import engine_option, folder_argument, jobs_option

if TYPE_CHECKING:
    from trucewatch.running.dossiers import Dossier

STOPPED = 130


@click.command("run")
@folder_argument
@jobs_option
@engine_option
def command(folder: Path | None, jobs: int | None, engine: str | None) -> None:
    """Read, link and judge what is new in a dossier.

    It can be stopped at any moment and goes on from there; a second run with nothing new changes nothing.

    \b
    trucewatch run examples/idlib-2020
    trucewatch run DIR --jobs 4
    """
    from trucewatch.cli.bars import Bars
    from trucewatch.cli.remembered import remember
    from trucewatch.running.endpoints import EndpointWork
    from trucewatch.running.engines import engine_named
    from trucewatch.running.openings import open_dossier
    from trucewatch.running.stages import DossierStages
    from trucewatch.terms.errors import SettingsError

    dossier, store = open_dossier(folder, create=True)
    from trucewatch.running.pipelines import run
    from trucewatch.running.runs import only_run, stopping_on_interrupt

    remember(dossier.folder)
    if dossier.endpoint and (engine not in (None, "local") or (jobs or 1) > 1):
        raise SettingsError(
            "endpoint-engine", "the endpoint is asked one report at a time, without --engine and --jobs"
        )
    stages = DossierStages(dossier)
    workers = engine_named(engine, jobs or 1)
    with only_run(store.folder), Bars() as bars, stopping_on_interrupt(bars.say) as stop:
        out = run(store, stages, workers, batch_size=dossier.batch_size, progress=bars, stop=stop)
    if out.stopped:
        click.echo("Stopped. The same command goes on from here.")
        raise click.exceptions.Exit(STOPPED)
    if isinstance(stages.work, EndpointWork) and (stages.work.asked.usage.n_reports or stages.work.dropped):
        click.echo(stages.work.summary())
    if not out.changed:
        click.echo("Nothing new.")
    else:
        click.echo(f"{out.n_added} reports taken in, {out.n_read} read.")
        _summary(store.folder)
    _what_is_missing(dossier)


def _what_is_missing(dossier: Dossier) -> None:
    from trucewatch.store.models import ReportRow

    if not ReportRow.objects.exists():
        click.echo(f"There is no report yet: put files into its folder, or trucewatch add {dossier.folder} PATH...")
    if not dossier.agreement_files():
        click.echo("No agreement is named in dossier.yaml or lies in its folder: nothing is held against a term.")


def _summary(folder: Path) -> None:
    from trucewatch.store.models import AccountRow, FindingRow, IncidentRow, ObligationRow, StatementRow, TallyRow
    from trucewatch.store.reader import doubt_counts

    counted = {
        "accounts": AccountRow.objects.count(),
        "statements": StatementRow.objects.count(),
        "tallies": TallyRow.objects.count(),
        "incidents": IncidentRow.objects.count(),
        "findings": FindingRow.objects.count(),
        "obligations": ObligationRow.objects.count(),
    }
    click.echo("The dossier holds " + ", ".join(f"{n} {name}" for name, n in counted.items()) + ".")
    if doubts := doubt_counts():
        shown = ", ".join(f"{n} x {code}" for _, code, n in doubts[:6])
        click.echo(f"Issues: {shown}{' ...' if len(doubts) > 6 else ''}  (trucewatch issues {folder})")

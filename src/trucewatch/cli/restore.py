"""`trucewatch restore`: a dossier from its backup."""

from __future__ import annotations

import shutil
from pathlib import Path

import click


@click.command("restore")
@click.argument("archive", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--database", metavar="ADDRESS", help="Such as postgresql://user@host/name; it must be empty.")
def command(archive: Path, folder: Path, database: str | None) -> None:
    """Fill an empty folder, and an empty database, from a backup, and audit what came out.

    This is also how a dossier moves from a laptop's file to a team's PostgreSQL.

    \b
    trucewatch restore dossier-2020-03-31.tar.gz DIR
    trucewatch restore dossier.tar.gz DIR --database postgresql://trucewatch@db/gorno
    """
    from trucewatch.running.dossiers import load_dossier
    from trucewatch.store.archives import unpack
    from trucewatch.store.opening import open_store
    from trucewatch.store.settings import TABLE_APPS

    manifest = unpack(archive, folder)
    try:
        address = database or load_dossier(folder).database_url()
        store = open_store(folder, address, extra={"INSTALLED_APPS": TABLE_APPS})
        from trucewatch.store.backups import fill

        kept = fill(store, manifest)
    finally:
        shutil.rmtree(folder / ".restoring", ignore_errors=True)
    click.echo(f"{sum(kept.tables.values())} rows, {kept.n_files} files and {kept.n_raw} raw files are back.")
    from trucewatch.store.audits import audit

    found = audit(store)
    for fault in found.faults:
        click.echo(f"  {fault.code}: {fault.where}: {fault.what}", err=True)
    if found.faults:
        raise click.exceptions.Exit(1)
    click.echo(f"Audited: {found.n_decisions} decisions, {found.n_quotes} quotes, all as written.")

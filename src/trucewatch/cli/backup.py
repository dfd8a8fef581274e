"""`trucewatch backup`: the whole dossier in one file."""

from __future__ import annotations

from pathlib import Path

import click

from trucewatch.cli.options import dossier_argument


@click.command("backup")
@dossier_argument
@click.argument("target", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def command(folder: Path, target: Path) -> None:
    """Write the whole dossier to one .tar.gz, as of one moment.

    The store, the raw bytes and the dossier's own files.
    Users of the desk are in it with the hashes of their passwords: keep it as safe as the dossier.

    \b
    trucewatch backup DIR dossier-2020-03-31.tar.gz
    """
    from trucewatch.running.dossiers import load_dossier
    from trucewatch.store.opening import open_store
    from trucewatch.store.settings import TABLE_APPS

    dossier = load_dossier(folder)
    store = open_store(dossier.folder, dossier.database_url(), create=False, extra={"INSTALLED_APPS": TABLE_APPS})
    from trucewatch.store.backups import backup

    kept = backup(store, target)
    n_rows = sum(kept.tables.values())
    click.echo(f"{target}: {n_rows} rows, {kept.n_files} files, {kept.n_raw} raw files.")
    if outside := [p for p in dossier.agreement_files() if not p.is_relative_to(dossier.folder)]:
        click.echo(f"Not in it, for they lie outside the dossier: {', '.join(map(str, outside))}", err=True)

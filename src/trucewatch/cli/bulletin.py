"""`trucewatch bulletin`: one page to publish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trucewatch.cli.options import days_of, filter_options, folder_argument, known_at_option

SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}


@click.command("bulletin")
@folder_argument
@filter_options("since", "until")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help=".html or .md")
@click.option("--rule", metavar="RULE", help="Counting rule; the dossier's own without it.")
@click.option("--as-of", metavar="DAY", type=click.DateTime(["%Y-%m-%d"]), help="As known on this day (cut-off).")
@known_at_option
def command(folder: Path | None, output: Path, rule: str | None, known_at: str | None, **given: Any) -> None:
    """Write a bulletin: one file to publish, which needs no network.

    Map, timeline, ledger, tallies, duties and every quote; everything is alleged until somebody has verified it.

    The same reports, decisions and settings give the same content hash.

    \b
    trucewatch bulletin DIR -o bulletin.html
    trucewatch bulletin DIR --from 2020-03-06 --to 2020-03-31 --as-of 2020-04-15 -o march.html
    trucewatch bulletin DIR -o bulletin.md
    """
    from trucewatch.running.dossiers import find_folder, load_dossier
    from trucewatch.running.tellings import NO_DAY, load_telling
    from trucewatch.telling.bulletins import make_bulletin, to_html, to_markdown
    from trucewatch.terms.errors import SettingsError

    form = SUFFIXES.get(output.suffix.lower())
    if form is None:
        known = ", ".join(SUFFIXES)
        raise SettingsError("bulletin-format", f"no bulletin is made as '{output.suffix}'", todo=f"Choose {known}.")
    days = days_of(given)
    place = find_folder(folder)
    telling = load_telling(place, known_at=known_at, **days)
    if telling.as_of == NO_DAY:
        what = "no report here has a date" if telling.reports else "this dossier holds no report yet"
        todo = "Give --as-of DAY." if telling.reports else f"Add some: trucewatch add {place} PATH..."
        raise SettingsError("no-cut-off", what, where=str(place), todo=todo)
    chosen = rule or load_dossier(place).counting_rule
    bulletin = make_bulletin(telling, rule=chosen, since=days["since"], until=days["until"])
    page = to_html(bulletin, telling) if form == "html" else to_markdown(bulletin, telling)
    try:
        output.write_text(page, "utf-8", newline="\n")
    except OSError as error:
        raise SettingsError("cannot-write", f"cannot be written: {error.strerror}", where=str(output)) from error
    told = bulletin.figures[0]
    click.echo(f"{output}: {told.shown} {told.label}, as known on {bulletin.as_of}, hash {bulletin.hash}")

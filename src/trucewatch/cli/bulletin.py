"""`trucewatch bulletin`: one page to publish."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trucewatch.cli.options import (
    as_of_option,
    days_of,
    filter_options,
    folder_argument,
    known_at_option,
    tell_caveats,
    tell_changed,
)

if TYPE_CHECKING:
    from trucewatch.running.bulletins import Published

SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown"}
MOST_ERRATA = 20  # lines of errata on a terminal; the desk and `trucewatch changes` list all


@click.command("bulletin")
@folder_argument
@filter_options("since", "until")
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The file: .html or .md."
)
@click.option("--rule", metavar="RULE", help="Counting rule; the dossier's own without it.")
@as_of_option
@known_at_option
@click.option("--author", metavar="NAME", help="Who publishes; the name you are logged in with without it.")
@click.option("--draft", is_flag=True, help="Write the file and keep no record of it.")
def command(
    folder: Path | None, output: Path, rule: str | None, known_at: str | None, author: str | None, draft: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Write a bulletin: one file to publish, which needs no network.

    Map, timeline, ledger, tallies, duties and every quote; everything is alleged until somebody has verified it.

    It is published as at the desk: a record stays in the dossier, never changed, and what is told otherwise than in the
    bulletin before it is printed, each change with its cause. A --draft, and a past moment by --known-at, leave none;
    neither does a bulletin with the contents of the last one. The same reports, decisions and settings give the same
    content hash.

    \b
    trucewatch bulletin DIR -o bulletin.html
    trucewatch bulletin DIR --from 2020-03-06 --to 2020-03-31 --as-of 2020-04-15 -o march.html
    trucewatch bulletin DIR --draft -o bulletin.md
    """
    from trucewatch.running.openings import open_dossier
    from trucewatch.terms.errors import SettingsError

    form = SUFFIXES.get(output.suffix.lower())
    if form is None:
        known = ", ".join(SUFFIXES)
        raise SettingsError("bulletin-format", f"no bulletin is made as '{output.suffix}'", todo=f"Choose {known}.")
    days = days_of(given)
    dossier, _ = open_dossier(folder)
    from trucewatch.running.bulletins import Wanted, compose, last_published, publish, refuse_changed
    from trucewatch.running.pasts import dossier_at
    from trucewatch.running.stages import DossierStages
    from trucewatch.running.tellings import NO_DAY
    from trucewatch.telling.bulletins import to_html, to_markdown

    stages = DossierStages(dossier)
    if not draft and known_at is None:
        refuse_changed(stages)  # before the file is written
    own = dossier_at(stages, known_at)
    wanted = Wanted(own.title or own.name, days["since"], days["until"], days["as_of"], rule or own.counting_rule)
    bulletin, telling = compose(stages, wanted, known_at)
    if telling.as_of == NO_DAY:
        what = "no report here has a date" if telling.reports else "this dossier holds no report yet"
        todo = "Give --as-of DAY." if telling.reports else f"Add some: trucewatch add {dossier.folder} PATH..."
        raise SettingsError("no-cut-off", what, where=str(dossier.folder), todo=todo)
    page = to_html(bulletin, telling) if form == "html" else to_markdown(bulletin, telling)
    output.write_text(page, "utf-8", newline="\n")
    told = bulletin.figures[0]
    click.echo(f"{output}: {told.shown} {told.label}, as known on {bulletin.as_of}, hash {bulletin.hash}")
    tell_caveats(telling.caveats)
    tell_changed(folder, known_at)
    before = last_published()
    if draft or known_at is not None:
        click.echo("A draft: no record of it is kept." if draft else "A past moment: no record of it is kept.")
    elif before is not None and before.sha256 == bulletin.hash:
        click.echo(f"Its contents are those of {before.pk}, published on {before.published_at[:10]}: nothing is added.")
    else:
        _tell(publish(stages, wanted, author or getpass.getuser(), bulletin.hash))


def _tell(made: Published) -> None:
    from trucewatch.cli.changes import change_row

    click.echo(f"Published as {made.row.pk} by {made.row.author}.")
    if made.previous is None:
        return
    click.echo(f"Told otherwise than in {made.previous}: {len(made.errata) or 'nothing'}.")
    for row in map(change_row, made.errata[:MOST_ERRATA]):
        what = f": {row['what']}" if row["what"] else ""
        click.echo(f"  {row['change']} {row['title']}{what} ({row['cause']})")
    if len(made.errata) > MOST_ERRATA:
        click.echo(f"  and {len(made.errata) - MOST_ERRATA} more: trucewatch changes --since {made.previous}")

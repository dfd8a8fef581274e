"""`trucewatch explain`: the whole chain behind any id."""

from __future__ import annotations

import json
from pathlib import Path

import click

from trucewatch.cli.options import dossier_option, known_at_option, tell_caveats
from trucewatch.cli.remembered import folder_or_last


@click.command("explain")
@click.argument("some_id", metavar="ID")
@dossier_option
@known_at_option
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def command(some_id: str, folder: Path | None, known_at: str | None, as_json: bool) -> None:
    """Show what stands behind an id, back to the quote and the report's hash.

    Report, quote in its context, maker, links with their scores, findings with their grounds, decisions.

    ID is any id, the beginning of one, or the name of a report.

    \b
    trucewatch explain inc_3f
    trucewatch explain acc_91c0 --json
    """
    from trucewatch.cli.explained import write
    from trucewatch.running.twins import open_at

    opened = open_at(folder_or_last(folder), known_at)
    tell_caveats(opened.caveats)
    from trucewatch.running.explanations import explanation
    from trucewatch.store.lookups import find

    told = explanation(find(some_id))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    write(told)

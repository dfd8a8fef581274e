"""`trucewatch decide`: a person's word, with all that follows from it."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import click

from trucewatch.cli.options import dossier_option
from trucewatch.cli.remembered import folder_or_last
from trucewatch.terms.decisions import KINDS
from trucewatch.terms.errors import SettingsError


@click.command("decide")
@click.argument(
    "kind", type=click.Choice([kind for kind in KINDS if kind not in ("propose", "person")]), metavar="KIND"
)
@click.argument("subject", metavar="ID")
@click.argument("others", metavar="[ID...]", nargs=-1)
@click.option("--reason", metavar="WORDS", required=True, help="Why; it stays with the decision.")
@click.option("--author", metavar="NAME", help="Who decides; the name you are logged in with without it.")
@click.option("--field", metavar="NAME", help="With correct: the field.")
@click.option("--value", metavar="JSON", help="With correct and add: the new value.")
@click.option("--settle", is_flag=True, help="Settle what two readers disagree on; the author must be an editor.")
@dossier_option
@click.option(
    "--archive",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="On incidents that `trucewatch link` wrote there: merge, split, undo, note.",
)
def command(
    kind: str,
    subject: str,
    others: tuple[str, ...],
    reason: str,
    author: str | None,
    field: str | None,
    value: str | None,
    settle: bool,
    folder: Path | None,
    archive: Path | None,
) -> None:
    """Take a decision: accept, correct, merge, split, reject, verify, refute, add, undo, note.

    Decisions are never changed or removed; an undo is one more. Ids may be shortened.

    \b
    trucewatch decide merge inc_3f inc_77 --reason "same strike, two spellings"
    trucewatch decide split inc_3f acc_91 acc_0c --reason "two strikes on one day"
    trucewatch decide correct inc_3f --field type --value '"shelling"' --reason "the report says mortars"
    trucewatch decide undo dec_5a --reason "wrong incident"
    trucewatch decide reject inc_3f --settle --author carim --reason "no such strike: the source withdrew it"
    trucewatch decide merge inc_3f inc_77 --archive incidents/ --reason "same strike, two spellings"
    """
    if archive is not None:
        from trucewatch.running.archive_decisions import decide_on_archive

        taken = decide_on_archive(archive, kind, subject, others, author=author or getpass.getuser(), reason=reason)
        click.echo(f"{taken.decision_id}: {kind} of {taken.subject_id} by {taken.author}. Link again to see it.")
        return
    from trucewatch.running.openings import open_dossier
    from trucewatch.running.stages import DossierStages

    dossier, _ = open_dossier(folder_or_last(folder))
    from trucewatch.running.decidings import decide_and_follow
    from trucewatch.store.lookups import find
    from trucewatch.store.people import may_settle
    from trucewatch.store.proposals import added

    author = author or getpass.getuser()
    if settle and not may_settle(author):
        raise SettingsError(
            "not-allowed",
            f"{author} is no editor of this dossier, and only an editor settles what two readers disagree on",
            todo="Name one: --author NAME",
        )
    new: Any = None
    if value is not None:
        try:
            new = json.loads(value)
        except ValueError as error:
            raise SettingsError(
                "value-json", f"--value is not JSON: {error}", todo="Put text in double quotes inside single ones."
            ) from error
    elif others:
        new = [find(other).id for other in others]
    waits = added(subject)  # an account that another person would add: it is in no table yet
    if kind == "add" and new is None:
        new = waits
    if kind == "add" and new is None:
        raise SettingsError("no-value", "adding needs the account", todo="Give it: --value JSON")
    subject_id = subject if kind == "add" or waits else find(subject).id
    decision = decide_and_follow(
        DossierStages(dossier),
        kind,
        subject_id,
        author=author,
        settles=settle,
        reason=reason,
        field=field,
        new=new,
    )
    click.echo(f"{decision.decision_id}: {decision.kind} of {decision.subject_id} by {decision.author}.")
    if decision.kind == "propose":
        click.echo(f"This dossier asks for a second reader: it is in effect when another person says {kind} too.")

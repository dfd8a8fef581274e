"""Where one incident may lie, for its small map: its places as they stand and the candidates that were weighed."""

from __future__ import annotations

from typing import Any

from trucewatch.terms.incidents import Incident

LIKELY = 0.02  # candidates below this weight stay in the table and do not widen the map
METRES_A_DEGREE = 60_000  # fewer than there are: a disc always fits into the map


def places_of(incident: Incident) -> dict[str, Any]:
    """A GeoJSON FeatureCollection: candidates with `weight`, then the places that stand, with `stands`.

    Each has `index`, the number of its place in the incident, and `radius_m`.
    """
    features = []
    for index, place in enumerate(incident.places):
        for c in place.candidates:
            words = {"name": c.name, "place_id": c.place_id, "weight": c.weight, "radius_m": c.radius_m}
            features.append(_feature(c.lon, c.lat, index, words))
    for index, place in enumerate(incident.places):
        if place.lat is not None and place.lon is not None:
            words = {"name": place.name, "stands": True, "radius_m": place.radius_m or 0}
            features.append(_feature(place.lon, place.lat, index, words))
    return {"type": "FeatureCollection", "features": features}


def bounds_of(incident: Incident) -> str | None:
    """west,south,east,north in degrees around its places and their likelier candidates; None without any point."""
    points = [(p.lon, p.lat, p.radius_m or 0) for p in incident.places if p.lat is not None and p.lon is not None]
    points += [(c.lon, c.lat, c.radius_m) for p in incident.places for c in p.candidates[:5] if c.weight >= LIKELY]
    if not points:
        return None
    pad = max(0.06, *(radius / METRES_A_DEGREE for _, _, radius in points))
    west, east = min(x for x, _, _ in points) - pad, max(x for x, _, _ in points) + pad
    south, north = min(y for _, y, _ in points) - pad, max(y for _, y, _ in points) + pad
    return f"{west:.4f},{south:.4f},{east:.4f},{north:.4f}"


def _feature(lon: float, lat: float, index: int, words: dict[str, Any]) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "geometry": point, "properties": {**words, "index": index}}

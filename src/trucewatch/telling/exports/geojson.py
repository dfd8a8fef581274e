"""GeoJSON (RFC 7946) of the incidents, the unlocated ones with a null geometry: nothing disappears from a list."""

from __future__ import annotations

import json

from trucewatch.telling.exports.rows import rows_of
from trucewatch.telling.tellings import Telling

DIGITS = 6  # of a degree: about 0.1 m


def to_geojson(telling: Telling) -> str:
    """A FeatureCollection in WGS84, longitude first; `radius_m` is the uncertainty of the point."""
    features = []
    for row in rows_of(telling, "incidents"):
        lat, lon = row.pop("lat"), row.pop("lon")
        point = None if lat is None else {"type": "Point", "coordinates": [round(lon, DIGITS), round(lat, DIGITS)]}
        features.append({"type": "Feature", "id": row["incident_id"], "geometry": point, "properties": row})
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"

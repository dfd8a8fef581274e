"""What a map shows of many incidents: the points themselves, or the number in each cell of a grid."""

from __future__ import annotations

from typing import Any

from django.db.models import Avg, Count, F
from django.db.models.functions import Floor

from trucewatch.desk.views.incidents import outcomes_of
from trucewatch.store.filters import Filters, incidents_where
from trucewatch.store.models import IncidentRow
from trucewatch.terms.errors import SettingsError

MOST_POINTS = 400


def cells_or_points(wanted: Filters, zoom: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection: points with id, type, radius_m and outcome, or cell centres with `n` and no id."""
    if not zoom.isascii() or not zoom.isdigit() or int(zoom) > 24:
        raise SettingsError("bad-zoom", "zoom is a whole number from 0 to 24", where="zoom")
    rows = IncidentRow.objects.filter(incidents_where(wanted)).exclude(lat=None)
    listed = list(rows.order_by("pk").values_list("pk", "lat", "lon", "radius_m", "type", "place")[: MOST_POINTS + 1])
    if len(listed) <= MOST_POINTS:
        outcomes = outcomes_of([row[0] for row in listed])
        return _collection(
            _feature(lon, lat, id=key, type=kind, place=place, radius_m=radius or 0, outcome=outcomes.get(key, ""))
            for key, lat, lon, radius, kind, place in listed
            if lat is not None and lon is not None
        )
    size = 360 / 2 ** (int(zoom) + 3)  # eight cells across a tile: about 64 pixels each
    cells = (
        rows.annotate(row=Floor(F("lat") / size), column=Floor(F("lon") / size))
        .values("row", "column")
        .annotate(n=Count("pk"), lat_mean=Avg("lat"), lon_mean=Avg("lon"))
        .order_by("row", "column")
    )
    return _collection(_feature(c["lon_mean"], c["lat_mean"], n=c["n"], outcome="") for c in cells)


def _feature(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "geometry": point, "properties": properties}


def _collection(features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}

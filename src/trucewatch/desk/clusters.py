"""What a map shows of many incidents: the points themselves, or the number in each cell of a grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, F
from django.db.models.functions import Floor

from trucewatch.desk.views.incidents import outcomes_of
from trucewatch.store.filters import Filters, incidents_where
from trucewatch.store.models import IncidentRow
from trucewatch.store.states import State, state_of_store
from trucewatch.terms.errors import SettingsError

MOST_POINTS = 400
GRIDS_TO_ZOOM = 11  # finer grids have so many cells that only those in sight are counted


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid: how many incidents lie in it, and the middle of where they lie in degrees."""

    row: int
    column: int
    n: int
    lat: float
    lon: float


def cells_or_points(wanted: Filters, zoom: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection: points with id, type, radius_m and outcome, or cell centres with `n` and no id.

    A cell that the box cuts is counted whole: its number stays the same while the map is moved.
    """
    if not zoom.isascii() or not zoom.isdigit() or int(zoom) > 24:
        raise SettingsError("bad-zoom", "zoom is a whole number from 0 to 24", where="zoom")
    level, state = int(zoom), state_of_store()
    located = IncidentRow.objects.filter(incidents_where(wanted)).exclude(lat=None)
    keys = list(located.values_list("pk", flat=True)[: MOST_POINTS + 1])
    if len(keys) > MOST_POINTS:
        return _collection(_feature(c.lon, c.lat, n=c.n, outcome="") for c in cells(wanted, level, state))
    rows = IncidentRow.objects.filter(pk__in=keys).order_by("pk")
    outcomes = outcomes_of(keys)
    return _collection(
        _feature(lon, lat, id=key, type=kind, place=place, radius_m=radius or 0, outcome=outcomes.get(key, ""))
        for key, lat, lon, radius, kind, place in rows.values_list("pk", "lat", "lon", "radius_m", "type", "place")
        if lat is not None and lon is not None
    )


def cells(wanted: Filters, zoom: int, state: State) -> list[Cell]:
    """The cells that the box touches, by row and column; all of them without a box."""
    size = 360 / 2 ** (zoom + 3)  # eight cells across a tile: about 64 pixels each
    if wanted.box is None or zoom <= GRIDS_TO_ZOOM:
        grid: Iterable[Cell] = _grid(settings.TRUCEWATCH_FOLDER, state, replace(wanted, box=None), size)
    else:
        south, west, north, east = (floor(edge / size) for edge in wanted.box)
        box = (south * size, west * size, (north + 1) * size, (east + 1) * size)
        # one more cell than the box touches on each side: it is cut again below
        grid = _counted(replace(wanted, box=box), size)
    return [cell for cell in grid if _touches(cell, wanted.box, size)]


@lru_cache(maxsize=64)
def _grid(folder: Path, state: State, wanted: Filters, size: float) -> tuple[Cell, ...]:
    """The whole grid, kept while nothing changes: any part of the map is then cut from it."""
    return tuple(_counted(wanted, size))


def _counted(wanted: Filters, size: float) -> list[Cell]:
    rows = (
        IncidentRow.objects.filter(incidents_where(wanted))
        .exclude(lat=None)
        .annotate(row=Floor(F("lat") / size), column=Floor(F("lon") / size))
        .values_list("row", "column")
        .annotate(n=Count("pk"), lat_mean=Avg("lat"), lon_mean=Avg("lon"))
        .order_by("row", "column")
    )
    return [Cell(int(row), int(column), n, lat, lon) for row, column, n, lat, lon in rows]


def _touches(cell: Cell, box: tuple[float, float, float, float] | None, size: float) -> bool:
    if box is None:
        return True
    south, west, north, east = (floor(edge / size) for edge in box)
    if not south <= cell.row <= north:
        return False
    return west <= cell.column <= east if box[1] <= box[3] else cell.column >= west or cell.column <= east


def _feature(lon: float, lat: float, **properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "geometry": point, "properties": properties}


def _collection(features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}

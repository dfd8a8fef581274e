"""Metres on the ground: a projection of its own for every area, with the error it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
EARTH_M = 6_371_008.8  # mean radius of WGS84
_DENSE_DEG = 0.05  # edges are straight in degrees; bent into the projection in steps of about 5 km


@dataclass(frozen=True, slots=True)
class Projection:
    """An azimuthal equidistant projection centred on the area: distances from the centre are true, in metres."""

    lat: float
    lon: float
    _forward: Transformer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        local = f"+proj=aeqd +lat_0={self.lat:.6f} +lon_0={self.lon:.6f} +datum=WGS84 +units=m"
        object.__setattr__(self, "_forward", Transformer.from_crs("EPSG:4326", local, always_xy=True))

    def points(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """x and y in metres; infinite where the point cannot be shown (near the antipode)."""
        x, y = self._forward.transform(lon, lat)
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def shape(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in degrees as one in metres."""
        dense = shapely.segmentize(geometry, _DENSE_DEG)
        return shapely.transform(dense, lambda xy: np.column_stack(self.points(xy[:, 0], xy[:, 1])))

    def degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        """A geometry in metres back in degrees, for drawing."""

        def back(xy: Floats) -> Floats:
            lon, lat = self._forward.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
            return np.column_stack([lon, lat])

        return shapely.transform(geometry, back)

    def stretch(self, reach_m: float) -> float:
        """The largest relative error of a length at that distance from the centre: (d/R)^2 / 6, across the radius."""
        return (reach_m / EARTH_M) ** 2 / 6


def fitting(bounds: tuple[float, float, float, float]) -> Projection:
    """The projection centred on bounds (min lon, min lat, max lon, max lat)."""
    west, south, east, north = bounds
    return Projection(round((south + north) / 2, 4), round((west + east) / 2, 4))

"""Areas as they are used: prepared once, asked many times, by date where they change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.judging.area_schemas import AreaForm
from trucewatch.judging.moments import Window, minutes
from trucewatch.judging.projections import Floats, Projection, fitting
from trucewatch.judging.shapes import Workshop
from trucewatch.terms.errors import AgreementError

EVERYWHERE = "everywhere"
_DISC = 16  # segments of a quarter circle; the share is taken of this polygon, so its own area cancels
_HAIR = 1e-6  # a disc that the edge crosses is never shown as certain, however small the sliver


@dataclass(frozen=True, slots=True)
class AreaVersion:
    """The area from one minute until another (None open), on the clock of the place."""

    since: int | None
    until: int | None
    geometry: BaseGeometry  # metres
    boundary: BaseGeometry


@dataclass(frozen=True, slots=True)
class Area:
    """A named area. `edge_error_m` is stated by the file; `projection_error_m` follows from its size.

    `versions` is empty for `everywhere`.
    """

    name: str
    title: str
    projection: Projection | None = None
    versions: tuple[AreaVersion, ...] = ()
    edge_error_m: float | None = None
    projection_error_m: float = 0.0
    note: str | None = None

    @property
    def everywhere(self) -> bool:
        """True where no place lies outside."""
        return not self.versions

    def content(self) -> tuple[object, ...]:
        """What makes it the area it is: areas with equal content answer every question alike."""
        parts = tuple((v.since, v.until, v.geometry.wkb) for v in self.versions)
        return (self.title, self.projection, self.edge_error_m, parts)

    def shares(self, lat: Floats, lon: Floats, radius_m: Floats, version: int = 0) -> tuple[Floats, Floats]:
        """The share (0 to 1) of each disc inside, and metres from its centre to the edge (negative: outside).

        The share is exactly 1 or 0 where the edge does not cross the disc, and strictly between where it does.
        """
        if self.projection is None:
            return np.ones(len(lat)), np.full(len(lat), np.inf)
        part = self.versions[version]
        x, y = self.projection.points(lon, lat)
        finite = np.isfinite(x) & np.isfinite(y)
        x, y = np.where(finite, x, 1e8), np.where(finite, y, 1e8)
        within = shapely.intersects_xy(part.geometry, x, y)
        centres = np.asarray(shapely.points(x, y))
        edge = shapely.distance(part.boundary, centres)
        shares = within.astype(np.float64)
        crossed = np.flatnonzero(edge < radius_m)
        if len(crossed):
            discs = shapely.buffer(centres[crossed], radius_m[crossed], quad_segs=_DISC)
            inner = shapely.area(shapely.intersection(discs, part.geometry)) / shapely.area(discs)
            shares[crossed] = np.clip(inner, _HAIR, 1 - _HAIR)
        return shares, np.where(within, edge, -edge)

    def versions_at(self, when: Window | None) -> list[tuple[int, float]]:
        """Indexes of the versions an incident's interval touches, each with its share of the interval.

        The shares sum to less than 1 where no version covers part of the interval.
        """
        if len(self.versions) == 1 and self.versions[0].since is None and self.versions[0].until is None:
            return [(0, 1.0)]
        if when is None or when.start is None or when.end is None:
            return [(i, 1.0 / len(self.versions)) for i in range(len(self.versions))]
        out = []
        for i, part in enumerate(self.versions):
            start = when.start if part.since is None else max(part.since, when.start)
            end = when.end if part.until is None else min(part.until, when.end)
            if end > start:
                out.append((i, (end - start) / (when.end - when.start)))
        return out


def build_area(name: str, workshop: Workshop) -> Area:
    """The named area, ready to be asked. Raises AgreementError as `Workshop.build` does."""
    if name == EVERYWHERE:
        return Area(EVERYWHERE, "everywhere")
    form = workshop.named(name)
    core = workshop.follow(form)
    west, south, east, north = (float(v) for v in shapely.total_bounds(list(workshop.raw(core))))
    projection = fitting((west, south, east, north))
    parts = [(d.since, d.until, d.area) for d in core.dated] or [(None, None, core)]
    versions = tuple(_version(since, until, part, workshop, projection) for since, until, part in parts)
    reach = max(float(np.hypot(*np.abs(np.array(v.geometry.bounds)).reshape(2, 2).max(axis=0))) for v in versions)
    width = max(_width_m(part, workshop) for _, _, part in parts)
    return Area(
        name, form.title or core.title or name, projection, versions, form.error_m or core.error_m,
        round(projection.stretch(reach) * width, 2), form.note or core.note,
    )  # fmt: skip


def _version(since: str | None, until: str | None, form: AreaForm, shop: Workshop, to: Projection) -> AreaVersion:
    geometry = shop.build(form, to)
    boundary = shapely.boundary(geometry)
    shapely.prepare(geometry)
    shapely.prepare(boundary)
    if since is not None and until is not None and since >= until:
        raise AgreementError("area-dates", f"'from' {since} is not before 'until' {until}")
    return AreaVersion(_minute(since), _minute(until), geometry, boundary)


def _minute(text: str | None) -> int | None:
    return None if text is None else minutes(text)[0]


def _width_m(form: AreaForm, shop: Workshop) -> float:
    """The longest distance the construction measures, which is what the projection can get wrong."""
    form = shop.follow(form)
    own = 0.0
    if form.corridor:
        c = form.corridor
        own = max(v or 0.0 for v in (c.each_side_m, c.north_m, c.south_m, c.east_m, c.west_m))
    elif form.side_of:
        own = form.side_of.reach_m
    elif form.within:
        own = form.within.km * 1000
    return max([own, *(_width_m(child, shop) for child in (*form.union, *form.intersection, *form.difference))])

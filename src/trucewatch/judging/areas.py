"""Areas as they are used: prepared once, asked many times, by date where they change."""

from __future__ import annotations

import math
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
_HAIR = 1e-6  # a disc that the edge may cross is never shown as certain, however small the sliver
# Gauss-Legendre nodes and weights on -1 to 1, for a disc wider than the error of the edge
_SHIFTS = ((-0.7745966692, 5 / 18), (0.0, 8 / 18), (0.7745966692, 5 / 18))
# a cubature of the disc, exact to the fifth degree: the centre, and six points at sqrt(2/3) of the radius
_CENTRE = 1 / 4
_RING = tuple((0.8164965809 * math.cos(k * math.pi / 3), 0.8164965809 * math.sin(k * math.pi / 3)) for k in range(6))


@dataclass(frozen=True, slots=True)
class AreaVersion:
    """The area from one minute until another (None open), on the clock of the place.

    `shifted` are the areas with the edge moved in and out within its stated error, each with its weight; the weights
    sum to 1. Where no error is stated that is the area itself.
    """

    since: int | None
    until: int | None
    geometry: BaseGeometry  # metres
    boundary: BaseGeometry
    shifted: tuple[tuple[BaseGeometry, float], ...]


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
        """The share (0 to 1) of each disc inside, and metres from its centre to the drawn edge (negative: outside).

        The real edge may lie anywhere within the stated error of the drawn one, each way as likely: the share is the
        mean over those edges. It is exactly 1 or 0 where no such edge crosses the disc, else strictly between.
        """
        if self.projection is None:
            return np.ones(len(lat)), np.full(len(lat), np.inf)
        part, error = self.versions[version], self.edge_error_m or 0.0
        x, y = self.projection.points(lon, lat)
        finite = np.isfinite(x) & np.isfinite(y)
        x, y = np.where(finite, x, 1e8), np.where(finite, y, 1e8)
        edge = _edges(part, x, y)
        shares = (edge >= 0).astype(np.float64)
        near = np.abs(edge) < radius_m + error
        narrow, wide = np.flatnonzero(near & (radius_m <= error)), np.flatnonzero(near & (radius_m > error))
        if len(narrow):
            shares[narrow] = np.clip(
                _blurred(part, error, x[narrow], y[narrow], radius_m[narrow], edge[narrow]), _HAIR, 1 - _HAIR
            )
        if len(wide):
            shares[wide] = np.clip(_covered(part, x[wide], y[wide], radius_m[wide]), _HAIR, 1 - _HAIR)
        return shares, edge

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
    error = stated_error_m(form, workshop)
    versions = tuple(_version(since, until, part, workshop, projection, error) for since, until, part in parts)
    reach = max(float(np.hypot(*np.abs(np.array(v.geometry.bounds)).reshape(2, 2).max(axis=0))) for v in versions)
    width = max(_width_m(part, workshop) for _, _, part in parts)
    return Area(
        name, form.title or core.title or name, projection, versions, error,
        round(projection.stretch(reach) * width, 2), form.note or core.note,
    )  # fmt: skip


def stated_error_m(form: AreaForm, shop: Workshop) -> float | None:
    """Metres by which the edge of an area may lie elsewhere than drawn; None where nothing is stated.

    What the area states goes first; else the largest error of the lines and areas it is built from.
    """
    if form.error_m is not None:
        return form.error_m
    core = shop.follow(form)
    if core.error_m is not None:
        return core.error_m
    names = [part.line for part in (core.corridor, core.side_of, core.within) if part is not None and part.line]
    found = [shop.lines[name].error_m for name in names if name in shop.lines]
    dated = [d.area for d in core.dated]
    found += [stated_error_m(c, shop) for c in (*core.union, *core.intersection, *core.difference, *dated)]
    return max((error for error in found if error is not None), default=None)


def _version(
    since: str | None, until: str | None, form: AreaForm, shop: Workshop, to: Projection, error_m: float | None
) -> AreaVersion:
    geometry = shop.build(form, to)
    boundary = shapely.boundary(geometry)
    if since is not None and until is not None and since >= until:
        raise AgreementError("area-dates", f"'from' {since} is not before 'until' {until}")
    shifted = [(geometry, 1.0)]
    if error_m:
        shifted = [(geometry.buffer(at * error_m) if at else geometry, weight) for at, weight in _SHIFTS]
    for shape in (geometry, boundary, *(one for one, _ in shifted)):
        shapely.prepare(shape)
    return AreaVersion(_minute(since), _minute(until), geometry, boundary, tuple(shifted))


def _edges(part: AreaVersion, x: Floats, y: Floats) -> Floats:
    """Metres from each point to the edge; negative outside."""
    away: Floats = np.asarray(shapely.distance(part.boundary, shapely.points(x, y)), dtype=np.float64)
    return np.where(shapely.intersects_xy(part.geometry, x, y), away, -away)


def _blurred(part: AreaVersion, error: float, x: Floats, y: Floats, radius_m: Floats, edge: Floats) -> Floats:
    """The share of discs no wider than the error of the edge: what lies at the drawn edge is inside by one half."""
    total = _ramp(edge, error)
    wide = np.flatnonzero(radius_m > 0)
    if len(wide):
        total[wide] *= _CENTRE
        for dx, dy in _RING:
            ring = _edges(part, x[wide] + dx * radius_m[wide], y[wide] + dy * radius_m[wide])
            total[wide] += (1 - _CENTRE) / len(_RING) * _ramp(ring, error)
    return total


def _ramp(edge: Floats, error: float) -> Floats:
    return np.clip((edge + error) / (2 * error), 0.0, 1.0)


def _covered(part: AreaVersion, x: Floats, y: Floats, radius_m: Floats) -> Floats:
    """The share of discs wider than the error of the edge: what each of the shifted areas covers of them."""
    discs = shapely.buffer(shapely.points(x, y), radius_m, quad_segs=_DISC)
    total = np.zeros(len(x))
    for geometry, weight in part.shifted:
        inner: Floats = shapely.area(shapely.intersection(discs, geometry))
        total += weight * inner
    return total / np.asarray(shapely.area(discs))


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

"""Builds the geometry of an area from its form: geometry as given, or a construction along lines and around points."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from trucewatch.judging.area_schemas import AreaForm, CorridorForm, LineForm, Side, SideForm
from trucewatch.judging.projections import Projection
from trucewatch.terms.errors import AgreementError, unknown_name

_ROUND = 32  # segments of a quarter circle: the edge of a 6 km buffer is off by at most 2 m
_AXIS: dict[Side, tuple[int, int]] = {"north": (1, 1), "south": (1, -1), "east": (0, 1), "west": (0, -1)}


@dataclass(frozen=True)
class Workshop:
    """What areas are built from: the named lines and areas of one agreement, and the folder its files lie in."""

    folder: Path
    lines: Mapping[str, LineForm]
    areas: Mapping[str, AreaForm]

    def named(self, name: str) -> AreaForm:
        """The named area. Raises AgreementError where there is none."""
        if name not in self.areas:
            raise AgreementError("unknown-area", unknown_name("area", name, [*self.areas, "everywhere"]))
        return self.areas[name]

    def follow(self, form: AreaForm) -> AreaForm:
        """The form a chain of names leads to. Raises AgreementError where it leads in a circle."""
        seen: list[str] = []
        while form.area is not None:
            if form.area in seen:
                raise AgreementError(
                    "area-circle", f"areas name each other in a circle: {' -> '.join([*seen, form.area])}"
                )
            seen.append(form.area)
            form = self.named(form.area)
        return form

    def line(self, name: str) -> LineString:
        """A named line in degrees."""
        if name not in self.lines:
            raise AgreementError("unknown-line", unknown_name("line", name, self.lines))
        form = self.lines[name]
        if form.points:
            return LineString(form.points)
        found = self.features(str(form.file), form.feature)
        if len(found) != 1 or not isinstance(found[0], LineString):
            raise AgreementError("line-geometry", f"line '{name}' must be one LineString in {form.file}")
        return found[0]

    def features(self, file: str, name: str | None, by: str = "name", only: tuple[str, ...] = ()) -> list[BaseGeometry]:
        """The geometries of a GeoJSON file, all or those of one name or of some codes, in the order asked for."""
        path = self.folder / file
        try:
            content: Any = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise AgreementError(
                "area-file", f"'{file}' cannot be read as GeoJSON: {error}", where=str(path)
            ) from error
        rows = content.get("features", [content]) if isinstance(content, dict) else []
        wanted = (name,) if name is not None else only
        keyed = {str((row.get("properties") or {}).get(by, i)): row for i, row in enumerate(rows)}
        for key in wanted:
            if key not in keyed:
                raise AgreementError("area-feature", unknown_name(f"feature ({by})", key, keyed), where=str(path))
        picked = [keyed[key] for key in wanted] if wanted else list(keyed.values())
        return [shape(row.get("geometry", row)) for row in picked]

    def raw(self, form: AreaForm) -> Iterator[BaseGeometry]:
        """Everything in degrees that goes into the area, for finding its projection."""
        form = self.follow(form)
        if form.geojson:
            yield from self.features(form.geojson.file, form.geojson.feature)
        elif form.admin:
            yield from self.features(form.admin.file, None, form.admin.by, form.admin.units)
        elif form.corridor or form.side_of:
            yield self.line((form.corridor or form.side_of).line)  # type: ignore[union-attr]
        elif form.within:
            yield Point(form.within.point) if form.within.point else self.line(str(form.within.line))
        for child in (*form.union, *form.intersection, *form.difference, *(d.area for d in form.dated)):
            yield from self.raw(child)

    def build(self, form: AreaForm, to: Projection) -> BaseGeometry:
        """The area in metres. Raises AgreementError where a part is missing or the construction leaves nothing."""
        form = self.follow(form)
        if form.dated:
            raise AgreementError("area-dated", "an area that changes by date must stand by itself, not inside another")
        geometry = shapely.make_valid(self._construct(form, to))
        if geometry.is_empty or geometry.area == 0:
            raise AgreementError("area-empty", "the construction leaves no area: check sides, order and distances")
        return geometry

    def _construct(self, form: AreaForm, to: Projection) -> BaseGeometry:
        if form.geojson or form.admin:
            return shapely.union_all([to.shape(g) for g in self.raw(form)])
        if form.corridor:
            return corridor(self.metric_line(form.corridor.line, to), form.corridor)
        if form.side_of:
            return one_side(self.metric_line(form.side_of.line, to), form.side_of)
        if form.within:
            core = next(iter(self.raw(form)))
            return to.shape(core).buffer(form.within.km * 1000, quad_segs=_ROUND)
        if form.union:
            return shapely.union_all([self.build(child, to) for child in form.union])
        if form.intersection:
            return shapely.intersection_all([self.build(child, to) for child in form.intersection])
        first, *others = (self.build(child, to) for child in form.difference)
        return first.difference(shapely.union_all(others)) if others else first

    def metric_line(self, name: str, to: Projection) -> LineString:
        """A named line in metres. Raises AgreementError where it crosses itself."""
        line = to.shape(self.line(name))
        if not isinstance(line, LineString) or not line.is_simple:
            raise AgreementError("line-crosses", f"line '{name}' crosses itself: its sides cannot be told")
        return line


def corridor(line: LineString, form: CorridorForm) -> BaseGeometry:
    """The strip along a line in metres. Each side is the buffer of its width, cut by the line itself."""
    cap = form.ends
    if form.each_side_m is not None:
        return line.buffer(form.each_side_m, quad_segs=_ROUND, cap_style=cap)
    widths: dict[Side, float | None] = {
        "north": form.north_m, "south": form.south_m, "east": form.east_m, "west": form.west_m,
    }  # fmt: skip
    parts = []
    for side, width in widths.items():
        if width is not None:
            half = one_side(line, SideForm(line=form.line, side=side, reach_m=min(3 * width + 1000, 1_000_000)))
            parts.append(line.buffer(width, quad_segs=_ROUND, cap_style=cap).intersection(half))
    return shapely.union_all(parts)


def one_side(line: LineString, form: SideForm) -> BaseGeometry:
    """The country on one side of a line in metres, to `reach_m` from it; beyond its ends the line goes straight on.

    Raises AgreementError where the line runs towards that side rather than across it.
    """
    axis, sign = _AXIS[form.side]
    across = 1 - axis
    coords = [tuple(xy) for xy in line.coords]
    run, rise = coords[-1][across] - coords[0][across], coords[-1][axis] - coords[0][axis]
    if abs(run) < abs(rise) / 3:
        raise AgreementError(
            "line-side",
            f"line '{form.line}' runs {'north-south' if axis else 'east-west'}: it has no {form.side} side",
            todo="Name a side across the line, or cut the line into parts.",
        )  # fmt: skip
    if run < 0:
        coords.reverse()
    far = form.reach_m * 2
    ends = [(coords[0], -far), (coords[-1], far)]
    outer = max(sign * xy[axis] for xy in coords) + far
    first, last = (tuple(v + (step if i == across else 0.0) for i, v in enumerate(xy)) for xy, step in ends)

    def edge(xy: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(sign * outer if i == axis else v for i, v in enumerate(xy))

    ring = Polygon([first, *coords, last, edge(last), edge(first)])
    return shapely.make_valid(ring).intersection(line.buffer(form.reach_m, quad_segs=_ROUND))

"""How far what was drawn is from what is known: places on a line or beside it, inside an area or outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from trucewatch.judging.area_schemas import CheckForm, Side, SideForm
from trucewatch.judging.areas import Area
from trucewatch.judging.projections import fitting
from trucewatch.judging.shapes import Workshop, one_side

STEP_M = 500  # a measured error is stated to the next half kilometre above: no check is better than that


@dataclass(frozen=True, slots=True)
class Miss:
    """A check and by how many metres what was drawn misses it; 0 where it does not."""

    name: str
    metres: float


def line_misses(name: str, shop: Workshop) -> tuple[Miss, ...]:
    """Of each check of a line: its distance from the line, or how far it lies on the wrong side."""
    checks = shop.lines[name].checks
    if not checks:
        return ()
    line = shop.line(name)
    west, south, east, north = (float(v) for v in shapely.total_bounds([line, *(Point(c.point) for c in checks)]))
    to = fitting((west, south, east, north))
    drawn = shop.metric_line(name, to)
    shapes: dict[Side | None, BaseGeometry] = {None: drawn}
    for side in {check.side for check in checks if check.side}:
        shapes[side] = one_side(drawn, SideForm(line=name, side=side))
    return tuple(_miss(check, to.shape(Point(check.point)), shapes[check.side]) for check in checks)


def area_misses(checks: Sequence[CheckForm], area: Area) -> tuple[Miss, ...]:
    """Of each check of an area, how far it lies on the wrong side of its edge; of one that changes, the newest edge."""
    if area.projection is None:
        return ()
    drawn = area.versions[-1]
    out = []
    for check in checks:
        point = area.projection.shape(Point(check.point))
        wrong = drawn.geometry.covers(point) != check.inside
        out.append(Miss(check.name, round(float(drawn.boundary.distance(point)), 1) if wrong else 0.0))
    return tuple(out)


def least_error_m(misses: Sequence[Miss]) -> float:
    """The least error that may be stated: the furthest miss, rounded up to the next 500 m; 0 without any."""
    return STEP_M * math.ceil(max((miss.metres for miss in misses), default=0.0) / STEP_M)


def furthest(misses: Sequence[Miss]) -> Miss | None:
    """The check that is missed by most; None without any."""
    return max(misses, key=lambda miss: (miss.metres, miss.name), default=None)


def _miss(check: CheckForm, point: BaseGeometry, drawn: BaseGeometry) -> Miss:
    return Miss(check.name, round(float(drawn.distance(point)), 1))

"""The map of a bulletin: incidents as discs of what is known of their place, over the agreement's areas and lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import atan, cos, degrees, log, pi, radians, sinh, tan
from typing import Any

from trucewatch.telling.bulletins.entries import Entry
from trucewatch.telling.tellings import AgreementSheet, Layer

WIDTH, MARGIN = 960.0, 26.0
LEAST_HEIGHT, MOST_HEIGHT = 380.0, 780.0
EARTH_M = 40_075_016.686  # equator, WGS84
WIDE_M = 10_000  # a disc above this is drawn as an outline: it says "somewhere in here"
_GRAVITY = ("breach", "undetermined", "kept", "outside")


@dataclass(frozen=True, slots=True)
class Disc:
    """The incidents of one place. `r` is the radius of uncertainty in pixels, `dot` the marker's."""

    number: int
    name: str
    x: float
    y: float
    r: float
    dot: float
    standing: str
    wide: bool
    entries: tuple[Entry, ...]
    radius_km: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn layer: an SVG path, and where its name goes."""

    name: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A line of the graticule with its label."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str


@dataclass(frozen=True, slots=True)
class Map:
    """Everything the drawing needs, in pixels. `scale_px` is the length of the bar that stands for `scale_km`."""

    width: float
    height: float
    discs: tuple[Disc, ...]
    shapes: tuple[Shape, ...]
    grid: tuple[Grid, ...]
    scale_px: float
    scale_km: int
    unlocated: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Web Mercator, fitted: the frame's edge cuts what lies beyond."""

    west: float
    north: float  # Mercator y of the top
    scale: float

    def x(self, lon: float) -> float:
        return round(MARGIN + (radians(lon) - self.west) * self.scale, 1)

    def y(self, lat: float) -> float:
        return round(MARGIN + (self.north - _mercator(lat)) * self.scale, 1)

    def px(self, metres: float, lat: float) -> float:
        return metres / (EARTH_M * cos(radians(lat))) * 2 * pi * self.scale


def draw_map(entries: Sequence[Entry], agreements: Sequence[AgreementSheet]) -> Map | None:
    """The map of the located incidents; None where none is located. Equal places share a disc."""
    told = [e for e in entries if e.reality == "asserted"]
    located = [e for e in told if e.lat is not None and e.lon is not None]
    if not located:
        return None
    layers = [layer for agreement in agreements for layer in agreement.layers]
    corridors = [p for layer in layers if layer.kind == "corridor" for p in _points(layer.geometry)]
    points = [(e.lon or 0.0, e.lat or 0.0) for e in located if (e.radius_m or 0) <= WIDE_M] or [
        (e.lon or 0.0, e.lat or 0.0) for e in located
    ]
    frame, height = _fit([*points, *corridors])
    shapes = _shapes(layers, frame)
    middle = located[0].lat or 0.0
    km = next((k for k in (1, 2, 5, 10, 20, 50, 100, 200, 500) if frame.px(k * 1000, middle) >= 90), 500)
    return Map(
        WIDTH, height, _discs(located, frame, height), shapes, tuple(_grid(frame, height)),
        round(frame.px(km * 1000, middle), 1), km, tuple(e for e in told if e.lat is None),
    )  # fmt: skip


def _shapes(layers: Sequence[Layer], frame: _Frame) -> tuple[Shape, ...]:
    """Each outline once, in the order they are drawn; what one agreement calls a line and another a road is a road."""
    order = ("area", "corridor", "line", "road")
    shapes: dict[str, Shape] = {}
    for layer in sorted(layers, key=lambda one: order.index(one.kind)):
        path = "".join(_path(ring, frame) for ring in _rings(layer.geometry))
        if path:
            shapes[path] = Shape(layer.name, layer.kind, path)
    return tuple(sorted(shapes.values(), key=lambda s: (order.index(s.kind), s.name, s.path)))


def _discs(located: Sequence[Entry], frame: _Frame, height: float) -> tuple[Disc, ...]:
    heaps: dict[tuple[float, float], list[Entry]] = defaultdict(list)
    for entry in located:
        heaps[(round(entry.lat or 0, 3), round(entry.lon or 0, 3))].append(entry)
    order = sorted(heaps, key=lambda at: (-at[0], at[1]))  # numbered from north to south, as the eye reads
    taken: list[tuple[float, float, float, float]] = []
    out = []
    for number, at in enumerate(order, 1):
        rows = heaps[at]
        radius = max(e.radius_m or 0.0 for e in rows)
        standing = min((e.standing for e in rows), key=_GRAVITY.index)
        x, y, dot = frame.x(at[1]), frame.y(at[0]), round(4.5 + 1.9 * (len(rows) - 1) ** 0.5, 1)
        name = rows[0].place.split(",")[0]
        label_x, label_y, anchor = _label(x, y, dot, name, taken, height)
        out.append(
            Disc(
                number, name, x, y, round(frame.px(radius, at[0]), 1), dot, standing, radius > WIDE_M, tuple(rows),
                round(radius / 1000, 1), label_x, label_y, anchor,
            )
        )  # fmt: skip
    return tuple(out)


def _label(
    x: float, y: float, dot: float, name: str, taken: list[tuple[float, float, float, float]], height: float
) -> tuple[float, float, str]:
    """The first of six positions about the dot where the name covers no other; right of it if there is none."""
    width = 6.4 * len(name) + 18
    spots = (
        (x + dot + 4, y + 4, "start"), (x - dot - 4, y + 4, "end"), (x, y - dot - 5, "middle"),
        (x, y + dot + 14, "middle"), (x + dot + 3, y - 8, "start"), (x + dot + 3, y + 16, "start"),
    )  # fmt: skip
    for lx, ly, anchor in spots:
        left = lx if anchor == "start" else lx - width if anchor == "end" else lx - width / 2
        box = (left, ly - 11, left + width, ly + 3)
        inside = box[0] > 4 and box[2] < WIDTH - 4 and box[1] > 4 and box[3] < height - 4
        if inside and not any(box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in taken):
            taken += [box, (x - dot, y - dot, x + dot, y + dot)]
            return round(lx, 1), round(ly, 1), anchor
    taken.append((x - dot, y - dot, x + dot, y + dot))
    return round(x + dot + 4, 1), round(y + 4, 1), "none"


def _fit(points: Sequence[tuple[float, float]]) -> tuple[_Frame, float]:
    lons, ys = [radians(p[0]) for p in points], [_mercator(p[1]) for p in points]
    west, east, south, north = min(lons), max(lons), min(ys), max(ys)
    pad = max(east - west, north - south, radians(0.05)) * 0.05
    west, east, south, north = west - pad, east + pad, south - pad, north + pad
    inner = WIDTH - 2 * MARGIN
    scale = min(inner / (east - west), (MOST_HEIGHT - 2 * MARGIN) / (north - south))
    height = min(MOST_HEIGHT, max(LEAST_HEIGHT, (north - south) * scale + 2 * MARGIN))
    # what is spared in one direction is shared out on both sides, so that the middle stays the middle
    west -= (inner / scale - (east - west)) / 2
    north += ((height - 2 * MARGIN) / scale - (north - south)) / 2
    return _Frame(west, north, scale), round(height, 1)


def _grid(frame: _Frame, height: float) -> Iterator[Grid]:
    lons = [degrees(frame.west + (x - MARGIN) / frame.scale) for x in (0.0, WIDTH)]
    lats = [degrees(atan(sinh(frame.north - (y - MARGIN) / frame.scale))) for y in (height, 0.0)]
    step = next((s for s in (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0) if (lons[1] - lons[0]) / s <= 7), 20.0)
    for n in range(int(lons[0] // step) + 1, int(lons[1] // step) + 1):
        x = frame.x(n * step)
        yield Grid(x, 0, x, height, f"{n * step:g}°E" if n >= 0 else f"{-n * step:g}°W")
    for n in range(int(lats[0] // step) + 1, int(lats[1] // step) + 1):
        y = frame.y(n * step)
        yield Grid(0, y, WIDTH, y, f"{n * step:g}°N" if n >= 0 else f"{-n * step:g}°S")


def _rings(geometry: Mapping[str, Any]) -> Iterator[tuple[Sequence[Any], bool]]:
    """Each ring or line with whether it is closed."""
    kind, parts = geometry["type"], geometry.get("coordinates", ())
    if kind == "LineString":
        yield parts, False
    elif kind == "MultiLineString":
        yield from ((part, False) for part in parts)
    elif kind == "Polygon":
        yield from ((ring, True) for ring in parts)
    elif kind == "MultiPolygon":
        yield from ((ring, True) for polygon in parts for ring in polygon)
    elif kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _rings(part)


def _points(geometry: Mapping[str, Any]) -> list[tuple[float, float]]:
    return [(float(p[0]), float(p[1])) for ring, _ in _rings(geometry) for p in ring]


def _path(ring: tuple[Sequence[Any], bool], frame: _Frame) -> str:
    points, closed = ring
    steps = dict.fromkeys(f"{frame.x(p[0]):g} {frame.y(p[1]):g}" for p in points)
    return f"M{'L'.join(steps)}{'Z' if closed else ''}" if len(steps) > 1 else ""


def _mercator(lat: float) -> float:
    return log(tan(pi / 4 + radians(max(-85.0, min(85.0, lat))) / 2))

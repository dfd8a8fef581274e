"""Draws an agreement: its areas and lines as a map, its dates as a timeline, for a first look and for the docs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.judging.agreements import Agreement, moment
from trucewatch.judging.moments import minutes
from trucewatch.judging.shapes import Workshop

WIDTH, HEIGHT = 860, 560
_STRIP = 190  # height of the timeline below the map
_MARGIN = 24
_ROW = 20  # height of a line of the legend
_LETTER = 6.6  # width of a letter of the legend, a little more than most are
_PAPER = "#fbfaf7"
_SIMPLE_M = 30.0  # edges are thinned by no more than this when drawn
# Okabe and Ito's colours, told apart by people with every kind of colour vision
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#999999")


@dataclass(frozen=True, slots=True)
class _Frame:
    """Degrees to pixels: equirectangular at the middle latitude."""

    west: float
    north: float
    per_lon: float
    per_lat: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return _MARGIN + (lon - self.west) * self.per_lon, _MARGIN + (self.north - lat) * self.per_lat


def dates(agreement: Agreement) -> list[tuple[str, str, str]]:
    """(clock, what, time zone) of every date the agreement names, in order of time."""
    form = agreement.form
    rows = [(form.declared.at, "declared", form.declared.zone), (form.in_effect.at, "in effect", form.in_effect.zone)]
    for term in agreement.terms:
        if term.due is not None:
            rows.append((term.due.clock, f"due: {term.title}", term.due.zone))
        for bound, word in (("since", "from"), ("until", "until")):
            given = getattr(term.form.period, bound, None) if term.form.period else None
            if given is not None:
                rows.append((given.at, f"{word}: {term.title}", given.zone))
    if form.ended is not None:
        rows.append((form.ended.at.at, f"ended ({form.ended.how.replace('_', ' ')})", form.ended.at.zone))
    return sorted(rows)


def svg(agreement: Agreement) -> str:
    """A standalone SVG: the map with a scale bar and a legend, below it the timeline."""
    shapes = _shapes(agreement)
    height = (HEIGHT if shapes else 0) + _STRIP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        f"<title>{escape(agreement.title)}: areas and dates</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{_PAPER}"/>',
    ]
    if shapes:
        parts += _map(shapes)
    parts += _timeline(agreement, height - _STRIP)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _shapes(agreement: Agreement) -> list[tuple[str, BaseGeometry, bool]]:
    """(label, geometry in degrees, is a line), the largest areas first so that small ones lie on top."""
    rows = []
    for name in sorted(agreement.areas):
        area = agreement.areas[name]
        if area.projection is not None:
            newest = area.versions[-1].geometry
            error = f" (± {area.edge_error_m / 1000:g} km)" if area.edge_error_m else ""
            shape = area.projection.degrees(newest.simplify(_SIMPLE_M))
            rows.append((newest.area, area.title + error, shape))
    out = [(label, shape, False) for _, label, shape in sorted(rows, key=lambda r: (-r[0], r[1]))]
    form = agreement.form
    shop = Workshop(Path(agreement.path).parent, form.lines, form.areas)
    return out + [(form.lines[name].title or name, shop.line(name), True) for name in sorted(form.lines)]


def _frame(shapes: list[tuple[str, BaseGeometry, bool]]) -> tuple[_Frame, tuple[float, float]]:
    """The frame of the map and the corner of its legend: beside or below it, whichever leaves the map larger."""
    west, south, east, north = shapely.total_bounds([shape for _, shape, _ in shapes])
    middle = math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) * middle, north - south
    room_x, room_y = WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN
    legend = 2 * _MARGIN + 26 + _LETTER * max(len(label) for label, _, _ in shapes)
    beside = min((room_x - legend) / wide, room_y / high)
    below = min(room_x / wide, (room_y - _ROW * len(shapes)) / high)
    per_lat = max(beside, below)
    corner = (float(_MARGIN), float(HEIGHT - _ROW * len(shapes) - 4))
    if beside > below:
        corner = (float(3 * _MARGIN + wide * beside), float(_MARGIN))
    return _Frame(float(west), float(north), float(per_lat * middle), float(per_lat)), corner


def _map(shapes: list[tuple[str, BaseGeometry, bool]]) -> list[str]:
    frame, (left, top) = _frame(shapes)
    out, legend = [], []
    for i, (label, shape, is_line) in enumerate(shapes):
        colour = _COLOURS[i % len(_COLOURS)] if not is_line else "#222222"
        dash = f' stroke-dasharray="{2 + 4 * (i % 3)} 4"' if is_line else ""
        look = f'fill="{"none" if is_line else colour}" fill-opacity="0.18" stroke="{colour}" stroke-width="1.6"{dash}'
        out.append(f'<path d="{_path(shape, frame)}" {look} fill-rule="evenodd"><title>{escape(label)}</title></path>')
        y = top + _ROW * i + 10
        key = f'<path d="M{left:.1f} {y - 4}h20" {look}/>'
        if not is_line:
            key = f'<rect x="{left:.1f}" y="{y - 10}" width="18" height="12" {look}/>'
        legend.append(key)
        legend.append(f'<text x="{left + 26:.1f}" y="{y}" font-size="13">{escape(label)}</text>')
    km = _round_km(120 / frame.per_lat * 111.2)
    x, y = WIDTH - _MARGIN - 150, HEIGHT - 14
    length = km / 111.2 * frame.per_lat
    out.append(f'<path d="M{x} {y - 5}v5h{length:.1f}v-5" fill="none" stroke="#333"/>')
    out.append(f'<text x="{x + length + 6:.1f}" y="{y}" font-size="12">{km:g} km</text>')
    return out + legend


def _path(shape: BaseGeometry, frame: _Frame) -> str:
    rings = []
    for part in shapely.get_parts(shape):
        lines = [part] if part.geom_type == "LineString" else [part.exterior, *part.interiors]
        for line in lines:
            points = " ".join("{:.1f} {:.1f}".format(*frame.at(xy[0], xy[1])) for xy in line.coords)
            rings.append(f"M{points}" + ("" if part.geom_type == "LineString" else "Z"))
    return " ".join(rings)


def _round_km(km: float) -> float:
    step = 10.0 ** math.floor(math.log10(km))
    return max(s * step for s in (1, 2, 5) if s * step <= km)


def _timeline(agreement: Agreement, top: float) -> list[str]:
    rows = dates(agreement)
    first, last = minutes(rows[0][0])[0], minutes(rows[-1][0])[0]
    span = max(last - first, 1)
    y = top + 26
    out = [f'<line x1="{_MARGIN}" x2="{WIDTH - _MARGIN}" y1="{y}" y2="{y}" stroke="#333"/>']
    step = (_STRIP - 46) / max(len(rows), 1)
    words = []  # drawn last, so that no line runs through them
    for i, (clock, what, zone) in enumerate(rows):
        x = _MARGIN + (WIDTH - 2 * _MARGIN) * (minutes(clock)[0] - first) / span
        below = y + 14 + step * i + step / 2
        anchor, dx = ("end", -6) if x > WIDTH / 2 else ("start", 6)
        text = escape(f"{clock.replace('T', ' ')}  {what}" + (f"  ({zone})" if len(clock) > 10 else ""))
        out.append(f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="#0072B2"/>')
        out.append(f'<path d="M{x:.1f} {y}V{below - 4:.1f}" stroke="#bbb"/>')
        size = min(12.0, max(7.0, step))
        words.append(
            f'<text x="{x + dx:.1f}" y="{below:.1f}" font-size="{size:.1f}" text-anchor="{anchor}" '
            f'paint-order="stroke" stroke="{_PAPER}" stroke-width="4">{text}</text>'
        )
    return out + words


def page(agreement: Agreement) -> str:
    """One HTML file without any network: the drawing, the dates, the terms and what they leave open, the sources."""
    form = agreement.form
    terms = "".join(
        f"<tr><td><code>{escape(t.term_id)}</code></td><td>{escape(t.form.modality.replace('_', ' '))}</td>"
        f"<td>{escape(t.form.text)}{_list(t.form.open_questions)}"
        f"{_list([f'{r.name}: {r.text}' for r in t.form.readings])}</td>"
        f"<td>{escape(', '.join(t.form.bearers))}</td><td>{escape(t.area.title)}</td>"
        f"<td>{escape(t.due.clock if t.due else '')}</td></tr>"
        for t in agreement.terms
    )
    times = "".join(
        f"<tr><td>{escape(c)}</td><td>{escape(w)}</td><td>{escape(z)}</td></tr>" for c, w, z in dates(agreement)
    )
    sources = _list([", ".join(filter(None, (s.title, s.publisher, s.date, s.reference))) for s in form.sources])
    start = moment(form.in_effect).text()
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(agreement.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}}
table{{border-collapse:collapse;width:100%;font-size:.9em}}td,th{{border-top:1px solid #ccc;padding:.4em;
text-align:left;vertical-align:top}}svg{{width:100%;height:auto;border:1px solid #ddd}}
li{{color:#555}}</style></head><body>
<h1>{escape(agreement.title)}</h1><p>{escape(form.summary)}</p><p>In effect {escape(start)}.</p>
{svg(agreement)}
<h2>Dates</h2><table><tr><th>When</th><th>What</th><th>Time zone</th></tr>{times}</table>
<h2>Terms</h2><table><tr><th>Id</th><th>Modality</th><th>In our words, and what is open</th><th>Bearers</th>
<th>Area</th><th>Due</th></tr>{terms}</table>
<h2>What the agreement leaves open</h2>{_list(form.open_questions) or "<p>Nothing noted.</p>"}
<h2>Sources</h2>{sources}
<p>Areas are approximate, with the errors stated. This is no legal determination.</p></body></html>
"""


def _list(texts: list[str] | tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{escape(t)}</li>' for t in texts)}</ul>" if texts else ""

"""An archive's incidents looked at with DuckDB: a page with plots, straight from the Parquet folders.

    python examples/archive/analysis.py INCIDENTS/ -o page.html

INCIDENTS is the folder `trucewatch link` wrote. Nothing is loaded as a whole: DuckDB reads the columns each question
needs. Every question is one query below; change them. `million.ipynb` beside this asks them one by one in a notebook.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import duckdb

COLOURS = ("#3b6ea5", "#c0562f", "#4d8f5b", "#8a6bb1", "#b39433", "#5a5f66")
WIDE, HIGH, LEFT, BELOW = 760, 220, 64, 34

Rows = list[tuple[Any, ...]]

STYLE = (
    "<style>svg text{font:11px system-ui,sans-serif;fill:#444}.key span{display:inline-block;width:.8em;height:.8em;"
    "margin:0 .3em 0 1em}</style>"
)

QUESTIONS = {
    "overview": """
        select count(*), sum(n_accounts), avg(n_accounts), avg((n_origins > 1)::int), avg(contested::int),
               min(earliest), max(latest)
        from incidents""",
    "by_week": """
        select date_trunc('week', earliest::date)::varchar, type, count(*) from incidents
        where earliest is not null group by all order by all""",
    "origins": """
        select least(n_origins, 6), count(*), avg(contested::int) from incidents group by 1 order by 1""",
    "tolls": """
        select date_trunc('week', earliest::date)::varchar, sum(killed_low), sum(killed_best), sum(killed_high)
        from incidents where killed_low is not null and earliest is not null group by 1 order by 1""",
    "places": """
        select round(lat * 5) / 5, round(lon * 5) / 5, count(*) from incidents
        where lat is not null and radius_m <= 30000 group by all order by all""",
    "episodes": """
        select n, count(*) from (select least(count(*), 12) as n from episodes group by episode_id)
        group by 1 order by 1""",
    "against": """
        select f.name, count(*) from (select unnest(features) as f from links) where f.weight < 0
        group by 1 order by 2 desc""",
}


def ask(folder: Path) -> dict[str, Rows]:
    """The answer to each question."""
    db = duckdb.connect()
    for table in ("incidents", "links", "episodes"):
        db.execute(f"create view {table} as select * from read_parquet('{folder / table}/*.parquet')")
    return {name: db.execute(query).fetchall() for name, query in QUESTIONS.items()}


def page(answers: dict[str, Rows]) -> str:
    """The answers as one HTML page."""
    ((incidents, accounts, mean, corroborated, contested, first, last),) = answers["overview"]
    weeks = sorted({row[0] for row in answers["by_week"]})
    types = sorted({row[1] for row in answers["by_week"]})
    counts = {(week, kind): n for week, kind, n in answers["by_week"]}
    stacks = [(week[:10], [counts.get((week, kind), 0) for kind in types]) for week in weeks]
    tolls = answers["tolls"]
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Incidents of an archive</title>",
        "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:820px;margin:2em auto;padding:0 1em;color:#222}"
        "h2{font-size:1.05em;margin:2em 0 .3em}p{margin:.2em 0}</style>", STYLE,
        "<h1>Incidents of an archive</h1>",
        f"<p>{incidents:,} incidents from {int(accounts):,} accounts between {first} and {last}; {mean:.2f} accounts "
        f"per incident. {corroborated:.1%} are told by two independent origins or more, {contested:.1%} are contested. "
        "These are allegations: what reports say, not what was found.</p>",
        "<h2>Incidents by week and type</h2>", key(types), bars(stacks),
        "<h2>Killed, by week: the highest figure, the best, the lowest</h2>",
        "<p>Only incidents with a figure. No figure is not zero.</p>",
        key(["lowest", "best", "highest"]),
        lines([(week[:10], (low or 0, best or 0, high or 0)) for week, low, best, high in tolls]),
        "<h2>Where: incidents per fifth of a degree</h2>", dots(answers["places"]),
        "<h2>How many independent origins an incident has</h2>",
        bars([(f"{n}{'+' if n == 6 else ''}", [k]) for n, k, _ in answers["origins"]]),
        "<h2>Episodes by how many incidents they hold</h2>",
        bars([(f"{n}{'+' if n == 12 else ''}", [k]) for n, k in answers["episodes"]]),
        "<h2>What speaks against, among accounts that were linked all the same</h2>",
        bars([(name, [k]) for name, k in answers["against"]]),
    ]  # fmt: skip
    return "\n".join(parts) + "</html>\n"


class Drawing:
    """Markup that a notebook shows as it is."""

    def __init__(self, markup: str) -> None:
        self._markup = f"<div style='max-width:760px;font:14px system-ui,sans-serif'>{STYLE}{markup}</div>"

    @classmethod
    def stacked(cls, rows: Rows) -> Drawing:
        """Columns of (column, part, how many), in order, with their key."""
        columns, parts = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
        counts = {(column, part): n for column, part, n in rows}
        return cls(key(parts) + bars([(c, [counts.get((c, part), 0) for part in parts]) for c in columns]))

    def _repr_html_(self) -> str:
        return self._markup

    def __repr__(self) -> str:
        return "a drawing, for a notebook to show"


def key(names: Sequence[str]) -> str:
    """Which colour is what."""
    shown = (f"<span style='background:{COLOURS[n % 6]}'></span>{escape(name)}" for n, name in enumerate(names))
    return f"<p class='key'>{''.join(shown)}</p>"


def bars(columns: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Stacked columns with their labels."""
    top = max((sum(parts) for _, parts in columns), default=1) or 1
    step = (WIDE - LEFT) / max(1, len(columns))
    out = []
    for n, (label, parts) in enumerate(columns):
        y = float(HIGH)
        for kind, part in enumerate(parts):
            height = HIGH * part / top
            y -= height
            title = f"<title>{escape(label)}: {part:,}</title>"
            out.append(
                f"<rect x='{LEFT + n * step:.1f}' y='{y:.1f}' width='{max(1.0, 0.85 * step):.1f}' "
                f"height='{height:.1f}' fill='{COLOURS[kind % 6]}'>{title}</rect>"
            )
    return _svg("".join(out), [label for label, _ in columns], top)


def lines(points: Sequence[tuple[str, Sequence[float]]]) -> str:
    """One line for each value of the points."""
    top = max((max(values) for _, values in points), default=1) or 1
    step = (WIDE - LEFT) / max(1, len(points))
    out = []
    for kind in range(len(points[0][1]) if points else 0):
        path = " ".join(
            f"{LEFT + (n + 0.4) * step:.1f},{HIGH - HIGH * values[kind] / top:.1f}"
            for n, (_, values) in enumerate(points)
        )
        out.append(f"<polyline points='{path}' fill='none' stroke='{COLOURS[kind]}' stroke-width='1.6'/>")
    return _svg("".join(out), [label for label, _ in points], top)


def dots(places: Rows) -> str:
    """Circles on a plain grid of degrees, their area by how many."""
    if not places:
        return "<p>No incident is placed to 30 km.</p>"
    lats, lons = [p[0] for p in places], [p[1] for p in places]
    squeeze = math.cos(math.radians(sum(lats) / len(lats)))
    wide, high = max(0.2, (max(lons) - min(lons)) * squeeze), max(0.2, max(lats) - min(lats))
    scale = min((WIDE - 2 * LEFT) / wide, 420 / high)
    most = max(p[2] for p in places)
    circles = "".join(
        f"<circle cx='{LEFT + (lon - min(lons)) * squeeze * scale:.1f}' cy='{20 + (max(lats) - lat) * scale:.1f}' "
        f"r='{max(1.0, 0.11 * scale * math.sqrt(n / most)):.1f}' fill='{COLOURS[1]}' fill-opacity='.6'>"
        f"<title>{lat:.1f}, {lon:.1f}: {n:,}</title></circle>"
        for lat, lon, n in places
    )
    bottom = 20 + high * scale
    corners = (
        f"<text x='4' y='24'>{max(lats):.1f}° N</text><text x='4' y='{bottom:.0f}'>{min(lats):.1f}° N</text>"
        f"<text x='{LEFT}' y='{bottom + 22:.0f}'>{min(lons):.1f}° E</text>"
        f"<text x='{LEFT + wide * scale:.0f}' y='{bottom + 22:.0f}' text-anchor='end'>{max(lons):.1f}° E</text>"
    )
    return f"<svg viewBox='0 0 {WIDE} {bottom + 30:.0f}' role='img'>{circles}{corners}</svg>"


def _svg(marks: str, labels: Sequence[str], top: float) -> str:
    step = (WIDE - LEFT) / max(1, len(labels))
    every = max(1, math.ceil(len(labels) * 72 / (WIDE - LEFT)))
    below = "".join(
        f"<text x='{LEFT + (n + 0.42) * step:.1f}' y='{HIGH + 16}' text-anchor='middle'>{escape(label)}</text>"
        for n, label in enumerate(labels)
        if n % every == 0
    )
    left = (
        f"<text x='{LEFT - 6}' y='10' text-anchor='end'>{top:,.0f}</text>"
        f"<text x='{LEFT - 6}' y='{HIGH}' text-anchor='end'>0</text>"
        f"<line x1='{LEFT}' y1='{HIGH}' x2='{WIDE}' y2='{HIGH}' stroke='#999'/>"
    )
    return f"<svg viewBox='0 0 {WIDE} {HIGH + BELOW}' role='img'>{marks}{left}{below}</svg>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("incidents", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("incidents.html"))
    args = parser.parse_args()
    args.output.write_text(page(ask(args.incidents)), "utf-8")
    print(args.output)


if __name__ == "__main__":
    main()

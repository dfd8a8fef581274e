"""The bulletin as a page: one self-contained HTML file, and its twin in Markdown."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from trucewatch import __version__
from trucewatch.telling.bulletins.contents import Bulletin
from trucewatch.telling.bulletins.entries import STANDINGS, entries_of
from trucewatch.telling.bulletins.maps import draw_map
from trucewatch.telling.bulletins.timelines import draw_timeline
from trucewatch.telling.ledgers import Cell, Ledger
from trucewatch.telling.rules import RULES
from trucewatch.telling.tallies import Documented
from trucewatch.telling.tellings import Telling

MOST_RANKED = 6


def to_html(bulletin: Bulletin, telling: Telling) -> str:
    """One HTML page that needs no network: style, map and timeline are in it, and no script is.

    Everything a report says is escaped. Equal bulletins give equal bytes.
    """
    return _environment().get_template("bulletin.html").render(_context(bulletin, telling))


def to_markdown(bulletin: Bulletin, telling: Telling) -> str:
    """The same contents in Markdown, without the drawings; what a report says cannot become markup."""
    return _environment().get_template("markdown.txt").render(_context(bulletin, telling))


def ledger_page(ledger: Ledger, telling: Telling) -> str:
    """The ledger as one HTML page: every cell opens to its incidents and to the quotes of the side that tells them."""
    return (
        _environment()
        .get_template("ledger_page.html")
        .render(
            ledger=ledger,
            title=telling.title,
            as_of=telling.as_of,
            rule=RULES[ledger.rule_id],
            most=max((cell.expected for cell in ledger.cells), default=1.0) or 1.0,
            entries={entry.incident_id: entry for entry in entries_of(telling)},
            name=telling.actor_name,
            css=Markup(_text("bulletin.css")),
        )
    )


def _context(bulletin: Bulletin, telling: Telling) -> dict[str, object]:
    cells: dict[tuple[str, str], Cell] = {(c.accuser, c.accused): c for c in bulletin.ledger.cells}
    numbers = {entry.incident_id: entry.number for entry in bulletin.entries}
    return {
        "b": bulletin,
        "map": draw_map(bulletin.entries, telling.agreements),
        "timeline": draw_timeline(bulletin.entries, telling.agreements, bulletin.since, bulletin.until),
        "cells": cells,
        "most": max((c.expected for c in bulletin.ledger.cells), default=1.0) or 1.0,
        "numbers": numbers,
        "standings": STANDINGS,
        "rules": RULES,
        "ranked": _ranked(bulletin)[:MOST_RANKED],
        "moved": _moved(bulletin),
        "tally_quote": {t.tally_id: " ".join(t.quote.split()) for t in telling.tallies},
        "tally_unit": {t.tally_id: t.unit for t in telling.tallies},
        "name": telling.actor_name,
        "namelist": lambda keys: ", ".join(dict.fromkeys(telling.actor_name(key) for key in keys)),
        "span": _span,
        "percent": _percent,
        "version": __version__,
        "css": Markup(_text("bulletin.css")),  # our own file: no report's words are in it
    }


def _ranked(bulletin: Bulletin) -> list[tuple[str, list[tuple[int, float] | None]]]:
    """For each accused actor its rank and expected count under every rule, in the order of RULES."""
    held = {(s.accused, s.rule_id): (s.rank, s.expected) for s in bulletin.rankings.standings}
    names = sorted({s.accused for s in bulletin.rankings.standings}, key=lambda a: (held[(a, "incident")][0], a))
    return [(a, [held.get((a, rule)) for rule in RULES]) for a in names]


def _moved(bulletin: Bulletin) -> list[str]:
    """Those of the shown whose rank hangs on the rule: further down, ranks move with every single incident."""
    shown = {accused for accused, _ in _ranked(bulletin)[:MOST_RANKED]}
    return [accused for accused in bulletin.rankings.moved if accused in shown]


def _text(name: str) -> str:
    return (files("trucewatch.telling.bulletins") / "templates" / name).read_text("utf-8")


def _claim(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "no figure"
    if low == high:
        return f"{low:,}"
    if high is None:
        return f"at least {low:,}"
    return f"up to {high:,}" if low is None else f"{low:,}–{high:,}"


def _span(documented: Documented) -> str:
    low, high = documented.low, documented.high
    return f"{low:,}" if high == low else f"{low:,} or more" if high is None else f"{low:,}–{high:,}"


def _percent(share: float) -> str:
    return "<1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def _plain(value: object) -> str:
    """Text for Markdown: characters that would be markup there are escaped, lines are joined."""
    words = " ".join(str(value).split())
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|~" else c for c in words)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(claim=lambda row: _claim(row.claimed_min, row.claimed_max), md=_plain)
    environment.filters["words"] = lambda value: str(value).replace("_", " ")
    return environment

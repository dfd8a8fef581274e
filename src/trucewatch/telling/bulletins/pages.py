"""The bulletin as a page: one self-contained HTML file, and its twin in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from trucewatch import __version__
from trucewatch.telling.bulletins.contents import Bulletin
from trucewatch.telling.bulletins.entries import STANDINGS
from trucewatch.telling.bulletins.maps import draw_map
from trucewatch.telling.bulletins.timelines import draw_timeline
from trucewatch.telling.ledgers import Ledger
from trucewatch.telling.ranks import RankRow, rank_rows, rules_of
from trucewatch.telling.rules import RULES
from trucewatch.telling.tallies import claim_in_words, span_in_words
from trucewatch.telling.tellings import Telling

MOST_RANKED = 6


def to_html(bulletin: Bulletin, telling: Telling) -> str:
    """One HTML page that needs no network: style, map and timeline are in it, and no script is.

    Everything a report says is escaped. Equal bulletins give equal bytes.
    """
    return template("bulletin.html").render(_context(bulletin, telling))


def to_markdown(bulletin: Bulletin, telling: Telling) -> str:
    """The same contents in Markdown, without the drawings; what a report says cannot become markup."""
    return template("markdown.txt").render(_context(bulletin, telling))


def _context(bulletin: Bulletin, telling: Telling) -> dict[str, object]:
    shown = rank_rows(bulletin.rankings)[:MOST_RANKED]
    numbers = {entry.incident_id: entry.number for entry in bulletin.entries}
    return {
        "b": bulletin,
        "map": draw_map(bulletin.entries, telling.agreements),
        "timeline": draw_timeline(bulletin.entries, telling.agreements, bulletin.since, bulletin.until),
        **matrix_of(bulletin.ledger),
        "numbers": numbers,
        "standings": STANDINGS,
        "ranked_rules": [RULES[rule] for rule in rules_of(bulletin.rankings)],
        "ranked": shown,
        "moved": _moved(bulletin, shown),
        "tally_quote": {t.tally_id: " ".join(t.quote.split()) for t in telling.tallies},
        "tally_unit": {t.tally_id: t.unit for t in telling.tallies},
        "span": span_in_words,
        "percent": _percent,
        **shared(telling),
    }


def shared(telling: Telling) -> dict[str, object]:
    """What every page needs: names of actors, the style, our version."""
    return {
        "name": telling.told_name,
        "namelist": lambda keys: ", ".join(dict.fromkeys(telling.told_name(key) for key in keys)),
        "version": __version__,
        "caveats": telling.caveats,
        "css": Markup(_text("bulletin.css")),  # our own file: no report's words are in it
    }


def matrix_of(ledger: Ledger) -> dict[str, object]:
    """What the matrix of accusers by accused is drawn from; `most` is the greatest expected count, above 0."""
    return {
        "cells": {(cell.accuser, cell.accused): cell for cell in ledger.cells},
        "most": max((cell.expected for cell in ledger.cells), default=1.0) or 1.0,
    }


def template(name: str) -> jinja2.Template:
    """The template of that file name."""
    return _environment().get_template(name)


def _moved(bulletin: Bulletin, rows: Sequence[RankRow]) -> list[str]:
    """Those of the shown whose rank hangs on the rule: further down, ranks move with every single incident."""
    shown = {row.accused for row in rows}
    return [accused for accused in bulletin.rankings.moved if accused in shown]


def _text(name: str) -> str:
    return (files("trucewatch.telling.bulletins") / "templates" / name).read_text("utf-8")


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
    environment.filters.update(claim=lambda row: claim_in_words(row.claimed_min, row.claimed_max), md=_plain)
    environment.filters["titled"] = lambda name: str(name)[:1].upper() + str(name)[1:]
    environment.filters["words"] = lambda value: str(value).replace("_", " ")
    return environment

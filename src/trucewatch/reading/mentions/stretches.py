"""Stretches told by two places: "between A and B", "the road from A to B", "the highway linking A and B"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from trucewatch.reading.contexts import PlaceToken
from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.reading.english.parties import english_parties
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.spans import Span

_ROADS = {"road", "highway", "motorway", "route", "railway", "line", "corridor", "supply"}
_LINKS = {"link", "connect", "join"}
# between two sides, not two places
_OF_SIDES = {
    "talk", "negotiation", "agreement", "deal", "ceasefire", "truce", "clash", "fighting", "war", "conflict", "battle",
    "dialogue", "relation", "tension", "meeting", "exchange", "peace", "summit", "dispute", "contact", "difference",
}  # fmt: skip
_GAP = 8  # tokens looked back for the road


def stretches(doc: Any, places: Sequence[PlaceToken]) -> list[PlaceToken]:
    """The places, with each two that bound a stretch as one mention of relation `between` or `along`.

    Its name is the whole run as in the text, `others` the two names. Countries bound none: two sides talk between them.
    """
    out: list[PlaceToken] = []
    taken = -1
    for a, b in pairwise([*places, None]):
        if a is None or a.start <= taken:
            continue
        made = _stretch(doc, a, b) if b is not None else None
        out.append(made or a)
        taken = b.start if made is not None and b is not None else -1
    return out


def _stretch(doc: Any, a: PlaceToken, b: PlaceToken) -> PlaceToken | None:
    if {a.mention.name.lower(), b.mention.name.lower()} & COUNTRIES or not 0 < b.start - a.end <= _GAP:
        return None
    joint = [t.lower_ for t in doc[a.end : b.start] if not _passed_over(t)]
    start = a.start
    while start > 0 and _passed_over(doc[start - 1]):
        start -= 1
    if start == 0 or len(joint) != 1:
        return None
    lead, word = doc[start - 1], joint[0]
    if lead.lower_ == "between" and word == "and" and lead.head.lemma_.lower() not in _OF_SIDES:
        return _joined(doc, lead.i, a, b, "between")
    road = next((t.i for t in reversed(doc[max(0, lead.i - 2) : lead.i]) if t.lemma_.lower() in _ROADS), None)
    links = lead.lemma_.lower() in _LINKS and word in ("and", "to", "with")
    if road is not None and (links or (lead.lower_ == "from" and word == "to")):
        return _joined(doc, road, a, b, "along")
    return None


def _passed_over(token: Any) -> bool:
    """True for what may stand before a name in such a run: articles, class words, "of", commas."""
    words = english_parties()
    return (
        token.lower_ in ("the", "of", ",", "nearby", "border", "capital", '"', "“", "”")
        or token.lemma_.lower() in words.place_classes
        or token.lower_ in words.bearings
    )


def _joined(doc: Any, first: int, a: PlaceToken, b: PlaceToken, relation: str) -> PlaceToken:
    span = Span(doc[first].idx, b.mention.span.end)
    mention = PlaceMention(
        name=doc[first : b.end].text, span=span, relation=relation, others=(a.mention.name, b.mention.name)
    )
    cue, prior = max(a.cue, b.cue), max(a.prior, b.prior)
    return replace(a, mention=mention, start=first, end=b.end, cue=cue, prior=prior)

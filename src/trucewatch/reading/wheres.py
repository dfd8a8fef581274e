"""Where an act happened: the places of its clause, the most specific, else the one "the town" stands for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from trucewatch.reading.contexts import PlaceToken, ReportContext
from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.acts import Act
from trucewatch.reading.roles import Roles
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.places import PlaceMention

_GROUND = {"battle", "remote", "direct", "liberty", "property", "control", "posture", "access", "breach"}
_WIDE = {"province", "governorate", "district", "county", "oblast", "department", "state", "region"}
_GENERIC = {
    "town",
    "village",
    "city",
    "area",
    "region",
    "camp",
    "province",
    "district",
    "neighborhood",
    "neighbourhood",
    "base",
    "airport",
}


def places_of(context: ReportContext, act: Act, roles: Roles) -> tuple[tuple[PlaceMention, ...], bool]:
    """The places of an act and whether its own clause tells them; empty where none is told near it.

    A place inside the name of a party, or in the words of who says so, is none of the act.
    """
    doc = context.doc
    start, end = context.sentences[act.sentence]
    barred = _speaker_tokens(context, act)
    inside = [p for p in context.places_in(*act.clause) if not _belongs_elsewhere(doc, p, roles, barred)]
    finer = [p for p in inside if p.mention.name.lower() not in COUNTRIES]
    if incident_types()[act.type].family == "politics":
        inside = finer = [p for p in finer if p.mention.relation == "in" and doc[p.start - 1].lower_ in ("in", "at")]
    inside = finer or inside
    if inside:
        return _specific(doc, inside), True
    around = [p for p in context.places_in(start, end) if not _belongs_elsewhere(doc, p, roles, barred)]
    around = [p for p in around if p.mention.name.lower() not in COUNTRIES]
    if around and incident_types()[act.type].family in _GROUND:
        near = min(around, key=lambda p: (abs(p.start - act.token), p.start))
        group = [p for p in around if p is near or _joined(doc, near, p)]
        return _specific(doc, group), False
    return _carried(context, act), False


def _speaker_tokens(context: ReportContext, act: Act) -> frozenset[int]:
    doc = context.doc
    out: set[int] = set()
    for a in context.attributions:
        cue = doc[a.cue]
        if context.sentence_of[a.cue] == act.sentence and a.manner != "quote":
            for child in cue.children:
                if child.dep_ == "nsubj":
                    out.update(range(child.left_edge.i, child.right_edge.i + 1))
    return frozenset(out)


def _belongs_elsewhere(doc: Any, place: PlaceToken, roles: Roles, barred: frozenset[int]) -> bool:
    if place.start in barred:
        return True
    head = doc[place.head]
    # "forces in Idlib said", "Damascus said": the place stands inside the doer's phrase
    for agent in roles.agents:
        if place.start <= agent < place.end:
            return True
        edge = doc[agent]
        if edge.left_edge.i <= place.start <= edge.right_edge.i and head.i != agent and place.start < agent:
            return True
    return False


def _joined(doc: Any, a: PlaceToken, b: PlaceToken) -> bool:
    low, high = (a, b) if a.start < b.start else (b, a)
    return (
        all(t.pos_ in ("PUNCT", "CCONJ", "DET", "PROPN", "ADP", "NOUN", "SPACE") for t in doc[low.end : high.start])
        and high.start - low.end <= 8
    )


def _specific(doc: Any, found: list[PlaceToken]) -> tuple[PlaceMention, ...]:
    """The places without the wider units that only say where they lie ("X in Y province", "X, Y")."""
    out: list[PlaceMention] = []
    wider: set[int] = set()
    for a, b in pairwise(found):
        between = [t.lower_ for t in doc[a.end : b.start]]
        gap = [w for w in between if w not in ("the", ")", "(", "”", "“", '"')]
        classes = english_parties().place_classes
        core = [w for w in gap if w not in classes and w not in english_parties().bearings]
        if core in (["in"], ["of"], [",", "in"], ["near"]) or (
            core == [","] and not any(t.dep_ == "cc" for t in doc[a.end : b.end + 2]) and (b.mention.kind_hint in _WIDE)
        ):
            wider.add(b.start)
    for p in found:
        if p.start in wider:
            if out:
                last = out.pop()
                out.append(_within(last, p.mention.name))
            continue
        if p.mention.name not in {m.name for m in out}:
            out.append(p.mention)
    return tuple(out)


def containing(context: ReportContext, place: PlaceToken) -> list[PlaceToken]:
    """The wider units that the text puts a place in right behind it, the smallest first ("X in Y province", "X, Y")."""
    out: list[PlaceToken] = []
    sentence = context.sentence_of[place.start]
    last = place
    for p in context.places_in(*context.sentences[sentence]):
        if p.start <= last.start:
            continue
        if not _puts_in(context.doc, last, p):
            break
        out.append(p)
        last = p
    return out


def _puts_in(doc: Any, a: PlaceToken, b: PlaceToken) -> bool:
    """True where the text says that a lies in b."""
    words = english_parties()
    gap = [t.lower_ for t in doc[a.end : b.start] if t.lower_ not in ("the", ")", "(", "”", "“", '"')]
    core = [w for w in gap if w not in words.place_classes and w not in words.bearings]
    if core in (["in"], ["of"], [",", "in"]):
        return True
    wide = b.mention.kind_hint in _WIDE or b.mention.name.lower() in COUNTRIES
    return core == [","] and wide and not any(t.dep_ == "cc" for t in doc[a.end : b.end + 2])


def stands_for_place(token: Any) -> bool:
    """True for "the town", "these villages" and "there", which stand for places named before."""
    definite = any(c.lower_ in ("the", "this", "that", "these", "those") for c in token.children)
    return (token.lemma_.lower() in _GENERIC and definite) or (token.lower_ == "there" and token.dep_ == "advmod")


def _within(mention: PlaceMention, unit: str) -> PlaceMention:
    return replace(mention, within=(*mention.within, unit))


def _carried(context: ReportContext, act: Act) -> tuple[PlaceMention, ...]:
    """The place that "the town" or "there" of the clause stands for, the last one named before; for "these villages"
    the list that it ends."""
    doc = context.doc
    start, end = act.clause
    word = next((doc[i] for i in range(start, end) if stands_for_place(doc[i])), None)
    before = [p for p in context.places if p.end <= start and context.sentence_of[p.start] not in context.skipped]
    if word is None or not before:
        return ()
    out = [before.pop()]
    if "Plur" in word.morph.get("Number"):
        while before and _joined(doc, before[-1], out[-1]):
            out.append(before.pop())
    return tuple(p.mention for p in reversed(out))

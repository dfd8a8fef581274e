"""Places as the text names them: by cues ("village of", "south of", "near") and by the names a gazetteer knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trucewatch.reading.contexts import PlaceToken
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.stretches import stretches
from trucewatch.terms.places import NameHit, PlaceMention, PlaceNames
from trucewatch.terms.spans import Span

_ARTICLES = {"the", "a", "an"}
_JOIN = {
    "al",
    "el",
    "-",
    "'",
    "’",
    "ash",
    "ad",
    "ar",
    "as",
    "at",
    "an",
    "az",
    "of",
    "de",
    "del",
    "la",
    "las",
    "los",
    "el-",
    "al-",
    "bin",
    "um",
    "abu",
    "“",
    "”",
}
_UNITS = {
    "km": 1000.0,
    "kilometre": 1000.0,
    "kilometer": 1000.0,
    "kms": 1000.0,
    "mile": 1609.3,
    "metre": 1.0,
    "meter": 1.0,
}
_ROAD = re.compile(r"^[MA]-?\d{1,2}$")
_WIDE = {"province", "governorate", "district", "county", "oblast", "department", "state", "region", "countryside"}
_LOOSE = {
    "countryside": "countryside",
    "outskirt": "outskirts",
    "outskirts": "outskirts",
    "edge": "outskirts",
    "suburb": "outskirts",
    "vicinity": "near",
    "rural": "countryside",
}
_NUMBERS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0}


_LONG = 5  # words of a run that is likelier a list of places than the name of one
_SURE = 0.6  # prior from which a name of the gazetteer needs no cue
_PARTICLES = {"al", "el", "ash", "ad", "ar", "as", "de", "al-", "el-"}


def _in_name(doc: Any, j: int, end: int) -> bool:
    """True where token j carries a name on: a proper noun, a hyphen inside it, or a particle before the next part."""
    if doc[j].pos_ == "PROPN" and doc[j].text[:1].isalnum():
        return True
    if j + 1 >= end or doc[j].lower_ not in _JOIN:
        return False
    if doc[j].lower_ in _PARTICLES and doc[j + 1].pos_ == "PROPN":
        return True
    return not doc[j].whitespace_ and doc[j + 1].text[:1].isupper() and doc[j].lower_ not in ("of", "“", "”")


def _runs(doc: Any, start: int, end: int) -> list[tuple[int, int]]:
    """Runs of proper nouns, with the hyphens and particles inside names."""
    runs: list[tuple[int, int]] = []
    i = start
    while i < end:
        t = doc[i]
        named = t.text[:1].isupper() or t.text[:1].isdigit() or t.lower_ in _JOIN
        if (t.pos_ == "PROPN" or _ROAD.match(t.text)) and t.text[:1].isalnum() and named:
            j = i + 1
            while j < end and _in_name(doc, j, end):
                j += 1
            runs.append((i, j))
            i = j
        else:
            i += 1
    return runs


def _listed(
    doc: Any, run: tuple[int, int], limits: tuple[int, int], hits: Mapping[int, NameHit]
) -> list[tuple[int, int]]:
    """A run that lists several known places without commas between them, one by one; else the run as it is.

    For reports without commas: "the towns of Anfa Borun Carim and Dalo". In others two names side by side are one.
    """
    start, end = run
    known = [h for at, h in sorted(hits.items()) if start <= at and h.end <= end]
    several = start - 2 >= limits[0] and doc[start - 1].lower_ == "of" and doc[start - 2].tag_ == "NNS"
    words = sum(h.end - h.start for h in known)
    if len(known) < 2 or 2 * words < end - start or not (several or end - start >= _LONG):
        return [run]
    parts, at = [], start
    for hit in known:
        if hit.start < at:
            continue
        if hit.start > at:
            parts.append((at, hit.start))
        parts.append((hit.start, hit.end))
        at = hit.end
    return parts if at == end else [*parts, (at, end)]


def _head_in(doc: Any, start: int, end: int) -> int:
    return next(
        (j for j in range(end - 1, start - 1, -1) if not start <= doc[j].head.i < end or doc[j].head.i == j), end - 1
    )


def _cue(doc: Any, start: int, end: int, limits: tuple[int, int]) -> tuple[int, str | None, str | None, bool]:
    """A weight for how surely a run of names is a place, with the class word and the relation that stand beside it."""
    p = english_parties()
    score, kind, relation, strong = 0, None, None, False
    before = start - 1
    while before >= limits[0] and (
        doc[before].lower_ in _ARTICLES
        or doc[before].lower_ in p.bearings
        or doc[before].is_quote
        or doc[before].lower_ in ("rural", "central", "besieged", "nearby", "neighbouring", "neighboring")
    ):
        if doc[before].lower_ == "rural":
            relation = "countryside"
        before -= 1
    if before >= limits[0]:
        word, lemma = doc[before].lower_, doc[before].lemma_.lower()
        if word == "of" and before - 1 >= limits[0]:
            inner = doc[before - 1].lemma_.lower()
            if inner in p.place_classes or inner in ("vicinity", "capital", "part", "outskirts", "centre", "center"):
                # in "the Bustan district of Aleppo" the class word is another's
                others = before - 2 >= limits[0] and doc[before - 2].pos_ == "PROPN"
                score, kind, strong = 4, None if others else inner, True
                relation = _LOOSE.get(inner, _outer(doc, before - 1, limits) or relation)
            elif doc[before - 1].lower_ in p.bearings or inner in ("outside",):
                score, relation, strong = 4, "direction", True
        elif lemma in p.place_classes:
            score, kind, strong = 3, lemma, True
        elif word in p.place_preps and word != "of":
            score = 2 if word in ("in", "at", "near", "around", "inside", "outside", "across", "throughout") else 1
            relation = "near" if word == "near" else relation
    after = end + 1 if end < limits[1] and (doc[end].is_quote or doc[end].lower_ in ("'s", "’s")) else end
    if after < limits[1]:
        lemma = doc[after].lemma_.lower()
        if lemma in p.bearings and after + 1 < limits[1]:
            lemma = doc[after + 1].lemma_.lower()
        if lemma in p.place_classes:
            score, kind, strong = max(score, 3) + 1, lemma, True
            relation = _LOOSE.get(lemma, relation)
    return score, kind, relation, strong


def _outer(doc: Any, at: int, limits: tuple[int, int]) -> str | None:
    """The relation of "outskirts of the city of NAME", given the token of "city"; None where it is just the city."""
    if at >= limits[0] + 3 and doc[at - 1].lower_ in _ARTICLES and doc[at - 2].lower_ == "of":
        return _LOOSE.get(doc[at - 3].lemma_.lower())
    return None


def _offset(doc: Any, start: int, limits: tuple[int, int]) -> tuple[float | None, str | None]:
    """Distance in metres and bearing of "60 kilometres (35 miles) northeast of NAME"; None where not told."""
    p = english_parties()
    if start - 2 < limits[0] or doc[start - 1].lower_ not in ("of", "from"):
        return None, None
    bearing = p.bearings.get(doc[start - 2].lower_)
    for j in range(start - 2, max(limits[0], start - 12) - 1, -1):
        unit = _UNITS.get(doc[j].lemma_.lower())
        if unit and j - 1 >= limits[0]:
            word = doc[j - 1].lower_
            number = _NUMBERS.get(word) or (float(word) if re.fullmatch(r"\d+(?:\.\d+)?", word) else None)
            inside = any(doc[k].text == "(" for k in range(max(limits[0], j - 3), j))
            if number and not inside:
                return number * unit, bearing
    return None, bearing


def find_places(
    doc: Any,
    names: PlaceNames | None,
    sentences: tuple[tuple[int, int], ...],
    skipped: frozenset[int],
    parties: frozenset[int],
) -> list[PlaceToken]:
    """Every mention of a place, in order. `parties` are tokens that name a party and so no place.

    Without a gazetteer only runs beside a cue count; a name once seen with a cue counts wherever it stands.
    """
    p = english_parties()
    words = [t.text for t in doc]
    hits: dict[int, NameHit] = {h.start: h for h in names.hits(words)} if names is not None else {}
    raw: list[tuple[int, int, int, str | None, str | None, tuple[int, int], bool, float]] = []
    unmarked = "," not in words
    for s, limits in enumerate(sentences):
        if s in skipped:
            continue
        runs = _runs(doc, *limits)
        parts = [(run, part) for run in runs for part in (_listed(doc, run, limits, hits) if unmarked else [run])]
        for run, (start, end) in parts:
            while (
                end - start > 1
                and (doc[end - 1].lemma_.lower() in p.place_classes or doc[end - 1].lower_ in ("'s", "’s"))
                and doc[end - 1].lemma_.lower() not in ("base", "airbase", "airport", "crossing", "camp")
            ):
                end -= 1
            if (
                any(j in parties for j in range(start, end))
                or doc[end - 1].lower_ in p.not_places
                or doc[start].lower_ in p.not_places
            ):
                continue
            score, kind, relation, strong = _cue(doc, run[0], end, limits)  # one cue stands before a whole list
            inside = [h for at, h in sorted(hits.items()) if start <= at and h.end <= end]
            if inside and (
                score > 0
                or doc[end - 1].dep_
                in ("pobj", "dobj", "appos", "conj", "nsubjpass", "compound", "npadvmod", "poss", "nsubj")
            ):
                score += 1 if inside[0].prior >= 0.3 else 0
                score += 1 if score else 0
            prior = max((h.prior for h in inside if h.end == end), default=0.0)
            raw.append((start, end, score, kind, relation, limits, strong or bool(inside), prior))
    known = {
        doc[a:b].text.lower() for a, b, score, *_ in raw if score >= 3 or (score >= 2 and not _person_like(doc, a))
    }
    out: list[PlaceToken] = []
    for start, end, score, kind, relation, limits, strong, prior in raw:
        text = doc[start:end].text
        listed = {doc[start].dep_, doc[end - 1].dep_} & {"conj", "appos"}
        follows = bool(listed and out and _lists_on(doc, out[-1].end, start))
        cued = score >= 2 or (score >= 1 and (strong or bool(listed))) or text.lower() in known or follows
        if (not cued and prior < _SURE) or _person_like(doc, start):
            continue
        distance, bearing = _offset(doc, start, limits)
        if distance is not None:
            relation = "distance"
        elif bearing is not None:
            relation = "direction"
        span = Span(doc[start].idx, doc[end - 1].idx + len(doc[end - 1]))
        mention = PlaceMention(
            name=text,
            span=span,
            relation=relation or ("along" if _ROAD.match(text) else "in"),
            distance_m=distance,
            bearing=bearing,
            kind_hint=kind,
        )
        out.append(PlaceToken(mention, start, end, _head_in(doc, start, end), min(score, 5), prior))
    return stretches(doc, out)


def _lists_on(doc: Any, end: int, start: int) -> bool:
    """True where only commas, "and" and the like stand between a place and what follows: one list of places."""
    return start - end <= 4 and all(t.lower_ in (",", "and", "or", "the", "nearby", ";", "&") for t in doc[end:start])


def _person_like(doc: Any, start: int) -> bool:
    """True where a title or a role stands before the name ("President Assad")."""
    if start == 0:
        return False
    word = doc[start - 1].lemma_.lower()
    return word in (
        "president",
        "minister",
        "general",
        "colonel",
        "spokesman",
        "spokeswoman",
        "mr.",
        "mrs.",
        "ms.",
        "dr.",
        "activist",
        "commander",
        "secretary",
        "major",
        "captain",
        "chief",
        "director",
        "sheikh",
        "king",
        "prince",
    )

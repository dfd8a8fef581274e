"""Parties as the text names them: by head nouns ("regime forces") and by names used where a party stands."""

from __future__ import annotations

from typing import Any

from trucewatch.reading.contexts import ActorMention
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.times.calendars import WEEKDAYS
from trucewatch.terms.actors import ActorNames
from trucewatch.terms.spans import Span

_PRE = {"compound", "amod", "nmod", "poss", "nummod", "quantmod", "punct", "advmod", "case", "npadvmod"}
_DROP = {
    "the", "a", "an", "its", "their", "his", "her", "other", "several", "some", "many", "more", "these",
    "those", "all", "any", "this", "that", "least", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "dozens", "hundreds", "at", "about", "new", "both", "our", "various", "local",
}  # fmt: skip
_ROLES = {
    "nsubj",
    "nsubjpass",
    "pobj",
    "agent",
    "dobj",
    "conj",
    "poss",
    "appos",
    "ROOT",
    "attr",
    "dative",
    "amod",
    "compound",
    "dep",
    "nmod",
}

_DAYS = {*WEEKDAYS, "yesterday", "today", "tonight", "overnight"}


def phrase(doc: Any, head: Any) -> tuple[int, int]:
    """Half-open token offsets of a noun with what stands directly before it, without articles and counts."""
    start = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ not in _PRE or child.right_edge.i != start - 1:
            break
        start = child.left_edge.i
    while start < head.i and (
        doc[start].lower_ in _DROP
        or doc[start].lower_ in _DAYS  # "On Friday regime forces shelled": the comma is often left out
        or doc[start].is_punct
        or doc[start].is_space
        or doc[start].like_num
    ):
        start += 1
    end = head.i + 1
    if (
        end < len(doc)
        and doc[end].lower_ in ("of",)
        and head.lemma_.lower()
        in ("army", "ministry", "council", "government", "union", "house", "party", "movement", "brigade")
    ):
        name = next(
            (c for p in head.children if p.dep_ == "prep" and p.lower_ == "of" for c in p.children if c.dep_ == "pobj"),
            None,
        )
        if name is not None and name.pos_ == "PROPN":
            end = name.i + 1
    return start, end


def _kind(head: Any, named: bool, names: ActorNames | None, text: str) -> str | None:
    lemma = head.lemma_.lower()
    kinds = english_parties().kinds
    kind = kinds.get(lemma) or kinds.get(head.lower_)
    if kind is None and (names is not None and names.is_actor(text)):
        return "armed"
    if kind is None and named and head.text.isupper() and 2 <= len(head.text) <= 7:
        return "armed"
    return kind


def find_actors(
    doc: Any, names: ActorNames | None, sentences: tuple[tuple[int, int], ...], skipped: frozenset[int]
) -> tuple[ActorMention, ...]:
    """Every mention of a party, site or body, in order of the text."""
    found: list[ActorMention] = []
    for s, (start, end) in enumerate(sentences):
        if s in skipped:
            continue
        for i in range(start, end):
            head = doc[i]
            if head.pos_ not in ("NOUN", "PROPN") or head.dep_ not in _ROLES:
                continue
            if head.dep_ in ("compound", "nmod", "amod") and head.head.pos_ in ("NOUN", "PROPN") and head.head.i > i:
                continue
            first, last = phrase(doc, head)
            text = doc[first:last].text
            named = any(doc[j].pos_ == "PROPN" or doc[j].ent_type_ == "NORP" for j in range(first, last))
            kind = _kind(head, named, names, text)
            if kind is None:
                continue
            span = Span(doc[first].idx, doc[last - 1].idx + len(doc[last - 1]))
            found.append(ActorMention(text, span, first, last, i, kind, named))
    return tuple(found)


def mention_for(doc: Any, token: Any) -> ActorMention:
    """A token that plays a role as a mention, whatever its head is: used for what rules read off the parse."""
    first, last = phrase(doc, token)
    span = Span(doc[first].idx, doc[last - 1].idx + len(doc[last - 1]))
    lemma = token.lemma_.lower()
    kind = english_parties().kinds.get(lemma, "armed" if token.pos_ == "PROPN" else "other")
    return ActorMention(doc[first:last].text, span, first, last, token.i, kind, token.pos_ == "PROPN")

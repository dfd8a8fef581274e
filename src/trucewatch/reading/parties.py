"""The places, actors and targets of an account: from the parse, with pronouns and "the group" resolved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ActorMention, ReportContext
from trucewatch.reading.mentions.actors import mention_for
from trucewatch.reading.roles import is_pronoun
from trucewatch.terms.accounts import Party
from trucewatch.terms.places import PlaceMention

_ANAPHORS = {"group", "force", "movement", "organization", "organisation", "side", "country", "militia"}
_PLURAL = {"they", "them", "we", "us"}
_ROLE = 0.5  # learned probability from which a run fills a role


def parties_of(
    context: ReportContext, c: Candidate, others: Sequence[Candidate]
) -> tuple[tuple[PlaceMention, ...], tuple[Party, ...], tuple[Party, ...], list[tuple[str, str]]]:
    """Places, actors and targets of a candidate, and which part made each; retellings fill what it leaves open."""
    places, place_part = _places(context, c, others)
    actors, actor_part = _role(context, c, "actor", c.roles.agents)
    if not actors:
        for other in others:
            actors, actor_part = _role(context, other, "actor", other.roles.agents)
            if actors:
                break
    targets, target_part = _role(context, c, "target", c.roles.patients)
    names = {a.name.lower() for a in actors}
    targets = tuple(t for t in targets if t.name.lower() not in names)
    return places, actors, targets, [("places", place_part), ("actors", actor_part), ("targets", target_part)]


def _places(context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> tuple[tuple[PlaceMention, ...], str]:
    if c.learned is not None:
        runs = [r for r in c.learned.filling("place") if r.prob >= _ROLE]
        if runs:
            known = [p.mention for p in context.places if any(p.mention.span.overlaps(r.span) for r in runs)]
            bare = [r.span for r in runs if not any(p.mention.span.overlaps(r.span) for p in context.places)]
            text = context.report.text
            made = [*known, *(PlaceMention(name=s.of(text), span=s) for s in bare)]
            return tuple(sorted(_once(made), key=lambda p: p.span)), "learned"
    if c.places and c.own_places:
        return c.places, "rules"
    told = next((o.places for o in others if o.places and o.own_places), ())
    return told or c.places, "rules"


def _once(mentions: Iterable[PlaceMention]) -> list[PlaceMention]:
    seen: dict[str, PlaceMention] = {}
    for mention in mentions:
        seen.setdefault(mention.name.lower(), mention)
    return list(seen.values())


def _role(context: ReportContext, c: Candidate, role: str, tokens: Sequence[int]) -> tuple[tuple[Party, ...], str]:
    if c.learned is not None:
        runs = sorted(r.span for r in c.learned.filling(role) if r.prob >= _ROLE)
        if runs:
            text = context.report.text
            out: dict[str, Party] = {}
            for span in runs:
                out.setdefault(span.of(text).lower(), Party(span.of(text), span))
            return tuple(out.values()), "learned"
    found: dict[str, Party] = {}
    for i in tokens:
        mention = _mention(context, i, role)
        if mention is not None:
            found.setdefault(mention.name.lower(), Party(mention.name, mention.span))
    return tuple(found.values()), "rules"


def _mention(context: ReportContext, i: int, role: str) -> ActorMention | None:
    """The party a token names or stands for; None for places, times and things that are neither."""
    doc = context.doc
    token = doc[i]
    if is_pronoun(token) or (token.lemma_.lower() in _ANAPHORS and _definite(token)):
        return _before(context, i, plural=token.lower_ in _PLURAL)
    if any(p.start <= i < p.end for p in context.places) and role == "target":
        return None
    # "shelled the village on Monday": the parser hangs bare days on the verb as if they were objects
    if any(t.span.start <= token.idx < t.span.end for t in context.times):
        return None
    mention = context.actor_at(i)
    if mention is not None:
        return mention
    if token.pos_ in ("PROPN", "ADJ") or (role == "target" and token.pos_ == "NOUN"):
        return mention_for(doc, token)
    return None


def _definite(token: Any) -> bool:
    lefts = list(token.lefts)
    return len(lefts) == 1 and lefts[0].lower_ in ("the", "this", "that")


def _before(context: ReportContext, i: int, *, plural: bool) -> ActorMention | None:
    """The last named party before a token, a doer rather than another."""
    doc = context.doc
    near = [
        m
        for m in context.actors
        if m.end <= i and m.kind in ("armed", "body") and context.sentence_of[m.start] >= context.sentence_of[i] - 2
    ]
    if not near:
        return None
    doers = [m for m in near if doc[m.head].dep_ in ("nsubj", "nsubjpass", "agent")]
    return (doers or near)[-1]

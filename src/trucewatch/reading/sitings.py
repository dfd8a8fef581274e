"""How a place named around an act lies to it: the parse between them, and the place in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import path_between
from trucewatch.reading.contexts import PlaceToken, ReportContext
from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.passages import title_end
from trucewatch.reading.wheres import containing, stands_for_place
from trucewatch.terms.codebooks import incident_types

_BACK = 4  # sentences before the act that are told apart


@dataclass(frozen=True, slots=True)
class SitingFacts:
    """What is the same for all places around one act."""

    family: str
    n_clause: str  # places of its clause: 0, 1, 2 (more)
    n_here: str
    anaphor: bool  # "the town", "there": a place named before is meant
    retold: frozenset[int]  # first tokens of places in clauses that tell of it again
    speaking: frozenset[int]
    title_end: int
    counts: Mapping[str, int]
    units: frozenset[int]  # first tokens of places that only say where another lies

    @classmethod
    def of(cls, context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> SitingFacts:
        doc = context.doc
        counts: dict[str, int] = {}
        for p in context.places:
            counts[p.mention.name.lower()] = counts.get(p.mention.name.lower(), 0) + 1
        speaking: set[int] = set()
        for a in context.attributions:
            for s in a.speakers:
                run = s.span and doc.char_span(s.span.start, s.span.end, alignment_mode="expand")
                speaking.update(t.i for t in run or ())
            speaking.update(
                i
                for child in doc[a.cue].children
                if child.dep_ == "nsubj"
                for i in range(child.left_edge.i, child.right_edge.i + 1)
            )
        return cls(
            incident_types()[c.type].family,
            str(min(2, len(context.places_in(*c.act.clause)))),
            str(min(2, len(context.places_in(*context.sentences[c.act.sentence])))),
            any(stands_for_place(doc[i]) for i in range(*c.act.clause)),
            frozenset(p.start for o in others for p in context.places_in(*o.act.clause)),
            frozenset(speaking),
            title_end(context.report),
            counts,
            frozenset(u.start for p in context.places for u in containing(context, p)),
        )


def _kind(p: PlaceToken) -> str:
    if p.mention.name.lower() in COUNTRIES:
        return "country"
    hint = p.mention.kind_hint
    return "none" if hint is None else "unit" if hint in _UNITS else "hinted"


_UNITS = {"province", "governorate", "district", "county", "oblast", "department", "state", "region", "countryside"}


def siting_features(context: ReportContext, c: Candidate, facts: SitingFacts, p: PlaceToken) -> dict[str, float]:
    """The named features of a place as the parse and the report show it, seen from the act of a candidate."""
    doc = context.doc
    apart = context.sentence_of[p.start] - c.act.sentence
    at = "here" if apart == 0 else "next" if apart > 0 else f"back{min(_BACK, -apart)}"
    act, head = doc[c.act.token], doc[p.head]
    kind, family = _kind(p), facts.family
    pos = "v" if act.pos_ in ("VERB", "AUX") else "n"
    prep = _prep(doc, p)
    rank = sorted(facts.counts.values(), reverse=True).index(facts.counts[p.mention.name.lower()])
    names = {
        "bias",
        f"at={at}",
        f"kind={kind}&at={at}",
        f"family={family}&at={at}",
        f"type={c.type}&at={at}",
        f"type={c.type}&kind={kind}",
        f"cue={p.cue}",
        f"prior={_step(p.prior)}",
        f"prior={_step(p.prior)}&cue={min(p.cue, 3)}",
        f"words={min(p.end - p.start, 4)}",
        f"hint={p.mention.kind_hint}",
        f"relation={p.mention.relation}",
        f"dep={head.dep_}&at={at}",
        f"prep={prep}&at={'here' if at == 'here' else 'far'}",
        f"prep={prep}&family={family}",
        f"told={min(3, facts.counts[p.mention.name.lower()])}&at={at}",
        f"rank={min(3, rank)}&kind={kind}",
        f"n_here={facts.n_here}&at={at}",
        f"n_clause={facts.n_clause}&at={at}",
        f"anaphor={facts.anaphor}&at={at}",
        f"anaphor={facts.anaphor}&at={at}&kind={kind}",
    }
    if p.start in facts.speaking:
        names |= {"speaking", f"speaking&at={at}"}
    if p.start in facts.retold:
        names |= {"retold", f"retold&kind={kind}"}
    if p.start in facts.units:
        names |= {"unit", f"unit&at={at}"}
    if p.mention.span.end <= facts.title_end:
        names.add(f"in_title&at={at}")
    if _is_dateline(doc, p, context):
        names |= {"dateline", f"dateline&at={at}"}
    for what, tokens in (("agent", c.roles.agents), ("patient", c.roles.patients)):
        if any(p.start <= t < p.end for t in tokens):
            names |= {what, f"{what}&type={c.type}", f"{what}&kind={kind}"}
        elif any(doc[t].left_edge.i <= p.start <= doc[t].right_edge.i for t in tokens) and at == "here":
            names |= {f"under_{what}", f"under_{what}&type={c.type}", f"under_{what}&prep={prep}"}
    if any(m.start <= p.start < m.end for m in context.actors):
        names |= {"party", f"party&kind={kind}"}
    if at == "here":
        low, high = c.act.clause
        inside = "in" if low <= p.start < high else "out"
        side = "before" if p.head < act.i else "after"
        gap = abs(p.head - act.i)
        step = 0 if gap < 3 else 1 if gap < 6 else 2 if gap < 12 else 3 if gap < 25 else 4
        path = path_between(act, head)
        names |= {
            f"clause={inside}",
            f"clause={inside}&n_clause={facts.n_clause}",
            f"clause={inside}&kind={kind}",
            f"side={side}&gap={step}",
            f"side={side}&{inside}&prep={prep}",
            f"side={side}&type={c.type}&prep={prep}",
            f"side={side}&{pos}&dep={head.dep_}",
            f"path={pos}:{path}",
            f"path={family}:{path}",
            f"steps={path.count(' ')}",
            f"governor={_governor(head)}",
        }
    return dict.fromkeys(names, 1.0)


def _step(prior: float) -> str:
    return "none" if prior == 0 else "low" if prior < 0.3 else "middle" if prior < 0.7 else "high"


def _prep(doc: Any, p: PlaceToken) -> str:
    """The preposition a place hangs by, its own or that of what it is joined to; else the dependency it has."""
    head = doc[p.head]
    while head.dep_ in ("conj", "appos") and head.head.i != head.i:
        head = head.head
    if head.dep_ in ("compound", "nmod", "amod", "poss"):
        return str(head.dep_)
    if head.dep_ == "pobj":
        over = head.head
        if over.lower_ == "of" and over.head.lemma_.lower() in english_parties().place_classes:
            outer = over.head
            return f"of_{outer.head.lower_ if outer.dep_ == 'pobj' else outer.dep_}"
        return str(over.lower_)
    return f"-{head.dep_}"


def _governor(head: Any) -> str:
    """The lemma of the word that a place's preposition hangs by."""
    while head.dep_ in ("conj", "appos") and head.head.i != head.i:
        head = head.head
    over = head.head
    return str((over.head if over.dep_ == "prep" else over).lemma_.lower())


def _is_dateline(doc: Any, p: PlaceToken, context: ReportContext) -> bool:
    """True for the place a report opens with before a dash or a bracket: where it was written, not where it was."""
    start, _ = context.sentences[context.sentence_of[p.start]]
    following = [t.lower_ for t in doc[p.end : p.end + 9]]
    return p.start - start <= 1 and any(w in ("-", "--", "–", "—", ":") for w in following)

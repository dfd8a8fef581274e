"""Whether two words of a report tell of one incident: the features that are compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import Guess
from trucewatch.terms.codebooks import incident_types

_DEFINITE, _INDEFINITE = {"the", "this", "that", "these", "those"}, {"a", "an", "another"}
_OTHER = {"another", "separate", "second", "other", "later", "also", "earlier", "meanwhile", "separately", "previous"}
_WEIGHTY = {"NOUN", "PROPN", "VERB", "NUM"}
LEAST_GUESS = 0.03  # pairs of different types, far apart, that the learned part gives less are not looked at


def worth_comparing(candidates: Sequence[Candidate], guess: Guess) -> list[tuple[int, int]]:
    """Pairs (i < j) that may tell of one incident: of one type, in neighbouring sentences, or guessed to."""
    return [
        (i, j)
        for i, j in combinations(range(len(candidates)), 2)
        if candidates[i].type == candidates[j].type
        or abs(candidates[i].act.sentence - candidates[j].act.sentence) <= 1
        or guessed_same(candidates[i], candidates[j], guess) > LEAST_GUESS
    ]


def by_means(context: ReportContext, a: Candidate, b: Candidate) -> bool:
    """True where one of the two words only tells what the other was done with: "attacked the town with mortars"."""
    for act, means in ((a, b), (b, a)):
        token = context.doc[means.act.token]
        if token.dep_ == "pobj" and token.head.lower_ in ("with", "using") and token.head.head.i in act.act.tokens:
            return True
    return False


def guessed_same(a: Candidate, b: Candidate, guess: Guess) -> float:
    """The learned probability that two candidates tell of one incident; 0 where one of them was not guessed."""
    return guess.same(a.guess, b.guess) if a.guess is not None and b.guess is not None else 0.0


def pair_features(context: ReportContext, a: Candidate, b: Candidate, guess: Guess) -> dict[str, float]:
    """The named features of two candidates, `a` before `b` in the text."""
    f = {"bias": 1.0, **_guessed(a, b, guess), **_words(context, a, b)}
    for name, mine, theirs in (
        ("place", _places(a), _places(b)),
        ("figure", _figures(a), _figures(b)),
        ("doer", _lemmas(context, a.roles.agents), _lemmas(context, b.roles.agents)),
        ("victim", _lemmas(context, a.roles.patients), _lemmas(context, b.roles.patients)),
    ):
        f[f"{name}_shared" if mine & theirs else f"{name}_differs" if mine and theirs else f"{name}_open"] = 1.0
    if a.own_places and b.own_places:
        f["own_place_shared" if _places(a) & _places(b) else "own_place_differs"] = 1.0
    f.update(_times(a, b))
    f["reality_equal"] = float(a.reality == b.reality)
    return f


def _guessed(a: Candidate, b: Candidate, guess: Guess) -> dict[str, float]:
    types = incident_types()
    f = {
        "type_equal": float(a.type == b.type),
        "both_violent": float(types[a.type].violent and types[b.type].violent),
    }
    if a.guess is None or b.guess is None or a.learned is None or b.learned is None:
        return {**f, "unguessed": 1.0}
    same = guessed_same(a, b, guess)
    mine, theirs = dict(a.learned.types), dict(b.learned.types)
    length = math.sqrt(sum(v * v for v in mine.values()) * sum(v * v for v in theirs.values()))
    alike = sum(v * theirs.get(k, 0.0) for k, v in mine.items()) / (length + 1e-6)
    return {**f, "guess": same, "guess_logit": math.log((same + 0.01) / (1.01 - same)), "types_alike": alike}


def _words(context: ReportContext, a: Candidate, b: Candidate) -> dict[str, float]:
    doc = context.doc
    apart = abs(a.act.sentence - b.act.sentence)
    low, high = a.act.clause
    inside = low <= b.act.token < high or b.act.clause[0] <= a.act.token < b.act.clause[1]
    mine, theirs = _content(context, a), _content(context, b)
    told = doc[b.act.token]
    before = {t.lower_ for t in told.children if t.dep_ in ("det", "poss")}
    clause = {doc[t].lower_ for t in range(*b.act.clause)}
    return {
        f"sentences_apart={min(apart, 4)}": 1.0,
        "sentences_apart": math.log1p(apart),
        "one_clause": float(apart == 0 and inside),
        "word_equal": float(doc[a.act.token].lemma_.lower() == told.lemma_.lower()),
        "words_shared": len(mine & theirs) / max(1, min(len(mine), len(theirs))),
        "definite": float(bool(before & _DEFINITE)),
        "indefinite": float(bool(before & _INDEFINITE)),
        "noun": float(told.pos_ == "NOUN"),
        "told_as_other": float(bool(clause & _OTHER)),
    }


def _times(a: Candidate, b: Candidate) -> dict[str, float]:
    if a.time is None or b.time is None:
        return {"time_of_neither" if a.time is b.time else "time_of_one": 1.0}
    mine, theirs = (a.time.earliest, a.time.latest), (b.time.earliest, b.time.latest)
    f = {"time_equal" if mine == theirs else "time_differs": 1.0}
    if None not in mine and None not in theirs and (str(mine[1]) < str(theirs[0]) or str(theirs[1]) < str(mine[0])):
        f["time_apart"] = 1.0
    return f


def _content(context: ReportContext, c: Candidate) -> set[str]:
    run = (context.doc[t] for t in range(*c.act.clause))
    return {t.lemma_.lower() for t in run if t.pos_ in _WEIGHTY and not t.is_stop}


def _places(c: Candidate) -> set[str]:
    return {p.name.lower() for p in c.places}


def _figures(c: Candidate) -> set[tuple[str, int | None, int | None]]:
    return {(f.what, f.count.min, f.count.max) for f in c.figures}


def _lemmas(context: ReportContext, tokens: Sequence[int]) -> set[str]:
    return {context.doc[t].lemma_.lower() for t in tokens}

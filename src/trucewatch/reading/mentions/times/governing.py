"""Which time governs an act: that of its own clause, else of its sentence, else the one carried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from spacy.tokens import Doc, Span, Token

from trucewatch.reading.mentions.times.finding import TimeMention
from trucewatch.terms.times import Interval

_CLAUSES = {"ROOT", "conj", "ccomp", "advcl", "relcl", "acl", "pcomp", "csubj", "parataxis"}
_SPEECH = {
    "say", "tell", "report", "announce", "add", "state", "claim", "confirm", "declare", "note", "quote", "cite",
    "deny", "accuse", "write", "explain", "describe", "warn", "urge", "condemn",
}  # fmt: skip

# Steps from the clause of the act to the clause of the phrase. Set on the dated training reports (1,045 accounts,
# 2026-11-24): of the grid tried every near choice gives the same share of right dates within half a point.
_UP, _FROM_SPEECH, _DOWN, _ASIDE = 0.7, 2.0, 1.5, 0.7
_FAR = 3.0
_PER_TOKEN = 0.02

# A day is carried on over so many sentences, and only to what is told in the simple past: of such acts two in three
# had that very day; of those told in the perfect ("has been"), or later in the report, most had none.
_CARRIED_SENTENCES = 3


def time_for(trigger: Span | Token, mentions: Sequence[TimeMention], doc: Doc) -> Interval | None:
    """The interval that governs the act a trigger names, or None where the text tells none.

    The nearest phrase by clauses of the same sentence; a phrase that names no days ("in recent days") governs too and
    gives None. Where the sentence has none, the day told of in the three sentences before is carried on to an act in
    the simple past. The day of publication is never assumed: on the training reports that was wrong more often.
    """
    token = trigger.root if isinstance(trigger, Span) else trigger
    here = [m for m in mentions if token.sent.start <= m.start < token.sent.end]
    shift = _shift_over(token, here, doc)
    if shift is not None:
        others = [m for m in here if m.shift_days is None]
        base = _nearest(token, others, doc) if others else _carried(token, mentions, doc)
        return _shifted(base, shift)
    timed = [m for m in here if m.shift_days is None]
    return _nearest(token, timed, doc) if timed else _carried(token, mentions, doc)


def _nearest(token: Token, mentions: Sequence[TimeMention], doc: Doc) -> Interval | None:
    ranked = sorted((_distance(token, m, doc), m.start) for m in mentions)
    if not ranked or ranked[0][0] > _FAR:
        return None
    return next(m.interval for m in mentions if m.start == ranked[0][1])


def _distance(token: Token, mention: TimeMention, doc: Doc) -> float:
    """How far the phrase stands from the act, in steps between clauses, ties broken by tokens."""
    at = doc[mention.start : mention.end].root
    near: float = _PER_TOKEN * min(abs(mention.start - token.i), abs(mention.end - 1 - token.i))
    if token.is_ancestor(at) and _clause(at).i == _clause(token).i:
        return near / 2
    own, other = _chain(token), _chain(at)
    shared = next((i for i, clause in enumerate(own) if clause in other), None)
    if shared is None:
        return _FAR + near
    for clause in own[:shared]:
        if clause.dep_ == "conj":
            near += _ASIDE
        else:
            near += _FROM_SPEECH if clause.dep_ == "ccomp" and _clause(clause.head).lemma_ in _SPEECH else _UP
    for clause in other[: other.index(own[shared])]:
        near += _ASIDE if clause.dep_ == "conj" else _DOWN
    return near


def _clause(token: Token) -> Token:
    """The verb of the clause a token is in; the root of the sentence where it has no verb."""
    while (token.dep_ not in _CLAUSES or token.pos_ not in ("VERB", "AUX")) and token.head.i != token.i:
        token = token.head
    return token


def _chain(token: Token) -> list[Token]:
    """The clauses around a token, the innermost first."""
    chain = [_clause(token)]
    while chain[-1].head.i != chain[-1].i:
        chain.append(_clause(chain[-1].head))
    return chain


def _shift_over(token: Token, here: Sequence[TimeMention], doc: Doc) -> int | None:
    """The days of a "two days after" whose clause holds the act, or None."""
    for mention in here:
        if mention.shift_days is not None and mention.start < token.i:
            hinge = doc[mention.end - 1]
            inside = hinge.is_ancestor(token) or (hinge.dep_ == "mark" and hinge.head in (token, *token.ancestors))
            if inside and token.i - mention.end < 25:
                return mention.shift_days
    return None


def _shifted(base: Interval | None, n_days: int) -> Interval | None:
    if base is None or base.earliest is None or base.precision not in ("day", "part_of_day", "hour"):
        return None
    moved = (date.fromisoformat(base.earliest) + timedelta(days=n_days)).isoformat()
    return replace(base, earliest=moved, latest=moved, anchor="text", precision="day", from_time=None, to_time=None)


def _carried(token: Token, mentions: Sequence[TimeMention], doc: Doc) -> Interval | None:
    """The last single day told of in the sentences right before, for an act in the simple past."""
    verb = _clause(token)
    aux = {child.lower_ for child in verb.children if child.dep_ in ("aux", "auxpass")}
    if verb.tag_ not in ("VBD", "VBN", "VBG") or aux & {"has", "have", "had", "will", "would", "could", "may", "'ve"}:
        return None
    first = token.sent.start
    for _ in range(_CARRIED_SENTENCES):
        if first == 0:
            break
        first = doc[first - 1].sent.start
    for mention in reversed([m for m in mentions if first <= m.start < token.sent.start]):
        days = mention.interval
        if days and mention.relation == "at" and days.precision in ("day", "part_of_day", "hour"):
            return days
    return None

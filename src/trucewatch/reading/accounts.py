"""Accounts made from candidates: the same incident told twice is one, the best telling of it is the quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trucewatch.reading.breaches import breach_of
from trucewatch.reading.candidates import Candidate
from trucewatch.reading.choosing import Choices, shipped_choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.datings import date_of
from trucewatch.reading.guesses import Guess
from trucewatch.reading.parties import parties_of
from trucewatch.reading.sayings import speakers_of
from trucewatch.reading.tolls import toll_of
from trucewatch.terms.accounts import Account, unlocated
from trucewatch.terms.ids import make_id
from trucewatch.terms.spans import Span

_SAME = 0.5  # learned probability from which two triggers tell of one incident
_RETELLING = 0.1  # probability of being told at all from which a retelling fills what is left open
_BREACH = 0.5  # learned probability from which the text is taken to call it a breach
_QUOTE = 0.5  # learned probability from which its cut of the quote is taken


@dataclass(frozen=True, slots=True)
class _Telling:
    candidate: Candidate
    prob: float
    order: int


def make_accounts(
    context: ReportContext, candidates: Sequence[Candidate], probs: Sequence[float], guess: Guess, threshold: float
) -> list[Account]:
    """The accounts of a report whose confidence is at least the threshold, in order of the text.

    Candidates that tell of the same incident become one account with the quote of the likeliest; the others are its
    retellings and fill what the quote leaves open (figures, places, time).
    """
    tellings = [_Telling(c, p, k) for k, (c, p) in enumerate(zip(candidates, probs, strict=True))]
    clusters: list[list[_Telling]] = []
    for telling in sorted(tellings, key=lambda t: (-t.prob, t.order)):
        home = next((c for c in clusters if _same(context, c[0].candidate, telling.candidate, guess)), None)
        if home is not None:
            home.append(telling)
        elif telling.prob >= threshold and telling.candidate.reality != "denied":
            clusters.append([telling])
    made = [make_account(context, [t.candidate for t in c], [t.prob for t in c]) for c in clusters]
    return sorted(made, key=lambda a: (a.span, a.type, a.account_id))


def _same(context: ReportContext, a: Candidate, b: Candidate, guess: Guess) -> bool:
    """True where two candidates tell of one incident."""
    if a.type != b.type:
        return False
    low, high = a.act.clause
    if low <= b.act.token < high and b.act.sentence == a.act.sentence:
        return True
    if a.guess is not None and b.guess is not None:
        return guess.same(a.guess, b.guess) >= _SAME
    if (
        a.time is not None
        and b.time is not None
        and (a.time.earliest, a.time.latest) != (b.time.earliest, b.time.latest)
    ):
        return False
    mine, theirs = {p.name.lower() for p in a.places}, {p.name.lower() for p in b.places}
    if a.own_places and b.own_places and not mine & theirs:
        return False
    doers = [{context.doc[t].lemma_.lower() for t in c.roles.agents} for c in (a, b)]
    if doers[0] and doers[1] and not doers[0] & doers[1]:
        return False
    return bool(mine & theirs) or not mine or not theirs or abs(a.act.sentence - b.act.sentence) <= 1


def make_account(
    context: ReportContext, cluster: Sequence[Candidate], probs: Sequence[float], choices: Choices | None = None
) -> Account:
    """The account that a candidate makes; those behind it in the cluster are its retellings, the likeliest first.

    `probs` are the probabilities that each is an account. A retelling fills what the candidate leaves open.
    `choices` are those that ship where none are given.
    """
    choices = shipped_choices() if choices is None else choices
    c = cluster[0]
    text = context.report.text
    made: list[tuple[str, str]] = [("type", "learned" if c.type != c.act.type or not c.ruled else "rules")]
    span, part = _quote(context, c)
    made.append(("quote", part))
    others = [o for o, p in zip(cluster[1:], probs[1:], strict=True) if p > _RETELLING]
    time = date_of(context, c, others, choices["time"])
    made.append(("time", "choice"))
    places, actors, targets, parts = parties_of(context, c, others, choices)
    made += parts
    killed, injured = (toll_of(context, what, c, others, choices[what]) for what in ("killed", "injured"))
    speakers = speakers_of(context, c, others, choices["said_by"])
    breach = breach_of(context, c, others)
    made += [(field, "choice") for field in ("killed", "injured", "said_by")]
    retellings = sorted({o.quote for o in cluster[1:]} - {span})
    return Account(
        account_id=make_id("account", report=context.report.report_id, type=c.type, start=span.start, end=span.end),
        report_id=context.report.report_id,
        type=c.type,
        quote=span.of(text),
        span=span,
        reality=_reality(c),
        time=time,
        places=tuple(unlocated(p) for p in places),
        actors=actors,
        targets=targets,
        killed=killed.count if killed else None,
        injured=injured.count if injured else None,
        said_by=speakers,
        breach=breach or (c.learned is not None and c.learned.breach >= _BREACH),
        maker=context.maker,
        trigger=context.span(min(c.act.tokens), max(c.act.tokens) + 1),
        confidence=round(probs[0], 4),
        tolls=tuple(t for t in (killed, injured) if t is not None),
        retellings=tuple(retellings),
        made_by=tuple(made),
    )


def _quote(context: ReportContext, c: Candidate) -> tuple[Span, str]:
    """The run that is quoted, never beyond its sentence, and which part cut it."""
    if c.learned is not None:
        sentence = context.sentence_span(c.act.sentence)
        cuts = [r for r in c.learned.filling("quote") if r.prob >= _QUOTE and c.learned.span.within(r.span)]
        if cuts:
            # a headline ends without a full stop: the learned cut may run on into the first sentence
            start, end = max(cuts[0].span.start, sentence.start), min(cuts[0].span.end, sentence.end)
            if start < end:
                return Span(start, end), "learned"
    return c.quote, "rules"


def _reality(c: Candidate) -> str:
    if c.learned is None:
        return c.reality
    probs: dict[str, Any] = dict(c.learned.realities)
    best = max(sorted(probs), key=lambda r: probs[r])
    return best if probs[best] >= 0.8 or best == c.reality else c.reality

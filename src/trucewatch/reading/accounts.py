"""Accounts made from candidates: the same incident told twice is one, the best telling of it is the quote."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trucewatch.reading.breaches import breach_of
from trucewatch.reading.candidates import Candidate
from trucewatch.reading.choosing import Choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.datings import date_of
from trucewatch.reading.guesses import Guess
from trucewatch.reading.parties import parties_of
from trucewatch.reading.sayings import speakers_of
from trucewatch.reading.scoring import Scorers
from trucewatch.reading.scoring.fills import fill
from trucewatch.reading.scoring.tellings import clusters_of, confidence_of, weigh
from trucewatch.reading.tolls import toll_of
from trucewatch.terms.accounts import Account, Tally, unlocated
from trucewatch.terms.ids import make_id
from trucewatch.terms.spans import Span

# What a retelling adds to the confidence that an annotator counts the incident: with all of it (1.0) the surest were
# right in 68 of 100, with half of it they are as sure as they are right (403 training reports, 2026-11-25).
_AGAIN = 0.5
_RETELLING = 0.1  # probability of telling of an incident from which a retelling fills what is left open
_BREACH = 0.5  # learned probability from which the text is taken to call it a breach
_MARKS = {",", ";", ":", ".", ")", "]", "”", "-", "–", "—"}
_QUOTE = 0.5  # learned probability from which its cut of the quote is taken


def make_accounts(
    context: ReportContext,
    candidates: Sequence[Candidate],
    guess: Guess,
    scorers: Scorers,
    choices: Choices,
    threshold: float,
) -> list[Account]:
    """The accounts of a report whose confidence is at least the threshold, in order of the text.

    Candidates that tell of the same incident become one account with the quote of the likeliest; the others are its
    retellings and fill what the quote leaves open (figures, places, time).
    """
    tellings, probs = weigh(context, candidates, guess, scorers)
    made = []
    for home, *mates in clusters_of(tellings, probs):
        told = 1.0 - (1.0 - probs[home]) * math.prod(1.0 - _AGAIN * probs[k] for k in mates)
        prob = confidence_of(scorers.confidence, told)
        if prob >= threshold and candidates[home].reality != "denied":
            others = [candidates[k] for k in mates if tellings.incident[k] >= _RETELLING]
            made.append(make_account(context, candidates[home], others, prob, scorers, choices))
    return sorted(made, key=lambda a: (a.span, a.type, a.account_id))


def make_account(
    context: ReportContext,
    c: Candidate,
    mates: Sequence[Candidate],
    prob: float,
    scorers: Scorers,
    choices: Choices,
) -> Account:
    """The account that a candidate makes with that probability; `mates` are its retellings, the likeliest first."""
    text = context.report.text
    made: list[tuple[str, str]] = [("type", "learned" if c.type != c.act.type or not c.ruled else "rules")]
    span, part = _quote(context, c)
    made.append(("quote", part))
    places, ruled = fill(context, c, mates, scorers.place, scorers.placeless)
    actors, targets = parties_of(context, c, mates, choices)
    made += [("places", "rules" if ruled else "choice")]
    made += [(field, "choice") for field in ("actors", "targets", "time", "killed", "injured", "said_by")]
    killed, injured = (toll_of(context, what, c, mates, choices[what]) for what in ("killed", "injured"))
    breach = breach_of(context, c, mates) or (c.learned is not None and c.learned.breach >= _BREACH)
    retellings = sorted({o.quote for o in mates} - {span})
    return Account(
        account_id=make_id("account", report=context.report.report_id, type=c.type, start=span.start, end=span.end),
        report_id=context.report.report_id,
        type=c.type,
        quote=span.of(text),
        span=span,
        reality=_reality(c),
        time=date_of(context, c, mates, choices["time"]),
        places=tuple(unlocated(place) for place in places),
        actors=actors,
        targets=targets,
        killed=killed.count if killed else None,
        injured=injured.count if injured else None,
        said_by=speakers_of(context, c, mates, choices["said_by"]),
        breach=breach,
        maker=context.maker,
        trigger=context.span(min(c.act.tokens), max(c.act.tokens) + 1),
        confidence=round(prob, 4),
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
                return _whole(context, start, end), "learned"
    return c.quote, "rules"


def _whole(context: ReportContext, start: int, end: int) -> Span:
    """A run that begins and ends with whole words, without the marks of a clause before it."""
    run = context.doc.char_span(start, end, alignment_mode="expand")
    first, last = run.start, run.end
    while first < last - 1 and (context.doc[first].is_space or context.doc[first].text in _MARKS):
        first += 1
    if first and context.doc[first].text[:1] in "'’":  # "Iraq's" was cut in two
        first -= 1
    return context.span(first, last)


def _reality(c: Candidate) -> str:
    if c.learned is None:
        return c.reality
    probs: dict[str, Any] = dict(c.learned.realities)
    best = max(sorted(probs), key=lambda r: probs[r])
    return best if probs[best] >= 0.8 or best == c.reality else c.reality


def without_counted(accounts: Sequence[Account], tallies: Sequence[Tally]) -> tuple[Account, ...]:
    """The accounts but for those told in a tally: what is counted over a period is a tally and no account besides."""
    return tuple(a for a in accounts if a.trigger is None or not any(a.trigger.within(t.span) for t in tallies))

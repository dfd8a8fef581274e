"""Where an account may have happened: every place named near it, whichever part of the reader saw it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.wheres import stands_for_place
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.spans import Span

SENTENCES_BEFORE, SENTENCES_AFTER = 2, 1  # how far from the act a place may be named; one of the title always may
_PARTY = 0.5  # learned probability from which a name is a party here; best of 0.3 to 0.9
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """A place of the text that may be where an account happened.

    `ruled`: the rules take it for the act itself; `retold`: they do for another telling of the same incident. `head` is
    the token its phrase hangs by, None for a run that only the learned part saw.
    """

    mention: PlaceMention
    ruled: bool = False
    retold: bool = False
    head: int | None = None

    @property
    def name(self) -> str:
        """The place as the text names it."""
        return self.mention.name

    @property
    def span(self) -> Span:
        """Where it is named."""
        return self.mention.span


def options_of(context: ReportContext, c: Candidate, mates: Sequence[Candidate]) -> list[Option]:
    """The places that an account may have, in order of the text; `mates` are other tellings of the incident."""
    found: dict[Span, Option] = {}
    for option in _named(context, c, mates):
        found.setdefault(option.span, option)
    parties = [m.span for m in context.actors if m.kind in ("armed", "body")]  # a party is no place
    for telling in (c, *mates):
        for guess in telling.learned.filling("place") if telling.learned is not None else ():
            if not any(span.overlaps(guess.span) for span in (*found, *parties)):
                mention = _bare(context, guess.span)
                if mention is not None:
                    found[mention.span] = Option(mention)
    return [found[span] for span in sorted(found) if not _acts(c, span)]


def _acts(c: Candidate, span: Span) -> bool:
    """True where the learned part takes what is named for who did it, more than for where: a party is no place."""
    best = {"actor": 0.0, "place": 0.0}
    for guess in c.learned.roles if c.learned is not None else ():
        if guess.role in best and guess.span.overlaps(span):
            best[guess.role] = max(best[guess.role], guess.prob)
    return best["actor"] >= max(_PARTY, best["place"])


def _named(context: ReportContext, c: Candidate, mates: Sequence[Candidate]) -> Iterable[Option]:
    heads = {p.mention.span: p.head for p in context.places}
    retold = [p for mate in mates for p in mate.places if mate.own_places]
    again = {p.span for p in retold}
    for mention in c.places:
        yield Option(mention, True, mention.span in again, heads.get(mention.span))
    for mention in retold:
        yield Option(mention, False, True, heads.get(mention.span))
    for p in context.places:
        sentence = context.sentence_of[p.start]
        if sentence == 0 or -SENTENCES_BEFORE <= sentence - c.act.sentence <= SENTENCES_AFTER:
            yield Option(p.mention, head=p.head)


def _bare(context: ReportContext, span: Span) -> PlaceMention | None:
    """A run that only the learned part saw, without article; None where it names nothing, or stands for places named
    before ("these regions")."""
    run = context.doc.char_span(span.start, span.end, alignment_mode="expand")
    if run is None or not any(t.pos_ in ("PROPN", "NOUN") and len(t) > 2 for t in run):
        return None
    if stands_for_place(run.root) and all(t == run.root or t.dep_ == "det" for t in run):
        return None
    text = run.text
    name = _ARTICLE.sub("", text).strip()
    return PlaceMention(name, Span(run.end_char - len(text.lstrip()) + text.lstrip().find(name), run.end_char))

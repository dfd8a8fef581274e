"""What the parts of the reader share about one report: the parse, its sentences and every mention found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trucewatch.terms.accounts import Maker, Speaker
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

if TYPE_CHECKING:
    from trucewatch.reading.mentions.times import TimeMention


@dataclass(frozen=True, slots=True)
class ActorMention:
    """A party as the text names it.

    `name` is the shortest that identifies it, without article ("Syrian army"). `start` and `end` are token offsets of
    the name, `head` the token its phrase hangs by. `kind`: armed (forces, groups, gunmen, weapons that act), civilian
    (people), site (a thing that can be hit), body (a state, ministry, monitor or organisation), media, person.
    `named` is False for descriptions ("unknown gunmen").
    """

    name: str
    span: Span
    start: int
    end: int
    head: int
    kind: str
    named: bool = True


@dataclass(frozen=True, slots=True)
class PlaceToken:
    """A place mention with the tokens it stands on: half-open token offsets, and the token its phrase hangs by.

    `cue` says how surely the words around it make it a place (0 to 5), `prior` how likely the gazetteer finds its
    name one (0 to 1, 0 where it does not know it).
    """

    mention: PlaceMention
    start: int
    end: int
    head: int
    cue: int = 0
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what: a chain of speakers (nearest to the reader first) over a run of text.

    `scope` is the run they answer for, in code points; `cue` the token of the verb or preposition that says so.
    `manner` is the lemma of that verb ("say", "claim", "deny", "threaten") or `according`.
    """

    speakers: tuple[Speaker, ...]
    scope: Span
    cue: int
    manner: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class ReportContext:
    """One report with its parse. `doc.text == report.text`, so that token offsets are offsets of the report.

    `sentences` are half-open token offsets in order; `sentence_of[i]` is the index of the sentence token i is in.
    `skipped` are the indexes of sentences that hold none of the report (boilerplate, captions, bylines).
    """

    report: Report
    doc: Any  # spacy.tokens.Doc
    sentences: tuple[tuple[int, int], ...]
    sentence_of: tuple[int, ...]
    times: tuple[TimeMention, ...]
    places: tuple[PlaceToken, ...]
    actors: tuple[ActorMention, ...]
    attributions: tuple[Attribution, ...]
    maker: Maker
    skipped: frozenset[int] = field(default_factory=frozenset)

    def sentence_span(self, index: int) -> Span:
        """The code points of a sentence, without white space at its ends."""
        start, end = self.sentences[index]
        return self.span(start, end)

    def span(self, start: int, end: int) -> Span:
        """The code points of a run of tokens (half-open), without white space at its ends."""
        while end > start + 1 and self.doc[end - 1].is_space:
            end -= 1
        while start < end - 1 and self.doc[start].is_space:
            start += 1
        last = self.doc[end - 1]
        return Span(self.doc[start].idx, last.idx + len(last))

    def speakers_at(self, token: int) -> tuple[Speaker, ...]:
        """The chain that answers for a token: that of the narrowest run around it; empty where the narrator does."""
        at = self.doc[token].idx
        around = [a for a in self.attributions if a.scope.start <= at < a.scope.end and a.speakers]
        return min(around, key=lambda a: (len(a.scope), a.cue)).speakers if around else ()

    def actor_at(self, token: int) -> ActorMention | None:
        """The actor mention that a token is part of or heads, or None."""
        return next((m for m in self.actors if m.start <= token < m.end or m.head == token), None)

    def places_in(self, start: int, end: int) -> tuple[PlaceToken, ...]:
        """The place mentions whose tokens lie in a run, in order."""
        return tuple(p for p in self.places if start <= p.start and p.end <= end)

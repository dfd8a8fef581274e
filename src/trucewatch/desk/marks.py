"""What was read from a report, marked in its text: tellings, and in them the places, actors, speakers and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from trucewatch.terms.accounts import Account, Party, ReportReading, Speaker, Statement, Tally
from trucewatch.terms.places import Place
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

# (start, end, kind of mark, id of the telling, words): offsets half-open in code points
Mark = tuple[int, int, str, str, str]
LEGEND = ("account", "statement", "tally", "place", "actor", "speaker", "time")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a report's text with the marks that lie over the whole of it (kind, id, words), outermost first."""

    text: str
    marks: tuple[tuple[str, str, str], ...]

    @property
    def classes(self) -> str:
        """The kinds of its marks, each once: how the sheet of styles shows them."""
        return " ".join(dict.fromkeys(kind for kind, _, _ in self.marks))


def marks_of(reading: ReportReading) -> list[Mark]:
    """Every telling of the report, and each place, actor, speaker and time whose words stand in its text."""
    marks = list(_of_accounts(reading.accounts))
    marks += _of_statements(reading.statements)
    marks += _of_tallies(reading.tallies)
    return list(dict.fromkeys(marks))


def pieces_of(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """The text cut wherever a mark begins or ends: the pieces in order make up the text again."""
    cuts = sorted({0, len(text), *(x for start, end, *_ in marks for x in (start, end) if 0 <= x <= len(text))})
    ordered = sorted(marks, key=lambda m: (m[0], -m[1], m[3], m[2]))
    return [
        Piece(
            text[a:b], tuple((kind, key, words) for start, end, kind, key, words in ordered if start <= a and b <= end)
        )
        for a, b in pairwise(cuts)
    ]


def _of_accounts(accounts: Iterable[Account]) -> Iterator[Mark]:
    for a in accounts:
        yield (a.span.start, a.span.end, "account", a.account_id, a.type)
        yield from _named("place", a.account_id, a.places)
        yield from _named("actor", a.account_id, (*a.actors, *a.targets))
        yield from _named("speaker", a.account_id, a.said_by)
        yield from _timed(a.account_id, a.time)


def _of_statements(statements: Iterable[Statement]) -> Iterator[Mark]:
    for s in statements:
        yield (s.span.start, s.span.end, "statement", s.statement_id, s.kind)
        yield from _named("speaker", s.statement_id, (s.speaker,) if s.speaker else ())
        yield from _named("actor", s.statement_id, (s.about,) if s.about else ())
        yield from _timed(s.statement_id, s.time)


def _of_tallies(tallies: Iterable[Tally]) -> Iterator[Mark]:
    for t in tallies:
        yield (t.span.start, t.span.end, "tally", t.tally_id, t.unit)
        yield from _named("place", t.tally_id, t.places)
        yield from _named("actor", t.tally_id, t.accused)
        yield from _named("speaker", t.tally_id, t.said_by)


def _named(kind: str, key: str, named: Iterable[Place | Party | Speaker]) -> Iterator[Mark]:
    for item in named:
        if item.span is not None:
            yield (item.span.start, item.span.end, kind, key, item.name)


def _timed(key: str, time: Interval | None) -> Iterator[Mark]:
    span: Span | None = time.span if time else None
    if time is not None and span is not None:
        days = dict.fromkeys(day for day in (time.earliest, time.latest) if day)
        yield (span.start, span.end, "time", key, " to ".join(days))

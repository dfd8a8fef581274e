"""The actors and targets of an account: the parties around the act that most likely play a role in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import cast, castings_of
from trucewatch.reading.choosing import Choices
from trucewatch.reading.contexts import ActorMention, ReportContext
from trucewatch.terms.accounts import Party
from trucewatch.terms.heads import names_an_outing, names_nobody


def parties_of(
    context: ReportContext, c: Candidate, others: Sequence[Candidate], choices: Choices
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Actors and targets of a candidate; its retellings speak with it."""
    castings = castings_of(context, c, others)
    doers, hit = (
        cast(context.doc, castings, choices[field], choices[rival])
        for field, rival in (("actors", "targets"), ("targets", "actors"))
    )
    told = {_head(context, m) for m in hit}
    actors = _parties(m for m in doers if not _is_no_doer(m, _head(context, m) in told))
    return actors, tuple(t for t in _parties(hit) if t not in actors)


def _is_no_doer(m: ActorMention, hit: bool) -> bool:
    """True for a patrol that a bomb hit "as it passed", and for "a soldier" where "a Turkish soldier" was hit.

    Words that tell not whose they are say nothing of who did it, where they are no men or are those that were hit.
    """
    return names_an_outing(m.name) or (hit and names_nobody(m.name))


def _head(context: ReportContext, m: ActorMention) -> str:
    return str(context.doc[m.head].lemma_).lower()


def _parties(mentions: Iterable[ActorMention]) -> tuple[Party, ...]:
    return tuple(Party(m.name, m.span) for m in mentions)

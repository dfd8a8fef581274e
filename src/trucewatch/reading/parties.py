"""The actors and targets of an account: the parties around the act that most likely play a role in it."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import cast, castings_of
from trucewatch.reading.choosing import Choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.terms.accounts import Party


def parties_of(
    context: ReportContext, c: Candidate, others: Sequence[Candidate], choices: Choices
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Actors and targets of a candidate; its retellings speak with it."""
    castings = castings_of(context, c, others)
    actors, targets = (
        tuple(Party(m.name, m.span) for m in cast(context.doc, castings, choices[field], choices[rival]))
        for field, rival in (("actors", "targets"), ("targets", "actors"))
    )
    return actors, tuple(t for t in targets if t not in actors)

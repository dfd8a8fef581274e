"""The places, actors and targets of an account: the parties around the act that most likely play a role in it."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import cast, castings_of
from trucewatch.reading.choosing import Choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.sitings import site, sitings_of
from trucewatch.terms.accounts import Party
from trucewatch.terms.places import PlaceMention


def parties_of(
    context: ReportContext, c: Candidate, others: Sequence[Candidate], choices: Choices
) -> tuple[tuple[PlaceMention, ...], tuple[Party, ...], tuple[Party, ...], list[tuple[str, str]]]:
    """Places, actors and targets of a candidate, and which part made each; retellings speak with it."""
    places = site(context, sitings_of(context, c, others), choices["places"])
    castings = castings_of(context, c, others)
    actors, targets = (
        tuple(Party(m.name, m.span) for m in cast(castings, choices[field])) for field in ("actors", "targets")
    )
    parts = [("places", "choice"), ("actors", "choice"), ("targets", "choice")]
    return places, actors, tuple(t for t in targets if t not in actors), parts

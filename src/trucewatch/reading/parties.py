"""The places, actors and targets of an account: the parties around the act that most likely play a role in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import cast, castings_of
from trucewatch.reading.choosing import Choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.terms.accounts import Party
from trucewatch.terms.places import PlaceMention

_ROLE = 0.5  # learned probability from which a run fills a role


def parties_of(
    context: ReportContext, c: Candidate, others: Sequence[Candidate], choices: Choices
) -> tuple[tuple[PlaceMention, ...], tuple[Party, ...], tuple[Party, ...], list[tuple[str, str]]]:
    """Places, actors and targets of a candidate, and which part made each; retellings speak with it."""
    places, place_part = _places(context, c, others)
    castings = castings_of(context, c, others)
    actors, targets = (
        tuple(Party(m.name, m.span) for m in cast(castings, choices[field])) for field in ("actors", "targets")
    )
    parts = [("places", place_part), ("actors", "choice"), ("targets", "choice")]
    return places, actors, tuple(t for t in targets if t not in actors), parts


def _places(context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> tuple[tuple[PlaceMention, ...], str]:
    if c.learned is not None:
        runs = [r for r in c.learned.filling("place") if r.prob >= _ROLE]
        if runs:
            known = [p.mention for p in context.places if any(p.mention.span.overlaps(r.span) for r in runs)]
            bare = [r.span for r in runs if not any(p.mention.span.overlaps(r.span) for p in context.places)]
            text = context.report.text
            made = [*known, *(PlaceMention(name=s.of(text), span=s) for s in bare)]
            return tuple(sorted(_once(made), key=lambda p: p.span)), "learned"
    if c.places and c.own_places:
        return c.places, "rules"
    told = next((o.places for o in others if o.places and o.own_places), ())
    return told or c.places, "rules"


def _once(mentions: Iterable[PlaceMention]) -> list[PlaceMention]:
    seen: dict[str, PlaceMention] = {}
    for mention in mentions:
        seen.setdefault(mention.name.lower(), mention)
    return list(seen.values())

"""What people decided on something, and which of it still stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trucewatch.store.decisions import decisions_on
from trucewatch.store.effects import standing_decisions
from trucewatch.store.proposals import Reading, disputed
from trucewatch.terms.decisions import Decision


def hidden_from(person: str, readings: Iterable[Sequence[Reading]]) -> frozenset[str]:
    """The ids of first readings that this person is not shown: who reads second says the own word without them."""
    waiting = (told for told in readings if not disputed(told))
    return frozenset(reading.decision_id for told in waiting for reading in told if reading.author != person)


def history_of(*subject_ids: str) -> list[tuple[Decision, bool]]:
    """The decisions on these subjects in the order they were taken, each with whether it stands or was undone."""
    taken = decisions_on(*subject_ids) if subject_ids else []
    stands = standing_decisions() if taken else {}
    return [(decision, stands[decision.seq]) for decision in taken]

"""What people decided on something, and which of it still stands."""

from __future__ import annotations

from trucewatch.store.decisions import decisions_on
from trucewatch.store.effects import standing_decisions
from trucewatch.terms.decisions import Decision


def history_of(*subject_ids: str) -> list[tuple[Decision, bool]]:
    """The decisions on these subjects in the order they were taken, each with whether it stands or was undone."""
    taken = decisions_on(*subject_ids) if subject_ids else []
    stands = standing_decisions() if taken else {}
    return [(decision, stands[decision.seq]) for decision in taken]

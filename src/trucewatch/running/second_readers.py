"""A second reader: two different people must say the same of an incident before it is in effect."""

from __future__ import annotations

from typing import Any

from trucewatch.store.effects import resolve_subject
from trucewatch.store.proposals import PROPOSE, disputed, proposals
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import kind_of

NEED_TWO = ("accept", "reject", "verify", "refute")


def as_read(kind: str, subject_id: str, author: str, *, settles: bool) -> tuple[str, Any]:
    """The kind and the new value of what is to be written down: the decision itself, or a proposal of it.

    Call it inside the transaction of the decision, with the chain locked. `settles` says whether the author may settle
    a disagreement; nobody settles one he or she is part of. Raises SettingsError `read-already` for a second word of
    the same person and `readers-disagree` where an editor must settle it.
    """
    if kind not in NEED_TWO or kind_of(subject_id) != "incident":
        return kind, None
    _, incident_id = resolve_subject(kind, subject_id, None)
    readings = proposals([incident_id]).get(incident_id, [])
    if any(reading.author == author for reading in readings):
        raise SettingsError(
            "read-already",
            "you have read this incident; another person must read it too",
            todo="Undo your reading first where you have changed your mind.",
        )
    if disputed(readings):
        if settles:
            return kind, None
        raise SettingsError("readers-disagree", "its two readers disagree", todo="An editor settles it at the desk.")
    if any(reading.kind == kind for reading in readings):
        return kind, None
    return PROPOSE, kind

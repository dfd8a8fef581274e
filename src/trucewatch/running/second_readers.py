"""A second reader: two different people must say the same before it is in effect."""

from __future__ import annotations

import json
from typing import Any

from trucewatch.store.effects import REVIEWED, anchors_of, check_grounded, resolve_subject
from trucewatch.store.proposals import ADD, PROPOSE, SHAPES, disputed, proposals, proposed
from trucewatch.terms.accounts import Account
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import canonical_json, kind_of, plain
from trucewatch.terms.records import rebuild

WORDS = ("accept", "reject", "verify", "refute")
NEED_TWO = (*WORDS, *SHAPES, ADD)


def as_read(kind: str, subject_id: str, new: Any, author: str, *, settles: bool) -> tuple[str, str, Any]:
    """The kind, the subject and the new value of what is to be written down: the decision itself, or a proposal of it.

    Call it inside the transaction of the decision, with the chain locked. `settles` says whether the author may settle
    a disagreement; nobody settles one he or she is part of. Raises SettingsError `read-already` for a second word of
    the same person and `readers-disagree` where an editor must settle it.
    """
    if kind not in NEED_TWO or (kind in WORDS and kind_of(subject_id) not in REVIEWED):
        return kind, subject_id, new
    subject_kind, subject = resolve_subject(kind, subject_id, new)
    anchors_of(kind, subject, new)
    if kind == ADD:
        check_grounded(rebuild(Account, plain(new)))
    said = proposed(kind, subject, plain(new))
    about = said["merge"] if kind == "merge" else [subject]
    waiting = proposals(about)
    readings = list({r.decision_id: r for key in about for r in waiting.get(key, ())}.values())
    if any(reading.author == author for reading in readings):
        raise SettingsError(
            "read-already",
            f"you have read this {subject_kind} already; another person must read it too",
            todo="Undo your reading first where you have changed your mind.",
        )
    if disputed(readings):
        if settles:
            return kind, subject, new
        raise SettingsError(
            "readers-disagree",
            "its two readers disagree",
            todo="An editor settles it, at the desk or with --settle on the command line.",
        )
    if any(canonical_json(_said(reading.kind, reading.about)) == canonical_json(said) for reading in readings):
        return kind, subject, new
    return PROPOSE, subject, said


def _said(kind: str, about: tuple[str, ...]) -> Any:
    """What a proposal that makes this reading holds."""
    if kind == ADD:
        return {kind: json.loads(about[0])}
    return {kind: list(about)} if kind in SHAPES else kind

"""A person's append-only word: chained by hash so that a removed or changed row is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trucewatch.terms.ids import content_hash

KINDS = (
    "accept", "correct", "merge", "split", "reject", "verify", "add", "skip", "undo", "note", "refute", "propose",
    "person",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `seq` counts from 1 without gaps; `previous` is the hash of the row before, "" for the first.

    `at` is an ISO instant in UTC. `field`, `old` and `new` are set for `correct`; `new` holds ids for merge and
    split, and for `propose` the kind that a first reader would decide. `person`
    is a change of who may do what: `field` says what, `new` to whom.
    """

    decision_id: str
    seq: int
    kind: str
    subject_kind: str
    subject_id: str
    author: str
    at: str
    reason: str
    field: str | None = None
    old: Any = None
    new: Any = None
    previous: str = ""

    def hash(self) -> str:
        """The link of the chain: over every field, the previous hash among them."""
        return content_hash(self)

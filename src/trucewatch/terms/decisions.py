"""A person's append-only word: chained by hash so that a removed or changed row is found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from trucewatch.terms.ids import content_hash

Pair = tuple[str, str]

KINDS = (
    "accept", "correct", "merge", "split", "reject", "verify", "add", "undo", "note", "refute", "propose",
    "person",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `seq` counts from 1 without gaps; `previous` is the hash of the row before, "" for the first.

    `at` is an ISO instant in UTC. `field`, `old` and `new` are set for `correct`; `new` holds ids for merge and
    split, and for `propose` the kind that a first reader would decide, with what it is about for a merge, a split or
    an add. `person` is a change of who may do what: `field` says what, `new` to whom.
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


def constraints_of(
    decided: Iterable[tuple[str, Sequence[str], Sequence[str]]],
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Pairs of accounts that must, and pairs that must not, tell of one incident: each sorted, each pair in order.

    `decided` are merges and splits in the order they were taken: the kind, all accounts it is about, and for a split
    those taken out. A merge binds all its accounts; a split binds each of its two parts and parts them from each other.
    Of two decisions that contradict each other the later one holds.
    """
    must: set[Pair] = set()
    cannot: set[Pair] = set()
    for kind, about, out in decided:
        accounts = sorted(about)
        if kind == "merge":
            together = set(accounts)
            cannot = {pair for pair in cannot if not together.issuperset(pair)}
            must.update(pairwise(accounts))
            continue
        taken = set(out)
        rest = [a for a in accounts if a not in taken]
        across = {(min(a, b), max(a, b)) for a in taken for b in rest}
        must -= across
        cannot |= across
        must.update(pairwise(sorted(taken)))
        must.update(pairwise(rest))
    return tuple(sorted(must)), tuple(sorted(cannot))

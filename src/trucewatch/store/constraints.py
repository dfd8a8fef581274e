"""What people decided about which accounts belong together, as pairs for linking."""

from __future__ import annotations

import json
from itertools import pairwise

from django.db.models import QuerySet

from trucewatch.store.models import IncidentRow, RulingRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.overlays import standing_rulings

Pair = tuple[str, str]


def constraints(standing: QuerySet[RulingRow] | None = None) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Pairs of accounts that must, and pairs that must not, tell of one incident: each sorted, each pair in order.

    A merge binds all its accounts; a split binds each of its two parts and parts them from each other. Of two decisions
    that contradict each other the later one holds. `standing` are the rulings to go by; those that stand now without.
    """
    must: set[Pair] = set()
    cannot: set[Pair] = set()
    for kind, value, anchors in (
        (standing_rulings() if standing is None else standing)
        .filter(kind__in=("merge", "split"))
        .order_by("pk")
        .values_list("kind", "value", "anchors")
    ):
        accounts = sorted(json.loads(anchors))
        if kind == "merge":
            together = set(accounts)
            cannot = {pair for pair in cannot if not together.issuperset(pair)}
            must.update(pairwise(accounts))
            continue
        taken = set(json.loads(value or "[]"))
        rest = [a for a in accounts if a not in taken]
        across = {_pair(a, b) for a in sorted(taken) for b in rest}
        must -= across
        cannot |= across
        must.update(pairwise(sorted(taken)))
        must.update(pairwise(rest))
    return tuple(sorted(must)), tuple(sorted(cannot))


def decided_incidents() -> dict[str, str]:
    """Of each incident that people verified or refuted, which of the two: what judging makes its belief from."""
    judged = IncidentRow.objects.filter(state__in=(ReviewState.VERIFIED, ReviewState.REFUTED)).order_by("pk")
    return dict(judged.values_list("pk", "state"))


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)

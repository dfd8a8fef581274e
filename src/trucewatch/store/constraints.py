"""What people decided about which accounts belong together, as pairs for linking."""

from __future__ import annotations

import json

from django.db.models import QuerySet

from trucewatch.store.models import IncidentRow, RulingRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.overlays import standing_rulings
from trucewatch.terms.decisions import Pair, constraints_of


def constraints(standing: QuerySet[RulingRow] | None = None) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """What `terms.decisions.constraints_of` makes of the rulings to go by; of those that stand now without any."""
    rulings = (standing_rulings() if standing is None else standing).filter(kind__in=("merge", "split"))
    return constraints_of(
        (kind, json.loads(anchors), json.loads(value or "[]") if kind == "split" else ())
        for kind, value, anchors in rulings.order_by("pk").values_list("kind", "value", "anchors")
    )


def decided_incidents() -> dict[str, str]:
    """Of each incident that people verified or refuted, which of the two: what judging makes its belief from."""
    judged = IncidentRow.objects.filter(state__in=(ReviewState.VERIFIED, ReviewState.REFUTED)).order_by("pk")
    return dict(judged.values_list("pk", "state"))

"""Where incidents stand in the review queue, kept beside them: nobody looks through all for the next one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Case, F, FloatField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from trucewatch.store.models import FindingRow, IncidentRow
from trucewatch.store.models.columns import ReviewState
from trucewatch.store.syncs import BATCH
from trucewatch.telling.charges import COUNTED


def set_turns(incident_ids: Iterable[str]) -> None:
    """These incidents stand where they belong. Call it inside the transaction that changes them or their findings.

    `at_stake` is the chance of a breach by the likeliest finding that ledgers count, times the origins. `unsure` is
    more the less the machine is sure (0 to 1, 1.5 where it does not say), 2 more where the incident is contested, and
    4 more where it is told as having happened.
    """
    counted = FindingRow.objects.filter(incident=OuterRef("pk"), outcome__in=sorted(COUNTED))
    likeliest = Subquery(counted.order_by("-probability").values("probability")[:1], output_field=FloatField())
    told = Case(When(reality="asserted", then=Value(4.0)), default=Value(0.0))
    contested = Case(When(contested=True, then=Value(2.0)), default=Value(0.0))
    ids = sorted(set(incident_ids))
    for start in range(0, len(ids), BATCH):
        IncidentRow.objects.filter(pk__in=ids[start : start + BATCH]).update(
            at_stake=Coalesce(likeliest, Value(0.0)) * F("n_origins"),
            unsure=told + contested + Coalesce(Value(1.0) - F("confidence"), Value(1.5)),
        )


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """Where an incident stands in the queue: the smallest comes first."""

    at_stake: float
    unsure: float
    incident_id: str


def first_turns(n: int, *, but: Collection[str] = ()) -> list[Turn]:
    """The first incidents nobody has reviewed, in order, without those ids."""
    return _turns(_open().exclude(pk__in=list(but)).order_by("-at_stake", "-unsure", "pk")[:n])


def open_turns_of(incident_ids: Iterable[str]) -> list[Turn]:
    """Those of these few incidents that nobody has reviewed, in order."""
    return sorted(_turns(_open().filter(pk__in=list(incident_ids))))


def turns_of(incident_ids: Iterable[str]) -> list[Turn]:
    """These few incidents, whatever was decided of them, in order."""
    return sorted(_turns(IncidentRow.objects.filter(pk__in=list(incident_ids))))


def n_open() -> int:
    """How many incidents nobody has reviewed."""
    return _open().count()


def _open() -> QuerySet[IncidentRow]:
    return IncidentRow.objects.filter(state=ReviewState.UNREVIEWED)


def _turns(rows: QuerySet[IncidentRow]) -> list[Turn]:
    return [Turn(-at_stake, -unsure, key) for at_stake, unsure, key in rows.values_list("at_stake", "unsure", "pk")]

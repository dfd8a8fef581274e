"""Who works on what: a claim on an incident that lapses by itself, so that nobody who walks away holds anything up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from trucewatch.store.models import ClaimRow

HOLD_MINUTES = 15


def take(incident_id: str, author: str, *, now: datetime | None = None) -> bool:
    """The incident is held by that person for a quarter of an hour from now; False where somebody else holds it."""
    at = now or datetime.now(UTC)
    until = _stamp(at + timedelta(minutes=HOLD_MINUTES))
    ClaimRow.objects.filter(pk=incident_id, until__lte=_stamp(at)).delete()
    # of two who ask at the same moment the database lets one row in, and both read whose it is
    ClaimRow.objects.bulk_create([ClaimRow(incident_id=incident_id, author=author, until=until)], ignore_conflicts=True)
    return bool(ClaimRow.objects.filter(pk=incident_id, author=author).update(until=until))


def release(author: str, *, keep: str | None = None) -> None:
    """That person holds nothing any more, but for the incident to keep."""
    ClaimRow.objects.filter(author=author).exclude(pk=keep or "").delete()


def holder(incident_id: str, *, now: datetime | None = None) -> ClaimRow | None:
    """The claim on an incident that holds now."""
    return standing(now=now).filter(pk=incident_id).first()


def standing(*, now: datetime | None = None) -> QuerySet[ClaimRow]:
    """The claims that hold now, those that lapse first in front."""
    return ClaimRow.objects.filter(until__gt=_stamp(now or datetime.now(UTC))).order_by("until", "pk")


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")

"""Postings kept beside their incidents: gone with whatever they were made from, made anew when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from trucewatch.store.locks import lock_chain
from trucewatch.store.models import IncidentAccountRow, IncidentRow, PostingRow
from trucewatch.store.syncs import BATCH


@dataclass(frozen=True, slots=True)
class Kept:
    """A posting as it is kept; `number` is greater than that of every posting kept before it."""

    number: int
    incident_id: str
    payload: str


def forget_postings(incident_ids: Iterable[str]) -> None:
    """These incidents have no posting any more. Call it inside the transaction that changes what it was made from."""
    ids = sorted(set(incident_ids))
    if ids:
        lock_chain()
    for start in range(0, len(ids), BATCH):
        PostingRow.objects.filter(incident_id__in=ids[start : start + BATCH]).delete()


def forget_postings_of_accounts(account_ids: Iterable[str]) -> None:
    """As `forget_postings`, for the incidents these accounts tell of."""
    ids = sorted(set(account_ids))
    for start in range(0, len(ids), BATCH):
        rows = IncidentAccountRow.objects.filter(account_id__in=ids[start : start + BATCH])
        forget_postings(rows.values_list("incident_id", flat=True))


def forget_all_postings() -> None:
    """No incident has a posting any more."""
    lock_chain()
    PostingRow.objects.all().delete()


def missing_postings(limit: int | None = None) -> list[str]:
    """The ids of incidents without a posting, sorted; at most `limit`."""
    if IncidentRow.objects.count() == PostingRow.objects.count():
        return []
    return list(IncidentRow.objects.filter(posting=None).order_by("pk").values_list("pk", flat=True)[:limit])


def write_postings(payloads: Mapping[str, str]) -> None:
    """These postings are kept; none of their incidents had one. Lock the chain before you make them."""
    rows = [PostingRow(incident_id=key, payload=text) for key, text in sorted(payloads.items())]
    PostingRow.objects.bulk_create(rows, batch_size=BATCH)


def postings_after(number: int) -> Iterator[Kept]:
    """The postings kept after that number, by incident."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, incident_id, payload FROM postings WHERE number > %s ORDER BY 2", [number])
        for row in cursor.fetchall():
            yield Kept(*row)


def kept_postings(incident_ids: Sequence[str]) -> Iterator[Kept]:
    """The postings of these incidents that are kept."""
    for start in range(0, len(incident_ids), BATCH):
        rows = PostingRow.objects.filter(incident_id__in=incident_ids[start : start + BATCH])
        for row in rows.values_list("number", "incident_id", "payload"):
            yield Kept(*row)


def posted_incidents() -> set[str]:
    """The ids of incidents with a posting."""
    return set(PostingRow.objects.values_list("incident_id", flat=True))


def n_postings() -> int:
    """How many postings are kept."""
    return PostingRow.objects.count()

"""What runs replaced, and what they were made with: kept when it is replaced, and found again for a past moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from trucewatch.store.models import AccountRow, FormerRow, KeptFileRow, StatementRow, TallyRow
from trucewatch.store.syncs import BATCH
from trucewatch.terms.errors import StoreError
from trucewatch.terms.ids import canonical_json

READ: dict[str, Any] = {"account": AccountRow, "statement": StatementRow, "tally": TallyRow}
Copy = tuple[str, float] | None


def instant_text(at: datetime) -> str:
    """The instant as the store writes it: texts of instants sort as the instants do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def present_instant() -> str:
    """This instant as the store writes it."""
    return instant_text(datetime.now(UTC))


def leaving(kind: str, until_at: str) -> Callable[[Sequence[str]], None]:
    """What `sync` calls with the ids of readings about to be changed or removed: they are kept as they stood."""

    def keep(ids: Sequence[str]) -> None:
        for start in range(0, len(ids), BATCH):
            rows = READ[kind]._default_manager.filter(pk__in=ids[start : start + BATCH]).order_by("pk")
            FormerRow.objects.bulk_create(
                [
                    FormerRow(
                        kind=kind,
                        subject_id=row.pk,
                        report_id=row.report_id,
                        since_at=row.read_at,
                        until_at=until_at,
                        payload=getattr(row, "machine", None) or row.payload,
                    )
                    for row in rows
                ],
                batch_size=BATCH,
            )

    return keep


def keep_former_copies(before: Mapping[str, Copy], until_at: str) -> None:
    """What each of these reports was taken to repeat is kept as it stood."""
    FormerRow.objects.bulk_create(
        [
            FormerRow(kind="copy", subject_id=key, report_id=key, until_at=until_at, payload=canonical_json(copy))
            for key, copy in sorted(before.items())
        ],
        batch_size=BATCH,
    )


def copies_changed_since(at: datetime) -> dict[str, Copy]:
    """Of each report whose flag was changed after that instant: the report it repeated then, and the share."""
    rows = FormerRow.objects.filter(kind="copy", until_at__gt=instant_text(at)).order_by("-until_at", "-number")
    out = {key: json.loads(text) for key, text in rows.values_list("subject_id", "payload")}  # the first change wins
    return {key: (copy[0], float(copy[1])) if copy else None for key, copy in out.items()}


def stood_at(kind: str, at: datetime) -> QuerySet[Any]:
    """The present rows of that kind of reading whose machine's word stood so at that instant already."""
    rows: QuerySet[Any] = READ[kind]._default_manager.all()
    return rows.filter(Q(read_at=None) | Q(read_at__lte=instant_text(at)))


def formers_at(kind: str, at: datetime) -> Iterator[tuple[str, str]]:
    """(report id, payload) of the readings of that kind that stood at that instant and were replaced later."""
    told = instant_text(at)
    rows = FormerRow.objects.filter(Q(since_at=None) | Q(since_at__lte=told), kind=kind, until_at__gt=told)
    yield from rows.order_by("number").values_list("report_id", "payload").iterator(2000)


def keep_files(contents: Iterable[bytes]) -> None:
    """These files are kept, each once."""
    by_hash = {sha256(content).hexdigest(): content for content in contents}
    known = set(KeptFileRow.objects.filter(pk__in=by_hash).values_list("pk", flat=True))
    KeptFileRow.objects.bulk_create(
        [KeptFileRow(sha256=key, content=by_hash[key]) for key in by_hash if key not in known]
    )


def kept_file(digest: str) -> bytes:
    """The file of that SHA-256. Raises StoreError where it is not there, or not what it was."""
    content = KeptFileRow.objects.filter(pk=digest).values_list("content", flat=True).first()
    if content is None or sha256(bytes(content)).hexdigest() != digest:
        raise StoreError(
            "kept-file-lost",
            "a file that a run was made with is not in the store as it was",
            where=digest,
            todo="Restore the store from a backup.",
        )
    return bytes(content)

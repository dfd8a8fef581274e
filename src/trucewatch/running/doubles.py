"""Copies among the reports of a store: signed once each, and looked for only where something new has come in."""

from __future__ import annotations

from collections.abc import Mapping

from trucewatch.linking.duplicates import NearDuplicates
from trucewatch.linking.signatures import Signature, sign
from trucewatch.store.models import ReportRow
from trucewatch.store.readings import stored_reports

BATCH = 500  # reports whose texts are in memory at a time


def changed_copies(*, anew: bool) -> Mapping[str, tuple[str, float] | None]:
    """Of reports whose answer may be another since something came in: which they repeat, and the share in common.

    By order of publication, so the later repeats the earlier, whichever came in first: the same as for all at once.
    With `anew` every report is signed and looked for again.
    """
    if anew:
        ReportRow.objects.exclude(signature=None).update(signature=None)
    fresh = sorted(ReportRow.objects.filter(signature=None).values_list("pk", flat=True))
    if not fresh:
        return {}
    for start in range(0, len(fresh), BATCH):
        signatures = sign(stored_reports(fresh[start : start + BATCH]))
        rows = [ReportRow(report_id=s.report_id, signature=s.pack()) for s in signatures]
        ReportRow.objects.bulk_update(rows, ["signature"], batch_size=100)
    near, known = NearDuplicates(), _in_order()
    near.add(known)
    asked = near.sharing(fresh)
    queries = [s for s in known if s.report_id in asked]
    return {
        signature.report_id: (matches[0].report_id, matches[0].similarity) if matches else None
        for signature, matches in zip(queries, near.query(queries), strict=True)
    }


def _in_order() -> list[Signature]:
    """All signatures by day of publication, those without one last, then by id."""
    rows = ReportRow.objects.order_by("pk").values_list("published", "pk", "signature").iterator(2_000)
    found = sorted(((published or "9999", key), bytes(packed or b"")) for published, key, packed in rows)
    return [Signature.unpack(key, packed) for (_, key), packed in found]

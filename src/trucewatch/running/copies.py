"""Which reports of an archive repeat an earlier one: month by month, by the signatures that reading left.

A copy comes out within days, so each month is held against itself and the month before; memory is that of two months,
whatever the archive. What has no date is held against the undated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trucewatch.linking.duplicates import NearDuplicates
from trucewatch.linking.signatures import Signature
from trucewatch.running.columns import as_table
from trucewatch.running.engines.works import code_hash, file_hash
from trucewatch.running.partitions import put
from trucewatch.terms.ids import canonical_json, content_hash

UNDATED = "undated"
_TOLD = ("id", "source", "url", "published", "language", "title", "sha256")
SIGNED = pa.schema([("report_id", pa.string()), *((n, pa.string()) for n in _TOLD), ("signature", pa.binary())])
COPIES = pa.schema([
    ("copy_id", pa.string()), ("report_id", pa.string()), *((n, pa.string()) for n in _TOLD),
    ("similarity", pa.float64()),
])  # fmt: skip


class Copies:
    """What is known of copies, a month at a time."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._month = lru_cache(maxsize=4)(self._load)

    def original(self, report_id: str, published: str | None) -> dict[str, Any] | None:
        """The first of the reports this one goes back to, with `similarity`; None where it repeats none."""
        return self._month(month_of(published)).get(report_id)

    def _load(self, month: str) -> dict[str, dict[str, Any]]:
        path = self._scratch / "copies" / f"{month}.parquet"
        return {row["copy_id"]: row for row in pq.read_table(path).to_pylist()} if path.is_file() else {}


def month_of(published: str | None) -> str:
    """Such as 2020-03; `undated` where nothing says when."""
    return published[:7] if published else UNDATED


def find_copies(readings: Path, scratch: Path, names: Sequence[str]) -> dict[str, str]:
    """Every month's copies are known below `scratch`; gives for each partition a hash of those of its months.

    Only months with new content are looked at again. Reports count by publication, then by id, so the result does not
    depend on the order in which partitions came.
    """
    signed = scratch / "signed"
    code = code_hash("linking")
    months_of = {name: _by_month(readings / "reports" / f"{name}.parquet", signed, name, code) for name in names}
    for stale in signed.glob("*/*.parquet"):
        if stale.parent.name not in months_of.get(stale.stem, ()):
            stale.unlink()
    files = {m: sorted((signed / m).glob("*.parquet")) for m in sorted({m for own in months_of.values() for m in own})}
    hashes = {month: [file_hash(path) for path in paths] for month, paths in files.items()}
    found: dict[str, str] = {}
    for month in files:
        before = _month_before(month)
        # the month before is named by what was found in it as well: a copy of a copy goes back to the first
        wanted = content_hash([code, hashes[month], hashes.get(before, []), found.get(before, "")])
        path, mark = scratch / "copies" / f"{month}.parquet", scratch / "copies" / f"{month}.json"
        if not mark.is_file() or json.loads(mark.read_text("utf-8"))["fingerprint"] != wanted:
            known = Copies(scratch)
            rows = list(_copies(files.get(before, []), files[month], known))
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(as_table(COPIES, rows), path, compression="zstd")
            put(mark, canonical_json({"fingerprint": wanted}) + "\n")
        found[month] = file_hash(path)
    for old in (scratch / "copies").glob("*"):
        if old.stem not in files:
            old.unlink()
    return {name: content_hash([found[month] for month in sorted(months)]) for name, months in months_of.items()}


def _by_month(reports: Path, signed: Path, name: str, code: str) -> list[str]:
    """The signatures of a partition lie in the folders of their months; gives the months."""
    mark, wanted = signed / f"{name}.json", content_hash([code, file_hash(reports)])
    if mark.is_file() and (told := json.loads(mark.read_text("utf-8")))["fingerprint"] == wanted:
        return list(told["months"])
    rows: dict[str, list[dict[str, Any]]] = {}
    with pq.ParquetFile(reports) as file:
        for batch in file.iter_batches(4096, columns=list(SIGNED.names)):
            for row in batch.to_pylist():
                if row["signature"] is not None:
                    rows.setdefault(month_of(row["published"]), []).append(row)
    for month, own in rows.items():
        (signed / month).mkdir(parents=True, exist_ok=True)
        pq.write_table(as_table(SIGNED, own), signed / month / f"{name}.parquet", compression="zstd")
    put(mark, canonical_json({"fingerprint": wanted, "months": sorted(rows)}) + "\n")
    return sorted(rows)


def _copies(before: Sequence[Path], files: Sequence[Path], known: Copies) -> Iterator[dict[str, Any]]:
    near = NearDuplicates()
    reports: dict[str, dict[str, Any]] = {}
    roots: dict[str, dict[str, Any]] = {}
    earlier = _in_order(before)
    near.add([Signature.unpack(row["report_id"], row.pop("signature")) for row in earlier])
    for row in earlier:
        reports[row["report_id"]] = row
        if (original := known.original(row["report_id"], row["published"])) is not None:
            roots[row["report_id"]] = original
    rows = _in_order(files)
    signatures = [Signature.unpack(row["report_id"], row.pop("signature")) for row in rows]
    reports.update((row["report_id"], row) for row in rows)
    near.add(signatures)
    for row, matches in zip(rows, near.query(signatures), strict=True):
        if matches:
            first = roots.get(matches[0].report_id, reports[matches[0].report_id])
            roots[row["report_id"]] = first
            yield {**first, "copy_id": row["report_id"], "similarity": matches[0].similarity}


def _in_order(files: Sequence[Path]) -> list[dict[str, Any]]:
    rows = {row["report_id"]: row for path in files for row in pq.read_table(path).to_pylist()}
    return sorted(rows.values(), key=lambda r: (r["published"] or "9999", r["report_id"]))


def _month_before(month: str) -> str:
    if month == UNDATED:
        return ""
    return (date.fromisoformat(f"{month}-01") - timedelta(1)).isoformat()[:7]

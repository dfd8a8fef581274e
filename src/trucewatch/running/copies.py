"""Which reports of an archive repeat an earlier one: month by month, by the signatures that reading left.

A copy comes out within days, so each month is held against itself and the month before; memory is that of two months,
whatever the archive. What has no date is held against the undated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trucewatch.linking.duplicates import NearDuplicates
from trucewatch.linking.signatures import Signature
from trucewatch.running.columns import as_table
from trucewatch.running.engines import Engine
from trucewatch.running.engines.works import code_hash
from trucewatch.running.partitions import put
from trucewatch.running.progresses import Progress
from trucewatch.terms.errors import StoreError
from trucewatch.terms.ids import canonical_json, content_hash, file_hash

UNDATED = "undated"
_TOLD = ("id", "source", "url", "published", "language", "title", "sha256")
SIGNED = pa.schema([("report_id", pa.string()), *((n, pa.string()) for n in _TOLD), ("signature", pa.binary())])
COPIES = pa.schema([
    ("copy_id", pa.string()), ("report_id", pa.string()), *((n, pa.string()) for n in _TOLD),
    ("similarity", pa.float64()),
])  # fmt: skip
MATCHES = pa.schema([("copy_id", pa.string()), ("report_id", pa.string()), ("similarity", pa.float64())])


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


def find_copies(
    readings: Path, scratch: Path, names: Sequence[str], engine: Engine, progress: Progress
) -> dict[str, str]:
    """Every month's copies are known below `scratch`; gives for each partition a hash of those of its months.

    Only months with new content are looked at again, each on one worker. Reports count by publication, then by id, so
    the result depends neither on the order in which partitions came nor on the engine.
    """
    signed, code = scratch / "signed", code_hash("linking")
    work = MonthsWork(str(readings), str(scratch), code)
    months_of: dict[str, list[str]] = {}
    progress.begin("Texts by month", len(names))
    for name, months in zip(names, engine.map(work, ([name] for name in names)), strict=True):
        months_of[name] = months[0]
        progress.advance()
    progress.end()
    for stale in signed.glob("*/*.parquet"):
        if stale.parent.name not in months_of.get(stale.stem, ()):
            stale.unlink()
    files = {m: sorted((signed / m).glob("*.parquet")) for m in sorted({m for own in months_of.values() for m in own})}
    hashes = {month: [file_hash(path) for path in paths] for month, paths in files.items()}
    wanted = {m: content_hash([code, hashes[m], hashes.get(_month_before(m), [])]) for m in files}
    todo = [m for m in files if _marked(scratch / "matches" / f"{m}.json") != wanted[m]]
    progress.begin("Copies by month", len(todo))
    for month, _ in zip(todo, engine.map(MatchesWork(str(scratch)), ([m] for m in todo)), strict=True):
        put(scratch / "matches" / f"{month}.json", canonical_json({"fingerprint": wanted[month]}) + "\n")
        progress.advance()
    progress.end()
    found: dict[str, str] = {}
    for month in files:
        # the month before is named by what was found in it as well: a copy of a copy goes back to the first
        mark, own = scratch / "copies" / f"{month}.json", [wanted[month], found.get(_month_before(month), "")]
        path = mark.with_suffix(".parquet")
        if _marked(mark) != content_hash(own):
            rows = list(_first_ones(scratch, month, files.get(_month_before(month), []), files[month]))
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(as_table(COPIES, rows), path, compression="zstd")
            put(mark, canonical_json({"fingerprint": content_hash(own)}) + "\n")
        found[month] = file_hash(path)
    for old in (*(scratch / "copies").glob("*"), *(scratch / "matches").glob("*")):
        if old.stem not in files:
            old.unlink()
    return {name: content_hash([found[month] for month in sorted(months)]) for name, months in months_of.items()}


@dataclass(frozen=True, slots=True)
class MonthsWork:
    """The signatures of partitions of readings into `scratch/signed/MONTH/PARTITION`; gives the months of each."""

    readings: str
    scratch: str
    code: str

    def make(self) -> Callable[[Sequence[str]], list[list[str]]]:
        """Sorts the partitions of these names."""
        reports, signed = Path(self.readings, "reports"), Path(self.scratch, "signed")
        return lambda names: [_by_month(reports / f"{name}.parquet", signed, name, self.code) for name in names]

    def give_up(self, batch: Sequence[str], why: str) -> list[list[str]]:
        """Without a partition there is no true result: the run ends."""
        raise StoreError("sorting-died", f"{', '.join(batch)} could not be sorted: {why}", where=self.readings)


@dataclass(frozen=True, slots=True)
class MatchesWork:
    """Of the reports of a month which other each repeats, into `scratch/matches`: held against the month before too."""

    scratch: str

    def make(self) -> Callable[[Sequence[str]], list[str]]:
        """Looks through these months; gives them."""
        return lambda months: [self._match(month) for month in months]

    def give_up(self, batch: Sequence[str], why: str) -> list[str]:
        """Without a month there is no true result: the run ends."""
        raise StoreError("copies-died", f"{', '.join(batch)}: {why}", where=self.scratch)

    def _match(self, month: str) -> str:
        signed = Path(self.scratch, "signed")
        near, own = NearDuplicates(), _signatures(signed / month)
        near.add(_signatures(signed / _month_before(month)) if _month_before(month) else [])
        near.add(own)
        rows = [
            {"copy_id": s.report_id, "report_id": matches[0].report_id, "similarity": matches[0].similarity}
            for s, matches in zip(own, near.query(own), strict=True)
            if matches
        ]
        path = Path(self.scratch, "matches", f"{month}.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(as_table(MATCHES, rows), path, compression="zstd")
        return month


def _signatures(folder: Path) -> list[Signature]:
    return [Signature.unpack(row["report_id"], row["signature"]) for row in _in_order(sorted(folder.glob("*.parquet")))]


def _marked(mark: Path) -> str | None:
    return str(json.loads(mark.read_text("utf-8"))["fingerprint"]) if mark.is_file() else None


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


def _first_ones(scratch: Path, month: str, before: Sequence[Path], files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """The copies of a month with the first of those they go back to, in the order of publication."""
    known, reports = Copies(scratch), {}
    roots: dict[str, dict[str, Any]] = {}
    for row in _in_order(before, told=True):
        reports[row["report_id"]] = row
        if (original := known.original(row["report_id"], row["published"])) is not None:
            roots[row["report_id"]] = original
    reports.update((row["report_id"], row) for row in _in_order(files, told=True))
    for match in pq.read_table(scratch / "matches" / f"{month}.parquet").to_pylist():
        first = roots.get(match["report_id"], reports[match["report_id"]])
        roots[match["copy_id"]] = first
        yield {**first, "copy_id": match["copy_id"], "similarity": match["similarity"]}


def _in_order(files: Sequence[Path], *, told: bool = False) -> list[dict[str, Any]]:
    """The rows of these files by publication, then id: all but the signature with `told`, else what it goes with."""
    columns = ["report_id", *_TOLD] if told else ["report_id", "published", "signature"]
    rows = {row["report_id"]: row for path in files for row in pq.read_table(path, columns=columns).to_pylist()}
    return sorted(rows.values(), key=lambda r: (r["published"] or "9999", r["report_id"]))


def _month_before(month: str) -> str:
    if month == UNDATED:
        return ""
    return (date.fromisoformat(f"{month}-01") - timedelta(1)).isoformat()[:7]

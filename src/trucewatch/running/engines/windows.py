"""The work of linking an archive: accounts sorted into windows of days, then each window linked by itself.

What passes between the steps lies in folders that every worker sees, so that no step's memory grows with the archive.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from trucewatch.running.columns import as_table, tables_of_incidents
from trucewatch.running.copies import Copies
from trucewatch.running.engines.works import code_hash, file_hash
from trucewatch.terms.accounts import Account, ReportReading, Statement
from trucewatch.terms.errors import StoreError
from trucewatch.terms.ids import canonical_json, content_hash
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report

if TYPE_CHECKING:
    from trucewatch.linking.clusters import Constraints
    from trucewatch.linking.frontiers import Reach
    from trucewatch.linking.incidents import Known, Linker
    from trucewatch.terms.decisions import Pair

UNDATED = "undated"
HELD = pa.schema([(name, pa.string()) for name in ("account_id", "account", "report", "original", "denials")])
SCORES = pa.schema([("left", pa.string()), ("right", pa.string()), ("score", pa.float64())])


def window_name(number: int, days: int) -> str:
    """Its first day, so that names sort by time."""
    return UNDATED if number < 0 else date.fromordinal(max(1, number * days)).isoformat()


@dataclass(frozen=True, slots=True)
class SortingWork:
    """Partitions of readings (as `partitions.read_partitions` writes them) into `scratch/windows/WINDOW/PARTITION`."""

    readings: str
    scratch: str
    days: int

    def make(self) -> Callable[[Sequence[str]], list[str]]:
        """Sorts the partitions of these names; gives the names."""
        return lambda names: [self._sort(name) for name in names]

    def give_up(self, batch: Sequence[str], why: str) -> list[str]:
        """Without a partition there is no true result: the run ends."""
        raise StoreError("sorting-died", f"{', '.join(batch)} could not be sorted by days: {why}", where=self.readings)

    def _sort(self, name: str) -> str:
        from trucewatch.linking.frontiers import Windows
        from trucewatch.linking.sketches import days_between

        reports: dict[str, tuple[str, str | None]] = {}  # with its original, where it is a copy
        copies = Copies(Path(self.scratch))
        for row in self._rows("reports", name):
            original = copies.original(row["report_id"], row["published"])
            told = {"duplicate_of": original["report_id"], "similarity": original["similarity"]} if original else {}
            reports[row["report_id"]] = (_report(row, **told), _report(original) if original else None)
        denials: dict[str, list[Any]] = defaultdict(list)
        for row in self._rows("statements", name, ["report_id", "kind", "payload"]):
            if row["kind"] == "denial":
                denials[row["report_id"]].append(json.loads(row["payload"]))
        windows = Windows(self.days)
        rows: dict[int, list[dict[str, str | None]]] = defaultdict(list)
        wanted = ["account_id", "report_id", "earliest", "latest", "published", "payload"]
        for row in self._rows("accounts", name, wanted):
            held = {
                "account_id": row["account_id"],
                "account": row["payload"],
                "report": reports[row["report_id"]][0],
                "original": reports[row["report_id"]][1],
                "denials": canonical_json(denials.get(row["report_id"], [])),
            }
            first, last, _ = days_between(row["earliest"], row["latest"], row["published"])
            for number in windows.of(first, last):
                rows[number].append(held)
        folder = Path(self.scratch, "windows")
        for old in folder.glob(f"*/{name}.parquet"):
            if old.parent.name not in {window_name(n, self.days) for n in rows}:
                old.unlink()
        for number, held_rows in rows.items():
            write_table(folder / window_name(number, self.days) / f"{name}.parquet", as_table(HELD, held_rows))
        return name

    def _rows(self, table: str, name: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        with pq.ParquetFile(Path(self.readings, table, f"{name}.parquet")) as file:
            for batch in file.iter_batches(4096, columns=columns):
                yield from batch.to_pylist()


@dataclass(frozen=True, slots=True)
class WindowWork:
    """Windows by number into `output/incidents` and `output/links`; what reaches over an edge into `scratch`.

    `must` and `cannot` are what people decided; `joined` gives for accounts that they joined with others the first and
    the last window any of these is in.
    """

    scratch: str
    output: str
    days: int
    actors: str | None = None
    sources: str | None = None
    must: tuple[Pair, ...] = ()
    cannot: tuple[Pair, ...] = ()
    joined: tuple[tuple[str, Reach], ...] = ()

    def fingerprint(self) -> str:
        """A hash over the code, the settings and the content of the files."""
        files = [file_hash(Path(f)) if f else None for f in (self.actors, self.sources)]
        return content_hash({"code": code_hash("terms", "linking"), "days": self.days, "files": files})

    def linker(self) -> Linker:
        """The linker that these files make."""
        from trucewatch.linking.actors import load_registry
        from trucewatch.linking.incidents import Linker, LinkSettings
        from trucewatch.running.sources import load_sources
        from trucewatch.terms.registries import Registry

        registry = load_registry(self.actors) if self.actors else Registry(())
        return Linker(LinkSettings(), registry, load_sources(Path(self.sources)) if self.sources else ())

    def rules(self) -> Constraints:
        """What people decided."""
        from trucewatch.linking.clusters import Constraints

        return Constraints(self.must, self.cannot)

    def reach(self) -> Callable[[Known], Reach]:
        """The first and the last window of an account and of all that people joined it with."""
        from trucewatch.linking.frontiers import Windows

        joined, windows = dict(self.joined), Windows(self.days)
        return lambda known: joined.get(known.account.account_id) or windows.reach(known)

    def make(self) -> Callable[[Sequence[int]], list[int]]:
        """Links the windows of these numbers; gives the numbers."""
        linker = self.linker()
        return lambda numbers: [self._link(linker, number) for number in numbers]

    def give_up(self, batch: Sequence[int], why: str) -> list[int]:
        """Without a window there is no true result: the run ends."""
        names = ", ".join(window_name(n, self.days) for n in batch)
        raise StoreError("window-died", f"{names}: {why}", where=self.output, todo="Shorter windows need less memory.")

    def _link(self, linker: Linker, number: int) -> int:
        from trucewatch.linking.blocks import pairs, time_of
        from trucewatch.linking.frontiers import Frontier, Windows

        windows, name = Windows(self.days), window_name(number, self.days)
        rows = {
            row["account_id"]: row for row in rows_of(sorted(Path(self.scratch, "windows", name).glob("*.parquet")))
        }
        known = {k.account.account_id: k for row in rows.values() for k in known_of(linker, row)}
        part, reach = Frontier(linker, self.rules()), self.reach()
        begin, end = windows.span(number)
        chosen = pairs((k.sketch for k in known.values()), lambda key: begin <= time_of(key[1]) < end)
        part.add(known, linker.compared(known, chosen))
        write_incidents(Path(self.output), name, part.close(lambda k: reach(k) == (number, number)))
        held = Path(self.scratch, "held")
        write_table(held / f"{name}.accounts.parquet", as_table(HELD, [rows[key] for key in sorted(part.known)]))
        scores = [{"left": a, "right": b, "score": s} for (a, b), s in sorted(part.scores.items())]
        write_table(held / f"{name}.scores.parquet", as_table(SCORES, scores))
        return number


def known_of(linker: Linker, row: dict[str, Any]) -> list[Known]:
    """What linking knows of the account of a row of HELD."""
    report = rebuild(Report, json.loads(row["report"]))
    denials = tuple(rebuild(Statement, s) for s in json.loads(row["denials"]))
    reading = ReportReading(report, (rebuild(Account, json.loads(row["account"])),), denials)
    original = rebuild(Report, json.loads(row["original"])) if row["original"] else None
    return linker.known(reading, {original.report_id: original} if original else {})


def rows_of(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """The rows of these files, one file after the other."""
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(4096):
                yield from batch.to_pylist()


def accounts_among(scratch: Path, name: str, wanted: Set[str]) -> set[str]:
    """Which of these accounts are in a window."""
    out: set[str] = set()
    for path in sorted(Path(scratch, "windows", name).glob("*.parquet")):
        out |= wanted & set(pq.read_table(path, columns=["account_id"]).column(0).to_pylist())
    return out


def write_incidents(output: Path, name: str, incidents: Iterable[Incident]) -> int:
    """One file of incidents and one of links, by id; gives how many incidents there are."""
    rows = sorted(incidents, key=lambda i: i.incident_id)
    for table, content in tables_of_incidents(rows).items():
        write_table(output / table / f"{name}.parquet", content)
    return len(rows)


def write_table(path: Path, table: Any) -> None:
    """The file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    pq.write_table(table, part, compression="zstd")
    part.replace(path)


def _report(row: dict[str, Any], **more: Any) -> str:
    named = ("report_id", "source", "url", "published", "language", "title", "sha256")
    told = {key: row.get(key) for key in named}
    return canonical_json({**told, "name": row["id"], "text": "", "sha256": row.get("sha256") or "", **more})

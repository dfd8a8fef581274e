"""The work of linking an archive: accounts sorted into windows of days, then each window, or tile of it, by itself.

What passes between the steps lies in folders that every worker sees, so that no step's memory grows with the archive.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from trucewatch.running.columns import as_table, tables_of_incidents
from trucewatch.running.copies import Copies
from trucewatch.running.engines.works import code_hash
from trucewatch.terms.accounts import Account, ReportReading, Statement
from trucewatch.terms.errors import StoreError
from trucewatch.terms.ids import canonical_json, content_hash, file_hash
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report

if TYPE_CHECKING:
    from trucewatch.linking.blocks import Tile
    from trucewatch.linking.clusters import Constraints
    from trucewatch.linking.frontiers import Reach
    from trucewatch.linking.incidents import Known, Linker
    from trucewatch.terms.decisions import Pair

UNDATED = "undated"
ANYWHERE = "anywhere"  # what has no narrow place, beside what lies in the tiles
HELD = pa.schema([
    *((name, pa.string()) for name in ("account_id", "account", "report", "original", "denials")),
    ("tiles", pa.list_(pa.string())),
])  # fmt: skip
SCORES = pa.schema([("left", pa.string()), ("right", pa.string()), ("score", pa.float64())])


def window_name(number: int, days: int) -> str:
    """Its first day, so that names sort by time."""
    return UNDATED if number < 0 else date.fromordinal(max(1, number * days)).isoformat()


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker links at a time: a window of days, or one tile of it (`tile_name`), or what is ANYWHERE in it.

    An account is in every part in which it may be compared with another.
    """

    number: int
    tile: str | None = None

    def name(self, days: int) -> str:
        """That of the window, then the tile."""
        return window_name(self.number, days) + (f".{self.tile}" if self.tile else "")

    def holds(self, tiles: Collection[str]) -> bool:
        """Whether an account of these tiles is in it; none where it may be anywhere."""
        return self.tile is None or not tiles or self.tile in tiles

    def is_whole(self, tiles: Collection[str]) -> bool:
        """Whether everything in the window that an account of these tiles can meet is in it."""
        return self.tile is None or list(tiles) == [self.tile]

    def has_block(self, tile: Tile | None) -> bool:
        """Whether the blocks of that tile, or those outside of all tiles, are its own."""
        return self.tile is None or self.tile == (ANYWHERE if tile is None else tile_name(tile))


def tile_name(tile: Tile) -> str:
    """Such as 9_-3."""
    return f"{tile[0]}_{tile[1]}"


def parts_of(scratch: Path, name: str, number: int, most: int) -> list[Part]:
    """The window whole, or by tiles where it holds more than `most` accounts."""
    files = sorted(Path(scratch, "windows", name).glob("*.parquet"))
    if sum(pq.read_metadata(path).num_rows for path in files) <= most:
        return [Part(number)]
    tiles: set[str] = set()
    for path in files:
        tiles.update(pq.read_table(path, columns=["tiles"]).column(0).combine_chunks().flatten().unique().to_pylist())
    return [Part(number, tile) for tile in [*sorted(tiles), ANYWHERE]]


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
        rows: dict[int, list[dict[str, Any]]] = defaultdict(list)
        wanted = ["account_id", "report_id", "earliest", "latest", "published", "payload"]
        for row in self._rows("accounts", name, wanted):
            held = {
                "account_id": row["account_id"],
                "account": row["payload"],
                "report": reports[row["report_id"]][0],
                "original": reports[row["report_id"]][1],
                "denials": canonical_json(denials.get(row["report_id"], [])),
                "tiles": _tiles(row["payload"]),
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
    """Parts of windows into `output/incidents` and `output/links`; what reaches over an edge into `scratch`.

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

    def make(self) -> Callable[[Sequence[Part]], list[str]]:
        """Links these parts; gives their names."""
        linker = self.linker()
        return lambda parts: [self._link(linker, part) for part in parts]

    def give_up(self, batch: Sequence[Part], why: str) -> list[str]:
        """Without a part there is no true result: the run ends."""
        names = ", ".join(part.name(self.days) for part in batch)
        raise StoreError(
            "window-died", f"{names}: {why}", where=self.output,
            todo="Shorter windows, or fewer accounts in each, need less memory: --window-days, --most.",
        )  # fmt: skip

    def _link(self, linker: Linker, part: Part) -> str:
        from trucewatch.linking.blocks import pairs, time_of
        from trucewatch.linking.frontiers import Frontier, Windows

        windows, name, number = Windows(self.days), part.name(self.days), part.number
        files = sorted(Path(self.scratch, "windows", window_name(number, self.days)).glob("*.parquet"))
        rows = {row["account_id"]: row for row in rows_of(files, part.holds)}
        known = {k.account.account_id: k for row in rows.values() for k in known_of(linker, row)}
        frontier, reach, joined = Frontier(linker, self.rules()), self.reach(), dict(self.joined)
        begin, end = windows.span(number)
        chosen = pairs(
            (k.sketch for k in known.values()), lambda key: begin <= time_of(key[1]) < end and part.has_block(key[4])
        )
        frontier.add(known, linker.compared(known, chosen))

        def done(one: Known) -> bool:
            key = one.account.account_id
            # people may join what lies in different tiles
            apart = part.tile is not None and key in joined
            return not apart and part.is_whole(rows[key]["tiles"]) and reach(one) == (number, number)

        write_incidents(Path(self.output), name, frontier.close(done))
        held = Path(self.scratch, "held")
        write_table(held / f"{name}.accounts.parquet", as_table(HELD, [rows[key] for key in sorted(frontier.known)]))
        scores = [{"left": a, "right": b, "score": s} for (a, b), s in sorted(frontier.scores.items())]
        write_table(held / f"{name}.scores.parquet", as_table(SCORES, scores))
        return name


def known_of(linker: Linker, row: dict[str, Any]) -> list[Known]:
    """What linking knows of the account of a row of HELD."""
    report = rebuild(Report, json.loads(row["report"]))
    denials = tuple(rebuild(Statement, s) for s in json.loads(row["denials"]))
    reading = ReportReading(report, (rebuild(Account, json.loads(row["account"])),), denials)
    original = rebuild(Report, json.loads(row["original"])) if row["original"] else None
    return linker.known(reading, {original.report_id: original} if original else {})


def rows_of(files: Iterable[Path], holds: Callable[[Collection[str]], bool] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of these files, one file after the other; with `holds` only those whose tiles it is true of."""
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(4096):
                if holds is not None:
                    batch = batch.filter(pa.array([holds(tiles) for tiles in batch.column("tiles").to_pylist()]))
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


def _tiles(payload: str) -> list[str]:
    from trucewatch.linking.blocks import tiles_of
    from trucewatch.linking.sketches import spots_of

    places = [rebuild(Place, place) for place in json.loads(payload)["places"]]
    return sorted(map(tile_name, tiles_of(spots_of(places))))


def _report(row: dict[str, Any], **more: Any) -> str:
    named = ("report_id", "source", "url", "published", "language", "title", "sha256")
    told = {key: row.get(key) for key in named}
    return canonical_json({**told, "name": row["id"], "text": "", "sha256": row.get("sha256") or "", **more})

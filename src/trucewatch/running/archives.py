"""Incidents of an archive of any size: windows of days on any engine, then what reaches over their edges, in order.

A window that holds too much is cut by place: each tile of it on one worker, with what may lie anywhere beside it. The
result is that of linking everything at once. Only one part per worker, and what reaches over an edge of time or place,
is in memory at a time. Windows whose content is as it was are left alone, so adding a partition costs its days.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from trucewatch.linking.frontiers import WINDOW_DAYS
from trucewatch.running.archive_decisions import archive_constraints
from trucewatch.running.engines import Engine
from trucewatch.running.partitions import DONE, put
from trucewatch.running.progresses import Progress
from trucewatch.terms.decisions import Pair
from trucewatch.terms.errors import ModelMissing, SettingsError
from trucewatch.terms.ids import canonical_json, content_hash, file_hash

MOST_IN_PART = 20_000  # accounts: some 600 MB a worker, by the made-up archive of November 2026
ACROSS = ".across"  # in the names of files with the incidents that no single window holds


@dataclass(frozen=True, slots=True)
class ArchiveSettings:
    """Where the readings are, where incidents go, and the files of actors and sources.

    `days` is a window's length; one of more than `most` accounts is cut by place.
    """

    readings: Path
    output: Path
    actors: Path | None = None
    sources: Path | None = None
    days: int = WINDOW_DAYS
    most: int = MOST_IN_PART


@dataclass(slots=True)
class Linked:
    """How many partitions and parts of windows were worked on now, and how many parts were as before.

    `n_lost` accounts that people decided on are not among the readings any more.
    """

    n_sorted: int = 0
    n_linked: int = 0
    n_known: int = 0
    n_lost: int = 0


def link_archive(settings: ArchiveSettings, engine: Engine, progress: Progress) -> Linked:
    """The folders `incidents`, `links` and `episodes` of the output are those of all accounts that were read.

    Merges and splits in the output's `decisions.jsonl` hold. Everything is taken up where a killed run left it.

    Raises SettingsError where there are no readings, ModelMissing
    without pyarrow, StoreError where a worker died with a window every time.
    """
    try:
        from trucewatch.running.engines.windows import SortingWork, WindowWork, parts_of
    except ImportError as error:
        raise ModelMissing.extra("scale", "Parquet needs pyarrow") from error
    scratch, out = settings.output / "_windows", Linked()
    sorting = SortingWork(str(settings.readings), str(scratch), settings.days)
    linking = WindowWork(
        str(scratch), str(settings.output), settings.days, _text(settings.actors), _text(settings.sources)
    )
    _sort(settings, sorting, engine, progress, out)
    by_name = _windows(scratch / "windows")
    numbers = {name: _number(name, settings.days) for name in by_name}
    own = linking.fingerprint()
    decided = _decided(settings.output, scratch, by_name, numbers, out)
    linking = replace(linking, must=decided.must, cannot=decided.cannot, joined=decided.joined)
    parts = {name: parts_of(scratch, name, numbers[name], settings.most) for name in by_name}
    by_part = {part.name(settings.days): part for own_parts in parts.values() for part in own_parts}
    wanted = {
        part.name(settings.days): content_hash(
            {"with": own, "files": by_name[name], "tile": part.tile, "decided": decided.in_window(name)}
        )
        for name, own_parts in parts.items()
        for part in own_parts
    }
    marks = scratch / "linked"
    todo = [name for name in sorted(wanted) if _mark(marks, name) != wanted[name]]
    _sweep(settings.output, marks, wanted)
    progress.begin("Windows", len(todo))
    for name, _ in zip(todo, engine.map(linking, ([by_part[name]] for name in todo)), strict=True):
        put(marks / f"{name}.json", canonical_json({"fingerprint": wanted[name]}) + "\n")
        progress.advance()
    progress.end()
    out.n_linked, out.n_known = len(todo), len(wanted) - len(todo)
    _across(settings, scratch, linking, {name: parts[name] for name in sorted(parts, key=lambda n: numbers[n])})
    return out


@dataclass(frozen=True, slots=True)
class _Decided:
    """What people decided on the accounts that are there, and in which windows these are."""

    must: tuple[Pair, ...]
    cannot: tuple[Pair, ...]
    joined: tuple[tuple[str, tuple[int, int]], ...]
    windows: dict[str, set[str]]  # of each account

    def in_window(self, name: str) -> list[Any]:
        """What of it the linking of a window depends on."""
        own = {key for key, names in self.windows.items() if name in names}
        pairs = [[p for p in pairs if not own.isdisjoint(p)] for pairs in (self.must, self.cannot)]
        return [*pairs, [row for row in self.joined if row[0] in own]]


def _decided(output: Path, scratch: Path, by_name: Collection[str], numbers: dict[str, int], out: Linked) -> _Decided:
    """The decisions beside the incidents, and where the accounts are that they are about."""
    from trucewatch.linking.frontiers import reach_together
    from trucewatch.running.engines.windows import accounts_among

    must, cannot = archive_constraints(output)
    about = {key for pair in (*must, *cannot) for key in pair}
    windows: dict[str, set[str]] = {}
    for name in by_name if about else ():
        for key in accounts_among(scratch, name, about):
            windows.setdefault(key, set()).add(name)
    out.n_lost = len(about - windows.keys())
    reach = {key: (min(numbers[n] for n in names), max(numbers[n] for n in names)) for key, names in windows.items()}
    return _Decided(must, cannot, tuple(sorted(reach_together(reach, must).items())), windows)


def _sort(settings: ArchiveSettings, work: Any, engine: Engine, progress: Progress, out: Linked) -> None:
    from trucewatch.running.copies import find_copies
    from trucewatch.running.engines.works import code_hash

    names = sorted(p.stem for p in (settings.readings / DONE).glob("*.json"))
    if not names:
        raise SettingsError(
            "no-readings", "holds no partitions that were read", where=str(settings.readings),
            todo="Read them first: trucewatch read ARCHIVE/ -o READINGS/",
        )  # fmt: skip
    marks = settings.output / "_windows" / "sorted"
    copies = find_copies(settings.readings, marks.parent, names, engine, progress)
    tables = ("reports", "accounts", "statements")
    code = code_hash("terms", "linking")
    wanted = {
        name: content_hash(
            [code, settings.days, copies[name], *(file_hash(settings.readings / t / f"{name}.parquet") for t in tables)]
        )
        for name in names
    }
    for gone in {p.stem for p in marks.glob("*.json")} - wanted.keys():
        for file in (marks.parent / "windows").glob(f"*/{gone}.parquet"):
            file.unlink()
        (marks / f"{gone}.json").unlink()
    todo = [name for name in names if _mark(marks, name) != wanted[name]]
    progress.begin("Partitions by days", len(todo))
    for name, _ in zip(todo, engine.map(work, ([name] for name in todo)), strict=True):
        put(marks / f"{name}.json", canonical_json({"fingerprint": wanted[name]}) + "\n")
        progress.advance()
    progress.end()
    out.n_sorted = len(todo)


def _across(settings: ArchiveSettings, scratch: Path, work: Any, parts: Mapping[str, Sequence[Any]]) -> None:
    """What reaches over the edges of windows and tiles, and the episodes of all, in the order of time."""
    from trucewatch.linking.frontiers import Frontier, Windows
    from trucewatch.running.engines.windows import known_of, rows_of, write_incidents
    from trucewatch.running.episodes import EpisodeFile

    linker, reach, found = work.linker(), work.reach(), settings.output / "incidents"
    windows, frontier = Windows(settings.days), Frontier(linker, work.rules())
    with EpisodeFile(settings.output / "episodes" / "episodes.parquet") as episodes:
        for window, own_parts in parts.items():
            number = own_parts[0].number
            for name in (part.name(settings.days) for part in own_parts):
                rows = rows_of([scratch / "held" / f"{name}.accounts.parquet"])
                known = {k.account.account_id: k for row in rows for k in known_of(linker, row)}
                scored = rows_of([scratch / "held" / f"{name}.scores.parquet"])
                frontier.add(known, {(row["left"], row["right"]): row["score"] for row in scored})
                episodes.add(found / f"{name}.parquet")
            told = list(frontier.close(lambda k, n=number: reach(k)[1] <= n))  # type: ignore[misc]
            if told:
                write_incidents(settings.output, window + ACROSS, told)
                episodes.add(found / f"{window}{ACROSS}.parquet")
            held = frontier.first_day()
            end = windows.span(number)[1]
            episodes.known_before(end if held is None else min(end, held))


def _windows(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Of each window the names and hashes of its files."""

    out: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(folder.glob("*/*.parquet")):
        out.setdefault(path.parent.name, []).append((path.name, file_hash(path)))
    return out


def _number(name: str, days: int) -> int:
    return -1 if name == "undated" else date.fromisoformat(name).toordinal() // days


def _mark(folder: Path, name: str) -> str | None:
    path = folder / f"{name}.json"
    return str(json.loads(path.read_text("utf-8"))["fingerprint"]) if path.is_file() else None


def _sweep(output: Path, marks: Path, wanted: Collection[str]) -> None:
    """Nothing is left of windows that are no more, nor of what reached over edges before."""
    for path in [*marks.glob("*.json"), *output.glob("incidents/*.parquet"), *output.glob("links/*.parquet")]:
        if path.stem not in wanted:
            path.unlink()


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)

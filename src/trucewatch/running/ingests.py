"""Taking reports in: from files into the store, raw bytes kept beside it, every trouble a row."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trucewatch.reading.sources import IngestSettings, ingest
from trucewatch.running.dossiers import Dossier
from trucewatch.running.progresses import Progress, Silent
from trucewatch.running.runs import Record
from trucewatch.store.marks import mark, marked
from trucewatch.store.opening import Store
from trucewatch.store.writer import add_reports, write_doubts
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.ids import content_hash
from trucewatch.terms.reports import Report

BATCH = 200  # reports per transaction: with 1 MB texts at most 200 MB in memory


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many reports were new, how many known already, and what stood in the way of others."""

    n_new: int
    n_known: int
    doubts: tuple[Doubt, ...]


def take_in(
    store: Store, paths: Sequence[str | Path], settings: IngestSettings | None = None, progress: Progress | None = None
) -> TakenIn:
    """The reports of these files and folders are stored, unread; a report that is there already is left alone."""
    progress = progress or Silent()
    keep = replace(settings or IngestSettings(), raw_dir=store.raw)
    progress.begin("Taking in", None)
    n_new = n_known = 0
    doubts: list[Doubt] = []
    waiting: list[Report] = []
    for found in (_from_here(f, store.folder) for f in ingest(paths, keep)):
        if isinstance(found, Doubt):
            doubts.append(found)
            continue
        waiting.append(found)
        if len(waiting) == BATCH:
            n_new, n_known = _store(waiting, n_new, n_known, progress)
    n_new, n_known = _store(waiting, n_new, n_known, progress)
    progress.end()
    return TakenIn(n_new, n_known, tuple(doubts))


def _from_here(found: Report | Doubt, folder: Path) -> Report | Doubt:
    """The same, with files named as seen from the dossier: a copy of it elsewhere has the same export."""
    base = f"{folder}{os.sep}"
    if isinstance(found, Doubt):
        return replace(found, where=found.where.replace(base, ""))
    return replace(found, origin_file=found.origin_file.removeprefix(base) if found.origin_file else None)


def take_in_folder(store: Store, dossier: Dossier, progress: Progress, record: Record) -> int:
    """The report folders of the dossier are taken in where a file is new or changed. Returns how many are new."""
    paths = dossier.report_paths()
    fingerprint = _state_of(paths)
    if marked("ingest") == fingerprint:
        return 0
    taken = take_in(store, paths, progress=progress)
    new_doubts = write_doubts(taken.doubts, "folder", whole=True)
    if taken.n_new or new_doubts:
        _ = record.number
    mark("ingest", fingerprint)
    return taken.n_new


def _store(waiting: list[Report], n_new: int, n_known: int, progress: Progress) -> tuple[int, int]:
    if not waiting:
        return n_new, n_known
    added = add_reports(waiting)
    progress.advance(len(waiting))
    waiting.clear()
    return n_new + added.n_new, n_known + added.n_known


def _state_of(paths: Iterable[Path]) -> str:
    """A hash over the names, sizes and times of the files: cheap, and enough to see that nothing was touched."""
    files: list[tuple[str, int, int]] = []
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                stat = file.stat()
                files.append(
                    (str(file.relative_to(path) if path.is_dir() else file.name), stat.st_size, stat.st_mtime_ns)
                )
    return content_hash(files)

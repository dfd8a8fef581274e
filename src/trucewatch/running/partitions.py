"""An archive as partitioned Parquet: each partition in is a partition out, which is there whole or not at all."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from trucewatch.running.engines import Engine
from trucewatch.running.engines.works import ReadingWork
from trucewatch.running.progresses import Progress
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.errors import ModelMissing, SettingsError
from trucewatch.terms.ids import canonical_json, content_hash
from trucewatch.terms.reports import Report, report_id

BATCH = 64  # reports per batch
DONE = "_done"  # one small file per finished partition, written last: it is what a resumed run goes by


@dataclass(frozen=True, slots=True)
class Partition:
    """One Parquet file of reports: its file system, where it is, its name without the ending, and its version."""

    system: Any
    path: str
    name: str
    version: str = ""  # size and time of change: what is read again when it differs


@dataclass(slots=True)
class Done:
    """How many partitions were read now, were there already, and could not be read."""

    n_read: int = 0
    n_known: int = 0
    n_failed: int = 0


def partitions_of(paths: Sequence[str]) -> list[Partition]:
    """The Parquet files among these files, folders and addresses such as s3://bucket/folder, in order of their paths.

    `FOLDER/*.parquet` is the folder, whether or not a shell has spelled it out. Empty where there are none, so that the
    caller reads them as ordinary reports. Raises SettingsError for what is not there and for files of one name.
    """
    paths = [p.removesuffix("*.parquet") for p in paths]
    local = [p for p in paths if "://" not in p]
    if len(local) == len(paths) and not any(_has_parquet(Path(p)) for p in local):
        return []
    fs = arrow("pyarrow.fs")
    out: list[Partition] = []
    for given in paths:
        system, path = fs.FileSystem.from_uri(given if "://" in given else Path(given).resolve().as_uri())
        info = system.get_file_info(path)
        if info.type == fs.FileType.Directory:
            found = system.get_file_info(fs.FileSelector(path, recursive=True))
        elif info.type == fs.FileType.File:
            found = [info]
        else:
            raise SettingsError("missing-file", "there is no such file or folder", where=given, todo="Check the path.")
        files = [f for f in found if f.type == fs.FileType.File and f.path.endswith(".parquet")]
        files.sort(key=lambda f: f.path)
        out += [Partition(system, f.path, _name(f.path, path), f"{f.size} {f.mtime_ns}") for f in files]
    first: dict[str, str] = {}
    for partition in out:
        if first.setdefault(partition.name, partition.path) != partition.path:
            raise SettingsError(
                "partitions-of-one-name", f"has the name of {first[partition.name]}", where=partition.path,
                todo="Give the folder above both: then their folders are part of their names.",
            )  # fmt: skip
    return list({partition.path: partition for partition in out}.values())


def read_partitions(
    partitions: Sequence[Partition], output: Path | None, work: ReadingWork, engine: Engine, progress: Progress
) -> Done:
    """Each partition is read into the folders `reports`, `accounts`, `statements`, `tallies`, `issues` of the output.

    A partition that was finished before with the same settings is left alone. One that cannot be opened, or lacks the
    column `text`, is put aside with a file in `_failed` that says why.
    """
    if output is None:
        raise SettingsError("no-output", "reading Parquet needs a folder to write to", todo="Name it: -o FOLDER")
    done, settings = Done(), work.fingerprint()
    todo = []
    for partition in partitions:
        known = output / DONE / f"{partition.name}.json"
        if known.is_file() and json.loads(known.read_text("utf-8"))["fingerprint"] == _mark(settings, partition):
            done.n_known += 1
        else:
            todo.append(partition)
    progress.begin("Partitions", len(todo))
    order: deque[tuple[Partition, int]] = deque()  # partitions whose batches are under way, with their size
    held: list[ReportReading] = []
    for readings in engine.map(work, _batches(todo, order, output, done)):
        held += readings
        partition, n_reports = order[0]
        if len(held) >= n_reports:
            _write(partition, held, output, _mark(settings, partition))
            order.popleft()
            held = []
            done.n_read += 1
            progress.advance()
    progress.end()
    return done


def _batches(
    todo: Sequence[Partition], order: deque[tuple[Partition, int]], output: Path, done: Done
) -> Iterator[list[Report]]:
    for partition in todo:
        try:
            reports = _load(partition)
        except Exception as error:  # noqa: BLE001 - a broken file of an archive is put aside, the rest goes on
            done.n_failed += 1
            put(output / "_failed" / f"{partition.name}.txt", f"{partition.path}: {error}\n")
            continue
        order.append((partition, len(reports)))
        for start in range(0, len(reports), BATCH) if reports else [0]:
            yield reports[start : start + BATCH]


def _mark(settings: str, partition: Partition) -> str:
    return content_hash([settings, partition.version])


def _load(partition: Partition) -> list[Report]:
    parquet = arrow("pyarrow.parquet")
    table = parquet.read_table(partition.path, filesystem=partition.system)
    if "text" not in table.column_names:
        raise SettingsError("no-text-column", "has no column 'text'", where=partition.path)
    return [_report(row, f"{partition.name}:{i}") for i, row in enumerate(table.to_pylist())]


def _report(row: dict[str, Any], default: str) -> Report:
    text = row["text"] or ""
    source, url, published = (_word(row.get(key)) for key in ("source", "url", "published"))
    return Report(
        report_id=report_id(source=source, url=url, published=published, text=text),
        name=_word(row.get("id")) or default,
        language=_word(row.get("language")) or "en",
        title=_word(row.get("title")),
        text=text,
        sha256=sha256(text.encode("utf-8", "replace")).hexdigest(),
        media_type="application/vnd.apache.parquet",
        origin_file=default,
        source=source,
        url=url,
        published=published,
    )


def _word(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _write(partition: Partition, readings: list[ReportReading], output: Path, fingerprint: str) -> None:
    from trucewatch.running.columns import tables_of

    parquet = arrow("pyarrow.parquet")
    for name, table in tables_of(readings).items():
        path = output / name / f"{partition.name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        parquet.write_table(table, part, compression="zstd")
        part.replace(path)
    put(
        output / DONE / f"{partition.name}.json",
        canonical_json({"fingerprint": fingerprint, "n_reports": len(readings)}) + "\n",
    )


def put(path: Path, text: str) -> None:
    """The file holds the text, and is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    part.replace(path)


def _name(file: str, root: str) -> str:
    """The file's path below the root as one name: unique, and the same on every machine."""
    below = PurePosixPath(file).relative_to(root) if file != root else PurePosixPath(PurePosixPath(file).name)
    return "~".join(below.with_suffix("").parts)


def _has_parquet(path: Path) -> bool:
    return path.suffix == ".parquet" if not path.is_dir() else next(path.rglob("*.parquet"), None) is not None


def arrow(module: str) -> Any:
    """A module of pyarrow. Raises ModelMissing where it is not installed."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError as error:
        raise ModelMissing.extra("scale", "Parquet needs pyarrow") from error

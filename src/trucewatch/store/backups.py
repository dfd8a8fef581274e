"""Backup and restore: one archive that either database can be filled from."""

from __future__ import annotations

import io
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import connection, models, transaction

from trucewatch import FORMAT_VERSION, __version__
from trucewatch.store.decisions import head
from trucewatch.store.opening import Store
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import canonical_json

# Tables that Django fills itself, that are worth nothing on another day, or that are made anew from the others.
_NOT_KEPT = (
    "contenttypes.ContentType", "auth.Permission", "sessions.Session", "store.ClaimRow", "store.PostingRow",
)  # fmt: skip
_NOT_COPIED = ("raw", ".run.lock", ".secret")  # the secret signs sessions, and those are not kept
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Kept:
    """What an archive holds: rows by table, files of the dossier, raw files."""

    tables: dict[str, int]
    n_files: int
    n_raw: int


def backup(store: Store, target: Path) -> Kept:
    """The archive holds the whole store as of one moment, the dossier's own files and the raw bytes.

    The same content gives the same bytes. The file is there whole or not at all.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    tables: dict[str, int] = {}
    hashes: dict[str, str] = {}
    with tarfile.open(part, "w:gz", compresslevel=6) as tar, tempfile.TemporaryDirectory() as scratch:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for model in _kept_models():
                label = model._meta.label
                file = Path(scratch) / f"{label}.jsonl"
                tables[label], hashes[label] = _dump(model, file)
                tar.add(file, f"tables/{label}.jsonl", filter=_bare)
            seq, last = head()
        files = sorted(p for p in store.folder.rglob("*") if _copied(p, store.folder, target))
        for path in files:
            tar.add(path, f"dossier/{path.relative_to(store.folder).as_posix()}", recursive=False, filter=_bare)
        raw = (
            sorted(p for p in store.raw.rglob("*") if p.is_file() and p.suffix != ".part") if store.raw.is_dir() else []
        )
        for path in raw:
            tar.add(path, f"raw/{path.relative_to(store.raw).as_posix()}", recursive=False, filter=_bare)
        manifest = {
            "format": FORMAT_VERSION,
            "version": __version__,
            "tables": tables,
            "sha256": hashes,
            "n_files": len(files),
            "n_raw": len(raw),
            "decisions": {"seq": seq, "head": last},
        }
        content = canonical_json(manifest).encode()
        info = tarfile.TarInfo("manifest.json")
        info.size = len(content)
        tar.addfile(_bare(info), io.BytesIO(content))
    part.replace(target)
    return Kept(tables, len(files), len(raw))


@transaction.atomic
def fill(store: Store, manifest: dict[str, Any]) -> Kept:
    """The store, which must be empty, holds what the unpacked backup holds. SettingsError where it is not."""
    known = {model._meta.label: model for model in _kept_models()}
    if unknown := sorted(set(manifest["tables"]) - set(known)):
        raise SettingsError("backup-newer", f"tables not known here: {', '.join(unknown)}", todo="Update Trucewatch.")
    if full := [label for label in manifest["tables"] if known[label]._default_manager.exists()]:
        raise SettingsError(
            "store-not-empty", f"the database holds rows already, in {full[0]}", todo="Take an empty one."
        )
    for label in [name for name in known if name in manifest["tables"]]:
        _load(store.folder / ".restoring" / "tables" / f"{label}.jsonl")
    if statements := connection.ops.sequence_reset_sql(no_style(), list(known.values())):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    return Kept(manifest["tables"], manifest["n_files"], manifest["n_raw"])


def _kept_models() -> list[type[models.Model]]:
    """Every table that is kept, those first that others lead to."""
    wanted = [m for m in apps.get_models() if m._meta.label not in _NOT_KEPT and not m._meta.proxy and m._meta.managed]
    return _by_dependency(sorted(wanted, key=lambda m: m._meta.label))


def _by_dependency(wanted: list[type[models.Model]]) -> list[type[models.Model]]:
    out: list[type[models.Model]] = []

    def visit(model: type[models.Model]) -> None:
        if model in out:
            return
        for field in model._meta.get_fields():
            other = field.related_model if field.many_to_one or (field.one_to_one and field.concrete) else None
            if isinstance(other, type) and other is not model and other in wanted:
                visit(other)
        out.append(model)

    for model in wanted:
        visit(model)
    return out


def _dump(model: type[models.Model], file: Path) -> tuple[int, str]:
    """One row a line, by primary key. Returns how many, and the hash of the file."""
    n, digest = 0, sha256()
    with file.open("wb") as out:
        for row in model._default_manager.order_by("pk").iterator(CHUNK):
            line = serializers.serialize("jsonl", [row], ensure_ascii=False, use_natural_foreign_keys=True).encode()
            digest.update(line)
            out.write(line)
            n += 1
    return n, digest.hexdigest()


def _load(file: Path) -> None:
    batch: list[Any] = []
    for row in _rows(file):
        batch.append(row)
        if len(batch) == CHUNK:
            _insert(batch)
            batch = []
    _insert(batch)


def _rows(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8") as lines:
        yield from serializers.deserialize("jsonl", lines)


def _insert(batch: Iterable[Any]) -> None:
    rows = list(batch)
    if not rows:
        return
    type(rows[0].object)._default_manager.bulk_create([row.object for row in rows], batch_size=500)
    for row in rows:
        for name, values in (row.m2m_data or {}).items():
            getattr(row.object, name).set(values)


def _copied(path: Path, folder: Path, target: Path) -> bool:
    below = path.relative_to(folder)
    database = below.parts[0].startswith("trucewatch.sqlite3")
    archive = path.resolve() in (target.resolve(), target.with_name(target.name + ".part").resolve())
    return path.is_file() and below.parts[0] not in _NOT_COPIED and not database and not archive


def _bare(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without owner and time: they are not the dossier's."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime, info.mode = 0, 0o644
    return info

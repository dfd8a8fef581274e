"""A backup's archive, taken apart and checked before anything is filled from it."""

from __future__ import annotations

import json
import shutil
import tarfile
import zlib
from pathlib import Path
from typing import Any

from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import file_hash


def unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """The archive's files lie in the folder: the dossier's own, `raw`, and `.restoring/tables`. Returns the manifest.

    Raises SettingsError where the folder holds something already, or the archive is no backup or damaged.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(
            "folder-not-empty",
            "a backup is restored into an empty folder",
            where=str(folder),
            todo="Name a folder that is empty or not there yet.",
        )
    scratch = folder / ".restoring"
    new = not folder.exists()
    try:
        manifest = _checked(archive, scratch)
    except SettingsError:
        shutil.rmtree(folder if new else scratch, ignore_errors=True)  # nothing is left where nothing was
        raise
    for part, place in (("dossier", folder), ("raw", folder / "raw")):
        for path in sorted((scratch / part).rglob("*")) if (scratch / part).is_dir() else []:
            goal = place / path.relative_to(scratch / part)
            if path.is_file():
                goal.parent.mkdir(parents=True, exist_ok=True)
                path.rename(goal)
    return manifest


def _checked(archive: Path, scratch: Path) -> dict[str, Any]:
    """The archive is unpacked there, whole and as it was written. Returns its manifest."""
    try:
        with tarfile.open(archive) as tar:
            names = tar.getnames()
            if "manifest.json" not in names:
                raise _no_backup(archive)
            tar.extractall(scratch, filter="data")
        manifest: dict[str, Any] = json.loads((scratch / "manifest.json").read_text("utf-8"))
        hashes = {label: scratch / "tables" / f"{label}.jsonl" for label in manifest["sha256"]}
        changed = [k for k, path in hashes.items() if file_hash(path) != manifest["sha256"][k]]
    except tarfile.ReadError as error:
        raise _no_backup(archive) from error
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(archive, "it breaks off or cannot be read in full") from error
    if changed:
        raise _damaged(archive, f"the table {changed[0]} is not as it was written")
    return manifest


def _no_backup(archive: Path) -> SettingsError:
    todo = "Name the file that `trucewatch backup DIR FILE` wrote."
    return SettingsError("no-backup", "this is no backup of a dossier", where=str(archive), todo=todo)


def _damaged(archive: Path, what: str) -> SettingsError:
    todo = "Take another copy of it, or an earlier backup; nothing was restored."
    return SettingsError("backup-damaged", f"the backup is damaged: {what}", where=str(archive), todo=todo)

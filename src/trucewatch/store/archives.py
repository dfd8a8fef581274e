"""A backup's archive, taken apart and checked before anything is filled from it."""

from __future__ import annotations

import json
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from trucewatch.terms.errors import StoreError


def unpack(archive: Path, folder: Path) -> dict[str, Any]:
    """The archive's files lie in the folder: the dossier's own, `raw`, and `.restoring/tables`. Returns the manifest.

    Raises StoreError where the folder holds something already, or the archive is no backup or damaged.
    """
    if folder.exists() and any(folder.iterdir()):
        raise StoreError("folder-not-empty", "a backup is restored into an empty folder", where=str(folder))
    scratch = folder / ".restoring"
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="data")
        manifest: dict[str, Any] = json.loads((scratch / "manifest.json").read_text("utf-8"))
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise StoreError("backup-damaged", f"is no backup, or damaged: {error}", where=str(archive)) from error
    for label, wanted in manifest["sha256"].items():
        if sha256((scratch / "tables" / f"{label}.jsonl").read_bytes()).hexdigest() != wanted:
            raise StoreError("backup-damaged", f"the table {label} is not as it was written", where=str(archive))
    for part, place in (("dossier", folder), ("raw", folder / "raw")):
        for path in sorted((scratch / part).rglob("*")) if (scratch / part).is_dir() else []:
            goal = place / path.relative_to(scratch / part)
            if path.is_file():
                goal.parent.mkdir(parents=True, exist_ok=True)
                path.rename(goal)
    return manifest

"""The keeper of raw bytes: every report's file under its SHA-256, written once and never changed."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path


def raw_path(digest: str, directory: Path) -> Path:
    """Where the bytes with that SHA-256 lie: two levels of folders keep a million files listable."""
    return directory / digest[:2] / digest[2:4] / digest


def keep_raw(content: bytes, directory: Path) -> str:
    """The SHA-256, in hex, of the bytes, which now lie in the directory under it.

    A file already there is left alone. A kill in the middle leaves at most a `.part` file, never a short one.
    """
    digest = sha256(content).hexdigest()
    path = raw_path(digest, directory)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{digest}.{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(path)
    return digest

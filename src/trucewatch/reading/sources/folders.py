"""Paths as the user gives them: files, folders with all that lies below, and `-` for standard input."""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from trucewatch.reading.sources.drafts import Raw
from trucewatch.reading.sources.settings import MB
from trucewatch.terms.accounts import Doubt


def files_of(paths: Sequence[str | Path]) -> Iterator[Raw | Doubt]:
    """Every file in the order of the paths, those of a folder sorted by name; hidden ones and links to folders not.

    Doubts: `no-such-file`, `not-a-file` (a device or socket), `unreadable-file`.
    """
    for path in paths:
        if str(path) == "-":
            yield _spooled_input()
        else:
            yield from _walk(Path(path))


def _walk(path: Path) -> Iterator[Raw | Doubt]:
    if not path.is_dir():
        yield _file(path, path.name)
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                inside = Path(folder) / name
                yield _file(inside, inside.relative_to(path).as_posix())


def _file(path: Path, name: str) -> Raw | Doubt:
    shown = _printable(str(path))
    if not path.exists():
        return Doubt("no-such-file", None, shown, "there is no such file")
    if not path.is_file():
        return Doubt("not-a-file", None, shown, "is neither a file nor a folder")
    if not os.access(path, os.R_OK):
        return Doubt("unreadable-file", None, shown, "may not be read")
    return Raw(_printable(name), shown, lambda: path.open("rb"))


def _printable(name: str) -> str:
    """The name in UTF-8; a file system may hold names that are not."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _spooled_input() -> Raw:
    """Standard input, copied to a temporary file beyond a few MB: it has to be opened twice and may be long."""
    spool = tempfile.SpooledTemporaryFile(max_size=8 * MB)  # noqa: SIM115 - lives as long as the report is read
    shutil.copyfileobj(sys.stdin.buffer, spool)
    return Raw("-", "-", lambda: io.BufferedReader(_Again(spool)))


class _Again(io.RawIOBase):
    """The spooled input from its start; closing it leaves the spool for the next."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        spool.seek(0)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """How many bytes were put into the buffer."""
        got = self._spool.read(len(buffer))
        buffer[: len(got)] = got
        return len(got)

"""What passes between the formats and ingest: raw files going in, drafts of reports coming out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError


@dataclass(frozen=True, slots=True)
class Raw:
    """One file, archive member or attachment, not opened yet.

    `name` is the file's own name, relative to the folder or archive it was found in. `where` leads a person to it
    (`reports.zip!syria/a.txt`). `depth` counts the archives and messages around it.
    """

    name: str
    where: str
    open: Callable[[], BinaryIO]
    depth: int = 0

    @property
    def suffix(self) -> str:
        """The ending in lower case without its dot, or an empty string."""
        return PurePosixPath(self.name).suffix.lower().removeprefix(".")

    def head(self, size: int = 2048) -> bytes:
        """The first bytes, to tell a format by."""
        with self.open() as stream:
            return stream.read(size)

    def read(self, limit: int) -> bytes:
        """All bytes. Raises ReportError `file-too-large` beyond the limit and `empty-file` where there are none."""
        with self.open() as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise ReportError("file-too-large", f"larger than {limit:,} bytes", where=self.where)
        if not content.strip():
            raise ReportError("empty-file", "holds nothing but blanks" if content else "is empty", where=self.where)
        return content

    def inner(self, name: str, content: bytes) -> Raw:
        """A member or attachment of this file."""
        return Raw(name, f"{self.where}!{name}", lambda: BytesIO(content), self.depth + 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before its text is frozen. `None` means that the file does not say.

    `raw` are the bytes its hash is made of. `exact` forbids any change of the text: offsets of others point into it.
    """

    name: str
    where: str
    text: str
    raw: bytes
    media_type: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    language: str | None = None
    exact: bool = False


Found = Draft | Doubt | Raw
ReadsFormat = Callable[[Raw, IngestSettings], Iterator[Found]]

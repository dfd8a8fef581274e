"""Archives: members are files like any other, within limits that a bomb breaks and a real archive does not."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from trucewatch.reading.sources.drafts import Found, Raw
from trucewatch.reading.sources.settings import IngestSettings, Limits
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

_ENCRYPTED = 0x1
_SMALL = 1024 * 1024  # a member under this is no bomb whatever its ratio


def read_zip(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """The members in the order of their names; a locked or broken one is a doubt.

    Raises ReportError `broken-file`, `archive-too-deep`, `archive-too-many`, `archive-too-large`, `archive-ratio`.
    """
    _not_too_deep(raw, settings.limits)
    content = raw.read(settings.limits.unpacked)
    for member in checked_members(content, raw.where, settings.limits):
        where = f"{raw.where}!{member.filename}"
        if member.flag_bits & _ENCRYPTED:
            yield Doubt("locked-file", None, where, "needs a password")
            continue
        yield Raw(member.filename, where, partial(_open_member, content, member, where), raw.depth + 1)


def read_gzip(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """The one file inside, its name without `.gz`. Raises ReportError `broken-file`, `archive-too-deep`, `-ratio`."""
    _not_too_deep(raw, settings.limits)
    packed = raw.read(settings.limits.file)
    limit = min(settings.limits.unpacked, max(_SMALL, len(packed) * settings.limits.ratio))
    try:
        with gzip.open(io.BytesIO(packed)) as stream:
            content = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ReportError("broken-file", f"is not a readable gzip file: {error}", where=raw.where) from error
    if len(content) > limit:
        raise ReportError("archive-ratio", f"unpacks to more than {limit:,} bytes", where=raw.where)
    name = raw.name.removesuffix(".gz")
    yield Raw(name, f"{raw.where}!{PurePosixPath(name).name}", partial(io.BytesIO, content), raw.depth + 1)


def checked_members(content: bytes, where: str, limits: Limits) -> list[ZipInfo]:
    """The files of a zip archive by name, within the limits; folders and Mac resource forks are left out.

    The sizes are what the archive declares; reading a member stops at the declared size, so a lie gains nothing.
    """
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            every = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise ReportError("broken-file", f"is not a readable zip archive: {error}", where=where) from error
    if len(every) > limits.entries:
        raise ReportError("archive-too-many", f"holds {len(every):,} entries", where=where)
    total = sum(member.file_size for member in every)
    if total > limits.unpacked:
        raise ReportError("archive-too-large", f"would unpack to {total:,} bytes", where=where)
    for member in every:
        if member.file_size > _SMALL and member.file_size > limits.ratio * max(member.compress_size, 1):
            what = f"'{member.filename}' would unpack to {member.file_size:,} bytes from {member.compress_size:,}"
            raise ReportError("archive-ratio", what, where=where)
    # members that overlap in the archive are how a bomb repeats one kernel of packed data
    if sum(member.compress_size for member in every) > len(content):
        raise ReportError("archive-ratio", "its members overlap", where=where)
    files = [m for m in every if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    return sorted(files, key=lambda member: (member.filename, member.header_offset))


def _not_too_deep(raw: Raw, limits: Limits) -> None:
    if raw.depth >= limits.nesting:
        raise ReportError("archive-too-deep", f"lies inside {raw.depth} others", where=raw.where)


def _open_member(content: bytes, member: ZipInfo, where: str) -> BinaryIO:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return io.BytesIO(archive.read(member))
    except (BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise ReportError("broken-file", f"cannot be unpacked: {error}", where=where) from error

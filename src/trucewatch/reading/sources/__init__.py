"""Ingest: files of many formats in, reports and doubts out, lazily and in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from trucewatch.reading.sources.decoding import clean
from trucewatch.reading.sources.drafts import Draft, Raw
from trucewatch.reading.sources.folders import files_of
from trucewatch.reading.sources.formats import format_of, formats
from trucewatch.reading.sources.freezing import freeze
from trucewatch.reading.sources.keepers import keep_raw, raw_path
from trucewatch.reading.sources.settings import IngestSettings, Limits
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError
from trucewatch.terms.reports import Report

__all__ = ["IngestSettings", "Limits", "formats", "ingest", "keep_raw", "raw_path", "read_raw"]


def ingest(paths: Sequence[str | Path], settings: IngestSettings | None = None) -> Iterator[Report | Doubt]:
    """Every report found in the files and folders, one by one, with a doubt for everything that could not be taken.

    Nothing is raised for a bad file: it becomes a doubt with a stable code and the rest goes on. Names are unique: a
    second report of a name is kept as `name~2` with the doubt `duplicate-id`. A report that is the same in source,
    address, date and text as one before is a doubt `same-report`, since both would be one row. Memory grows by about
    130 bytes a report, for those two checks.
    """
    settings = settings or IngestSettings()
    seen = _Seen()
    for file in files_of(paths):
        for found in (file,) if isinstance(file, Doubt) else read_raw(file, settings):
            yield from (found,) if isinstance(found, Doubt) else seen.admit(found)


def read_raw(raw: Raw, settings: IngestSettings) -> Iterator[Report | Doubt]:
    """The reports of one file and of all files inside it, with the doubts that arose."""
    for found in _read_raw(raw, settings):
        # the words of a doubt may quote the file, and the store takes no NUL
        yield replace(found, where=clean(found.where), what=clean(found.what)) if isinstance(found, Doubt) else found


def _read_raw(raw: Raw, settings: IngestSettings) -> Iterator[Report | Doubt]:
    try:
        reads = format_of(raw)
        if reads is None:
            if raw.head(1):
                yield Doubt("unknown-format", None, raw.where, f"'.{raw.suffix}' is no format known")
            else:
                yield Doubt("empty-file", None, raw.where, "is empty")
            return
        for found in reads(raw, settings):
            if isinstance(found, Raw):
                yield from _read_raw(found, settings)
            elif isinstance(found, Draft):
                yield from freeze(found, settings)
            else:
                yield found
    except ReportError as error:
        yield Doubt(error.code, None, error.where or raw.where, error.what)
    except Exception as error:  # noqa: BLE001 - the parsers of others raise anything on broken files; the rest goes on
        what = (str(error).splitlines() or [""])[0][:200]
        yield Doubt("broken-file", None, raw.where, f"cannot be read: {type(error).__name__}: {what}".rstrip(": "))


class _Seen:
    """The names and ids given so far, as 64-bit numbers to keep an archive of millions in memory."""

    def __init__(self) -> None:
        self._names: set[int] = set()
        self._ids: set[int] = set()

    def admit(self, report: Report) -> Iterator[Report | Doubt]:
        """The report under a name of its own, or the doubt that it came before."""
        key, where = int(report.report_id[-16:], 16), report.origin_file or report.name
        if key in self._ids:
            yield Doubt("same-report", report.report_id, where, "came before: same source, address, date and text")
            return
        self._ids.add(key)
        name, n = report.name, 1
        while _number(name) in self._names:
            n += 1
            name = f"{report.name}~{n}"
        self._names.add(_number(name))
        if name != report.name:
            what = f"the id '{report.name}' is taken by another report; this one is kept as '{name}'"
            yield Doubt("duplicate-id", report.report_id, where, what)
            report = replace(report, name=name)
        yield report


def _number(name: str) -> int:
    return int.from_bytes(blake2b(name.encode("utf-8", "backslashreplace"), digest_size=8).digest())

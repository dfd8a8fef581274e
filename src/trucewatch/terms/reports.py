"""A report: one text a source published, kept as raw bytes with their hash and as frozen text."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.terms.ids import make_id
from trucewatch.terms.spans import Span


@dataclass(frozen=True, slots=True)
class Report:
    """One report as ingested.

    `name` is the id the user gave or the file's own name. `text` never changes once stored: every quote is a slice of
    it. `body` is the part that is neither navigation nor boilerplate; `skipped` are spans inside it that hold none of
    the report (captions, share buttons, links to other stories). `sha256` is of the raw bytes the report came in.
    """

    report_id: str
    name: str
    source: str | None
    url: str | None
    published: str | None  # ISO date, or date and time where the source gives one; None where nothing says it
    language: str | None  # ISO 639-1
    title: str | None
    text: str
    sha256: str
    media_type: str = "text/plain"
    origin_file: str | None = None  # the path or archive member it was read from
    skipped: tuple[Span, ...] = ()
    duplicate_of: str | None = None  # report_id of the same or nearly the same text seen before
    similarity: float | None = None  # share of shingles shared with `duplicate_of` (0 to 1)


def report_id(*, source: str | None, url: str | None, published: str | None, text: str) -> str:
    """The id of a report: made from who published it, where, when, and its frozen text."""
    return make_id("report", source=source, url=url, published=published, text=text)

"""The table of formats. A plugin adds one by an entry point in the group `trucewatch.formats`; ours are written alike.

The name of the entry point is the ending of the file, its value a function from `Raw` and `IngestSettings` to drafts,
doubts and inner files. Modules load when the first file of their kind comes by.
"""

from __future__ import annotations

import codecs
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from trucewatch.reading.sources.drafts import Raw, ReadsFormat

GROUP = "trucewatch.formats"
_HERE = "trucewatch.reading.sources"
_OURS = {
    "plain_texts:read": ("txt", "text"),
    "markdowns:read": ("md", "markdown"),
    "web_pages:read": ("html", "htm", "xhtml"),
    "pdfs:read": ("pdf",),
    "word_files:read": ("docx",),
    "mails:read": ("eml",),
    "tables:read": ("csv", "tsv"),
    "json_lines:read": ("jsonl", "ndjson"),
    "json_lines:read_array": ("json",),
    "feeds:read": ("rss", "atom", "xml"),
    "archives:read_zip": ("zip",),
    "archives:read_gzip": ("gz",),
}


@cache
def formats() -> dict[str, EntryPoint]:
    """Every format by ending; where a plugin names one of ours, ours stays."""
    ours = {end: EntryPoint(end, f"{_HERE}.{value}", GROUP) for value, ends in _OURS.items() for end in ends}
    theirs = {point.name: point for point in sorted(entry_points(group=GROUP))}
    return theirs | ours


def format_of(raw: Raw) -> ReadsFormat | None:
    """The function that reads the file: by its ending, else by its first bytes; None where neither tells."""
    point = formats().get(raw.suffix) or formats().get(_ending_by(raw.head()))
    return cast(ReadsFormat, point.load()) if point else None


def _ending_by(head: bytes) -> str:
    """The ending that such first bytes usually carry, or an empty string."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx" if b"word/" in head or b"[Content_Types].xml" in head else "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gz"
    if start.startswith(b"{"):
        return "jsonl"
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith((b"<?xml", b"<rss", b"<feed")) and (b"<rss" in start or b"<feed" in start):
        return "rss"
    return "txt" if start and _readable(head) else ""


def _readable(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # tolerates a letter cut by the end of the sample
    except UnicodeDecodeError:
        return False
    return not any(byte < 9 for byte in head)

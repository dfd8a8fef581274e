"""What ingest may do: overrides of what the files say, and the limits beyond which a file becomes a doubt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one file. Sizes are bytes unless the name says otherwise.

    `file` bounds every file that is read whole (lines of JSONL are streamed, so the file itself has no bound).
    `text_chars` bounds one report. `ratio` is unpacked over packed size of one archive member: text packs about tenfold
    and a log a hundredfold, a bomb a thousandfold. `nesting` counts archives and messages inside each other.
    """

    file: int = 40 * MB
    page: int = 4 * MB
    line: int = 16 * MB
    text_chars: int = 1_000_000
    pdf_pages: int = 2_000
    mail_parts: int = 5_000
    entries: int = 100_000
    unpacked: int = 2_000 * MB
    ratio: int = 200
    nesting: int = 3


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How a run takes in reports.

    `published` (ISO), `source` and `language` (ISO 639-1), where set, stand instead of what a file says. `raw_dir`,
    where set, receives the raw bytes of every report under their SHA-256. `languages` are those detection may choose
    from; an empty tuple means the list in `reading.languages`.
    """

    published: str | None = None
    source: str | None = None
    language: str | None = None
    raw_dir: Path | None = None
    languages: tuple[str, ...] = ()
    limits: Limits = Limits()

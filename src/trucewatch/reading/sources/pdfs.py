"""PDF files: the text of the pages, lines joined into paragraphs, running heads and page numbers left out."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, PdfReadError

from trucewatch.reading.sources.decoding import clean
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends in silence is no news; the rest is a doubt

_ENDS = re.compile(r"[.!?:;\"”»)\]؟।。]$")
_NO_TITLE = re.compile(r"untitled|\.docx?$|^microsoft word", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_HYPHEN = re.compile(r"(?<=[a-zà-öø-ÿ])-$")


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """One draft, dated by the file's creation with the doubt `date-from-file`.

    Raises ReportError: `locked-file` (needs a password), `too-many-pages`, `no-text` (a scan), `broken-file`.
    """
    content = raw.read(settings.limits.file)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReportError("locked-file", "needs a password", where=raw.where, todo="Save a copy without one.")
        if len(reader.pages) > settings.limits.pdf_pages:
            raise ReportError("too-many-pages", f"has {len(reader.pages):,} pages", where=raw.where)
        pages = [_words_on(page) for page in reader.pages]
        title = reader.metadata.title if reader.metadata else None
        made = reader.metadata.creation_date if reader.metadata else None
    except (FileNotDecryptedError, DependencyError) as error:
        raise ReportError("locked-file", "needs a password", where=raw.where) from error
    except PdfReadError as error:
        raise ReportError("broken-file", f"is not a readable PDF: {error}", where=raw.where) from error
    broken = [str(number) for number, page in enumerate(pages, start=1) if page is None]
    if broken:
        yield Doubt("broken-page", None, raw.where, f"these pages cannot be read: {', '.join(broken[:20])}")
    readable = [page for page in pages if page is not None]
    text = "\n\n".join(joined for page in without_running_heads(readable) if (joined := join_lines(page)))
    if not text:
        raise ReportError("no-text", "holds no text; it may be a scan", where=raw.where)
    published = made.date().isoformat() if made else None
    if published:
        yield Doubt("date-from-file", None, raw.where, f"dated {published} by when the file was made")
    title = clean(str(title)) if title and not _NO_TITLE.search(str(title)) else None
    yield Draft(raw.name, raw.where, text, content, "application/pdf", title=title or None, published=published)


def _words_on(page: PageObject) -> str | None:
    """The text of the page, or None where it is broken."""
    try:
        return clean(page.extract_text())
    except Exception:  # noqa: BLE001 - pypdf raises anything on a damaged page; the other pages are still worth having
        return None


def without_running_heads(pages: Sequence[str]) -> list[str]:
    """The pages without first and last lines that stand, but for their numbers, on most pages (three or more)."""
    split = [page.split("\n") for page in pages]
    edges: Counter[str] = Counter()
    for lines in split:
        edges.update({_alike(line) for line in lines[:2] + lines[-2:]})
    repeated = {edge for edge, n in edges.items() if edge and n >= 3 and n > len(pages) / 2}
    kept = []
    for lines in split:
        last = len(lines) - 2
        kept.append(
            "\n".join(
                line for at, line in enumerate(lines) if not ((at < 2 or at >= last) and _alike(line) in repeated)
            )
        )
    return kept


def _alike(line: str) -> str:
    """The line with its numbers masked, so that page numbers match; a sentence keeps its own, which may be a toll."""
    line = line.strip()
    return line if _ENDS.search(line) else _NUMBERS.sub("#", line)


def join_lines(page: str) -> str:
    """The page with lines of one paragraph joined by a blank, words parted by a hyphen put together.

    A line ends its paragraph where it is blank, or clearly shorter than the lines around it and ends a sentence.
    """
    lines = [line.strip() for line in page.split("\n")]
    widths = [len(line) for line in lines if len(line) > 20]
    usual = median(widths) if widths else 0
    out: list[str] = []
    open_line = False
    for at, line in enumerate(lines):
        if not line:
            open_line = False
            continue
        if not open_line:
            out.append(line)
        elif _HYPHEN.search(out[-1]) and line[:1].islower():
            out[-1] = out[-1][:-1] + line
        else:
            out[-1] = f"{out[-1]} {line}"
        short = len(line) < 0.75 * usual
        starts_new = at + 1 < len(lines) and lines[at + 1][:1] in "-•–*"
        open_line = not (short and (_ENDS.search(line) or len(line) < 0.5 * usual)) and not starts_new
    return "\n\n".join(out)

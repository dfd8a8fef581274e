"""Tables with a header (CSV, TSV): one report a row, columns by their usual names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from trucewatch.reading.sources.decoding import decode
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

# The first of a row that the header holds is taken.
COLUMNS = {
    "id": ("id", "report_id", "event_id_cnty"),
    "text": ("text", "body", "content", "notes", "description"),
    "title": ("title", "headline"),
    "source": ("source", "publisher", "outlet", "channel"),
    "url": ("url", "link", "source_url"),
    "published": ("published", "published_at", "date", "pubdate", "event_date"),
    "language": ("language", "lang"),
}


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """A draft per row with text; doubts `missing-text` and `bad-row` name the line, `bad-header` ends the file."""
    content = raw.read(settings.limits.file)
    text, doubt = decode(content, raw.where)
    if doubt:
        yield doubt
    # The limit is the process's; its default of 131,072 refuses long reports that are within ours.
    csv.field_size_limit(max(csv.field_size_limit(), settings.limits.text_chars * 4))
    rows = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=_delimiter(text), strict=False)
    try:
        header = next(rows)
    except (csv.Error, StopIteration) as error:
        raise ReportError("bad-header", "the header cannot be read", where=raw.where) from error
    places = _places(header)
    if "text" not in places:
        known = ", ".join(COLUMNS["text"])
        raise ReportError("bad-header", f"no column holds the text; name one of: {known}", where=raw.where)
    yield from _drafts(rows, places, len(header), raw)


def _drafts(rows: Iterator[list[str]], places: dict[str, int], width: int, raw: Raw) -> Iterator[Found]:
    reader = rows
    while True:
        line = getattr(reader, "line_num", 0) + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Doubt("bad-row", None, f"{raw.where}:{line}", str(error))
            continue
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != width:
            yield Doubt("bad-row", None, f"{raw.where}:{line}", f"has {len(row)} cells, the header {width}")
            continue
        cells = {name: row[at].strip() or None for name, at in places.items()}
        name = cells.pop("id", None) or f"{raw.name}:{line}"
        text = cells.pop("text")
        if text is None:
            yield Doubt("missing-text", name, f"{raw.where}:{line}", "has no text")
            continue
        # the raw bytes of a row are its cells, quoted one way, so that a row keeps its hash when others come
        raw_row = io.StringIO()
        csv.writer(raw_row, lineterminator="\n").writerow(row)
        content = raw_row.getvalue().encode("utf-8", "replace")
        yield Draft(
            name, f"{raw.where}:{line}", text, content, "text/csv",
            title=cells.get("title"), source=cells.get("source"), url=cells.get("url"),
            published=cells.get("published"), language=cells.get("language"),
        )  # fmt: skip


def _delimiter(text: str) -> str:
    """The delimiter most frequent in the header line; a comma where none is."""
    head = text.partition("\n")[0]
    return max(",;\t|", key=head.count)


def _places(header: list[str]) -> dict[str, int]:
    names = [cell.strip().lower().lstrip("\ufeff") for cell in header]
    found = {ours: next((names.index(n) for n in theirs if n in names), None) for ours, theirs in COLUMNS.items()}
    return {name: at for name, at in found.items() if at is not None}

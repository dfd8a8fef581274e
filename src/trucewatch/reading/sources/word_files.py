"""Word files: paragraphs and tables in the order in which they stand."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from trucewatch.reading.sources.archives import checked_members
from trucewatch.reading.sources.decoding import clean
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted .docx is an OLE container, and so is an old .doc
_TEMPLATE_YEAR = 2013  # the template python-docx starts from was made on 2013-12-23; so says every file made with it


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """One draft, dated by the file's creation with the doubt `date-from-file`.

    Raises ReportError: `locked-file`, `no-text`, `broken-file`, or one of the archive's, since a .docx is a zip.
    """
    content = raw.read(settings.limits.file)
    if content.startswith(_OLE):
        raise ReportError("locked-file", "needs a password, or is an old .doc", where=raw.where)
    checked_members(content, raw.where, settings.limits)
    try:
        document = docx.Document(io.BytesIO(content))
        text = clean("\n\n".join(_blocks(document)))
        about = document.core_properties
        title, made = about.title, about.created
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise ReportError("broken-file", f"is not a readable Word file: {error}", where=raw.where) from error
    if not text:
        raise ReportError("no-text", "holds no text", where=raw.where)
    published = made.date().isoformat() if made and made.year != _TEMPLATE_YEAR else None
    if published:
        yield Doubt("date-from-file", None, raw.where, f"dated {published} by when the file was made")
    title = clean(title) if title and title != "Word Document" else None
    yield Draft(raw.name, raw.where, text, content, MEDIA_TYPE, title=title or None, published=published)


def _blocks(document: docx.document.Document) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                # a merged cell is listed once per column it covers
                cells = dict.fromkeys(cell.text.strip() for cell in row.cells)
                yield "\t".join(cell for cell in cells if cell)
        elif block.text.strip():
            yield block.text

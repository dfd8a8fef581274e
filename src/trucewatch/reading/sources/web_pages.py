"""Saved web pages: the main text without menus and sidebars, and what the page's own metadata says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import trafilatura

from trucewatch.reading.sources.decoding import clean, decode
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

# Only dates the page states itself; a fixed upper bound, since the default is the clock of the machine.
_DATES = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d", "max_date": "2100-01-01"}
_TAGS = re.compile(r"<[a-zA-Z!/?][^>]{0,200}>")
_CHARSET = re.compile(rb"<meta[^>]{0,100}charset=[\"']?([\w-]{2,30})", re.IGNORECASE)


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """One draft: headline, then main text. Raises ReportError `no-text` where the page holds none."""
    content = raw.read(settings.limits.page)
    page, doubt = _decoded(content, raw.where)
    if doubt:
        yield doubt
    yield page_draft(page, raw, content)


def page_draft(page: str, raw: Raw, content: bytes) -> Draft:
    """The draft of an HTML page; raises ReportError `broken-file` or `no-text`."""
    if not _TAGS.search(page):
        raise ReportError("broken-file", "is not HTML: it holds no tags", where=raw.where)
    found = trafilatura.bare_extraction(
        page, include_comments=False, include_tables=True, with_metadata=True, date_extraction_params=_DATES
    )
    # trafilatura puts one paragraph, list item or table row on a line
    text = "\n\n".join(line for line in clean(found.text or "").split("\n") if line) if found is not None else ""
    if not text:
        raise ReportError("no-text", "no main text was found on the page", where=raw.where)
    title = clean(found.title) if found.title else None
    return Draft(
        name=raw.name,
        where=raw.where,
        text=with_title(title, text),
        raw=content,
        media_type="text/html",
        title=title,
        source=found.sitename or found.hostname,
        url=found.url,
        published=found.date,
        language=_stated_language(page),
    )


def with_title(title: str | None, text: str) -> str:
    """The text under its headline, which stands there once."""
    if not title or text.lstrip("# ").casefold().startswith(title.casefold()):
        return text
    return f"{title}\n\n{text}"


def _decoded(content: bytes, where: str) -> tuple[str, Doubt | None]:
    """The page by the character set it declares, where that works, else as any text."""
    declared = _CHARSET.search(content[:4096])
    if declared:
        try:
            return content.decode(declared.group(1).decode("ascii")), None
        except (LookupError, UnicodeDecodeError):
            pass  # the declaration is wrong, which is common: the bytes decide
    return decode(content, where)


def _stated_language(page: str) -> str | None:
    stated = re.search(r"<html[^>]{0,300}?\blang=[\"']?([a-zA-Z]{2,3})\b", page[:4096])
    return stated.group(1).lower() if stated else None

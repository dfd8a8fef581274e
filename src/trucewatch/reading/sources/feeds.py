"""RSS and Atom files: one report per entry, its summary where it does not hold the whole text."""

from __future__ import annotations

import io
from collections.abc import Iterator

import feedparser
from lxml import html  # type: ignore[import-untyped]
from lxml.etree import ParserError  # type: ignore[import-untyped]

from trucewatch.reading.sources.dates import utc_date
from trucewatch.reading.sources.decoding import clean
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.reading.sources.web_pages import with_title
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "tr", "table", "figure"}
_SILENT = {"script", "style", "figcaption"}


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """A draft per entry in the order of the file; a doubt `missing-text` for one without text and title.

    The raw bytes of every entry are those of the file. Raises ReportError `broken-file` where there is no feed.
    """
    content = raw.read(settings.limits.page)
    feed = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        why = str(feed.get("bozo_exception") or "it holds no entry") if feed.get("bozo") else "it holds no entry"
        raise ReportError("broken-file" if not feed.version else "empty-file", f"no feed: {why}", where=raw.where)
    if feed.get("bozo"):
        yield Doubt("broken-feed", None, raw.where, f"read as far as it goes: {feed.bozo_exception}")
    source = clean(str(feed.feed.get("title") or "")) or None
    language = clean(str(feed.feed.get("language") or ""))[:2].lower() or None
    for number, entry in enumerate(feed.entries, start=1):
        where, name = f"{raw.where}#{number}", f"{raw.name}#{number}"
        title = plain_text(str(entry.get("title") or "")) or None
        parts = entry.get("content") or []
        body = plain_text(max((str(part.get("value") or "") for part in parts), key=len, default=""))
        body = body or plain_text(str(entry.get("summary") or ""))
        if not body and not title:
            yield Doubt("missing-text", None, where, "has neither text nor title")
            continue
        at = entry.get("published_parsed") or entry.get("updated_parsed")
        yield Draft(
            name, where, with_title(title, body) if body else title or "", content, "application/rss+xml",
            title=title, source=source, url=str(entry.get("link") or "") or None,
            published=utc_date(tuple(at)) if at else None, language=language,
        )  # fmt: skip


def plain_text(markup: str) -> str:
    """The words of a piece of HTML, its blocks parted by blank lines."""
    if "<" not in markup and "&" not in markup:
        return clean(markup)
    try:
        root = html.fragment_fromstring(clean(markup), create_parent="div")
    except (ParserError, ValueError):
        return ""
    return clean(_joined(root))


def _joined(root: html.HtmlElement) -> str:
    """Depth first: a block opens and closes a paragraph, inline elements run on."""
    out: list[str] = []
    stack: list[tuple[str, html.HtmlElement]] = [("open", root)]
    while stack:
        step, element = stack.pop()
        block = isinstance(element.tag, str) and element.tag in _BLOCKS
        if step == "close":
            out.append(("\n" if block else "") + (element.tail or "").replace("\n", " "))
            continue
        stack.append(("close", element))
        if isinstance(element.tag, str) and element.tag not in _SILENT:
            out.append(("\n" if block else "") + (element.text or "").replace("\n", " "))
            stack.extend(("open", child) for child in reversed(list(element)))
    lines = (" ".join(line.split()) for line in "".join(out).split("\n"))
    return "\n\n".join(line for line in lines if line)

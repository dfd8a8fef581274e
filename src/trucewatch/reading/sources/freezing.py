"""A draft becomes a report: its text frozen, its language found, its boilerplate marked, its raw bytes kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256

from trucewatch.reading.cleaning import find_skipped
from trucewatch.reading.languages import detect_language
from trucewatch.reading.sources.dates import iso_date
from trucewatch.reading.sources.decoding import clean
from trucewatch.reading.sources.drafts import Draft
from trucewatch.reading.sources.keepers import keep_raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.reports import Report, report_id

_CODE = re.compile(r"[a-z]{2}(?=$|[-_])")


def freeze(draft: Draft, settings: IngestSettings) -> Iterator[Report | Doubt]:
    """The report, after the doubts that arose over it; a doubt alone where there is no text or too much.

    Doubts: `no-text`, `text-too-long`, `date-not-iso`, `language-unsure`.
    """
    text = draft.text if draft.exact else clean(draft.text)
    if not text.strip():
        yield Doubt("no-text", draft.name, draft.where, "holds no text")
        return
    limit = settings.limits.text_chars
    if len(text) > limit:
        yield Doubt("text-too-long", draft.name, draft.where, f"has {len(text):,} characters, the limit is {limit:,}")
        return
    stated = settings.published or draft.published
    published = iso_date(stated) if stated else None
    if stated and published is None:
        yield Doubt("date-not-iso", draft.name, draft.where, f"'{stated[:60]}' is not an ISO date; taken as undated")
    language = settings.language or _code(draft.language) or detect_language(text, settings.languages)
    if language is None:
        yield Doubt("language-unsure", draft.name, draft.where, "the text is too short or mixed to tell its language")
    if settings.raw_dir is not None:
        keep_raw(draft.raw, settings.raw_dir)
    source, url = settings.source or _line(draft.source), _line(draft.url)
    yield Report(
        report_id=report_id(source=source, url=url, published=published, text=text),
        name=draft.name,
        source=source,
        url=url,
        published=published,
        language=language,
        title=draft.title if draft.exact else _line(draft.title),
        text=text,
        sha256=sha256(draft.raw).hexdigest(),
        media_type=draft.media_type,
        origin_file=draft.where,
        skipped=find_skipped(text),
    )


def _line(words: str | None) -> str | None:
    """The words on one line, or None where there are none."""
    return " ".join(clean(words).split()) or None if words else None


def _code(stated: str | None) -> str | None:
    """The ISO 639-1 code of what a file states (`en-US`), or None where it is none."""
    found = _CODE.match(stated.strip().lower()) if stated else None
    return found.group(0) if found else None

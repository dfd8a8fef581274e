"""Plain text: the whole file is the report. A head of `key: value` lines between `---` gives its metadata."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from trucewatch.reading.sources.decoding import clean, decode
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """One draft."""
    yield from read_text(raw, settings, "text/plain")


def read_text(raw: Raw, settings: IngestSettings, media_type: str) -> Iterator[Found]:
    """One draft, and a doubt `bad-head` where there is a head that cannot be read (it then stays in the text)."""
    content = raw.read(settings.limits.file)
    text, doubt = decode(content, raw.where)
    if doubt:
        yield doubt
    text = clean(text)
    parsed, body = split_head(text)
    if parsed is None:
        yield Doubt("bad-head", None, raw.where, "the lines between '---' are not 'key: value'")
    head = parsed or {}

    def told(*names: str) -> str | None:
        # a value that is no string may be a tree of references that is endless when written out
        given = [value.strip() for name in names if isinstance(value := head.get(name), str)]
        return next(filter(None, given), None)

    yield Draft(
        raw.name, raw.where, body, content, media_type,
        title=told("title"), source=told("source"), url=told("url"),
        published=told("published", "date"), language=told("language"),
    )  # fmt: skip


def split_head(text: str) -> tuple[dict[str, Any] | None, str]:
    """The metadata and the rest of the text; an empty dict where there is no head, None where it cannot be read."""
    if not text.startswith("---\n"):
        return {}, text
    head, fence, body = text[4:].partition("\n---\n")
    if not fence or len(head) > 10_000:
        return {}, text
    try:
        # BaseLoader leaves every value a string: a date stays as written, and "no" stays a language code
        parsed = yaml.load(head, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None, text
    if not isinstance(parsed, dict):
        return None, text
    return {str(key).lower(): value for key, value in parsed.items()}, body.strip()

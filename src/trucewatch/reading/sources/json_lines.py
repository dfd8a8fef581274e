"""JSON Lines with `id`, `source`, `url`, `published`, `language`, `title`, `text`: one report a line, text untouched.

The raw bytes of a report are those of its line. The offsets of other people's annotations point into `text`, so not
one code point of it is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from trucewatch.reading.sources.decoding import storable
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

MEDIA_TYPE = "application/jsonl"
_FIELDS = ("title", "source", "url", "published", "language")


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """A draft per good line, a doubt per bad one, streamed: memory holds one line at a time.

    Doubts: `bad-line` (not a JSON object), `line-too-long`, `missing-text`, `bad-field`; each names its line from 1.
    """
    n_lines = 0
    with raw.open() as stream:
        for number, line in enumerate(iter(lambda: stream.readline(settings.limits.line + 1), b""), start=1):
            if len(line) > settings.limits.line:
                n_lines += 1
                yield Doubt("line-too-long", None, f"{raw.where}:{number}", f"over {settings.limits.line:,} bytes")
                while line and not line.endswith(b"\n"):
                    line = stream.readline(settings.limits.line)
                continue
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                continue
            n_lines += 1
            yield _read_line(line.rstrip(b"\r\n"), f"{raw.where}:{number}", f"{raw.name}:{number}")
    if not n_lines:
        raise ReportError("empty-file", "holds no line", where=raw.where)


def read_array(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """The same for a JSON file: one object or an array of them. A `.json` file that is JSON Lines is read as such."""
    content = raw.read(settings.limits.file)
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        if b"\n{" in content.strip():
            yield from read(raw, settings)
            return
        raise ReportError("broken-file", f"is not JSON: {_in_short(error)}", where=raw.where) from error
    for number, row in enumerate(parsed if isinstance(parsed, list) else [parsed], start=1):
        line = json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode()
        yield draft_of(row, line, f"{raw.where}#{number}", f"{raw.name}#{number}")


def _read_line(line: bytes, where: str, name: str) -> Found:
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return Doubt("bad-line", None, where, f"is not JSON: {_in_short(error)}")
    return draft_of(row, line, where, name)


def draft_of(row: Any, line: bytes, where: str, name: str) -> Found:
    """The draft of one parsed object, or the doubt that stands in its way."""
    if not isinstance(row, dict):
        return Doubt("bad-line", None, where, f"is not a JSON object but {type(row).__name__}")
    given = row.get("id")
    name = str(given) if isinstance(given, str | int) and str(given).strip() else name
    text = row.get("text")
    if text is None or text == "":
        return Doubt("missing-text", name, where, "has no 'text'")
    fields = {key: row[key] for key in _FIELDS if row.get(key) not in (None, "")}
    wrong = [key for key, value in {"text": text, **fields}.items() if not isinstance(value, str)]
    if wrong:
        return Doubt("bad-field", name, where, f"'{wrong[0]}' must be a string, not {type(row[wrong[0]]).__name__}")
    unfit = [key for key, value in {"id": name, "text": text, **fields}.items() if not storable(value)]
    if unfit:
        return Doubt("bad-field", name, where, f"'{unfit[0]}' holds NUL or half a surrogate pair: no text can")
    return Draft(name, where, text, line, MEDIA_TYPE, exact=True, **fields)


def _in_short(error: Exception) -> str:
    return str(error).splitlines()[0][:120]

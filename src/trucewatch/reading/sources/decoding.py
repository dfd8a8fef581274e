"""Bytes to text: byte order marks, UTF-8, then a guess that is said to be one."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_BINARY_SHARE = 0.02  # of control characters: text has none, every binary file tried had above 0.1
_SAMPLE = 64 * 1024  # bytes the guess is made on


def decode(content: bytes, where: str) -> tuple[str, Doubt | None]:
    """The text, and a doubt `guessed-encoding` where the bytes neither carry a mark nor are UTF-8.

    Raises ReportError `wrong-encoding` where no encoding gives readable text.
    """
    doubt: Doubt | None = None
    mark = next((name for bom, name in _MARKS if content.startswith(bom)), None)
    try:
        text = content.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        name = None if mark else _guess(content)
        if name is None:
            raise ReportError("wrong-encoding", f"cannot be decoded: {error.reason}", where=where) from error
        text = content.decode(name, errors="replace")
        doubt = Doubt("guessed-encoding", None, where, f"is not UTF-8; read as {name}")
    if len(_CONTROLS.findall(text)) > _BINARY_SHARE * len(text):
        raise ReportError("wrong-encoding", "is not text: it is full of control characters", where=where)
    return text, doubt


def _guess(content: bytes) -> str | None:
    best = from_bytes(content[:_SAMPLE]).best()
    return best.encoding if best is not None else None


def clean(text: str) -> str:
    """The text with newlines as `\\n`, without control characters, lone surrogates or blanks at its ends.

    PostgreSQL refuses NUL, and UTF-8 has no lone surrogates: such a text could not be stored or hashed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _CONTROLS.sub("", text).replace("\ufeff", "")
    return text.encode("utf-8", "replace").decode("utf-8").strip()


def storable(text: str) -> bool:
    """True where the text can be hashed and stored as it is."""
    return _UNFIT.search(text) is None

"""Publication dates as the formats write them, to ISO."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def iso_date(words: str) -> str | None:
    """The ISO date, or date and time to the second, that the words write in ISO 8601; None where they do not."""
    words = words.strip()
    try:
        if _DAY.fullmatch(words) or re.fullmatch(r"\d{8}", words):
            return date.fromisoformat(words).isoformat()
        if not _DAY.match(words):
            return None
        return datetime.fromisoformat(words).replace(microsecond=0).isoformat()
    except ValueError:
        return None


def mail_date(words: str) -> str | None:
    """The ISO date and time of an RFC 5322 date; None where it is not one."""
    try:
        return parsedate_to_datetime(words).replace(microsecond=0).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def utc_date(parts: tuple[int, ...]) -> str | None:
    """The ISO instant of a UTC time tuple (year, month, day, hour, minute, second); None where there is no such day."""
    try:
        return datetime(*parts[:6], tzinfo=UTC).isoformat()  # type: ignore[misc, arg-type]
    except (ValueError, TypeError):
        return None

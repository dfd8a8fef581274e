"""E-mail: the plain body (else the HTML one), dated and signed by its header; attachments are files like any other."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from trucewatch.reading.sources.dates import mail_date
from trucewatch.reading.sources.decoding import clean
from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.settings import IngestSettings
from trucewatch.reading.sources.web_pages import page_draft
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.errors import ReportError

MEDIA_TYPE = "message/rfc822"
_HEADER_CHARS = 2_000  # the parser of the standard library takes time by the square of a header's length


class _ShortHeaders(HeaderRegistry):
    """Reads only the beginning of a header that is longer than any in good faith."""

    def __call__(self, name: str, value: str) -> BaseHeader:
        """The parsed header."""
        return super().__call__(name, value[:_HEADER_CHARS])


_POLICY = policy.default.clone(header_factory=_ShortHeaders())


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """The message as a draft, then each attachment with a name.

    Raises ReportError `broken-file`, `no-text`, and `archive-too-many` where it has parts without end.
    """
    content = raw.read(settings.limits.file)
    if content.count(b"\n--") > settings.limits.mail_parts:
        raise ReportError("archive-too-many", "holds too many parts", where=raw.where)
    try:
        message = BytesParser(_class=EmailMessage, policy=_POLICY).parsebytes(content)
        title, sender = _header(message, "Subject"), _header(message, "From")
    except (MessageError, LookupError, ValueError, AttributeError, IndexError) as error:
        raise ReportError("broken-file", f"is not a readable message: {error}", where=raw.where) from error
    if not sender and not title:
        raise ReportError("broken-file", "is not a message: it has no header", where=raw.where)
    attachments = list(_attachments(message, raw))
    text = _body(message, raw)
    if text:
        name, address = parseaddr(sender or "")
        published = mail_date(_header(message, "Date") or "")
        if published is None and "Date" in message:
            yield Doubt("date-not-iso", None, raw.where, "the date in its header cannot be read")
        yield Draft(
            raw.name, raw.where, text, content, MEDIA_TYPE,
            title=title, source=clean(name) or address or None, published=published,
        )  # fmt: skip
    elif not attachments:
        raise ReportError("no-text", "has no text and no attachment", where=raw.where)
    if raw.depth < settings.limits.nesting:
        yield from attachments
    elif attachments:
        yield Doubt("archive-too-deep", None, raw.where, f"its attachments lie inside {raw.depth + 1} others")


def _header(message: EmailMessage, name: str) -> str | None:
    value = message.get(name)
    return clean(str(value)) or None if value is not None else None


def _body(message: EmailMessage, raw: Raw) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError, AssertionError):
        # an unknown or wrong character set: keep what can be kept
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if not isinstance(content, str) or not content.strip():
        return ""
    if part.get_content_subtype() == "html":
        return page_draft(content, raw, b"").text
    return clean(content)


def _attachments(message: EmailMessage, raw: Raw) -> Iterator[Raw]:
    for part in message.iter_attachments():
        name = part.get_filename()
        payload = part.get_payload(decode=True)
        if name and isinstance(payload, bytes) and payload:
            yield raw.inner(clean(name.replace("/", "_")), payload)

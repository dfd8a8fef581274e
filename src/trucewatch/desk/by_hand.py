"""An account a person adds because the machine missed it: from a form to the atom, grounded in the report's text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trucewatch import __version__
from trucewatch.store.models import AccountRow
from trucewatch.terms.accounts import Account, Maker, Party
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import make_id
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval


def account_by_hand(report_id: str, text: str, form: Mapping[str, str]) -> Account:
    """The account of the form: `quote`, its `start` in code points, `type`, and `day`, `place`, `actor` where told.

    Without a start the quote must stand in the text once. Raises SettingsError where it does not stand there, the type
    or the day is not usable, or the report has that very account already.
    """
    quote = form.get("quote", "").replace("\r\n", "\n")
    start = _start(text, quote, form.get("start", ""))
    kind = form.get("type", "")
    if kind not in incident_types():
        raise SettingsError("unknown-type", "choose what the account tells of", where="type")
    account_id = make_id("account", report=report_id, start=start, quote=quote)
    if AccountRow.objects.filter(pk=account_id).exists():
        raise SettingsError("account-exists", "there is an account with this quote already", todo="Correct that one.")
    actor = form.get("actor", "").strip()[:300]
    place = form.get("place", "").strip()[:300]
    return Account(
        account_id=account_id,
        report_id=report_id,
        type=kind,
        quote=quote,
        span=Span(start, start + len(quote)),
        reality="asserted",
        time=_time(form.get("day", "")),
        places=(_place(place, text, start),) if place else (),
        actors=(Party(actor, _found(actor, text, start)),) if actor else (),
        targets=(),
        killed=None,
        injured=None,
        said_by=(),
        breach=False,
        maker=Maker("trucewatch.desk.by_hand", __version__, ""),
    )


def _start(text: str, quote: str, raw: str) -> int:
    if not quote.strip():
        raise SettingsError("no-quote", "select the words that tell of it, or write them as they stand", where="quote")
    if raw.isascii() and raw.isdigit() and text[int(raw) : int(raw) + len(quote)] == quote:
        return int(raw)
    if text.count(quote) != 1:
        times = "not" if quote not in text else "more than once"
        raise SettingsError(
            "ungrounded-quote", f"these words stand {times} in the text", todo="Select them in the text.", where="quote"
        )
    return text.index(quote)


def _time(raw: str) -> Interval | None:
    if not raw.strip():
        return None
    try:
        day = date.fromisoformat(raw.strip()).isoformat()
    except ValueError as error:
        raise SettingsError("bad-date", f"'{raw[:40]}' is no date; write it as 2020-03-06", where="day") from error
    return Interval(day, day)


def _place(name: str, text: str, start: int) -> Place:
    span = _found(name, text, start)
    return Place(name, span, mention=PlaceMention(name, span) if span else None)


def _found(name: str, text: str, start: int) -> Span | None:
    """Where the name stands: in the quote or after it, else before it; None where the text does not have it."""
    at = text.find(name, start)
    at = at if at >= 0 else text.rfind(name, 0, start)
    return Span(at, at + len(name)) if at >= 0 else None

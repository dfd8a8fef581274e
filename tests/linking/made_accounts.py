"""Accounts and reports by hand."""

from __future__ import annotations

from typing import Any

from trucewatch.terms.accounts import Account, Maker, Party, ReportReading, Speaker, unlocated
from trucewatch.terms.counts import Count
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval


def account(report: str, number: int = 0, type: str = "shelling", **told: Any) -> Account:
    """An account with what is told of it; places and actors by name."""
    quote = told.get("quote", "Shells fell on the town")
    day = told.get("day", "2020-03-06")
    killed = told.get("killed")
    return Account(
        told.get("account_id", f"acc_{report}_{number}"),
        report,
        type,
        quote,
        Span(0, len(quote)),
        told.get("reality", "asserted"),
        Interval(day, told.get("until", day)) if day else None,
        tuple(p if not isinstance(p, str) else unlocated(PlaceMention(p, Span(0, 1))) for p in told.get("places", ())),
        tuple(Party(a, None, told.get("ids", {}).get(a)) for a in told.get("actors", ())),
        tuple(Party(a) for a in told.get("targets", ())),
        None if killed is None else Count(killed, killed),
        None,
        tuple(Speaker(s) for s in told.get("said_by", ())),
        told.get("breach", False),
        Maker("test", "1", ""),
    )


def reading(report: str, *accounts: Account, text: str = "", **about: Any) -> ReportReading:
    """A report with these accounts."""
    made = Report(
        report,
        report,
        about.get("source", f"{report} news"),
        None,
        about.get("published", "2020-03-07"),
        "en",
        None,
        text,
        "",
        duplicate_of=about.get("duplicate_of"),
    )
    return ReportReading(made, tuple(accounts), tuple(about.get("statements", ())))

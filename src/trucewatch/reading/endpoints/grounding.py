"""What a model gave held against the text: kept where it stands there word for word, else dropped and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from trucewatch.terms.accounts import Account, Doubt, Maker, Party, ReportReading, Speaker, Statement, Tally, unlocated
from trucewatch.terms.codebooks import incident_types, values
from trucewatch.terms.counts import Count
from trucewatch.terms.ids import make_id
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

T = TypeVar("T")


class Grounder:
    """Makes a reading of one report from the JSON of a model; `doubts` tell what was dropped."""

    def __init__(self, report: Report, maker: Maker) -> None:
        self._report, self._maker = report, maker
        self._doubts: list[Doubt] = []

    def reading(self, content: Mapping[str, Any]) -> ReportReading:
        """What of the answer is grounded. A row without a true quote is dropped whole, a field without one alone."""
        return ReportReading(
            self._report,
            self._rows(content, "accounts", self._account),
            self._rows(content, "statements", self._statement),
            self._rows(content, "tallies", self._tally),
            tuple(self._doubts),
        )

    def _rows(
        self, content: Mapping[str, Any], name: str, make: Callable[[Mapping[str, Any], Span], T | None]
    ) -> tuple[T, ...]:
        given = content.get(name)
        made: list[T] = []
        for row in given if isinstance(given, list) else []:
            quote = row.get("quote") if isinstance(row, dict) else None
            span = self._find(quote) if isinstance(quote, str) else None
            if span is None:
                self._doubt("quote-ungrounded", name, quote)
                continue
            item = make(row, span)
            if item is None:
                self._doubt("value-unknown", name, row.get("type") or row.get("kind") or row.get("count"))
            else:
                made.append(item)
        return tuple(made)

    def _account(self, row: Mapping[str, Any], span: Span) -> Account | None:
        if row.get("type") not in incident_types() or row.get("reality") not in values("realities"):
            return None
        report_id, speaker = self._report.report_id, self._name(row.get("said_by"), "said_by", span)
        places = [self._name(name, "places", span) for name in _list(row.get("places"))]
        return Account(
            account_id=make_id(
                "account", report=report_id, type=row["type"], start=span.start, end=span.end, by="endpoint"
            ),
            report_id=report_id,
            type=row["type"],
            quote=span.of(self._report.text),
            span=span,
            reality=row["reality"],
            time=self._time(row.get("date")),
            places=tuple(unlocated(PlaceMention(p.name, p.span)) for p in places if p and p.span),
            actors=self._parties(row.get("actors"), "actors", span),
            targets=self._parties(row.get("targets"), "targets", span),
            killed=self._count(row.get("killed"), "killed"),
            injured=self._count(row.get("injured"), "injured"),
            said_by=(Speaker(speaker.name, speaker.span),) if speaker else (),
            breach=row.get("breach") is True,
            maker=self._maker,
        )

    def _statement(self, row: Mapping[str, Any], span: Span) -> Statement | None:
        if row.get("kind") not in values("statement_kinds"):
            return None
        report_id, speaker = self._report.report_id, self._name(row.get("speaker"), "speaker", span)
        return Statement(
            statement_id=make_id(
                "statement", report=report_id, stance=row["kind"], start=span.start, end=span.end, by="endpoint"
            ),
            report_id=report_id,
            kind=row["kind"],
            speaker=speaker,
            quote=span.of(self._report.text),
            span=span,
            about=self._name(row.get("about"), "about", span),
            maker=self._maker,
        )

    def _tally(self, row: Mapping[str, Any], span: Span) -> Tally | None:
        count = self._count(row.get("count"), "count")
        if count is None or not isinstance(row.get("unit"), str):
            return None
        report_id, speaker = self._report.report_id, self._name(row.get("said_by"), "said_by", span)
        parts = {"start": span.start, "end": span.end, "low": count.min, "high": count.max, "by": "endpoint"}
        return Tally(
            tally_id=make_id("tally", report=report_id, **parts),
            report_id=report_id,
            count=count,
            unit=row["unit"],
            accused=self._parties(row.get("accused"), "accused", span),
            since=self._day(row.get("since"), "since"),
            until=self._day(row.get("until"), "until"),
            said_by=(Speaker(speaker.name, speaker.span),) if speaker else (),
            quote=span.of(self._report.text),
            span=span,
            maker=self._maker,
        )

    def _find(self, words: str, near: Span | None = None) -> Span | None:
        """Where the words stand: inside or nearest to a run where one is given, else first."""
        text, starts, at = self._report.text, [], -1
        while words and (at := text.find(words, at + 1)) >= 0:
            starts.append(at)
        if not starts:
            return None
        best = min(starts, key=lambda s: (abs(s - near.start) if near else s, s))
        return Span(best, best + len(words))

    def _name(self, value: Any, field: str, near: Span) -> Party | None:
        if value is None or value == "":
            return None
        span = self._find(value, near) if isinstance(value, str) else None
        if span is None:
            self._doubt("field-ungrounded", field, value)
            return None
        return Party(span.of(self._report.text), span)

    def _parties(self, given: Any, field: str, near: Span) -> tuple[Party, ...]:
        found = (self._name(name, field, near) for name in _list(given))
        return tuple(party for party in found if party is not None)

    def _count(self, given: Any, field: str) -> Count | None:
        if not isinstance(given, dict):
            return None
        low, high = given.get("min"), given.get("max")
        whole = all(n is None or (isinstance(n, int) and not isinstance(n, bool) and n >= 0) for n in (low, high))
        if not whole or (low is None and high is None) or (low is not None and high is not None and low > high):
            if not whole or low is not None:
                self._doubt("field-ungrounded", field, given)
            return None
        return Count(low, high)

    def _time(self, given: Any) -> Interval | None:
        if not isinstance(given, dict):
            return None
        first, last = self._day(given.get("earliest"), "date"), self._day(given.get("latest"), "date")
        if first is None and last is None:
            return None
        if first and last and first > last:
            self._doubt("field-ungrounded", "date", given)
            return None
        return Interval(first, last, "day" if first == last else "period", "published")

    def _day(self, given: Any, field: str) -> str | None:
        if given is None:
            return None
        try:
            return date.fromisoformat(given).isoformat()
        except (ValueError, TypeError):
            self._doubt("field-ungrounded", field, given)
            return None

    def _doubt(self, code: str, where: str, what: Any) -> None:
        self._doubts.append(Doubt(code, self._report.report_id, f"{self._report.name}: {where}", str(what)[:200]))


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []

"""The duties of an agreement on a calendar: when each was due, what showed it, and how its state changed."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trucewatch.judging.agreements import Agreement
from trucewatch.terms.findings import Obligation

WEIGHS = {"for": "speaks for it", "against": "speaks against it", "obstructs": "stands in its way"}
ORDER = ("agreement", "due", "state", "evidence")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something on one day. `kind` is one of ORDER; `tone`: good, warn, bad, plain; `address` may be empty."""

    kind: str
    words: str
    tone: str
    address: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; a day outside it is 0."""

    label: str
    weeks: tuple[tuple[tuple[int, tuple[Entry, ...]], ...], ...]
    entries: tuple[tuple[str, tuple[Entry, ...]], ...]  # (ISO day, entries) of the days that have some


def months_of(agreement: Agreement, duties: Sequence[Obligation]) -> list[Month]:
    """The months in which something stands, in order."""
    days = _entries(agreement, duties)
    months = sorted({day[:7] for day in days})
    return [_month(label, days) for label in months]


def _entries(agreement: Agreement, duties: Sequence[Obligation]) -> dict[str, list[Entry]]:
    days: dict[str, list[Entry]] = defaultdict(list)
    form = agreement.form
    days[form.in_effect.at[:10]].append(Entry("agreement", "the agreement takes effect", "plain", ""))
    if form.ended:
        ended = f"the agreement ends: {form.ended.how.replace('_', ' ')}"
        days[form.ended.at.at[:10]].append(Entry("agreement", ended, "plain", ""))
    for duty in duties:
        place = f"#{duty.obligation_id}"
        if duty.due:
            late = duty.state in ("overdue", "obstructed")
            days[duty.due[:10]].append(Entry("due", f"due by this day: {duty.title}", "bad" if late else "warn", place))
        for day, state in duty.history:
            tone = {"met": "good", "overdue": "bad", "obstructed": "bad"}.get(state, "warn")
            # the state is called "due" from its first day on, which is not the day it is due by
            word = "due from this day" if state == "due" else state.replace("_", " ")
            days[day[:10]].append(Entry("state", f"{word}: {duty.title}", tone, place))
        for item in duty.evidence:
            if item.earliest:
                words = f"{item.why.replace('_', ' ')} {WEIGHS[item.weighs]}: {duty.title}"
                days[item.earliest[:10]].append(Entry("evidence", words, "plain", f"/incidents/{item.incident_id}/"))
    return days


def _month(label: str, days: dict[str, list[Entry]]) -> Month:
    year, month = (int(part) for part in label.split("-"))

    def of(day: int) -> tuple[Entry, ...]:
        found = days.get(f"{label}-{day:02}", []) if day else []
        return tuple(sorted(found, key=lambda e: (ORDER.index(e.kind), e.words, e.address)))

    weeks = tuple(tuple((day, of(day)) for day in week) for week in calendar.Calendar().monthdayscalendar(year, month))
    told = sorted(day for day in days if day[:7] == label)
    return Month(date(year, month, 1).strftime("%B %Y"), weeks, tuple((day, of(int(day[8:]))) for day in told))

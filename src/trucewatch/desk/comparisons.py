"""What the accounts of an incident say, side by side: by side and origin, with tolls as ranges and who denies."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trucewatch.desk.templatetags.desk import count, interval, type_label
from trucewatch.store import reader
from trucewatch.store.models import StatementRow
from trucewatch.store.reader import AccountView
from trucewatch.telling.tellings import Telling
from trucewatch.terms.accounts import Account, Statement
from trucewatch.terms.codebooks import values
from trucewatch.terms.counts import Count
from trucewatch.terms.incidents import Incident, Origin
from trucewatch.terms.records import rebuild
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report

Told = tuple[AccountView, Report, tuple[str, str, str]]  # an account, its report, and its quote in context
BAR = 100.0
NOTHING = "–"  # no answer, as everywhere on the desk


@dataclass(frozen=True, slots=True)
class Column:
    """One origin with what it tells: `side` as the ledger takes it, `origin` None where none is known."""

    side: str
    origin: Origin | None
    told: tuple[Told, ...]

    @property
    def name(self) -> str:
        """The origin's name, or that it is not told."""
        return self.origin.name if self.origin else "Origin not told"


@dataclass(frozen=True, slots=True)
class Row:
    """One question and what each column answers; `differs` where two columns that answer do not say the same."""

    label: str
    cells: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure somebody gives. `x` and `width` place its bar in a box 100 wide; `open` where it has no upper bound."""

    speaker: str
    side: str
    count: Count
    account_id: str
    x: float
    width: float
    open: bool


@dataclass(frozen=True, slots=True)
class Denial:
    """A denial: who, in which words, in which report."""

    speaker: str
    quote: str
    report: Report
    anchor: str


def columns_of(incident: Incident, told: Sequence[Told], registry: Registry) -> list[Column]:
    """A column for each origin, those of one side together, in the order of the sides' names."""
    by_id = {view.account.account_id: (view, report, quote) for view, report, quote in told}
    telling = Telling(
        title="",
        as_of="",
        accounts=tuple(view.account for view, _, _ in told),
        reports=tuple({report.report_id: report for _, report, _ in told}.values()),
        sources=tuple(reader.sources()),
        actors=tuple(registry),
    )
    columns = [
        Column(telling.side_of_origin(o), o, tuple(by_id.pop(i) for i in o.account_ids if i in by_id))
        for o in incident.origins
    ]
    if by_id:
        columns.append(Column("not aligned", None, tuple(by_id.values())))
    return sorted((c for c in columns if c.told), key=lambda c: (c.side == "not aligned", c.side, c.name))


def rows_of(columns: Sequence[Column]) -> list[Row]:
    """What each origin says to each question, in words; several accounts of one are joined."""
    rows = []
    for label, answer in _QUESTIONS:
        cells = tuple(_joined([answer(view.account) for view, _, _ in column.told]) for column in columns)
        said = {cell for cell in cells if cell != NOTHING}
        rows.append(Row(label, cells, len(said) > 1))
    return rows


def _joined(answers: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(a for a in answers if a not in ("", NOTHING))) or NOTHING


def _firmness(account: Account) -> str:
    known = values("realities").get(account.reality)
    return known.label.lower() if known else account.reality


_QUESTIONS: tuple[tuple[str, Callable[[Account], str]], ...] = (
    ("What", lambda a: type_label(a.type)),
    ("Told as", _firmness),
    ("When", lambda a: interval(a.time) if a.time else ""),
    ("Where", lambda a: ", ".join(p.name for p in a.places)),
    ("Done by", lambda a: ", ".join(p.name for p in a.actors)),
    ("Against", lambda a: ", ".join(p.name for p in a.targets)),
    ("Killed", lambda a: count(a.killed)),
    ("Injured", lambda a: count(a.injured)),
    ("Called a breach", lambda a: "yes" if a.breach else ""),
)


def claims_of(incident: Incident, columns: Sequence[Column]) -> list[tuple[str, list[Claim]]]:
    """(what, claims) of each kind of toll somebody gives a figure for, to one scale, by speaker."""
    owner = {c.origin.origin_id: c for c in columns if c.origin}
    out = []
    for toll in incident.tolls:
        figures = [b for c in toll.claims for b in (c.count.min, c.count.max) if b is not None]
        no_end = any(claim.count.max is None for claim in toll.claims)
        most = max([1, *figures]) * (1.2 if no_end else 1.0)  # room for what has no upper bound
        claims = []
        for claim in toll.claims:
            column = owner.get(claim.origin_id)
            low = claim.count.min or 0
            high = claim.count.max if claim.count.max is not None else most
            x, end = BAR * low / most, BAR * high / most
            name, side = (column.name, column.side) if column else ("not told", "not aligned")
            claims.append(
                Claim(
                    name, side, claim.count, claim.account_id, round(x, 1), round(end - x, 1), claim.count.max is None
                )
            )
        if claims:
            out.append((toll.what, sorted(claims, key=lambda c: (c.side, c.speaker, c.account_id))))
    return out


def denials_of(incident: Incident, told: Sequence[Told]) -> list[Denial]:
    """Who denies it, with the words: statements of the reports at hand, and accounts told as not having happened."""
    reports = {report.report_id: report for _, report, _ in told}
    by_id = {view.account.account_id: (view.account, report) for view, report, _ in told}
    out = []
    for key in incident.denied_by:
        if key in by_id:
            account, report = by_id[key]
            speaker = account.said_by[-1].name if account.said_by else report.source or "the narrator"
            out.append(Denial(speaker, account.quote, report, key))
    rows = StatementRow.objects.filter(pk__in=incident.denied_by).exclude(state="rejected").order_by("pk")
    statements = [rebuild(Statement, json.loads(row.payload)) for row in rows]
    reports |= reader.reports_by_id([s.report_id for s in statements if s.report_id not in reports])
    for s in statements:
        speaker = s.speaker.name if s.speaker else "speaker not told"
        out.append(Denial(speaker, s.quote, reports[s.report_id], s.statement_id))
    return out

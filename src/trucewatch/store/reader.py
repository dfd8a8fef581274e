"""Asking the store: pages of dataclasses with how many there are in all, in an order that never changes by itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from django.db.models import Count, F, Model, QuerySet

from trucewatch.store import filters as wheres
from trucewatch.store.filters import Filters
from trucewatch.store.models import (
    AccountRow,
    DoubtRow,
    FindingRow,
    IncidentRow,
    ObligationRow,
    ReportRow,
    SourceRow,
    StatementRow,
    TallyRow,
)
from trucewatch.store.rows import report_of
from trucewatch.terms.accounts import Account, Doubt, Statement, Tally
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source
from trucewatch.terms.times import Interval

T = TypeVar("T")
M = TypeVar("M", bound=Model)
CHUNK = 2000
ANY = Filters()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, from `offset` (0 is the first) on; `total` is how many there are in all."""

    rows: tuple[T, ...]
    total: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident with what people have said of it. `version` goes up with each decision on it."""

    incident: Incident
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account with its review state and the incident it belongs to (None before linking)."""

    account: Account
    state: str
    incident_id: str | None
    by_hand: bool


def incidents(
    f: Filters = ANY, offset: int = 0, limit: int | None = None, *, total: int | None = None
) -> Page[IncidentView]:
    """The incidents wanted by date, the undated last. Whoever has counted them already gives the `total`."""
    return _page(_listed(f), offset, limit, incident_view, total, _shown())


@dataclass(frozen=True, slots=True)
class Line:
    """An incident as a line of a list shows it. `places` are (name, whether it has a point), `actors` names."""

    incident_id: str
    type: str
    reality: str
    time: Interval | None
    places: tuple[tuple[str, bool], ...]
    actors: tuple[str, ...]
    contested: bool
    killed: tuple[int | None, int | None]
    n_origins: int
    state: str


def lines(f: Filters = ANY, offset: int = 0, limit: int | None = None, *, total: int | None = None) -> Page[Line]:
    """As `incidents`, but only what a line shows: a fifth of the work."""
    return _page(_listed(f), offset, limit, _line, total, _shown())


def lines_by_id(ids: Sequence[str]) -> dict[str, Line]:
    """The lines of these incidents by id; an id that is not there is left out."""
    return {row.pk: _line(row) for row in _shown().filter(pk__in=ids)}


def _listed(f: Filters) -> QuerySet[IncidentRow]:
    return IncidentRow.objects.filter(wheres.incidents_where(f)).order_by(F("earliest").asc(nulls_last=True), "pk")


def _shown() -> QuerySet[IncidentRow]:
    return IncidentRow.objects.defer("words", "machine")  # large, and in no list


def _line(row: IncidentRow) -> Line:
    told = json.loads(row.payload)
    return Line(
        row.pk,
        row.type,
        row.reality,
        rebuild(Interval, told["time"]) if told["time"] else None,
        tuple((place["name"], place.get("lat") is not None) for place in told["places"]),
        tuple(party["name"] for party in told["actors"]),
        row.contested,
        (row.killed_low, row.killed_high),
        row.n_origins,
        row.state,
    )


def incident_view(row: IncidentRow) -> IncidentView:
    """The view of one row."""
    return IncidentView(rebuild(Incident, json.loads(row.payload)), row.state, row.version)


def accounts(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[AccountView]:
    """The accounts wanted by date, the undated last."""
    rows = AccountRow.objects.filter(wheres.accounts_where(f)).order_by(F("earliest").asc(nulls_last=True), "pk")
    return _page(rows, offset, limit, account_view, whole=AccountRow.objects.select_related("membership"))


def account_view(row: AccountRow) -> AccountView:
    """The view of one row."""
    member = getattr(row, "membership", None)
    account = rebuild(Account, json.loads(row.payload))
    return AccountView(account, row.state, member.incident_id if member else None, row.by_hand)


def accounts_of(incident_id: str) -> list[AccountView]:
    """The accounts of an incident by publication, then place in the report."""
    rows = AccountRow.objects.filter(membership__incident_id=incident_id).select_related("membership")
    return [
        account_view(row) for row in rows.order_by(F("report__published").asc(nulls_last=True), "report_id", "start")
    ]


def findings(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[Finding]:
    """The findings wanted, by the date of their incident."""
    rows = FindingRow.objects.filter(wheres.findings_where(f))
    about_incident = replace(
        f, kind=None, agreement=None, term=None, outcome=None, belief=None, touching=False, code=None
    )
    if about_incident:
        rows = rows.filter(incident__in=IncidentRow.objects.filter(wheres.incidents_where(about_incident)))
    rows = rows.order_by(F("incident__earliest").asc(nulls_last=True), "incident_id", "agreement_id", "term_id", "pk")
    return _page(rows, offset, limit, _payload(Finding))


def findings_of(incident_id: str) -> list[Finding]:
    """The findings on an incident by agreement and term."""
    rows = FindingRow.objects.filter(incident_id=incident_id).order_by("agreement_id", "term_id", "pk")
    return [rebuild(Finding, json.loads(row.payload)) for row in rows]


def statements(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[Statement]:
    """The statements wanted, by the day their report was published."""
    rows = StatementRow.objects.filter(wheres.statements_where(f))
    return _page(_by_report(rows), offset, limit, _payload(Statement))


def tallies(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[Tally]:
    """The tallies wanted, by the day their report was published."""
    rows = TallyRow.objects.filter(wheres.tallies_where(f))
    return _page(_by_report(rows), offset, limit, _payload(Tally))


def obligations(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[Obligation]:
    """The obligations wanted by due date, those with none last."""
    rows = ObligationRow.objects.filter(wheres.obligations_where(f)).order_by(F("due").asc(nulls_last=True), "pk")
    return _page(rows, offset, limit, _payload(Obligation))


def reports(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[Report]:
    """The reports wanted by day of publication, the undated last."""
    rows = ReportRow.objects.filter(wheres.reports_where(f)).order_by(F("published").asc(nulls_last=True), "name", "pk")
    return _page(rows, offset, limit, report_of)


def doubts(f: Filters = ANY, offset: int = 0, limit: int | None = None) -> Page[Doubt]:
    """The issues wanted, by code."""
    rows = DoubtRow.objects.filter(wheres.doubts_where(f)).order_by("code", "report_id", "where", "pk")
    return _page(rows, offset, limit, lambda row: Doubt(row.code, row.subject_id or row.report_id, row.where, row.what))


def doubt_counts() -> list[tuple[str, str, int]]:
    """(stage, code, how many) of the issues that stand, the most frequent first."""
    counted = DoubtRow.objects.values_list("stage", "code").annotate(n=Count("pk"))
    return [(stage, code, n) for stage, code, n in counted.order_by("-n", "stage", "code")]


def sources() -> list[Source]:
    """The sources of the dossier by id."""
    return [rebuild(Source, json.loads(row.payload)) for row in SourceRow.objects.order_by("pk")]


def incidents_of(incident_ids: Sequence[str]) -> list[Incident]:
    """These incidents, by id."""
    out: list[Incident] = []
    for start in range(0, len(incident_ids), CHUNK):
        rows = IncidentRow.objects.filter(pk__in=incident_ids[start : start + CHUNK]).order_by("pk").only("payload")
        out += [rebuild(Incident, json.loads(row.payload)) for row in rows]
    return out


def all_incidents() -> Iterator[Incident]:
    """Every incident by id, a chunk in memory at a time."""
    for row in IncidentRow.objects.order_by("pk").only("payload").iterator(CHUNK):
        yield rebuild(Incident, json.loads(row.payload))


def _page(
    rows: QuerySet[M],
    offset: int,
    limit: int | None,
    build: Callable[[M], T],
    total: int | None = None,
    whole: QuerySet[M] | None = None,
) -> Page[T]:
    """The rows from `offset` on, in their order; `whole` says how a row is read, where that is more or less than all.

    Which rows they are is found by keys alone: those before them are large, and are not read.
    """
    if limit is None:
        found = list(rows[offset:])
    else:
        keys = list(rows.values_list("pk", flat=True)[offset : offset + limit])
        by_key = (rows.model._default_manager.all() if whole is None else whole).in_bulk(keys)
        found = [by_key[key] for key in keys if key in by_key]
    if total is None:
        total = offset + len(found) if limit is None or 0 < len(found) < limit else rows.order_by().count()
    return Page(tuple(build(row) for row in found), total, offset)


def _payload(cls: type[T]) -> Callable[[Any], T]:
    return lambda row: rebuild(cls, json.loads(row.payload))


def _by_report(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.order_by(F("report__published").asc(nulls_last=True), "report__name", "report_id", "start", "pk")


def reports_by_id(ids: Sequence[str]) -> dict[str, Report]:
    """These reports by id; an id that is not there is left out."""
    return {row.pk: report_of(row) for row in ReportRow.objects.filter(pk__in=ids)}


def words_of(account_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The quote of each account and what its report tells of the same incident elsewhere, by account id."""
    out: dict[str, tuple[str, ...]] = {}
    ids = sorted(set(account_ids))
    for start in range(0, len(ids), CHUNK // 4):
        rows = AccountRow.objects.filter(pk__in=ids[start : start + CHUNK // 4]).select_related("report")
        for row in rows:
            account = rebuild(Account, json.loads(row.payload))
            out[row.pk] = (account.quote, *(span.of(row.report.text) for span in account.retellings))
    return out

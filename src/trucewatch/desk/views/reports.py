"""Reports: the list, and one report with everything read from it marked in its text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.addresses import PAGE_SIZE, filters_of, page_of, without
from trucewatch.store import reader
from trucewatch.store.models import AccountRow, ReportRow
from trucewatch.store.readings import stored_readings


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a report's text with the marks that lie over the whole of it (kind, id, words), outermost first."""

    text: str
    marks: tuple[tuple[str, str, str], ...]


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The reports by day of publication."""
    wanted = filters_of(request.GET)
    page = reader.reports(wanted, offset=page_of(request), limit=PAGE_SIZE)
    told = dict(ReportRow.objects.filter(pk__in=[r.report_id for r in page.rows]).values_list("pk", "n_accounts"))
    context = {
        "page": page,
        "rows": [(report, told.get(report.report_id, 0)) for report in page.rows],
        "filters": wanted,
        "rest": without(request.GET, "page"),
        "number": page.offset // PAGE_SIZE + 1,
        "has_next": page.offset + len(page.rows) < page.total,
    }
    return render(request, "desk/reports.html", context)


@require_GET
def report(request: HttpRequest, report_id: str) -> HttpResponse:
    """One report: its text with every account, statement and tally marked, overlaps too."""
    readings = list(stored_readings([report_id], rejected=True)) if ReportRow.objects.filter(pk=report_id) else []
    if not readings:
        raise Http404(f"no report {report_id}")
    reading = readings[0]
    membership = dict(AccountRow.objects.filter(report_id=report_id).values_list("pk", "membership__incident_id"))
    spans = [(a.span.start, a.span.end, "account", a.account_id, a.type) for a in reading.accounts]
    spans += [(s.span.start, s.span.end, "statement", s.statement_id, s.kind) for s in reading.statements]
    spans += [(t.span.start, t.span.end, "tally", t.tally_id, t.unit) for t in reading.tallies]
    context = {
        "report": reading.report,
        "reading": reading,
        "pieces": pieces_of(reading.report.text, spans),
        "accounts": [(a, membership.get(a.account_id)) for a in reading.accounts],
        "doubts": reading.doubts,
    }
    return render(request, "desk/report.html", context)


def pieces_of(text: str, spans: list[tuple[int, int, str, str, str]]) -> list[Piece]:
    """The text cut wherever a mark begins or ends: the pieces in order make up the text again."""
    cuts = sorted({0, len(text), *(x for start, end, *_ in spans for x in (start, end) if 0 <= x <= len(text))})
    ordered = sorted(spans, key=lambda s: (s[0], -s[1], s[3]))
    return [
        Piece(
            text[a:b], tuple((kind, key, words) for start, end, kind, key, words in ordered if start <= a and b <= end)
        )
        for a, b in pairwise(cuts)
    ]

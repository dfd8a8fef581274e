"""Reports: the list, and one report with everything read from it marked in its text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from trucewatch.desk.addresses import PAGE_SIZE, filters_of, page_of, without
from trucewatch.desk.by_hand import account_by_hand
from trucewatch.desk.deciding import decide_at_desk
from trucewatch.desk.histories import history_of
from trucewatch.store import reader
from trucewatch.store.models import AccountRow, ReportRow, StatementRow, TallyRow
from trucewatch.store.readings import stored_readings
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import TrucewatchError


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
    states = {
        key: state
        for table in (AccountRow, StatementRow, TallyRow)
        for key, state in table._default_manager.filter(report_id=report_id).values_list("pk", "state")
    }
    context = {
        "types": incident_types().values(),
        "report": reading.report,
        "reading": reading,
        "pieces": pieces_of(reading.report.text, spans),
        "accounts": [(a, membership.get(a.account_id), states.get(a.account_id, "")) for a in reading.accounts],
        "statements": [(s, states.get(s.statement_id, "")) for s in reading.statements],
        "tallies": [(t, states.get(t.tally_id, "")) for t in reading.tallies],
        "doubts": reading.doubts,
        "history": history_of(*states),
    }
    return render(request, "desk/report.html", context)


@require_POST
def decision(request: HttpRequest, report_id: str) -> HttpResponse:
    """An account the machine missed is added, or what it made up is rejected; then back to the report."""
    row = ReportRow.objects.filter(pk=report_id).first()
    if row is None:
        raise Http404(f"no report {report_id}")
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "").strip()[:2000]
    try:
        if kind == "add":
            account = account_by_hand(row.pk, row.text, request.POST)
            decide_at_desk(request, "add", account.account_id, reason=reason, new=account)
        else:
            decide_at_desk(request, kind, request.POST.get("subject", ""), reason=reason)
    except TrucewatchError as error:
        messages.error(request, f"Not done: {error.what}. {error.todo}")
    else:
        messages.success(request, "Done: the account is added." if kind == "add" else f"Done: {kind}.")
    return HttpResponseRedirect(f"/reports/{row.pk}/")


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

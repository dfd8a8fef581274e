"""Reports: the list, and one report with everything read from it marked in its text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from trucewatch.desk.access import author_of
from trucewatch.desk.addresses import PAGE_SIZE, filters_of, page_of, without
from trucewatch.desk.by_hand import account_by_hand
from trucewatch.desk.deciding import decide_at_desk, done_words, stages_of
from trucewatch.desk.histories import hidden_from, history_of
from trucewatch.desk.marks import LEGEND, marks_of, pieces_of
from trucewatch.store import reader
from trucewatch.store.models import AccountRow, ReportRow, StatementRow, TallyRow
from trucewatch.store.proposals import ADD, Reading, proposals
from trucewatch.store.readings import stored_readings
from trucewatch.terms.accounts import Account
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import SettingsError, TrucewatchError
from trucewatch.terms.records import rebuild


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
    """One report: its text with all that was read from it marked, overlaps too."""
    found = list(stored_readings([report_id], rejected=True)) if ReportRow.objects.filter(pk=report_id) else []
    if not found:
        raise Http404(f"no report {report_id}")
    reading = found[0]
    membership = dict(AccountRow.objects.filter(report_id=report_id).values_list("pk", "membership__incident_id"))
    states = {
        key: state
        for table in (AccountRow, StatementRow, TallyRow)
        for key, state in table._default_manager.filter(report_id=report_id).values_list("pk", "state")
    }
    two = stages_of(Path(settings.TRUCEWATCH_FOLDER)).dossier.second_reader
    said = proposals() if two else {}
    offered = _offered(report_id, said)
    context: dict[str, Any] = {
        "types": incident_types().values(),
        "report": reading.report,
        "reading": reading,
        "legend": LEGEND,
        "pieces": pieces_of(reading.report.text, marks_of(reading)),
        "accounts": [
            (a, membership.get(a.account_id), states.get(a.account_id, ""), said.get(a.account_id, []))
            for a in reading.accounts
        ],
        "statements": [(s, states.get(s.statement_id, ""), said.get(s.statement_id, [])) for s in reading.statements],
        "tallies": [(t, states.get(t.tally_id, ""), said.get(t.tally_id, [])) for t in reading.tallies],
        "offered": offered,
        "hidden": hidden_from(author_of(request), [said[key] for key in states if key in said]),
        "doubts": reading.doubts,
        "history": history_of(*states, *(account.account_id for account, _, _ in offered)),
    }
    return render(request, "desk/report.html", context)


@require_POST
def decision(request: HttpRequest, report_id: str) -> HttpResponse:
    """An account the machine missed is added, or what it read is accepted or rejected; then back to the report."""
    row = ReportRow.objects.filter(pk=report_id).first()
    if row is None:
        raise Http404(f"no report {report_id}")
    kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "").strip()[:2000]
    try:
        if kind == ADD:
            account = _confirmed(request) or account_by_hand(row.pk, row.text, request.POST)
            taken = decide_at_desk(request, ADD, account.account_id, reason=reason, new=account)
        else:
            taken = decide_at_desk(request, kind, request.POST.get("subject", ""), reason=reason)
    except TrucewatchError as error:
        messages.error(request, f"Not done: {error.what}. {error.todo}")
    else:
        done = done_words(taken, kind, "It can be undone from the decisions below.")
        messages.success(request, "Done: the account is added." if taken.kind == ADD else done)
    return HttpResponseRedirect(f"/reports/{row.pk}/")


def _offered(report_id: str, said: dict[str, list[Reading]]) -> list[tuple[Account, str, list[Reading]]]:
    """(account, the proposal of it, all readings of it) of what somebody would add to this report."""
    out = []
    for readings in said.values():
        for reading in readings:
            if reading.kind == ADD:
                account = rebuild(Account, json.loads(reading.about[0]))
                if account.report_id == report_id:
                    out.append((account, reading.decision_id, readings))
    return out


def _confirmed(request: HttpRequest) -> Account | None:
    """The account of the proposal that a second person confirms; None where a new one is added."""
    proposal = request.POST.get("proposal")
    if not proposal:
        return None
    readings = proposals([request.POST.get("subject", "")])
    found = next((r for told in readings.values() for r in told if r.decision_id == proposal and r.kind == ADD), None)
    if found is None:
        raise SettingsError("unknown-id", "this proposal no longer waits", todo="Load the report again.")
    return rebuild(Account, json.loads(found.about[0]))

"""The review queue: what would change the ledger most comes first, then what the machine is least sure of."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from trucewatch.desk.access import author_of
from trucewatch.desk.deciding import decide_at_desk
from trucewatch.desk.views.incidents import in_context
from trucewatch.store import reader
from trucewatch.store.decisions import decisions_on
from trucewatch.store.models import FindingRow, IncidentRow
from trucewatch.terms.errors import TrucewatchError

SKIPPED = "skipped"  # the incidents this person has put off, in the session
MOST_SKIPPED = 500


@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """The next incident to look at, with the keys to decide it; POST takes the decision and shows the next."""
    if request.method == "POST":
        _take(request)
        return HttpResponseRedirect("/queue/")
    skipped = request.session.get(SKIPPED, [])
    waiting = IncidentRow.objects.filter(state="unreviewed")
    row = ranked(waiting.exclude(pk__in=skipped)).first()
    context: dict[str, Any] = {"n_waiting": waiting.count(), "n_skipped": len(skipped)}
    if row is not None:
        view = reader.incident_view(row)
        accounts = reader.accounts_of(row.pk)
        reports = reader.reports_by_id([a.account.report_id for a in accounts])
        told = [(a, reports[a.account.report_id]) for a in accounts]
        context |= {
            "view": view,
            "incident": view.incident,
            "told": [(a, report, in_context(a.account, report)) for a, report in told],
            "findings": [f for f in reader.findings_of(row.pk) if f.outcome != "not_the_act"],
        }
    return render(request, "desk/queue.html", context)


def ranked(rows: QuerySet[IncidentRow]) -> QuerySet[IncidentRow]:
    """The rows with those that count in the ledger first, contested before agreed, then by falling doubt."""
    breach = FindingRow.objects.filter(incident=OuterRef("pk"), outcome="breach_if_true")
    open_question = FindingRow.objects.filter(incident=OuterRef("pk"), outcome="undetermined")
    stake = Case(
        When(Exists(breach), then=Value(2)), When(Exists(open_question), then=Value(1)), default=Value(0),
        output_field=IntegerField(),
    )  # fmt: skip
    return rows.annotate(stake=stake).order_by("-stake", "-contested", F("confidence").asc(nulls_first=True), "pk")


def _take(request: HttpRequest) -> None:
    kind, subject = request.POST.get("kind", ""), request.POST.get("subject", "")
    if kind == "skip":
        request.session[SKIPPED] = [*request.session.get(SKIPPED, []), subject[:48]][-MOST_SKIPPED:]
        return
    if kind == "again":
        request.session[SKIPPED] = []
        return
    try:
        if kind == "undo":
            mine = next((d for d in decisions_on(newest_first=True) if d.author == author_of(request)), None)
            if mine is None:
                messages.error(request, "You have decided nothing yet.")
                return
            subject = mine.decision_id
        version = request.POST.get("version", "")
        decide_at_desk(
            request,
            kind,
            subject,
            reason=request.POST.get("reason", "").strip()[:2000],
            expected_version=int(version) if kind != "undo" and version.isascii() and version.isdigit() else None,
        )
    except TrucewatchError as error:
        messages.error(request, f"Not done: {error.what}. {error.todo}")
    else:
        messages.success(request, "Undone." if kind == "undo" else f"Done: {kind}. Press U to undo.")

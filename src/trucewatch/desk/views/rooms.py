"""The plainer pages: overview, statements, sources, runs and the areas on the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.addresses import PAGE_SIZE, filters_of, page_of, without
from trucewatch.desk.agreements import agreements_of, areas_of
from trucewatch.desk.deciding import stages_of
from trucewatch.desk.lanes import timeline_of
from trucewatch.desk.timelines import bars_of, figures_of
from trucewatch.desk.views.incidents import outcomes_of
from trucewatch.running.dossiers import load_dossier
from trucewatch.running.provenances import changed_after_run
from trucewatch.store import reader
from trucewatch.store.filters import Filters
from trucewatch.store.models import FindingRow, IncidentRow, ReportRow, RunRow, TallyRow
from trucewatch.telling.rules import RULES
from trucewatch.terms.codebooks import values

MOST_COPIES = 50  # near-duplicates listed under the sources
OPEN_STATES = ("due", "partly_met", "overdue", "obstructed", "disputed", "pending")


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Is the truce holding: headline figures, trend, map, newest incidents, obligations, what waits, issues."""
    rows = IncidentRow.objects.all()
    breaches = FindingRow.objects.filter(outcome="breach_if_true", incident__reality="asserted")
    newest = list(rows.exclude(earliest=None).order_by("-earliest", "pk")[:8])
    views = [reader.incident_view(row) for row in newest]
    outcomes = outcomes_of([row.pk for row in newest])
    context = {
        "n_incidents": figures_of(Filters()).total,
        "n_breaches": breaches.values("incident").distinct().count(),
        "n_verified": rows.filter(state="verified").count(),
        "n_contested": rows.filter(contested=True).count(),
        "n_waiting": rows.filter(state="unreviewed").count(),
        "n_reports": ReportRow.objects.count(),
        "timeline": bars_of(Filters(), ""),
        "rule": RULES["incident"],
        "newest": [(view, outcomes.get(view.incident.incident_id)) for view in views],
        "obligations": [o for o in reader.obligations(limit=200).rows if o.state in OPEN_STATES][:10],
        "n_tallies": TallyRow.objects.exclude(state="rejected").count(),
        "doubts": reader.doubt_counts()[:8],
        "run": RunRow.objects.order_by("-pk").first(),
        "changed": changed_after_run(load_dossier(Path(settings.TRUCEWATCH_FOLDER))),
    }
    return render(request, "desk/overview.html", context)


@require_GET
def statements(request: HttpRequest) -> HttpResponse:
    """Threats, denials, demands and commitments: a lane for each party, and the list by the day of publication."""
    wanted, folder = filters_of(request.GET), Path(settings.TRUCEWATCH_FOLDER)
    page = reader.statements(wanted, offset=page_of(request), limit=PAGE_SIZE)
    published = reader.reports_by_id([s.report_id for s in page.rows])
    context = {
        "rows": [(s, published[s.report_id]) for s in page.rows],
        "kinds": values("statement_kinds").values(),
        "timeline": timeline_of(wanted, stages_of(folder).registry, agreements_of(folder)),
        **_paging(request, page.offset, len(page.rows), page.total),
        "filters": wanted,
    }
    return render(request, "desk/statements.html", context)


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Reliability and alignment of each source, what it has reported, and which reports repeat another."""
    published = ReportRow.objects.exclude(source=None)
    counted = dict(published.values_list("source").annotate(n=Count("pk")))
    told = dict(published.values_list("source").annotate(n=Sum("n_accounts")))
    repeats = dict(ReportRow.objects.exclude(duplicate_of=None).values_list("source").annotate(n=Count("pk")))
    rows = []
    for source in reader.sources():
        names = (source.name, *source.aliases, source.source_id)
        figures = [sum(column.get(n) or 0 for n in names) for column in (counted, told, repeats)]
        rows.append((source, *figures))
        for name in names:
            counted.pop(name, None)
    copies = ReportRow.objects.exclude(duplicate_of=None).order_by("-similarity", "pk").defer("text")
    shown = list(copies[:MOST_COPIES])
    first = ReportRow.objects.defer("text").in_bulk([c.duplicate_of for c in shown])
    context = {
        "rows": rows,
        "unlisted": sorted(counted.items()),
        "copies": [(copy, first.get(copy.duplicate_of)) for copy in shown],
        "n_copies": copies.count(),
    }
    return render(request, "desk/sources.html", context)


@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The runs, and the issues that stand with examples."""
    wanted = filters_of(request.GET)
    page = reader.doubts(wanted, offset=page_of(request), limit=PAGE_SIZE)
    context = {
        "runs": RunRow.objects.order_by("-pk")[:20],
        "counts": reader.doubt_counts(),
        "rows": page.rows,
        **_paging(request, page.offset, len(page.rows), page.total),
        "filters": wanted,
    }
    return render(request, "desk/runs.html", context)


@require_GET
def areas(request: HttpRequest) -> JsonResponse:
    """The areas of the dossier's agreements as GeoJSON, each with its name."""
    return JsonResponse(areas_of(settings.TRUCEWATCH_FOLDER))


@require_GET
def healthy(request: HttpRequest) -> JsonResponse:
    """Says that the server and its database answer; nothing about the dossier."""
    RunRow.objects.exists()
    return JsonResponse({"ok": True})


def _paging(request: HttpRequest, offset: int, n: int, total: int) -> dict[str, Any]:
    return {
        "n_rows": n,
        "total": total,
        "rest": without(request.GET, "page"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + n < total,
    }

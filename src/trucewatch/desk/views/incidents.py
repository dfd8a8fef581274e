"""Incidents: the list with its map and timeline, one incident with its accounts, and what people decide of it."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from trucewatch.desk.addresses import PAGE_SIZE, filters_of, page_of, without
from trucewatch.desk.agreements import terms_of
from trucewatch.desk.deciding import decide_at_desk
from trucewatch.desk.timelines import day_bars, figures_of
from trucewatch.store import reader
from trucewatch.store.decisions import decisions_on
from trucewatch.store.filters import Filters
from trucewatch.store.models import IncidentAliasRow, IncidentRow
from trucewatch.terms.accounts import Account
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import TrucewatchError
from trucewatch.terms.findings import BELIEFS, OUTCOMES
from trucewatch.terms.reports import Report

CONTEXT_CHARS = 240
STATES = ("unreviewed", "accepted", "corrected", "rejected", "verified", "refuted")


@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    """List, map and timeline of the incidents the address asks for."""
    wanted = filters_of(request.GET)
    told = figures_of(wanted)
    page = reader.incidents(wanted, offset=page_of(request), limit=PAGE_SIZE, total=told.total)
    outcomes = outcomes_of([view.incident.incident_id for view in page.rows])
    context = {
        "page": page,
        "rows": [(view, outcomes.get(view.incident.incident_id)) for view in page.rows],
        "filters": wanted,
        "rest": without(request.GET, "page"),
        "number": page.offset // PAGE_SIZE + 1,
        "has_next": page.offset + len(page.rows) < page.total,
        "told": told,
        "n_all": figures_of(Filters()).total,
        **_timeline(request, wanted),
        "points": without(request.GET, "page", "bbox"),
        "terms": terms_of(settings.TRUCEWATCH_FOLDER),
        "types": incident_types().values(),
        "outcomes": OUTCOMES,
        "beliefs": BELIEFS,
        "states": STATES,
    }
    part = "desk/incident_part.html" if request.headers.get("HX-Request") else "desk/incidents.html"
    return render(request, part, context)


@require_GET
def timeline(request: HttpRequest) -> HttpResponse:
    """The bars by day alone, of the incidents the address asks for."""
    return render(request, "desk/bars.html", _timeline(request, filters_of(request.GET)))


def _timeline(request: HttpRequest, wanted: Filters) -> dict[str, Any]:
    bars = day_bars(wanted)
    return {"bars": bars, "dateless": without(request.GET, "page", "since", "until", "undated")}


@require_GET
def incident(request: HttpRequest, incident_id: str) -> HttpResponse:
    """One incident: accounts by origin with their quotes in context, places weighed, findings with grounds, history."""
    moved = IncidentAliasRow.objects.filter(pk=incident_id).values_list("incident_id", flat=True).first()
    if moved:
        return HttpResponseRedirect(f"/incidents/{moved}/")
    row = IncidentRow.objects.filter(pk=incident_id).first()
    if row is None:
        raise Http404(f"no incident {incident_id}")
    view = reader.incident_view(row)
    accounts = reader.accounts_of(incident_id)
    reports = reader.reports_by_id([a.account.report_id for a in accounts])
    told = [(a, reports[a.account.report_id], in_context(a.account, reports[a.account.report_id])) for a in accounts]
    by_origin: list[tuple[Any, list[Any]]] = []
    for origin in view.incident.origins:
        mine = [t for t in told if t[0].account.account_id in origin.account_ids]
        by_origin.append((origin, mine))
    grouped = {t[0].account.account_id for _, mine in by_origin for t in mine}
    rest = [t for t in told if t[0].account.account_id not in grouped]
    # a merge may stand on an incident that has gone up in this one, and must be found here to be undone
    gone = IncidentAliasRow.objects.filter(incident_id=incident_id).values_list("pk", flat=True)
    history = decisions_on(incident_id, *gone, *(a.account.account_id for a in accounts))
    context = {
        "view": view,
        "incident": view.incident,
        "by_origin": [*by_origin, *([(None, rest)] if rest else [])],
        "findings": reader.findings_of(incident_id),
        "history": history,
        "types": incident_types().values(),
        "near": near_to(row),
        "bounds": _bounds(row),
    }
    return render(request, "desk/incident.html", context)


@require_POST
def decision(request: HttpRequest, incident_id: str) -> HttpResponse:
    """One decision on an incident, then back to it. Somebody else's change in between is told and nothing is lost."""
    form = request.POST
    kind, field, new = form.get("kind", ""), form.get("field") or None, _new_value(request)
    version = form.get("version", "")
    try:
        decide_at_desk(
            request,
            kind,
            form.get("subject") or incident_id,
            reason=form.get("reason", "").strip()[:2000],
            field=field,
            new=new,
            expected_version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except TrucewatchError as error:
        messages.error(request, f"Not done: {error.what}. {error.todo}")
    else:
        messages.success(request, f"Done: {kind}. It can be undone from the history.")
    back = form.get("back", "")
    return HttpResponseRedirect(back if back in ("/queue/",) else f"/incidents/{incident_id}/")


@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """GeoJSON for the map: single incidents, or cells with their number `n` where there are many."""
    from trucewatch.desk.clusters import cells_or_points

    return JsonResponse(cells_or_points(filters_of(request.GET), request.GET.get("zoom", "7")))


def outcomes_of(ids: list[str]) -> dict[str, str]:
    """The gravest outcome per incident among those ids: breach if true, then undetermined, then the rest."""
    from trucewatch.store.models import FindingRow

    weight = {"breach_if_true": 3, "contested_reading": 2, "undetermined": 1}
    best: dict[str, str] = {}
    for key, outcome in (
        FindingRow.objects.filter(incident_id__in=ids).values_list("incident_id", "outcome").order_by("pk")
    ):
        if key not in best or weight.get(outcome, 0) > weight.get(best[key], 0):
            best[key] = outcome
    return best


def in_context(account: Account, report: Report) -> tuple[str, str, str]:
    """The text before the quote, the quote, and the text after it, cut at some length."""
    start, end = account.span.start, account.span.end
    before = report.text[max(0, start - CONTEXT_CHARS) : start]
    after = report.text[end : end + CONTEXT_CHARS]
    return (
        ("…" if start > CONTEXT_CHARS else "") + before,
        report.text[start:end],
        after + ("…" if end + CONTEXT_CHARS < len(report.text) else ""),
    )


def _new_value(request: HttpRequest) -> Any:
    form = request.POST
    if form.get("field") == "places" and form.get("lat"):
        try:
            lat, lon, radius = float(form["lat"]), float(form["lon"]), float(form.get("radius_m") or 1000)
        except ValueError:
            return None
        return [{"name": form.get("name", "")[:200], "span": None, "lat": lat, "lon": lon, "radius_m": radius}]
    if form.get("kind") in ("merge", "split"):
        return [item for item in form.getlist("new") if item]
    raw = form.get("new")
    if raw is None:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def near_to(row: IncidentRow) -> list[Any]:
    """Incidents of about the same day near this one, at most a dozen: what somebody may want to merge it with."""
    if row.earliest is None or row.lat is None or row.lon is None:
        return []
    box = (row.lat - 0.1, row.lon - 0.12, row.lat + 0.1, row.lon + 0.12)
    page = reader.incidents(Filters(since=row.earliest, until=row.latest or row.earliest, box=box), limit=12)
    return [view for view in page.rows if view.incident.incident_id != row.incident_id]


def _bounds(row: IncidentRow) -> str | None:
    if row.lat is None or row.lon is None:
        return None
    pad = max(0.06, (row.radius_m or 0) / 60_000)
    return f"{row.lon - pad:.4f},{row.lat - pad:.4f},{row.lon + pad:.4f},{row.lat + pad:.4f}"

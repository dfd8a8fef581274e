"""Incidents: the list with its map and timeline, one incident with its accounts, and what people decide of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from trucewatch.desk.access import author_of
from trucewatch.desk.addresses import PAGE_SIZE, filters_of, page_of, without
from trucewatch.desk.agreements import terms_of, titles_of, zones_of
from trucewatch.desk.comparisons import Told, claims_of, columns_of, denials_of, rows_of
from trucewatch.desk.corrections import correctable, editor_of, value_of
from trucewatch.desk.deciding import decide_at_desk, done_words, stages_of
from trucewatch.desk.histories import hidden_from, history_of
from trucewatch.desk.places import bounds_of, places_of
from trucewatch.desk.templatetags.desk import brief, words
from trucewatch.desk.timelines import bars_of, figures_of
from trucewatch.store import claims, reader
from trucewatch.store.filters import Filters
from trucewatch.store.models import AccountRow, IncidentAliasRow, IncidentRow
from trucewatch.store.proposals import proposals
from trucewatch.store.states import State, state_of_store
from trucewatch.terms.accounts import Account
from trucewatch.terms.codebooks import incident_types, values
from trucewatch.terms.errors import SettingsError, TrucewatchError, unknown_name
from trucewatch.terms.findings import BELIEFS, OUTCOMES
from trucewatch.terms.ids import kind_of, plain
from trucewatch.terms.reports import Report

CONTEXT_CHARS = 240
STATES = ("unreviewed", "accepted", "corrected", "rejected", "verified", "refuted")


@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    """List, map and timeline of the incidents the address asks for."""
    wanted, state = filters_of(request.GET), state_of_store()
    told = figures_of(wanted, state)
    page = reader.lines(wanted, offset=page_of(request), limit=PAGE_SIZE, total=told.total)
    outcomes = outcomes_of([line.incident_id for line in page.rows])
    context = {
        "page": page,
        "rows": [(line, outcomes.get(line.incident_id)) for line in page.rows],
        "filters": wanted,
        "rest": without(request.GET, "page"),
        "number": page.offset // PAGE_SIZE + 1,
        "has_next": page.offset + len(page.rows) < page.total,
        "told": told,
        "n_all": figures_of(Filters(), state).total,
        **_timeline(request, wanted, state),
        "points": without(request.GET, "page", "bbox"),
        "terms": terms_of(settings.TRUCEWATCH_FOLDER),
        "zones": zones_of(settings.TRUCEWATCH_FOLDER),
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
    return HttpResponse(_timeline(request, filters_of(request.GET))["timeline"])


def _timeline(request: HttpRequest, wanted: Filters, state: State | None = None) -> dict[str, Any]:
    dateless = without(request.GET, "page", "since", "until", "undated")
    return {"timeline": bars_of(wanted, dateless, state), "dateless": dateless}


@require_GET
def incident(request: HttpRequest, incident_id: str) -> HttpResponse:
    """One incident: accounts by origin with their quotes in context, places weighed, findings with grounds, history."""
    moved = IncidentAliasRow.objects.filter(pk=incident_id).values_list("incident_id", flat=True).first()
    if moved:
        return HttpResponseRedirect(f"/incidents/{moved}/")
    row = _row(incident_id)
    view = reader.incident_view(row)
    told = _told(incident_id)
    stages = stages_of(Path(settings.TRUCEWATCH_FOLDER))
    columns = columns_of(view.incident, told, stages.registry)
    # a merge may stand on an incident that has gone up in this one, and must be found here to be undone
    gone = IncidentAliasRow.objects.filter(incident_id=incident_id).values_list("pk", flat=True)
    held = claims.holder(incident_id)
    readings = proposals([incident_id]).get(incident_id, []) if stages.dossier.second_reader else []
    context = {
        "view": view,
        "incident": view.incident,
        "columns": columns,
        "compared": rows_of(columns),
        "tolls": claims_of(view.incident, columns),
        "denials": denials_of(view.incident, told),
        "findings": reader.findings_of(incident_id),
        "titles": titles_of(settings.TRUCEWATCH_FOLDER),
        "sources_of": {a.account.account_id: report.source or "source not told" for a, report, _ in told},
        "history": history_of(incident_id, *gone, *(a.account.account_id for a, _, _ in told)),
        "near": near_to(row),
        "bounds": bounds_of(view.incident),
        "held": held if held and held.author != author_of(request) else None,
        "readings": readings,
        "hidden": hidden_from(author_of(request), [readings]),
        "own_fields": correctable("incident"),
        "account_fields": correctable("account"),
    }
    return render(request, "desk/incident.html", context)


@require_GET
def places(request: HttpRequest, incident_id: str) -> JsonResponse:
    """GeoJSON of where an incident may lie: its places as they stand, and every candidate that was weighed for them."""
    return JsonResponse(places_of(reader.incident_view(_row(incident_id)).incident))


@require_GET
def correct(request: HttpRequest, incident_id: str) -> HttpResponse:
    """The editor of one field of the incident, or of an account of it: `?field=` and `?account=`."""
    row = _row(incident_id)
    view = reader.incident_view(row)
    account = next((t for t in _told(row.pk) if t[0].account.account_id == request.GET.get("account")), None)
    if account is None and "account" in request.GET:
        raise Http404("no such account of this incident")
    kind, subject = ("account", account[0].account) if account else ("incident", view.incident)
    field = request.GET.get("field", "type")
    labels = dict(correctable(kind))
    if field not in labels:
        raise SettingsError("unknown-field", unknown_name("field", field[:60], labels), where="field")
    value = plain(getattr(subject, field))
    index = request.GET.get("index", "0")
    context = {
        "view": view,
        "incident": view.incident,
        "account": account,
        "field": field,
        "label": labels[field],
        "editor": editor_of(field),
        "value": value,
        "shown": json.dumps(value, ensure_ascii=False, indent=1),
        "names": "\n".join(item["name"] for item in value or ()) if editor_of(field) == "names" else "",
        "index": int(index) if index.isascii() and index.isdigit() else 0,
        "types": incident_types().values(),
        "realities": values("realities").values(),
        "bounds": bounds_of(view.incident),
    }
    return render(request, "desk/correct.html", context)


@require_POST
def decision(request: HttpRequest, incident_id: str) -> HttpResponse:
    """One decision on an incident, then back to it. Somebody else's change in between is told and nothing is lost."""
    form = request.POST
    kind, field, subject = form.get("kind", ""), form.get("field") or None, form.get("subject") or incident_id
    version = form.get("version", "")
    reason, new = form.get("reason", "").strip()[:2000], None
    try:
        new = _new_value(request, subject)
        taken = decide_at_desk(
            request,
            kind,
            subject,
            reason=reason,
            field=field,
            new=new,
            expected_version=int(version) if version.isascii() and version.isdigit() else None,
        )
    except TrucewatchError as error:
        messages.error(request, f"Not done: {error.what}. {error.todo}")
        if error.code == "changed-meanwhile":  # nothing of what was written is lost
            value = f" {words(field)} to {brief(new)}" if field else ""
            messages.error(request, f"You had written: {kind}{value}{f', because: {reason}' if reason else ''}.")
    else:
        messages.success(request, done_words(taken, kind, "It can be undone from the history."))
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


def _new_value(request: HttpRequest, subject_id: str) -> Any:
    """What the form gives the field, or the ids to merge with or take out; None for a decision that has no value."""
    form = request.POST
    kind, field = form.get("kind"), form.get("field", "")
    if kind in ("merge", "split"):
        return [item for item in form.getlist("new") if item]
    if kind != "correct":
        return None
    table = AccountRow if kind_of(subject_id) == "account" else IncidentRow
    payload = table._default_manager.filter(pk=subject_id).values_list("payload", flat=True).first()
    return value_of(field, form, json.loads(payload or "{}").get(field))


def _row(incident_id: str) -> IncidentRow:
    row = IncidentRow.objects.filter(pk=incident_id.replace("\x00", "")).first()
    if row is None:
        raise Http404(f"no incident {incident_id}")
    return row


def _told(incident_id: str) -> list[Told]:
    accounts = reader.accounts_of(incident_id)
    reports = reader.reports_by_id([a.account.report_id for a in accounts])
    return [(a, reports[a.account.report_id], in_context(a.account, reports[a.account.report_id])) for a in accounts]


def near_to(row: IncidentRow) -> list[Any]:
    """Incidents of about the same day near this one, at most a dozen: what somebody may want to merge it with."""
    if row.earliest is None or row.lat is None or row.lon is None:
        return []
    box = (row.lat - 0.1, row.lon - 0.12, row.lat + 0.1, row.lon + 0.12)
    wanted = Filters(since=row.earliest, until=row.latest or row.earliest, box=box)
    page = reader.incidents(wanted, limit=12, total=0)  # how many there are in all is shown nowhere
    return [view for view in page.rows if view.incident.incident_id != row.incident_id]

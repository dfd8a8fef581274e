"""Bulletins: composed, looked at, published; each kept exactly as it was, with what changed since."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from trucewatch.desk.access import author_of
from trucewatch.desk.deciding import stages_of
from trucewatch.desk.publishing import wanted_of
from trucewatch.running.bulletins import changes_since, compose, last_published, publish
from trucewatch.running.stages import Stages
from trucewatch.store.models import BulletinRow
from trucewatch.telling.bulletins import to_html
from trucewatch.telling.rules import RULES
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import SettingsError

# A bulletin brings its own style and drawings inside the file: they are ours, and it may load nothing else.
BULLETIN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
)


@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """The bulletins published, the newest first."""
    rows = BulletinRow.objects.order_by("-published_at", "pk").defer("html", "markdown", "payload")
    return render(request, "desk/bulletins.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, and below it the bulletin it asks for; POST publishes what was looked at."""
    asked = request.POST if request.method == "POST" else request.GET
    stages = _stages()
    context: dict[str, Any] = {
        "asked": asked,
        "types": incident_types().values(),
        "chosen_types": asked.getlist("type"),
        "rules": RULES.values(),
        "chosen_rule": asked.get("rule") or stages.dossier.counting_rule,
        "agreements": stages.agreements,
        "last": last_published(),
    }
    try:
        if request.method == "POST":
            row = publish(stages, wanted_of(asked, stages), author_of(request), asked.get("hash", "")).row
            messages.success(request, "Published. It can be read and printed, and never changed.")
            return HttpResponseRedirect(f"/bulletins/{row.pk}/")
        if "headline" in asked:
            made, _ = compose(stages, wanted_of(asked, stages))
            context |= {"made": made, "address": asked.urlencode()}
    except SettingsError as error:
        field = f"{error.where}: " if error.where else ""
        context["problem"] = f"{field}{error.what}. {error.todo}".strip()
        context["address"] = asked.urlencode()
    return render(request, "desk/bulletin_new.html", context, status=400 if "problem" in context else 200)


@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The whole page as it would be published now."""
    stages = _stages()
    return _as_file(to_html(*compose(stages, wanted_of(request.GET, stages))))


@require_GET
def bulletin(request: HttpRequest, bulletin_id: str) -> HttpResponse:
    """A bulletin's own page: what it was made of, what it corrected, and what is told otherwise since."""
    row = _row(bulletin_id)
    payload = json.loads(row.payload)
    context = {
        "row": row,
        "rule": RULES.get(row.counting_rule),
        "previous": BulletinRow.objects.filter(pk=payload.get("previous")).first(),
        "errata": payload.get("errata", []),
        "since": changes_since(_stages(), row),
    }
    return render(request, "desk/bulletin.html", context)


@require_GET
def page(request: HttpRequest, bulletin_id: str) -> HttpResponse:
    """The file of a bulletin as it was published."""
    return _as_file(_row(bulletin_id).html)


@require_GET
def markdown(request: HttpRequest, bulletin_id: str) -> HttpResponse:
    """The same in Markdown, to take away."""
    row = _row(bulletin_id)
    response = HttpResponse(row.markdown, content_type="text/markdown; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.pk}.md"'
    return response


def _stages() -> Stages:
    return stages_of(Path(settings.TRUCEWATCH_FOLDER))


def _row(bulletin_id: str) -> BulletinRow:
    row = BulletinRow.objects.filter(pk=bulletin_id.replace("\x00", "")).first()
    if row is None:
        raise Http404(f"no bulletin {bulletin_id}")
    return row


def _as_file(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = BULLETIN_POLICY
    return response

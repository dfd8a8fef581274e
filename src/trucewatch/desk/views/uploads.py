"""Adding reports by upload: the form, the job with its progress, its results and issues."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trucewatch.desk.access import author_of
from trucewatch.desk.addresses import day_of
from trucewatch.desk.settings import MOST_FILES, UPLOAD_LIMIT_BYTES
from trucewatch.desk.uploading import LIVE, ask_to_go_on, ask_to_stop, lay_aside
from trucewatch.store.models import UploadRow
from trucewatch.terms.errors import SettingsError


@require_http_methods(["GET", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """The form and the jobs so far; POST lays the files aside and shows the job."""
    context: dict[str, Any] = {"most": MOST_FILES, "limit_mb": UPLOAD_LIMIT_BYTES // 1024**2}
    if request.method == "POST":
        try:
            row = lay_aside(
                Path(settings.TRUCEWATCH_FOLDER),
                request.FILES.getlist("files"),
                author=author_of(request),
                source=" ".join(request.POST.get("source", "").split())[:300] or None,
                published=day_of(request.POST, "published"),
            )
            return HttpResponseRedirect(f"/reports/add/{row.pk}/")
        except SettingsError as error:
            context["problem"] = f"{error.what}. {error.todo}".strip()
    context["rows"] = UploadRow.objects.order_by("-pk")[:50]
    return render(request, "desk/uploads.html", context, status=400 if "problem" in context else 200)


@require_GET
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """One job; asked for by the page itself (`HX-Request`) only the part that changes."""
    row = _row(number)
    context = {"row": row, "live": row.state in LIVE, "issues": json.loads(row.issues)}
    part = "HX-Request" in request.headers
    return render(request, "desk/upload_state.html" if part else "desk/upload.html", context)


@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """The job is asked to stop after its present batch."""
    ask_to_stop(_row(number).pk)
    return HttpResponseRedirect(f"/reports/add/{number}/")


@require_POST
def go_on(request: HttpRequest, number: int) -> HttpResponse:
    """The job goes on from where it was."""
    ask_to_go_on(_row(number).pk)
    return HttpResponseRedirect(f"/reports/add/{number}/")


def _row(number: int) -> UploadRow:
    row = UploadRow.objects.filter(pk=min(number, 2**62)).first()
    if row is None:
        raise Http404(f"no upload {number}")
    return row

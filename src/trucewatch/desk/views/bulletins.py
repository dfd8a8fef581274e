"""Bulletins: those published, each exactly as it was."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.store.models import BulletinRow

# A bulletin brings its own style and drawings inside the file: they are ours, and it may load nothing else.
BULLETIN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
)


@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """The bulletins published, the newest first."""
    rows = BulletinRow.objects.order_by("-published_at", "pk").defer("html", "markdown")
    return render(request, "desk/bulletins.html", {"rows": rows})


@require_GET
def bulletin(request: HttpRequest, bulletin_id: str) -> HttpResponse:
    """The file of a bulletin as it was published."""
    row = BulletinRow.objects.filter(pk=bulletin_id).first()
    if row is None:
        raise Http404(f"no bulletin {bulletin_id}")
    response = HttpResponse(row.html)
    response.headers["Content-Security-Policy"] = BULLETIN_POLICY
    return response

"""What a person sees, and a program reads, where a request cannot be answered."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def problem(status: int, code: str, what: str) -> JsonResponse:
    """The one shape of an error of the API."""
    return JsonResponse({"code": code, "what": what, "status": status}, status=status)


def answer(request: HttpRequest, status: int, code: str, what: str) -> HttpResponse:
    """An error as a page for people, as the problem object for programs."""
    accepts = request.headers.get("Accept", "")
    if request.path.startswith("/api/") or request.path.endswith(".geojson") or "text/html" not in accepts:
        return problem(status, code, what)
    return render(request, "desk/error.html", {"what": what, "code": code}, status=status)

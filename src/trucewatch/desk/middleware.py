"""Headers on every answer, and the one gate every request passes."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from trucewatch.desk.access import gate
from trucewatch.desk.settings import policy_of
from trucewatch.desk.views.errors import of_error
from trucewatch.terms.errors import TrucewatchError

Handler = Callable[[HttpRequest], HttpResponse]


class Headers:
    """Every answer carries the content security policy; pages are not kept by shared caches."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = policy_of(getattr(settings, "TRUCEWATCH_TILES", None))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class Access:
    """Closed by default: no view runs before `gate` has let the request through."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return gate(request) or self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An error a user can act on becomes an answer that says so; any other goes on to be a 500."""
        return of_error(request, exception) if isinstance(exception, TrucewatchError) else None

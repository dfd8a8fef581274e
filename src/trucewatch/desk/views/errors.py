"""The answers to requests that are broken, refused or lead nowhere, and to what broke on our side."""

from __future__ import annotations

from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from trucewatch.desk.answers import answer
from trucewatch.desk.settings import MOST_FILES
from trucewatch.terms.errors import TrucewatchError


def of_error(request: HttpRequest, error: TrucewatchError) -> HttpResponse:
    """A Trucewatch error as an answer: 400 where the request is to blame, 500 where we are."""
    what = f"{error.where}: {error.what}" if error.where else error.what
    return answer(request, 400 if error.users_fault else 500, error.code, f"{what}. {error.todo}".strip())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The request itself is broken, or brings too much."""
    if isinstance(exception, TooManyFilesSent):
        return answer(
            request,
            400,
            "too-many-files",
            f"At most {MOST_FILES} files at once. Put them into a zip, or add them in parts.",
        )
    return answer(request, 400, "bad-request", "This request cannot be understood.")


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The role does not suffice, or the form's token has expired."""
    return answer(request, 403, "not-allowed", "This is not allowed, or the page was open for too long: load it again.")


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing stands at this address."""
    return answer(request, 404, "not-found", "There is nothing at this address. It may have been merged or split.")


def broken(request: HttpRequest) -> HttpResponse:
    """We have failed; the log says how."""
    return answer(request, 500, "our-fault", "Something broke on our side. Nothing was changed.")

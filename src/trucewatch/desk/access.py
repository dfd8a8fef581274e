"""Who may do what: one function decides, for pages and API alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from trucewatch.desk.agreements import home_of
from trucewatch.desk.answers import answer, problem
from trucewatch.desk.tokens import SCOPES, token_of
from trucewatch.store.decisions import record_person

ROLES = ("viewer", "reviewer", "editor", "admin")  # each may do what those before it may
NEEDS = {"read": "viewer", "review": "reviewer", "edit": "editor", "administer": "admin"}
OPEN_PATHS = ("/login/", "/static/", "/healthz")
FOR_EDITORS = ("/bulletins/new/", "/bulletins/preview/", "/reports/add/")  # even to look at
LOCAL_AUTHOR = "local"
PAGES = (
    ("/", "Overview"),
    ("/incidents/", "Incidents"),
    ("/queue/", "Review"),
    ("/reports/", "Reports"),
    ("/agreements/", "Agreements"),
    ("/ledger/", "Ledger"),
    ("/tallies/", "Tallies"),
    ("/statements/", "Statements"),
    ("/sources/", "Sources"),
    ("/bulletins/", "Bulletins"),
    ("/runs/", "Runs"),
)


def role_of(request: HttpRequest) -> str | None:
    """The highest role of whoever asks, or None for a stranger.

    On one laptop (the server listens on loopback and nobody has an account yet) whoever asks is the admin.
    """
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        if user.is_superuser:
            return "admin"
        held = set(user.groups.values_list("name", flat=True))
        return next((role for role in reversed(ROLES) if role in held), None)
    if settings.TRUCEWATCH_OPEN_LOCALLY and not User.objects.exists():
        return "admin"
    return None


def allowed(role: str | None, need: str) -> bool:
    """True where the role suffices for the need: read, review, edit or administer."""
    return role is not None and ROLES.index(role) >= ROLES.index(NEEDS[need])


def need_of(request: HttpRequest) -> str:
    """What a request needs: reading reads, any change at least reviews; publishing and adding reports edit."""
    if request.path.startswith("/people/"):
        return "administer"
    if request.path.startswith(FOR_EDITORS):
        return "edit"
    if request.path.endswith("/correct/"):
        return "review"  # even to look at
    if request.method in ("GET", "HEAD", "OPTIONS") or request.path == "/logout/":
        return "read"
    if request.path == "/password/":
        return "read"
    return "edit" if request.path.startswith(("/sources/", "/bulletins/")) else "review"


def gate(request: HttpRequest) -> HttpResponse | None:
    """None where the request may go on; else the way to the login, or a refusal. Sets `request.role`."""
    if request.path.startswith(OPEN_PATHS):
        request.role = None  # type: ignore[attr-defined]
        return None
    api = request.path.startswith("/api/")
    if api and _from_elsewhere(request):
        return problem(403, "other-origin", "A page of another address may not change anything here.")
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    key = given.strip() if api and kind.lower() == "bearer" else ""
    token = token_of(key) if key else None
    if key and token is None:
        return problem(401, "bad-key", "This key is unknown, revoked or has ended.")
    request.token = token  # type: ignore[attr-defined]
    role = SCOPES[token.scope] if token else role_of(request)
    request.role = role  # type: ignore[attr-defined]
    need = need_of(request)
    if allowed(role, need):
        return None
    if role is None and not getattr(request.user, "is_authenticated", False):
        api = api and request.path != "/api/"  # its first page is for people
        return problem(401, "login-needed", "Log in to read this dossier.") if api else _to_login(request)
    what = f"Your role ({role or 'none'}) does not allow this; it needs {NEEDS[need]}."
    return answer(request, 403, "not-allowed", what)


def author_of(request: HttpRequest) -> str:
    """The name a decision is signed with."""
    if (token := getattr(request, "token", None)) is not None:
        return f"key {token.name} of {token.author}"
    return request.user.get_username() if request.user.is_authenticated else LOCAL_AUTHOR


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page knows: the role and what it allows."""
    role = getattr(request, "role", None)
    return {
        "user": getattr(request, "user", None),
        "role": role,
        "may": {need: allowed(role, need) for need in NEEDS},
        "me": author_of(request) if role else None,
        "pages": PAGES,
        "tiles": getattr(settings, "TRUCEWATCH_TILES", None) if role else None,
        "home": home_of(settings.TRUCEWATCH_FOLDER) if role else None,
        "dossier_name": Path(settings.TRUCEWATCH_FOLDER).name,
    }


@transaction.atomic
def make_user(name: str, password: str, role: str, *, author: str) -> User:
    """A user with that role, written down in the chain of decisions; the groups are made where they are missing."""
    for each in ROLES:
        Group.objects.get_or_create(name=each)
    user = User.objects.create_user(name, password=password)
    user.groups.set([Group.objects.get(name=role)])
    record_person(person_id(user), "added", author=author, new={"name": name, "role": role})
    return user


def person_id(user: User) -> str:
    """How the chain of decisions names a person."""
    return f"person_{user.pk}"


def has_admin() -> bool:
    """True where some active user is admin."""
    return User.objects.filter(is_active=True, groups__name="admin").exists()


def _from_elsewhere(request: HttpRequest) -> bool:
    """True where a browser sends a change to the API from a page of another address.

    The API takes no form token, so without this any page open beside a desk on loopback could decide in it.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    origin = request.headers.get("Origin")
    host = request.get_host()
    return origin is not None and origin not in (f"http://{host}", f"https://{host}")


def _to_login(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")

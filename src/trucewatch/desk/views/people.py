"""People and keys: who may do what in this dossier. Admins only; the gate sees to it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from trucewatch.desk.access import ROLES, author_of, make_user, person_id
from trucewatch.desk.settings import SHORTEST_PASSWORD
from trucewatch.desk.tokens import LONGEST_DAYS, SCOPES, make_token, revoke, revoke_all_of
from trucewatch.store.decisions import decisions_on, record_person
from trucewatch.store.models import TokenRow
from trucewatch.terms.errors import SettingsError

MOST_CHANGES = 50  # of people, listed on the page; the chain keeps them all


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and the keys."""
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """A new account."""
    name, role = request.POST.get("name", "").strip(), request.POST.get("role", "")
    try:
        with transaction.atomic():
            _check_name(name)
            _check_role(role)
            if role != "admin" and not User.objects.exists():
                raise SettingsError("first-admin", "the first account must be an admin's, or nobody could add others")
            make_user(name, _password(request), role, author=author_of(request))
    except SettingsError as error:
        return _page(request, error)
    messages.success(request, f"{name} may now log in as {role}.")
    return HttpResponseRedirect("/people/")


@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Another role, another password, shut out or let in again: what `do` says."""
    user = User.objects.filter(pk=min(number, 2**62)).first()
    if user is None:
        raise Http404("no such person")
    asked = request.POST.get("do", "")
    note = partial(record_person, person_id(user), asked, author=author_of(request))
    try:
        with transaction.atomic():
            if asked == "role":
                role = request.POST.get("role", "")
                _check_role(role)
                before = next((g.name for g in user.groups.all() if g.name in ROLES), None)
                user.groups.set([Group.objects.get(name=role)])
                note(old={"role": before}, new={"name": user.get_username(), "role": role})
            elif asked == "password":
                user.set_password(_password(request))
                user.save(update_fields=["password"])
                note(new={"name": user.get_username()})
            elif asked in ("shut-out", "let-in"):
                user.is_active = asked == "let-in"
                user.save(update_fields=["is_active"])
                note(new={"name": user.get_username()})
                if not user.is_active:
                    revoke_all_of(user.get_username(), author_of(request))
            else:
                raise SettingsError("unknown-change", "there is no such change")
            if not User.objects.filter(is_active=True, groups__name="admin").exists():
                raise SettingsError("last-admin", "somebody must stay admin", todo="Make another person admin first.")
    except SettingsError as error:
        return _page(request, error)
    messages.success(request, f"Done for {user.get_username()}.")
    return HttpResponseRedirect("/people/")


@require_POST
def add_token(request: HttpRequest) -> HttpResponse:
    """A new key, shown this once."""
    days = request.POST.get("days", "")
    name = " ".join(request.POST.get("name", "").split())
    try:
        n_days = int(days) if days.isascii() and days.isdigit() and len(days) < 6 else 0
        key = make_token(name, request.POST.get("scope", ""), n_days, author_of(request))
    except SettingsError as error:
        return _page(request, error)
    return _page(request, key=key)


@require_POST
def revoke_token(request: HttpRequest, number: int) -> HttpResponse:
    """That key opens nothing any more."""
    revoke(min(number, 2**62), author_of(request))
    return HttpResponseRedirect("/people/#keys")


@require_http_methods(["GET", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Whoever is logged in chooses another password, having given the present one; other sessions end."""
    user = request.user
    context: dict[str, Any] = {"shortest": SHORTEST_PASSWORD, "has_account": user.is_authenticated}
    if request.method == "GET" or not isinstance(user, User):
        return render(request, "desk/password.html", context)
    try:
        # asked of the same door as the login, so that wrong tries are counted and closed there
        if authenticate(request, username=user.get_username(), password=request.POST.get("old", "")) is None:
            raise SettingsError("wrong-password", "the present password is another", todo="After eight tries wait.")
        password = _password(request)
        if password != request.POST.get("again", ""):
            raise SettingsError("not-the-same", "the new password was not typed twice alike")
        with transaction.atomic():
            user.set_password(password)
            user.save(update_fields=["password"])
            record_person(person_id(user), "password", author=author_of(request), new={"name": user.get_username()})
    except SettingsError as error:
        context["problem"] = f"{error.what}. {error.todo}".strip()
        return render(request, "desk/password.html", context, status=400)
    update_session_auth_hash(request, user)
    messages.success(request, "Your password is changed. Whoever was logged in with the old one is logged out.")
    return HttpResponseRedirect("/")


def _page(request: HttpRequest, error: SettingsError | None = None, key: str | None = None) -> HttpResponse:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    users = User.objects.order_by("username").prefetch_related("groups")
    context = {
        "rows": [(user, next((g.name for g in user.groups.all() if g.name in ROLES), None)) for user in users],
        "tokens": [(t, t.revoked_at is None and t.expires_at > now) for t in TokenRow.objects.order_by("-pk")],
        "changes": [d for d in decisions_on(newest_first=True) if d.kind == "person"][:MOST_CHANGES],
        "roles": ROLES,
        "scopes": SCOPES,
        "longest": LONGEST_DAYS,
        "shortest": SHORTEST_PASSWORD,
        "problem": f"{error.what}. {error.todo}".strip() if error else None,
        "key": key,
    }
    return render(request, "desk/people.html", context, status=400 if error else 200)


def _check_name(name: str) -> None:
    try:
        User(username=name).clean_fields(exclude={"password"})
    except ValidationError as error:
        what = "a name has at most 150 letters, digits and @ . + - _"
        raise SettingsError("bad-name", what) from error
    if User.objects.filter(username__iexact=name).exists():
        raise SettingsError("user-exists", f"there is a user '{name}' already", todo="Choose another name.")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise SettingsError("unknown-role", f"a role is one of {', '.join(ROLES)}")


def _password(request: HttpRequest) -> str:
    password = request.POST.get("password", "")
    if len(password) < SHORTEST_PASSWORD:
        raise SettingsError("weak-password", f"a password needs {SHORTEST_PASSWORD} characters or more")
    return password

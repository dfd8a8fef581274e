"""What serving pages adds to the store's settings: closed by default, no inline script, no outside address."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from trucewatch.running.dossiers import TilesFile
from trucewatch.terms.errors import SettingsError

SECRET_VARIABLE = "TRUCEWATCH_SECRET"
HOSTS_VARIABLE = "TRUCEWATCH_HOSTS"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024  # of one request; the server refuses more before any view runs
SHORTEST_PASSWORD = 10
MOST_FILES = 500  # of one upload

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def policy_of(tiles: TilesFile | None) -> str:
    """The content security policy of every page: nothing from outside, but for the tiles the dossier asks for."""
    if tiles is None:
        return CONTENT_SECURITY_POLICY
    allowed = CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {tiles.origin}")
    return allowed.replace("connect-src 'self'", f"connect-src 'self' {tiles.origin}")


def secret_of(folder: Path) -> str:
    """The secret that signs sessions: from TRUCEWATCH_SECRET, else a file of the dossier made at first (mode 600)."""
    given = os.environ.get(SECRET_VARIABLE)
    if given is not None:
        if len(given) < 32:
            raise SettingsError(
                "weak-secret",
                f"{SECRET_VARIABLE} has {len(given)} characters; it needs 32 or more",
                todo="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
        return given
    path = folder / ".secret"
    if not path.exists():
        # opened with its mode at once: written first and closed later it could be read in between
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text("ascii").strip()


def hosts_given() -> list[str]:
    """The names under which a proxy serves the desk, from TRUCEWATCH_HOSTS."""
    return [h.strip() for h in os.environ.get(HOSTS_VARIABLE, "").split(",") if h.strip()]


def beyond_loopback(host: str) -> bool:
    """True where others can reach the desk: it listens wider than loopback, or a proxy serves it under a name."""
    return host not in LOOPBACK or bool(hosts_given())


def desk_settings(folder: Path, *, host: str, tiles: TilesFile | None = None) -> dict[str, Any]:
    """Further settings for `open_store`: apps, middleware, templates, sessions, headers for a dossier and host."""
    local = not beyond_loopback(host)
    hosts = hosts_given()
    secure = not local and os.environ.get("TRUCEWATCH_PLAIN_HTTP") != "1"
    return {
        "SECRET_KEY": secret_of(folder),
        "DEBUG": False,
        "USE_I18N": False,  # pages are in one language; asking for each number how a country writes it takes a third
        "ALLOWED_HOSTS": [*LOOPBACK, "[::1]", *([host] if host not in ("0.0.0.0", "::") else []), *hosts],
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "axes",
            "trucewatch.desk.apps.DeskConfig",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "trucewatch.desk.middleware.Headers",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "trucewatch.desk.middleware.Access",
            "axes.middleware.AxesMiddleware",
        ],
        "AUTHENTICATION_BACKENDS": ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"],
        "AXES_FAILURE_LIMIT": 8,
        "AXES_COOLOFF_TIME": 0.25,  # hours
        "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
        "AXES_VERBOSE": False,
        "ROOT_URLCONF": "trucewatch.desk.urls",
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.messages.context_processors.messages",
                        "trucewatch.desk.access.page_context",
                    ],
                },
            }
        ],
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_MAX_AGE": 3600,
        "LOGIN_URL": "/login/",
        "LOGIN_REDIRECT_URL": "/",
        "LOGOUT_REDIRECT_URL": "/login/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_SECURE": secure,
        # the proxy speaks HTTPS and we do not, so the address a form comes from differs from ours in that word
        "CSRF_TRUSTED_ORIGINS": [f"https://{h}" for h in hosts],
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": UPLOAD_LIMIT_BYTES,
        "DATA_UPLOAD_MAX_NUMBER_FILES": MOST_FILES,
        "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
        "TRUCEWATCH_FOLDER": folder,
        "TRUCEWATCH_TILES": tiles,
        "TRUCEWATCH_OPEN_LOCALLY": local,
    }

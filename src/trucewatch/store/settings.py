"""Django, set up for one dossier: SQLite beside it by default, PostgreSQL by one setting."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings

from trucewatch.terms.errors import SettingsError

# What the type checker's Django plugin reads when it loads this module as a settings module; `configure` is what runs.
INSTALLED_APPS = [
    "trucewatch.store.apps.StoreConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
]
SECRET_KEY = "only for checking types"
TRUCEWATCH_FOLDER = Path()
TRUCEWATCH_OPEN_LOCALLY = False

# What the desk keeps its users with: a backup without them would lock everybody out.
TABLE_APPS = ("django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions")

URL_VARIABLE = "TRUCEWATCH_DATABASE_URL"
FILE_NAME = "trucewatch.sqlite3"

# WAL lets the desk read while a run writes; NORMAL is safe against a killed process, and with WAL against all but the
# very last transactions at a power cut. The cache is negative, so KiB: 64 MB.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; "
    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
)


def database_of(dossier: Path, url: str | None = None) -> dict[str, Any]:
    """Django's database setting: from `url`, else from TRUCEWATCH_DATABASE_URL, else the SQLite file of the dossier.

    Raises SettingsError for an address that is neither sqlite: nor postgresql:.
    """
    address = url or os.environ.get(URL_VARIABLE)
    if not address:
        return _sqlite(dossier / FILE_NAME)
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path).removeprefix("/")) if parts.path else Path(FILE_NAME)
        return _sqlite(path if parts.path.startswith("//") or path.is_absolute() else dossier / path)
    if parts.scheme in ("postgresql", "postgres"):
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        host = options.pop("host", None) or unquote(parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")) or "trucewatch",
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    raise SettingsError(
        "database-address",
        f"a database address begins with sqlite: or postgresql:, not '{parts.scheme or address.split(':')[0]}:'",
        where=URL_VARIABLE,
        todo="Write postgresql://user:password@host:5432/name, or leave it out to use the dossier's own SQLite file.",
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        # IMMEDIATE: a transaction that will write takes its lock at the start, or two writers could deadlock in it
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
    }


def base_settings(database: Mapping[str, Any], apps: Sequence[str] = ()) -> dict[str, Any]:
    """The settings of the store alone; whoever serves pages adds apps and whatever else it needs."""
    return {
        "INSTALLED_APPS": ["trucewatch.store.apps.StoreConfig", *apps],
        "DATABASES": {"default": dict(database)},
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    }


def configure(database: Mapping[str, Any], extra: Mapping[str, Any] | None = None) -> None:
    """Django is set up and its default connection leads to that database.

    `extra` are further settings; its INSTALLED_APPS come after the store's. The first call in a process decides on
    the settings, a later one only leads the connection elsewhere. Raises SettingsError where it brings apps too late.
    """
    more = dict(extra or {})
    apps = list(more.pop("INSTALLED_APPS", ()))
    if not settings.configured:
        settings.configure(**{**base_settings(database, apps), **more})
        django.setup()
        return
    if late := [app for app in apps if app not in settings.INSTALLED_APPS]:
        raise SettingsError("apps-too-late", f"Django is set up already, without {', '.join(late)}")
    _lead_to(database)


def _lead_to(database: Mapping[str, Any]) -> None:
    from django.db import connections

    if all(connections.settings["default"].get(key) == value for key, value in database.items()):
        return
    connections["default"].close()
    merged = connections.configure_settings({"default": dict(database)})["default"]
    connections.settings["default"] = merged
    settings.DATABASES["default"] = merged
    del connections["default"]

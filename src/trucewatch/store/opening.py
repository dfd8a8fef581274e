"""Opening a dossier's store: connected, migrated, ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trucewatch.store.settings import configure, database_of
from trucewatch.terms.errors import StoreError


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: `folder` is the dossier's, `vendor` is sqlite or postgresql."""

    folder: Path
    vendor: str

    @property
    def raw(self) -> Path:
        """The folder of raw bytes, each file named by its SHA-256."""
        return self.folder / "raw"


def open_store(
    folder: str | Path, url: str | None = None, *, create: bool = True, extra: Mapping[str, Any] | None = None
) -> Store:
    """The store of that dossier, its tables brought up to date.

    With `create` False, a SQLite file that is not there is an error and not an empty store. `extra` are settings of
    whoever serves pages. Raises StoreError where the database cannot be reached.
    """
    place = Path(folder).resolve()
    database = database_of(place, url)
    if not create and "sqlite3" in database["ENGINE"] and not Path(database["NAME"]).exists():
        raise StoreError(
            "no-store", "this dossier has no store yet", where=str(folder), todo=f"Make it: trucewatch run {folder}"
        )
    configure(database, extra)
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        connection.ensure_connection()
        _migrate()
    except OperationalError as error:
        raise StoreError(
            "database-unreachable",
            f"the database cannot be opened: {str(error).strip().splitlines()[0]}",
            where=str(database["NAME"]),
            todo="Check that the folder can be written to, or that PostgreSQL runs and its address is right.",
        ) from error
    return Store(place, connection.vendor)


def close_store() -> None:
    """The connection of this thread is closed."""
    from django.db import connections

    connections.close_all()


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)

"""A dossier and its store, opened together."""

from __future__ import annotations

from pathlib import Path

from trucewatch.running.dossiers import Dossier, find_folder, load_dossier
from trucewatch.store.opening import Store, open_store


def open_dossier(folder: str | Path | None = None, *, create: bool = False) -> tuple[Dossier, Store]:
    """The dossier and its store. With `create`, a store that is not there yet is made.

    Raises SettingsError for a folder that is no dossier and StoreError for a store that is missing or unreachable.
    """
    place = find_folder(folder)
    dossier = load_dossier(place)
    return dossier, open_store(dossier.folder, dossier.database_url(), create=create)

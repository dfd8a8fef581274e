"""The dossier last run: what `explain ID` looks into where no dossier is named."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_state_path

from trucewatch.running.dossiers import FILE_NAME, find_folder
from trucewatch.terms.errors import SettingsError


def remember(folder: Path) -> None:
    """The folder is remembered; where the home is read-only it is not, and nothing else happens."""
    place = _place()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(str(folder), "utf-8")
    except OSError:
        return


def folder_or_last(given: Path | None) -> Path:
    """The folder as given or found from here, else the one remembered. Raises SettingsError where there is none."""
    try:
        return find_folder(given)
    except SettingsError:
        place = _place()
        last = Path(place.read_text("utf-8")) if place.is_file() else None
        if last is None or not (last / FILE_NAME).is_file():
            raise
        return last


def _place() -> Path:
    return user_state_path("trucewatch") / "last-dossier"

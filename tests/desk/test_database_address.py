"""The desk serves the database that `dossier.yaml` names, as every command does."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Desk, copy_of, hire, logged_in, serve
from test_uploads import TOLD, added, ended

pytestmark = pytest.mark.model


def test_the_desk_and_its_worker_use_the_database_the_dossier_names(read_dossier: Path, tmp_path: Path) -> None:
    folder = copy_of(read_dossier, tmp_path / "house")
    own, named = folder / "trucewatch.sqlite3", folder / "elsewhere.sqlite3"
    for part in folder.glob("trucewatch.sqlite3*"):
        part.rename(part.with_name(part.name.replace("trucewatch", "elsewhere")))
    with (folder / "dossier.yaml").open("a") as file:
        file.write("\ndatabase: sqlite:///elsewhere.sqlite3\n")
    hire(folder)
    for desk in serve(folder):
        _asked(desk)
    assert named.exists() and not own.exists()


def _asked(desk: Desk) -> None:
    with logged_in(desk, "editor") as client:
        assert client.get("/api/incidents?limit=1").json()["total"] > 0
        files = [("one.txt", TOLD.encode())]
        place = added(client, desk, files, source="Named Wire", published="2020-03-10").headers["location"]
        assert ">done</span>" in ended(client, place)
        assert "Seeing 1 of 1" in client.get("/reports/?source=Named+Wire").text

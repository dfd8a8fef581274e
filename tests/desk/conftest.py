"""The real server over the example dossier, and the standing cast: stranger, viewer, reviewer, editor, admin."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import CHROMIUM_FLAGS, ROOT, Desk, copy_of, hire, serve, trucewatch
from playwright.sync_api import Browser, sync_playwright


@pytest.fixture(scope="session")
def read_dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example dossier, read once for all tests of the desk."""
    root = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "agreements", root / "agreements")
    folder = root / "examples" / "idlib-2020"
    made = shutil.ignore_patterns("*.sqlite3*", "raw", "bulletin.*", ".secret")
    shutil.copytree(ROOT / "examples" / "idlib-2020", folder, ignore=made)
    trucewatch("run", str(folder))
    return folder


@pytest.fixture(scope="session")
def open_desk(read_dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk on one laptop: nobody has an account, whoever asks is the admin."""
    yield from serve(copy_of(read_dossier, tmp_path_factory.mktemp("open") / "house"))


@pytest.fixture(scope="session")
def team_desk(read_dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of a team: each of the cast has an account named as its role."""
    folder = copy_of(read_dossier, tmp_path_factory.mktemp("team") / "house")
    hire(folder)
    yield from serve(folder)


@pytest.fixture(scope="session")
def postgres_desk(read_dossier: Path, postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of the same team over PostgreSQL, restored from a backup of what was read."""
    import psycopg

    with psycopg.connect(postgres_server.format(name="postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE desk")
    url, root = postgres_server.format(name="desk"), tmp_path_factory.mktemp("postgres") / "house"
    shutil.copytree(ROOT / "agreements", root / "agreements")
    folder, archive = root / "examples" / read_dossier.name, root / "read.tar.gz"
    trucewatch("backup", str(read_dossier), str(archive))
    trucewatch("restore", str(archive), str(folder), "--database", url)
    hire(folder, url)
    yield from serve(folder, url)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_desk(request: pytest.FixtureRequest) -> Desk:
    """The desk of a team over each kind of database."""
    desk: Desk = request.getfixturevalue("team_desk" if request.param == "sqlite" else "postgres_desk")
    return desk


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, for one module: while it is open no other test of the process may use Django's store."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Debian's chromium is not installed: apt-get install chromium")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()

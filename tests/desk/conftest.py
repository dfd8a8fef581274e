"""The real server over the example dossier, and the standing cast: stranger, viewer, reviewer, editor, admin."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import CAST, PASSWORD, ROOT, Desk, copy_of, serve, trucewatch


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
    for role in CAST:
        trucewatch("desk", str(folder), "--add-user", role, "--role", role, "--password-stdin", stdin=PASSWORD + "\n")
    yield from serve(folder)

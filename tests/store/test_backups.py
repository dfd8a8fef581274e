"""Backup and restore: the same dossier again, in either database."""

from __future__ import annotations

import shutil
from pathlib import Path

import gorno
import pytest

from trucewatch.reading.sources import keep_raw
from trucewatch.running.exports import export
from trucewatch.store import reader
from trucewatch.store.archives import unpack
from trucewatch.store.audits import audit
from trucewatch.store.backups import backup, fill
from trucewatch.store.decisions import decide
from trucewatch.store.opening import Store, close_store, open_store
from trucewatch.terms.errors import SettingsError


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.fixture
def archive(store: Store, stages: gorno.GornoStages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a dossier with decisions and a raw file."""
    keep_raw(b"as it came", store.raw)
    for view in reader.incidents(limit=2).rows:
        decide("accept", view.incident.incident_id, author="reviewer", reason="read it")
    target = tmp_path_factory.mktemp("backups") / "gorno.tar.gz"
    backup(store, target)
    return target


def test_a_restored_dossier_has_the_same_export_and_passes_the_audit(store: Store, archive: Path) -> None:
    export(archive.parent / "before")
    close_store()
    folder = archive.parent / "restored"
    manifest = unpack(archive, folder)
    other = open_store(folder)
    fill(other, manifest)
    shutil.rmtree(folder / ".restoring")
    export(archive.parent / "after")
    assert files(archive.parent / "before") == files(archive.parent / "after")
    found = audit(other)
    assert (found.faults, found.n_decisions, found.n_raw) == ((), 2, 1)
    assert (folder / "dossier.yaml").is_file()
    decide("note", reader.incidents().rows[0].incident.incident_id, author="reviewer", reason="goes on")
    assert audit(other).faults == ()


def test_the_same_content_gives_the_same_archive(store: Store, archive: Path) -> None:
    again = archive.with_name("again.tar.gz")
    backup(store, again)
    import gzip

    assert gzip.decompress(again.read_bytes()) == gzip.decompress(archive.read_bytes())


def test_a_backup_is_not_restored_over_a_dossier(store: Store, archive: Path) -> None:
    with pytest.raises(SettingsError, match="folder-not-empty"):
        unpack(archive, store.folder)


def test_a_damaged_backup_is_refused(store: Store, archive: Path) -> None:
    content = bytearray(archive.read_bytes())
    archive.write_bytes(content[: len(content) // 2])
    with pytest.raises(SettingsError, match="backup-damaged"):
        unpack(archive, archive.parent / "restored")

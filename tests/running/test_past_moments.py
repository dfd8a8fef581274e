"""Whatever changes later - files, reader, decisions - every past moment is printed again as it was printed then."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import trucewatch
from trucewatch.cli.main import run
from trucewatch.running.openings import open_dossier
from trucewatch.store.opening import close_store

Captured = pytest.CaptureFixture[str]

REPO = Path(__file__).parents[2]
REPORTS = ("zawiya-2020-03-09.txt", "zawiya-2020-04-13.md", "field-notes-2020-03-16.txt")
COMMANDS = (
    ("ledger",),
    ("ledger", "--by", "term", "--format", "jsonl"),
    ("ledger", "--rule", "all"),
    ("tallies", "--format", "jsonl"),
    ("incidents", "--format", "jsonl"),
    ("findings", "--format", "jsonl"),
    ("obligations", "--format", "jsonl"),
)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def folder(tmp_path: Path, database_url: str | None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A part of the example as a dossier of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("TRUCEWATCH_DATABASE_URL", raising=False)
    if database_url:
        monkeypatch.setenv("TRUCEWATCH_DATABASE_URL", database_url)
    example, made = REPO / "examples" / "idlib-2020", tmp_path / "dossier"
    (made / "reports").mkdir(parents=True)
    for name in ("dossier.yaml", "actors.yaml", "sources.yaml", "places.csv"):
        shutil.copy(example / name, made)
    for name in REPORTS:
        shutil.copy(example / "reports" / name, made / "reports")
    shutil.copytree(REPO / "agreements" / "geo", tmp_path / "agreements" / "geo")
    for name in re.findall(r"agreements/(\S+\.yaml)", (made / "dossier.yaml").read_text("utf-8")):
        shutil.copy(REPO / "agreements" / name, tmp_path / "agreements")
    edit(made / "dossier.yaml", "../../agreements", "../agreements")
    return made


class Printer:
    """Prints what the commands print, now or as known at a moment, and remembers what was printed when."""

    def __init__(self, folder: Path, capsys: Captured) -> None:
        self.folder, self.capsys = folder, capsys
        self.printed: list[tuple[str, str, list[str]]] = []

    def all(self, *more: str) -> list[str]:
        out = []
        self.capsys.readouterr()
        for name, *words in COMMANDS:
            assert run([name, str(self.folder), *words, *more]) == 0
            out.append(self.capsys.readouterr().out)
        target = self.folder.parent / "page.html"
        assert run(["bulletin", str(self.folder), "-o", str(target), *(more or ["--draft"])]) == 0
        out += re.findall(r"hash (\w{64})", self.capsys.readouterr().out)
        out += re.findall(r"<title>(.*?)</title>", target.read_text("utf-8"))
        return out

    def remember(self, what: str) -> None:
        printed = self.all()
        time.sleep(0.01)
        self.printed.append((what, datetime.now(UTC).isoformat(), printed))
        time.sleep(0.01)


def first_id(folder: Path, capsys: Captured, command: str, pattern: str) -> str:
    assert run([command, str(folder), "--format", "jsonl"]) == 0
    found = re.search(pattern, capsys.readouterr().out)
    assert found
    return found[1]


def run_other_code(folder: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    """The dossier is run by a copy of the code in which something is changed."""
    copy = tmp_path / "code" / "trucewatch"
    shutil.copytree(Path(trucewatch.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    change(copy)
    done = subprocess.run(
        [sys.executable, "-m", "trucewatch", "run", str(folder)],
        env={**os.environ, "PYTHONPATH": str(copy.parent)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def drop_a_word(code: Path) -> None:
    """The reader of this copy knows no storming."""
    edit(code / "terms" / "codebook" / "lexicon_en.yaml", "verbs: [storm, ", "verbs: [")


def test_every_past_moment_is_printed_as_it_was(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    printer = Printer(folder, capsys)
    assert run(["run", str(folder)]) == 0
    printer.remember("the first run")

    incident = first_id(folder, capsys, "findings", r'"incident": ?"(inc_\w+)".*"outcome": ?"breach_if_true"')
    assert run(["decide", "verify", incident, "-d", str(folder), "--author", "R", "--reason", "seen"]) == 0
    printer.remember("a decision")

    agreement = tmp_path / "agreements" / "idlib-2020-03-05.yaml"
    edit(agreement, "north_m: 6000, south_m: 6000", "north_m: 40000, south_m: 40000")
    edit(folder / "dossier.yaml", "title: North-west Syria", "title: Other title")
    assert run(["run", str(folder)]) == 0
    printer.remember("an area widened, a title changed")

    run_other_code(folder, tmp_path, drop_a_word)
    printer.remember("another word list")

    (folder / "reports" / "more.txt").write_bytes(
        (REPO / "examples" / "idlib-2020" / "reports" / "zawiya-2020-06-09.txt").read_bytes()
    )
    edit(folder / "sources.yaml", "reliability: C", "reliability: E")
    edit(folder / "actors.yaml", "name: Syrian army", "name: Army of Syria")
    assert run(["run", str(folder)]) == 0
    printer.remember("a report more, sources and actors changed, the first word list again")

    assert run(["decide", "reject", incident, "-d", str(folder), "--author", "R", "--reason", "a rumour"]) == 0
    agreement.unlink()
    edit(folder / "dossier.yaml", "  - ../agreements/idlib-2020-03-05.yaml\n", "")
    assert run(["run", str(folder)]) == 0
    printer.remember("a decision turned round, an agreement taken out")

    capsys.readouterr()
    for (before, _, one), (after, _, two) in zip(printer.printed, printer.printed[1:], strict=False):
        assert one != two, f"nothing changed from {before} to {after}"
    for what, moment, printed in printer.printed:
        assert printer.all("--known-at", moment) == printed, what
    close_store()


def test_the_dossier_is_left_as_it_was(folder: Path, capsys: Captured) -> None:
    assert run(["run", str(folder)]) == 0
    assert run(["export", str(folder), "-o", str(folder.parent / "a")]) == 0
    Printer(folder, capsys).all("--known-at", "2100-01-01")
    assert run(["export", str(folder), "-o", str(folder.parent / "b")]) == 0
    _, store = open_dossier(folder)
    assert store.folder == folder.resolve()
    assert (folder.parent / "a" / "manifest.json").read_bytes() == (folder.parent / "b" / "manifest.json").read_bytes()
    close_store()


def test_files_edited_after_the_last_run_are_told_of(folder: Path, capsys: Captured) -> None:
    page, draft = folder.parent / "page.html", folder.parent / "draft.html"
    shown = [*COMMANDS[:1], *COMMANDS[3:4], *COMMANDS[5:]]
    agreement = "../agreements/idlib-2020-03-05.yaml"

    def told(*more: str) -> list[str]:
        out = []
        for name, *words in [*shown, ("bulletin", "--draft", "-o", str(draft))]:
            capsys.readouterr()
            assert run([name, str(folder), *words, *more]) == 0
            out.append(capsys.readouterr().err)
        return out

    assert run(["run", str(folder)]) == 0
    before = datetime.now(UTC).isoformat()
    assert not any("changed after" in err for err in told())

    edit(folder / agreement, "north_m: 6000, south_m: 6000", "north_m: 40000, south_m: 40000")
    assert all(f"{agreement} was changed after the last run of {before[:10]}" in err for err in told())
    assert not any("changed after" in err for err in told("--known-at", before))
    capsys.readouterr()
    assert run(["bulletin", str(folder), "-o", str(page)]) == 2
    refused = capsys.readouterr().err
    assert agreement in refused
    assert "[files-changed]" in refused
    assert "trucewatch run" in refused
    assert not page.exists()

    edit(folder / "actors.yaml", "name: Syrian army", "name: Army of Syria")
    assert all("were changed after the last run" in err and "actors.yaml" in err for err in told())
    assert run(["run", str(folder)]) == 0
    assert not any("changed after" in err for err in told())
    assert run(["bulletin", str(folder), "-o", str(page)]) == 0
    close_store()

"""What the README shows works, line by line, for somebody who has never run it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from pages import ROOT, shell_blocks

pytestmark = pytest.mark.model
REPORTS = ROOT / "examples" / "idlib-2020" / "reports"


def _lines() -> list[str]:
    blocks = [b for b in shell_blocks((ROOT / "README.md").read_text("utf-8")) if "trucewatch new" in b]
    assert len(blocks) == 1
    return blocks[0].strip().splitlines()


@pytest.fixture
def shell(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and `trucewatch` on the path. The folder holds the report and the reports the README names."""
    program = tmp_path / "bin" / "trucewatch"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m trucewatch "$@"\n')
    program.chmod(0o755)
    shutil.copy(REPORTS / "field-notes-2020-03-16.txt", tmp_path / "report.txt")
    (tmp_path / "reports").mkdir()
    for name in ("field-notes-2020-03-16.txt", "homs-gate.jsonl"):
        shutil.copy(REPORTS / name, tmp_path / "reports")
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    homes = {name: str(tmp_path / "home") for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRUCEWATCH_")}
    return {**kept, **homes, "PATH": path}


def test_the_commands_of_the_readme_run(tmp_path: Path, shell: dict[str, str]) -> None:
    *lines, last = _lines()
    an_id = ""
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", re.sub(r"\bID\b", an_id, line)], cwd=tmp_path, env=shell, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        if line.startswith("trucewatch incidents"):
            an_id = next(iter(re.findall(r"\binc_\w+", done.stdout)), "")
            assert an_id, done.stdout
        elif line.startswith("trucewatch explain"):
            assert "SHA-256" in done.stdout
    assert "lleged" in (tmp_path / "bulletin.html").read_text("utf-8")
    assert last.startswith("trucewatch desk my-dossier")
    _serves(tmp_path, shell)


def _serves(folder: Path, shell: dict[str, str]) -> None:
    """The last line of the README, on a port that is free."""
    words = ["trucewatch", "desk", "my-dossier", "--port", "0"]
    with subprocess.Popen(words, cwd=folder, env=shell, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = next(a for line in process.stdout for a in re.findall(r"http://[\d.]+:\d+/", line))
            assert "my-dossier" in httpx.get(address, follow_redirects=True, timeout=60).text
        finally:
            process.terminate()
            process.wait(30)

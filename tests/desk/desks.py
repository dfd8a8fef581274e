"""Starting the real server, and asking it as a member of the standing cast."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from trucewatch.store.settings import URL_VARIABLE

ROOT = Path(__file__).parents[2]
CAST = ("viewer", "reviewer", "editor", "admin")
PASSWORD = "a long enough password"
CHROMIUM_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """A running server: its address and the dossier it serves."""

    url: str
    folder: Path


def trucewatch(*args: str, stdin: str | None = None, url: str | None = None) -> str:
    """What the command prints, over that database. Fails the test with its last words where it ends with an error."""
    env = {**_environment(url), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "trucewatch", *args], capture_output=True, text=True, input=stdin, env=env
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def serve(folder: Path, url: str | None = None) -> Iterator[Desk]:
    """A server process of its own on a free port of loopback, over that database, ended afterwards."""
    command = [sys.executable, "-u", "-m", "trucewatch", "desk", str(folder), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment(url)
    ) as process:
        assert process.stdout is not None
        words: list[str] = []
        for line in process.stdout:
            words.append(line)
            if found := re.search(r"http://[\d.]+:\d+/", line):
                break
        else:
            pytest.fail("the server ended: " + "".join(words))
        try:
            yield Desk(found.group(0).rstrip("/"), folder)
        finally:
            process.terminate()
            process.wait(20)


def hire(folder: Path, url: str | None = None) -> None:
    """Each of the cast has an account named as its role."""
    for role in CAST:
        words = ("--add-user", role, "--role", role, "--password-stdin")
        trucewatch("desk", str(folder), *words, stdin=PASSWORD + "\n", url=url)


def _environment(url: str | None) -> dict[str, str]:
    return {**os.environ, **({URL_VARIABLE: url} if url else {})}


def copy_of(folder: Path, to: Path) -> Path:
    """Another copy of a dossier that was read, with its agreements where it looks for them."""
    shutil.copytree(folder.parents[1], to)
    return to / "examples" / folder.name


@contextmanager
def logged_in(desk: Desk, role: str | None) -> Iterator[httpx.Client]:
    """A client as that member of the cast; None is the stranger."""
    with httpx.Client(base_url=desk.url, follow_redirects=False, timeout=60) as client:
        _log_in(client, desk, role)
        yield client


def _log_in(client: httpx.Client, desk: Desk, role: str | None) -> None:
    if role is not None:
        page = client.get("/login/").text
        answer = client.post(
            "/login/", data={"username": role, "password": PASSWORD, "csrfmiddlewaretoken": token_in(page)},
            headers={"Referer": desk.url + "/login/"},
        )  # fmt: skip
        assert answer.status_code == 302, answer.text[-500:]


def token_in(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "no form token on the page"
    return found.group(1)

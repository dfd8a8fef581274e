"""What all tests share: a store of each kind, and a PostgreSQL cluster of their own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from trucewatch.desk.settings import desk_settings
from trucewatch.store.opening import Store, close_store, open_store
from trucewatch.store.settings import FILE_NAME, configure, database_of

# Django takes its apps once per process, and models can only be imported after that: the desk's are the largest set.
_first = Path(tempfile.mkdtemp(prefix="trucewatch-tests-"))
configure(database_of(_first, f"sqlite:///{_first}/{FILE_NAME}"), desk_settings(_first, host="127.0.0.1"))
atexit.register(shutil.rmtree, _first, ignore_errors=True)

_NOBODY = 65534  # PostgreSQL refuses to run as root; this user exists everywhere


@pytest.fixture(scope="session", autouse=True)
def _real_databases(django_db_blocker: Any) -> None:
    """pytest-django would allow only its own test database; ours are made here, one per test."""
    django_db_blocker.unblock()


def _programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running cluster's server, without a database's name."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    folder = Path(tempfile.mkdtemp(prefix="trucewatch-pg-"))
    folder.chmod(0o777)
    become = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []

    def call(*words: str | Path) -> None:
        done = subprocess.run([*become, *map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr or done.stdout

    cluster, log = folder / "cluster", folder / "log"
    call(programs / "initdb", "-D", cluster, "-U", "trucewatch", "--auth=trust", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=40"
    call(programs / "pg_ctl", "-D", cluster, "-w", "-l", log, "-o", options, "start")
    try:
        yield f"postgresql://trucewatch@/{{name}}?host={folder}"
    finally:
        call(programs / "pg_ctl", "-D", cluster, "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _new_database(server: str, template: str) -> str:
    import psycopg

    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_database").fetchone()
        name = f"dossier_{row[0] if row else 0}"
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.format(name=name)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with empty tables, to be copied: making them anew for each test takes longer than most tests."""
    folder = tmp_path_factory.mktemp("migrated")
    open_store(folder, f"sqlite:///{folder}/{FILE_NAME}")
    close_store()
    return folder / FILE_NAME


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with empty tables, to be copied."""
    address = _new_database(postgres_server, "template1")
    open_store(tmp_path_factory.mktemp("migrated"), address)
    close_store()
    return address.split("@/")[1].split("?")[0]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """The address of a database of each kind with empty tables; None is the dossier's own SQLite file."""
    if request.param == "postgresql":
        template = request.getfixturevalue("migrated_postgres")
        return _new_database(request.getfixturevalue("postgres_server"), template)
    shutil.copy(request.getfixturevalue("migrated_file"), request.getfixturevalue("tmp_path") / FILE_NAME)
    return None


@pytest.fixture
def store(tmp_path: Path, database_url: str | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store of each kind in a folder of its own."""
    monkeypatch.delenv("TRUCEWATCH_DATABASE_URL", raising=False)
    yield open_store(tmp_path, database_url)
    close_store()


@pytest.fixture
def sqlite_store(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store in SQLite, for what does not depend on the database."""
    shutil.copy(migrated_file, tmp_path / FILE_NAME)
    monkeypatch.delenv("TRUCEWATCH_DATABASE_URL", raising=False)
    yield open_store(tmp_path)
    close_store()


_SERVER = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
contents, seen = json.loads(sys.argv[1]), sys.argv[2]
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(seen, "a") as f:
            f.write(json.dumps({"path": self.path, "key": self.headers.get("Authorization"), "body": body}) + "\\n")
        status, content = contents.pop(0)
        usage = {"prompt_tokens": 1000, "completion_tokens": 200}
        answer = {"choices": [{"message": {"content": content}}], "usage": usage}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())
    def log_message(self, *args):
        pass
server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., tuple[str, Path]]]:
    """Starts a server that gives the answers in turn; returns its address and the file of what it was asked."""
    started: list[subprocess.Popen[str]] = []

    def start(*answers: Any) -> tuple[str, Path]:
        seen = tmp_path / "seen.jsonl"
        contents = json.dumps([a if isinstance(a, tuple) else (200, json.dumps(a)) for a in answers])
        words = [sys.executable, "-c", _SERVER, contents, str(seen)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return f"http://127.0.0.1:{process.stdout.readline().strip()}/v1", seen

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()

"""Against a real server on loopback, which can break off in the middle."""

import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from trucewatch.cli.gazetteer import command
from trucewatch.linking.gazetteers.downloads import fetch_country
from trucewatch.terms.errors import SettingsError

ROW = (
    "172408\tKafr Nabl\tKafr Nabl\tKafranbel\t35.61325\t36.56115\tP\tPPL\tSY"
    "\t\t12\t\t\t\t31000\t\t410\tAsia/Damascus\t2019-09-05\n"
)


@dataclass
class Serving:
    """What the server has and does: `breaks` is how many answers still end half way."""

    content: bytes
    breaks: int = 0
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""


def country_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("SY.txt", ROW * 200)
    return out.getvalue()


@pytest.fixture
def serving() -> Iterator[Serving]:
    state = Serving(country_zip())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.ranges.append(self.headers.get("Range"))
            if self.path != "/SY.zip":
                self.send_error(404)
                return
            start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
            if start >= len(state.content):
                self.send_error(416)
                return
            body = state.content[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if state.breaks:
                state.breaks -= 1
                body = body[: len(body) // 2]
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_country_file_arrives_whole(serving: Serving, tmp_path: Path) -> None:
    path = fetch_country("sy", tmp_path, serving.url, hashlib.sha256(serving.content).hexdigest())
    assert path == tmp_path / "SY.zip" and path.read_bytes() == serving.content


def test_a_transfer_that_breaks_goes_on_where_it_stopped(serving: Serving, tmp_path: Path) -> None:
    serving.breaks = 2
    assert fetch_country("SY", tmp_path, serving.url).read_bytes() == serving.content
    assert serving.ranges[0] is None and all(r and r != "bytes=0-" for r in serving.ranges[1:])
    assert len(serving.ranges) == 3


def test_what_an_earlier_call_left_is_taken_up(serving: Serving, tmp_path: Path) -> None:
    (tmp_path / "SY.zip.part").write_bytes(serving.content[:100])
    assert fetch_country("SY", tmp_path, serving.url).read_bytes() == serving.content
    assert serving.ranges == ["bytes=100-"]


def test_a_file_that_is_there_is_not_fetched_again(serving: Serving, tmp_path: Path) -> None:
    fetch_country("SY", tmp_path, serving.url)
    fetch_country("SY", tmp_path, serving.url)
    assert len(serving.ranges) == 1


def test_a_wrong_checksum_leaves_nothing(serving: Serving, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="download-damaged"):
        fetch_country("SY", tmp_path, serving.url, "0" * 64)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_refused(serving: Serving, tmp_path: Path) -> None:
    serving.content = serving.content[:400] + b"\0" * 40 + serving.content[440:]
    with pytest.raises(SettingsError, match="download-damaged"):
        fetch_country("SY", tmp_path, serving.url)


def test_a_country_the_server_has_not_is_the_users_fault(serving: Serving, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="404"):
        fetch_country("XX", tmp_path, serving.url)


def test_the_command_puts_it_into_the_dossier(serving: Serving, tmp_path: Path) -> None:
    (tmp_path / "dossier.yaml").write_text("name: Valley\n", "utf-8")
    done = CliRunner().invoke(command, ["add", "SY", "--to", str(tmp_path), "--base-url", serving.url])
    assert done.exit_code == 0, done.output
    assert "200 places" in done.output
    assert (tmp_path / "dossier.yaml").read_text("utf-8") == "name: Valley\ngazetteers: [gazetteers/SY.zip]\n"


def test_the_command_finds_names(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,lat,lon\nOld Mill,35.25,36.5\n", "utf-8")
    found = CliRunner().invoke(command, ["search", "old mill", "--gazetteer", str(path), "--format", "csv"])
    assert "Old Mill" in found.output and "35.25" in found.output
    missed = CliRunner().invoke(command, ["search", "Qwxzvb", "--gazetteer", str(path)])
    assert missed.exit_code == 1

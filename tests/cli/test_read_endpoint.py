"""`trucewatch read --reader endpoint` against a real server process on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from trucewatch.cli.main import run

Captured = pytest.CaptureFixture[str]
Serve = Callable[..., tuple[str, Path]]

TEXT = "Rebels shelled the town of Qarin on Thursday, killing four people."
ACCOUNT = {
    "type": "shelling", "quote": "Rebels shelled the town of Qarin on Thursday", "reality": "asserted", "date": None,
    "places": ["Qarin"], "actors": ["Rebels", "Northern Front"], "targets": [], "killed": {"min": 4, "max": 4},
    "injured": None, "said_by": None, "breach": False,
}  # fmt: skip
ANSWER = {"accounts": [ACCOUNT, {**ACCOUNT, "quote": "Rebels bombed Qarin"}], "statements": [], "tallies": []}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    return path


def words(file: Path, url: str, *more: str) -> list[str]:
    return ["read", str(file), "--reader", "endpoint", "--endpoint-url", url, "--model", "small", *more]


def test_what_is_grounded_is_printed_and_the_rest_counted_with_time_and_cost(
    serve: Serve, file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUCEWATCH_ENDPOINT_KEY", "secret")
    url, seen = serve(ANSWER)
    assert run(words(file, url, "--price-in", "3", "--price-out", "15")) == 0
    out, err = capsys.readouterr()
    (account,) = json.loads(out)["accounts"]
    assert account["quote"] in TEXT and account["actors"] == ["Rebels"]
    assert "1 report read by small: 1000 tokens in, 200 out" in err and "cost 0.0060" in err
    assert "1 rows without a true quote, 1 fields not in the text" in err
    assert json.loads(seen.read_text("utf-8"))["key"] == "Bearer secret"
    assert "secret" not in out + err


def test_an_address_that_refuses_ends_with_1_and_says_so(serve: Serve, file: Path, capsys: Captured) -> None:
    url, _ = serve((401, "{}"))
    assert run(words(file, url)) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["issues"][0]["code"] == "endpoint-status"
    assert "1 report not read" in err


@pytest.mark.parametrize(
    "more",
    [
        ["--reader", "endpoint"],
        ["--reader", "endpoint", "--model", "small"],
        ["--model", "small"],
        ["--reader", "endpoint", "--endpoint-url", "http://localhost:1/v1", "--model", "small", "--jobs", "2"],
        ["--reader", "endpoint", "--endpoint-url", "file:///etc/passwd", "--model", "small"],
    ],
)
def test_options_that_do_not_go_together_are_refused(file: Path, more: list[str], capsys: Captured) -> None:
    assert run(["read", str(file), *more]) == 2
    assert capsys.readouterr().err.startswith("trucewatch: ")


def test_without_the_option_nothing_is_asked(serve: Serve, file: Path, capsys: Captured) -> None:
    _, seen = serve(ANSWER)
    assert run(["read", str(file)]) == 0
    assert not seen.exists()

"""The server's processes: they tell the same, take each other's place, and end together."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from desks import copy_of, token_in

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc to see who is at work"),
]


@pytest.fixture
def server(read_dossier: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of three processes that answer, and its address."""
    folder = copy_of(read_dossier, tmp_path / "house")
    words = [sys.executable, "-u", "-m", "trucewatch", "desk", str(folder), "--port", "0", "--processes", "3"]
    with subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background have it ignored
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert found
        yield process, found.group(0)
        process.kill()


def at_work(process: subprocess.Popen[str]) -> list[int]:
    """The processes of the server besides the first."""
    return [int(n) for n in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def ledger_counts(url: str) -> set[str]:
    """How many incidents the ledger has, as each of many connections is told."""
    pages = [httpx.get(url + "/ledger/", timeout=60).text for _ in range(12)]
    return {found.group(1) for page in pages if (found := re.search(r"(\d+) incidents? in the ledger", page))}


def test_a_decision_shows_at_once_whichever_process_answers(server: tuple[subprocess.Popen[str], str]) -> None:
    _, url = server
    (before,) = ledger_counts(url)
    with httpx.Client(base_url=url, timeout=60) as client:
        page = client.get("/queue/").text
        subject = re.search(r'name="subject" value="(inc_[0-9a-f]+)"', page)
        assert subject and "from the ledger" in page
        form = {"kind": "reject", "subject": subject.group(1), "csrfmiddlewaretoken": token_in(page)}
        assert client.post("/queue/", data=form, headers={"Referer": url + "/"}).status_code == 302
    assert ledger_counts(url) == {str(int(before) - 1)}


def test_one_that_is_killed_is_replaced(server: tuple[subprocess.Popen[str], str]) -> None:
    process, url = server
    until(lambda: len(at_work(process)) == 5)
    first = at_work(process)
    for pid in first[1:3]:  # the one that keeps the ledgers, and one that answers
        os.kill(pid, signal.SIGKILL)
    until(lambda: len({*at_work(process)} - {*first}) == 2)
    assert len(ledger_counts(url)) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_all_end_with_the_first(server: tuple[subprocess.Popen[str], str], how: signal.Signals) -> None:
    process, url = server
    until(lambda: len(at_work(process)) == 5)
    pids = at_work(process)
    assert httpx.get(url + "/healthz", timeout=60).status_code == 200
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as Ctrl-C does
    else:
        process.send_signal(how)
    process.wait(60)
    until(lambda: not any(alive(pid) for pid in pids))
    with pytest.raises(httpx.ConnectError):
        httpx.get(url + "/healthz", timeout=5)

"""Engines: the same output on each, and a worker that is killed costs nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gorno
import pytest

from trucewatch.running.engines import Engine, engine_named
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import canonical_json
from trucewatch.terms.reports import Report

REPORTS = [
    gorno.report(f"r{k}", f"2031-05-{k % 9 + 1:02} shelling at Gorno by the Northern army, {k} killed")
    for k in range(40)
]


def batches(size: int = 4) -> Iterator[list[Report]]:
    for start in range(0, len(REPORTS), size):
        yield REPORTS[start : start + size]


def output(engine: Engine, work: gorno.GornoWork | None = None) -> str:
    return canonical_json([r for done in engine.map(work or gorno.GornoWork(), batches()) for r in done])


def test_processes_give_what_local_gives() -> None:
    assert output(engine_named("processes", 2)) == output(engine_named("local"))


@pytest.mark.model
def test_ray_gives_what_local_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ray", reason="Ray is not installed (pip install 'trucewatch[scale]')")
    # its workers are no children of this process: they find the tests' own stages by this alone
    monkeypatch.setenv("PYTHONPATH", str(Path(gorno.__file__).parent))
    assert output(engine_named("ray", 2)) == output(engine_named("local"))


@dataclass(frozen=True, slots=True)
class Dying(gorno.GornoWork):
    """Work whose worker kills itself at report r13: the first time only, or always."""

    marker: str = ""

    def make(self) -> Callable[[Sequence[Report]], list[ReportReading]]:
        read = gorno.GornoWork.make(self)

        def do(reports: Sequence[Report]) -> list[ReportReading]:
            if any(r.name == "r13" for r in reports) and not (self.marker and Path(self.marker).exists()):
                if self.marker:
                    Path(self.marker).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return read(reports)

        return do


def test_a_killed_workers_batch_is_done_again(tmp_path: Path) -> None:
    work = Dying(marker=str(tmp_path / "died"))
    assert output(engine_named("processes", 2), work) == output(engine_named("local"))
    assert (tmp_path / "died").exists()


ORPHANING = """
import multiprocessing, sys, gorno
from trucewatch.running.engines import engine_named
if __name__ == "__main__":
    for done in engine_named("processes", 2).map(gorno.GornoWork(), [gorno.REPORTS] * 3):
        print(*[p.pid for p in multiprocessing.active_children()], flush=True)
        sys.stdin.read()
"""


def test_a_killed_run_takes_its_workers_with_it(tmp_path: Path) -> None:
    script = tmp_path / "orphaning.py"
    script.write_text(ORPHANING, "utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(gorno.__file__).parent), *sys.path])}
    words = [sys.executable, str(script)]
    run = subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert run.stdout is not None
    workers = [int(word) for word in run.stdout.readline().split()]
    assert workers and all(alive(pid) for pid in workers)
    run.send_signal(signal.SIGKILL)
    run.wait()
    for _ in range(300):
        if not any(alive(pid) for pid in workers):
            return
        time.sleep(0.1)
    pytest.fail("workers outlive the run that made them")


def alive(pid: int) -> bool:
    """False for a process that is gone, or dead and not yet fetched."""
    try:
        return "(zombie)" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except FileNotFoundError:
        return False


def test_a_batch_that_kills_every_worker_is_set_aside_and_the_rest_is_done() -> None:
    done = [r for out in engine_named("processes", 2).map(Dying(), batches()) for r in out]
    assert [r.report.name for r in done] == [r.name for r in REPORTS]
    assert [r.report.name for r in done if r.doubts] == ["r12", "r13", "r14", "r15"]
    assert {d.code for r in done for d in r.doubts} == {"reading-failed"}


def test_batches_are_drawn_only_a_few_ahead() -> None:
    drawn = 0

    def counted() -> Iterator[list[Report]]:
        nonlocal drawn
        for batch in batches(1):
            drawn += 1
            yield batch

    results = engine_named("processes", 2).map(gorno.GornoWork(), counted())
    next(results)
    assert drawn <= 4
    results.close()  # type: ignore[attr-defined]


def test_an_unknown_engine_is_named_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="processes"):
        engine_named("proceses")

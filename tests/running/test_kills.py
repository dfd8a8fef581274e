"""A run that is killed with SIGKILL and started again ends in the same export, byte for byte."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import gorno

from trucewatch.running.engines import engine_named
from trucewatch.running.exports import export
from trucewatch.running.pipelines import run
from trucewatch.running.runs import only_run
from trucewatch.store.models import RunRow
from trucewatch.store.opening import Store, close_store, open_store
from trucewatch.store.writer import add_reports

N_REPORTS = 60
N_KILLS = 10
RUN = """
import sys
from trucewatch.store.opening import open_store
store = open_store(sys.argv[1], sys.argv[2] or None)
import gorno
from trucewatch.running.dossiers import load_dossier
from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.running.runs import only_run
print("open", flush=True)
run(store, gorno.GornoStages(load_dossier(store.folder), gorno.GornoWork(0.05)), engine_named("local"), batch_size=2)
"""
LOCK = """
import sys
from trucewatch.store.opening import open_store
store = open_store(sys.argv[1])
from trucewatch.running.runs import only_run
with only_run(store.folder):
    pass
"""


def archive() -> list[gorno.Report]:
    places = [*gorno.POINTS, "Nowhere"]
    return [
        gorno.report(
            f"r{k}",
            f"2031-05-{k % 9 + 1:02} shelling at {places[k % 4]} by the Northern army, {k % 5} killed",
            f"2031-05-{k % 7 + 1:02} airstrike at {places[k % 3]} by the Southern guard",
            source=f"Paper {k % 3}",
        )
        for k in range(N_REPORTS)
    ]


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_kills_at_random_moments_lose_and_double_nothing(
    tmp_path: Path, store: Store, database_url: str | None
) -> None:
    dossier = gorno.gorno_dossier(store.folder)
    add_reports(archive())
    dice = random.Random(5)  # the moments are random, the test is not
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(gorno.__file__).parent), *sys.path])}
    n_killed = 0
    for _ in range(N_KILLS):
        words = [sys.executable, "-c", RUN, str(store.folder), database_url or ""]
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"open\n"
        time.sleep(dice.uniform(0.0, 0.4))
        process.send_signal(signal.SIGKILL)
        n_killed += process.wait() == -signal.SIGKILL
    assert n_killed >= N_KILLS // 2, "the runs ended before they could be killed"
    run(store, gorno.GornoStages(dossier), engine_named("local"), batch_size=2)
    assert RunRow.objects.filter(state="running").count() == 0
    export(tmp_path / "killed")
    close_store()

    (tmp_path / "undisturbed").mkdir()
    other = open_store(tmp_path / "undisturbed")
    add_reports(archive())
    run(other, gorno.GornoStages(gorno.gorno_dossier(other.folder)), engine_named("local"), batch_size=7)
    export(tmp_path / "whole")
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def test_a_second_run_meanwhile_is_refused(sqlite_store: Store) -> None:
    words = [sys.executable, "-c", LOCK, str(sqlite_store.folder)]
    with only_run(sqlite_store.folder):
        meanwhile = subprocess.run(words, capture_output=True, text=True, check=False)
    assert meanwhile.returncode == 1 and "run-under-way" in meanwhile.stderr
    assert subprocess.run(words, check=False).returncode == 0

"""An archive of Parquet read partition by partition: whole or not at all, resumed, and the broken put aside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gorno
import pytest

from trucewatch.cli.main import run as run_command
from trucewatch.running.engines import Engine, engine_named
from trucewatch.running.partitions import Done, partitions_of, read_partitions
from trucewatch.running.progresses import Silent
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.reports import Report

pa = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'trucewatch[scale]'")
import pyarrow.parquet as pq  # noqa: E402

READ = """
import sys
from pathlib import Path
from test_partitions import Work, read
print("open", flush=True)
read(Path(sys.argv[1]), Path(sys.argv[2]), work=Work(0.03))
"""


@dataclass(frozen=True, slots=True)
class Work(gorno.GornoWork):
    """The tests' reading; with a `marker`, the worker that first meets the report r5 kills itself."""

    marker: str = ""

    def fingerprint(self) -> str:
        return self.version

    def make(self) -> Callable[[Sequence[Report]], list[ReportReading]]:
        read_all = gorno.GornoWork.make(self)

        def do(reports: Sequence[Report]) -> list[ReportReading]:
            if self.marker and any(r.name == "r5" for r in reports) and not Path(self.marker).exists():
                Path(self.marker).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return read_all(reports)

        return do


def read(archive: Path, output: Path, engine: Engine | None = None, work: Work | None = None) -> Done:
    found = partitions_of([str(archive)])
    return read_partitions(found, output, work or Work(), engine or engine_named("local"), Silent())  # type: ignore[arg-type]


def rows(first: int, n: int) -> list[dict[str, str]]:
    return [
        {
            "id": f"r{k}", "source": f"Paper {k % 3}", "published": "2031-05-20",
            "text": f"2031-05-{k % 9 + 1:02} shelling at Gorno by the Northern army, {k} killed",
        }
        for k in range(first, first + n)
    ]  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    for part in range(6):
        path = folder / f"year={2031 + part % 2}" / f"part-{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows(part * 4, 4)), path)
    return folder


def files(output: Path) -> dict[str, bytes]:
    return {str(p.relative_to(output)): p.read_bytes() for p in sorted(output.rglob("*")) if p.is_file()}


def test_every_report_is_in_the_tables_and_duckdb_reads_them(archive: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    assert read(archive, tmp_path / "out") == Done(6, 0, 0)
    query = f"select count(*), sum(killed_min), min(earliest) from '{tmp_path}/out/accounts/*.parquet'"
    assert duckdb.sql(query).fetchall() == [(24, sum(range(24)), "2031-05-01")]


def test_what_was_read_is_left_alone_and_what_changed_is_read_again(archive: Path, tmp_path: Path) -> None:
    read(archive, tmp_path / "out")
    assert read(archive, tmp_path / "out") == Done(0, 6, 0)
    pq.write_table(pa.Table.from_pylist(rows(100, 4)), archive / "year=2031" / "part-0.parquet")
    assert read(archive, tmp_path / "out") == Done(1, 5, 0)
    names = pq.read_table(tmp_path / "out" / "reports" / "year=2031~part-0.parquet")["id"].to_pylist()
    assert names == ["r100", "r101", "r102", "r103"]
    assert read(archive, tmp_path / "out", work=Work(version="2")) == Done(6, 0, 0)


def test_a_broken_partition_is_put_aside_and_the_others_are_read(archive: Path, tmp_path: Path) -> None:
    (archive / "broken.parquet").write_bytes(b"PAR1 and no more")
    pq.write_table(pa.table({"words": ["no text here"]}), archive / "odd.parquet")
    assert read(archive, tmp_path / "out") == Done(6, 0, 2)
    told = {p.stem: p.read_text("utf-8") for p in (tmp_path / "out" / "_failed").iterdir()}
    assert "no column 'text'" in told["odd"] and "broken.parquet" in told["broken"]


def test_an_empty_partition_is_done_as_well(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "archive" / "empty.parquet")
    assert read(tmp_path / "archive", tmp_path / "out") == Done(1, 0, 0)
    assert read(tmp_path / "archive", tmp_path / "out") == Done(0, 1, 0)


def test_processes_give_the_same_files_even_where_a_worker_is_killed(archive: Path, tmp_path: Path) -> None:
    read(archive, tmp_path / "local")
    work = Work(marker=str(tmp_path / "died"))
    read(archive, tmp_path / "processes", engine_named("processes", 2), work)
    assert (tmp_path / "died").exists()
    assert files(tmp_path / "local") == files(tmp_path / "processes")


def test_a_run_killed_again_and_again_loses_and_doubles_nothing(archive: Path, tmp_path: Path) -> None:
    paths = [str(Path(__file__).parent), str(Path(gorno.__file__).parent), *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    n_killed = 0
    for wait_s in (0.01, 0.08, 0.04):
        words = [sys.executable, "-c", READ, str(archive), str(tmp_path / "killed")]
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"open\n"
        time.sleep(wait_s)
        process.send_signal(signal.SIGKILL)
        n_killed += process.wait() == -signal.SIGKILL
    assert n_killed >= 2, "the runs ended before they could be killed"
    read(archive, tmp_path / "killed")
    read(archive, tmp_path / "whole")
    left = {name: content for name, content in files(tmp_path / "killed").items() if not name.endswith(".part")}
    assert left == files(tmp_path / "whole")


def test_two_files_of_one_name_are_refused(archive: Path, tmp_path: Path) -> None:
    (archive / "year=2032" / "part-0.parquet").write_bytes(b"")
    given = [str(archive / f"year={year}" / "part-0.parquet") for year in (2031, 2032)]
    with pytest.raises(SettingsError, match="partitions-of-one-name"):
        partitions_of(given)
    assert len(partitions_of([given[0], given[0]])) == 1


def test_a_pattern_no_shell_has_spelled_out_is_its_folder(archive: Path) -> None:
    spelled = partitions_of([str(archive / "year=2031")])
    assert [p.path for p in partitions_of([f"{archive}/year=2031/*.parquet"])] == [p.path for p in spelled]


@pytest.mark.model
def test_the_command_reads_parquet_on_ray_and_links_what_it_read(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed (pip install 'trucewatch[scale]')")
    text = "Government artillery shelled the market of Sarmin on Tuesday, killing two civilians, the Observatory said."
    (tmp_path / "archive").mkdir()
    for part in range(2):
        row = {"id": f"r{part}", "source": f"Paper {part}", "published": "2020-03-04", "text": text}
        pq.write_table(pa.Table.from_pylist([row]), tmp_path / "archive" / f"{part}.parquet")
    given = [str(p) for p in sorted((tmp_path / "archive").glob("*.parquet"))]
    assert run_command(["read", *given, "--engine", "ray", "--jobs", "2", "-o", str(tmp_path / "ray")]) == 0
    assert run_command(["read", *given, "--engine", "local", "-o", str(tmp_path / "local")]) == 0
    assert files(tmp_path / "ray") == files(tmp_path / "local")
    assert run_command(["link", str(tmp_path / "ray"), "-o", str(tmp_path / "linked")]) == 0
    (incident,) = pq.read_table(tmp_path / "linked" / "incidents").to_pylist()
    assert (incident["n_accounts"], incident["killed_best"]) == (2, 2)

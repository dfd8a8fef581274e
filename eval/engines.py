"""Reports read a second on each engine: in one run, in turns, with the same output.

    python eval/engines.py reports.jsonl --rounds 3 --reports 200

The reports (JSON Lines with `text`) are written as Parquet partitions and read as `trucewatch read FOLDER/ -o FOLDER`
reads them. The clock runs from the moment the first few partitions are done, when every worker has its models loaded,
to the last; how long it takes to get there is told apart, since it is paid once. Prints one JSON object per engine,
with the median of the rounds. The times of a busy machine say little, so the load before and after is printed too, and
for processes what a report costs in processor time (Linux): where that does not rise from one to two, two cores that
are free read twice as much.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from trucewatch.running.engines import engine_named
from trucewatch.running.engines.works import ReadingWork
from trucewatch.running.partitions import partitions_of, read_partitions

SIZE = 5  # reports per partition
WARM = 6  # partitions until every worker is at work
CONTENDERS = (("processes", 1), ("processes", 2), ("ray", 2))


def partitioned(reports: list[dict[str, str]], folder: Path, size: int) -> Path:
    """The reports as Parquet partitions of that size."""
    folder.mkdir(parents=True)
    for start in range(0, len(reports), size):
        rows = [
            {key: row.get(key) for key in ("id", "source", "published", "language", "text")}
            for row in reports[start : start + size]
        ]
        pq.write_table(pa.Table.from_pylist(rows), folder / f"part-{start:06}.parquet")
    return folder


class Clock:
    """A progress that notes when each partition was done."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.done: list[float] = []
        self.cpu: list[float] = []

    def begin(self, stage: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, n: int = 1) -> None:
        """One more is done."""
        self.done.append(time.perf_counter() - self.begun)
        self.cpu.append(_cpu_of_workers())

    def end(self) -> None:
        """Nothing."""


def _cpu_of_workers() -> float:
    """Processor seconds of the processes this one made, so far."""
    ticks = 0
    for process in multiprocessing.active_children():
        fields = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def read(archive: Path, output: Path, engine: str, jobs: int) -> tuple[float, float, float]:
    """Seconds to the end of the WARM-th partition; from there on, reports a second and processor seconds a report."""
    clock = Clock()
    read_partitions(partitions_of([str(archive)]), output, ReadingWork(), engine_named(engine, jobs), clock)
    start, n = clock.done[WARM - 1], (len(clock.done) - WARM) * SIZE
    return start, n / (clock.done[-1] - start), (clock.cpu[-1] - clock.cpu[WARM - 1]) / n


def content_of(output: Path) -> str:
    """A hash over all that was written."""
    digest = hashlib.sha256()
    for path in sorted(output.glob("[!_]*/*.parquet")):
        digest.update(str(path.relative_to(output)).encode() + path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reports", dest="most", type=int, default=200)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.reports.read_text("utf-8").splitlines() if line.strip()][: args.most]
    print(json.dumps({"reports": len(rows), "load": [round(n, 1) for n in os.getloadavg()]}), flush=True)
    rates: dict[tuple[str, int], list[float]] = {c: [] for c in CONTENDERS}
    starts: dict[tuple[str, int], list[float]] = {c: [] for c in CONTENDERS}
    costs: dict[tuple[str, int], list[float]] = {c: [] for c in CONTENDERS}
    contents = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = partitioned(rows, folder / "archive", SIZE)
        for turn in range(args.rounds):
            for engine, jobs in CONTENDERS:
                output = folder / f"{engine}-{jobs}-{turn}"
                start, rate, cost = read(archive, output, engine, jobs)
                contents.add(content_of(output))
                rates[engine, jobs].append(rate)
                starts[engine, jobs].append(start)
                costs[engine, jobs].append(cost)
    base = statistics.median(rates[CONTENDERS[0]])
    for (engine, jobs), found in rates.items():
        row = {
            "engine": engine,
            "workers": jobs,
            "reports_per_second": round(statistics.median(found), 2),
            "of_rounds": [round(rate, 2) for rate in found],
            "times_one_process": round(statistics.median(found) / base, 2),
            "seconds_to_start": round(statistics.median(starts[engine, jobs]), 1),
        }
        if engine == "processes":
            row["cpu_seconds_a_report"] = round(statistics.median(costs[engine, jobs]), 4)
        print(json.dumps(row))
    print(json.dumps({"same_output": len(contents) == 1, "load": [round(n, 1) for n in os.getloadavg()]}))


if __name__ == "__main__":
    main()

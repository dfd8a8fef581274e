#!/usr/bin/env python3
"""Compares the whole reader with the default pipes of the language model it stands on, in tokens a second.

usage: speed.py REPORTS.jsonl... [--rules-only] [--rounds N] [--profile N]

Both read the same reports in one process on one core, turn by turn, so that a busy machine slows both alike; the time
is that of the processor, and the best round of each counts. The reader does all it does in a run but linking: triage,
parse, mentions, candidates, accounts, statements and tallies. Peak memory is that of a second process that only reads.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import importlib
import json
import os
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from read_corpus import report_of

from trucewatch.reading.learned import LearnedPart
from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings
from trucewatch.terms.errors import ModelMissing
from trucewatch.terms.reports import Report

ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "BLIS")}


def reports_in(paths: list[Path]) -> list[Report]:
    """The reports of JSON Lines files, in order."""
    rows = (json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines() if line.strip())
    return [report_of(row) for row in rows if row.get("language") in (None, "en")]


def seconds(work: Callable[[], Any]) -> float:
    """Processor seconds that a piece of work takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def peak_mb(paths: list[Path], learned: bool | None) -> float:
    """The most memory, in MB, that a process which loads the reader and reads these reports holds at once."""
    command = [sys.executable, __file__, *map(str, paths), "--only-read"]
    command += ["--rules-only"] if learned is False else []
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def own_peak_mb() -> float:
    """The most memory, in MB, that this process has held at once."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # getrusage would do, but a process starts with the peak of the one that started it, which holds two models
    line = next(row for row in status.read_text("ascii").splitlines() if row.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def main() -> int:
    """Print the rates, their ratio and the peak memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--rules-only", action="store_true", help="without the learned part")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", type=int, metavar="N", help="print the N functions of the reader that cost most")
    parser.add_argument("--only-read", action="store_true", help="read once and print the peak memory in MB")
    args = parser.parse_args()
    if not ONE_THREAD.items() <= os.environ.items():  # the libraries read these when they are loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    with contextlib.suppress(AttributeError, OSError):  # not every system can hold a process to one core
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    reports = reports_in(args.reports)
    learned = not args.rules_only
    reader = Reader(ReadingSettings(learned=learned))
    if args.only_read:
        reader(reports)
        print(own_peak_mb())
        return 0
    if args.profile:
        with cProfile.Profile() as profile:
            reader(reports)
        pstats.Stats(profile).sort_stats("tottime").print_stats(args.profile)
        return 0
    plain = importlib.import_module(reader.settings.model).load()
    texts = [report.text for report in reports]
    n_tokens = sum(len(plain.make_doc(text)) for text in texts)
    rounds = [
        (
            seconds(lambda: list(plain.pipe(texts, batch_size=reader.settings.batch_size))),
            seconds(lambda: reader(reports)),
        )
        for _ in range(args.rounds)
    ]
    default_s, reader_s = (min(times) for times in zip(*rounds, strict=True))
    print(f"{len(reports)} reports, {n_tokens} tokens, best of {args.rounds} rounds, one core, {reader.settings.model}")
    print(f"default pipes ({', '.join(plain.pipe_names)}): {n_tokens / default_s:,.0f} tokens a second")
    print(f"whole reader ({'with' if reader.learns else 'without'} the learned part): {n_tokens / reader_s:,.0f}")
    print(f"ratio: {default_s / reader_s:.2f}")
    print(f"peak memory of a process that reads: {peak_mb(args.reports, learned):.0f} MB")
    if not reader.learns:
        with contextlib.suppress(ModelMissing):
            part = LearnedPart()
            alone_s = min(seconds(lambda: part(texts)) for _ in range(args.rounds))
            print(f"the learned part by itself: {n_tokens / alone_s:,.0f} tokens a second")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

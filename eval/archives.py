"""Synthetic archives: reports of many sources about known incidents, to measure linking at any size.

    python eval/archives.py 10000 100000
    python eval/archives.py --folder made --engine processes --jobs 2 10000 100000 1000000
    python eval/archives.py --folder made --window-days 366 --most 20000 100000

Prints for each number of accounts: seconds, peak memory, B-cubed, and the exponent of time from size to size. With a
folder the archive is written there as `trucewatch read` writes it and linked by `trucewatch link`, in a process of its
own, so that the memory of making and scoring it does not count; else all is linked at once in this process. Incidents
are spread over days and a grid of villages so that density stays that of a war year (about 200 incidents a day over
4,000 villages), whatever the size.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from trucewatch.linking.frontiers import WINDOW_DAYS
from trucewatch.linking.incidents import Linker, LinkSettings
from trucewatch.running.archives import MOST_IN_PART, ArchiveSettings, link_archive
from trucewatch.running.columns import tables_of
from trucewatch.running.engines import engine_named
from trucewatch.running.engines.windows import write_table
from trucewatch.running.partitions import DONE, put
from trucewatch.running.progresses import Silent
from trucewatch.terms.accounts import Account, Maker, Party, ReportReading, Speaker
from trucewatch.terms.actors import Actor
from trucewatch.terms.counts import Count
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

A_DAY = 200
N_VILLAGES = 4_000
MAKER = Maker("archives", "1", "")
SIDES = {
    "army": ("army", "regime forces", "government troops"),
    "rebels": ("rebels", "opposition fighters", "factions"),
}
WORDS = {
    "shelling": ("shelled", "artillery fire hit", "rockets fell on", "mortars struck"),
    "airstrike": ("warplanes bombed", "air raids hit", "jets struck"),
    "gunfire": ("snipers fired at", "machine-gun fire hit", "gunmen shot at"),
    "bombing": ("a car bomb went off in", "a mine exploded in", "an explosive device blew up in"),
    "ground_assault": ("stormed", "tried to advance on", "infiltrated"),
}
TARGETS = ("market", "school", "homes", "position", "hospital", "checkpoint", "bakery", "mosque", "camp", "farm")


def registry() -> Registry:
    """The two sides of the made-up war."""
    return Registry([Actor("army", "Army", "army"), Actor("rebels", "Rebels")])


def archive(n_accounts: int, seed: int = 7) -> Iterator[tuple[ReportReading, list[int]]]:
    """Reports of one day and source each, with the number of the incident each of their accounts tells of.

    An incident is told 1 to 9 times (a third only once); a telling may lack place, toll, doer or day, name the other
    side, give another toll, lie some kilometres off, or be a copy of another paper's report.
    """
    rng = random.Random(seed)
    made, incident, day = 0, 0, date(2016, 1, 1)
    while made < n_accounts:
        papers: dict[str, list[tuple[Account, int]]] = {}
        for _ in range(A_DAY):
            truth = _incident(rng, day)
            for paper in rng.sample(range(40), min(40, rng.choice((1, 1, 2, 3, 4, 6, 9)))):
                rows = papers.setdefault(f"{day}-paper{paper}", [])
                rows.append((_telling(rng, truth, f"{day}-paper{paper}", len(rows), day), incident))
                made += 1
            incident += 1
        for name in sorted(papers):
            report = Report(name, name, name[11:], None, (day + timedelta(1)).isoformat(), "en", None, "", "")
            yield ReportReading(report, tuple(a for a, _ in papers[name])), [n for _, n in papers[name]]
        day += timedelta(1)


def _incident(rng: random.Random, day: date) -> dict[str, object]:
    village = rng.randrange(N_VILLAGES)
    kind = rng.choice(sorted(WORDS))
    return {
        "village": village,
        "lat": 32.5 + (village // 80) * 0.09,
        "lon": 36.0 + (village % 80) * 0.08,
        "type": kind,
        "side": rng.choice(sorted(SIDES)),
        "target": rng.choice(TARGETS),
        "killed": rng.choice((None, 0, 1, 1, 2, 2, 3, 4, 5, 7, 9, 14, 23)),
        "day": day,
    }


def _telling(rng: random.Random, truth: dict[str, object], report: str, number: int, day: date) -> Account:
    side, kind, killed = str(truth["side"]), str(truth["type"]), truth["killed"]
    if rng.random() < 0.06:
        side = next(s for s in SIDES if s != side)
    if isinstance(killed, int) and killed and rng.random() < 0.25:
        killed = max(1, killed + rng.choice((-1, 1, 2)))
    toll = Count(killed, killed) if isinstance(killed, int) and rng.random() < 0.8 else None
    shown = kind if rng.random() < 0.9 else "attack"
    name = rng.choice(SIDES[side])
    actors = (Party(name, None, side),) if rng.random() < 0.75 else ()
    lat, lon = float(str(truth["lat"])), float(str(truth["lon"]))
    off = rng.gauss(0, 0.004), rng.gauss(0, 0.004)
    place = Place(f"Village{truth['village']}", None, lat + off[0], lon + off[1], 1500.0, f"v:{truth['village']}")
    target = str(truth["target"])
    quote = f"{name} {rng.choice(WORDS[kind])} {place.name}, hitting a {target}" + (f", {killed} dead" if toll else "")
    said = (Speaker(rng.choice(("Observatory", "Rescue Corps"))),) if rng.random() < 0.5 else ()
    return Account(
        f"acc_{report}-{number}",
        report,
        shown,
        quote,
        Span(0, len(quote)),
        "asserted",
        Interval(day.isoformat(), day.isoformat()),
        (place,),
        actors,
        (Party(target),),
        toll,
        None,
        said,
        False,
        MAKER,
    )


def bcubed(gold: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 by account, in time linear in the accounts (sizes of groups aside)."""
    of_gold = {m: n for n, group in enumerate(gold) for m in group}
    of_found = {m: n for n, group in enumerate(found) for m in group}
    shared: dict[tuple[int, int], int] = {}
    for member, number in of_gold.items():
        pair = number, of_found[member]
        shared[pair] = shared.get(pair, 0) + 1
    n = len(of_gold)
    precision = sum(k * k / len(found[f]) for (_, f), k in shared.items()) / n
    recall = sum(k * k / len(gold[g]) for (g, _), k in shared.items()) / n
    return precision, recall, 2 * precision * recall / (precision + recall)


def measure(n_accounts: int) -> dict[str, float]:
    """One size linked, with time, peak memory and B-cubed."""
    readings, gold = [], {}
    for reading, numbers in archive(n_accounts):
        readings.append(reading)
        for account, number in zip(reading.accounts, numbers, strict=True):
            gold.setdefault(number, []).append(account.account_id)
    begun, cpu = time.perf_counter(), _cpu()
    incidents = Linker(LinkSettings(), registry())(readings)
    seconds, cpu = time.perf_counter() - begun, _cpu() - cpu
    precision, recall, f1 = bcubed(list(gold.values()), [i.account_ids for i in incidents])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    accounts = sum(map(len, gold.values()))
    return {
        "accounts": accounts,
        "incidents": len(incidents),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_mb": round(peak),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }


def measure_folder(n_accounts: int, folder: Path, linking: Sequence[str]) -> dict[str, float]:
    """One size written, linked by the command, and scored. Peak memory of the driver and of its largest worker."""
    begun = time.perf_counter()
    n = write(n_accounts, folder)
    made = time.perf_counter() - begun
    words = [sys.executable, __file__, "--child", "--folder", str(folder), *linking]
    told = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    precision, recall, f1, incidents = scored(folder)
    return {
        "accounts": n,
        "incidents": incidents,
        "seconds_to_make": round(made, 1),
        **told,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1, 4),
    }


def write(n_accounts: int, folder: Path, rows: int = 20_000) -> int:
    """The archive as partitions of readings, and beside them which account tells of which incident."""
    held: list[ReportReading] = []
    gold: list[dict[str, object]] = []
    n = part = size = 0
    for reading, numbers in archive(n_accounts):
        held.append(reading)
        gold += [{"account_id": a.account_id, "gold": k} for a, k in zip(reading.accounts, numbers, strict=True)]
        size += len(numbers)
        if size >= rows:
            _partition(folder, f"part-{part:05}", held, gold)
            n, part, size, held, gold = n + size, part + 1, 0, [], []
    _partition(folder, f"part-{part:05}", held, gold)
    actors = [{"id": key, "name": key.title(), "kind": "group"} for key in SIDES]
    (folder / "actors.yaml").write_text(json.dumps({"actors": actors}), "utf-8")
    return n + size


def _partition(folder: Path, name: str, held: list[ReportReading], gold: list[dict[str, object]]) -> None:
    import pyarrow as pa

    for table, content in tables_of(held).items():
        write_table(folder / "read" / table / f"{name}.parquet", content)
    write_table(folder / "gold" / f"{name}.parquet", pa.Table.from_pylist(gold))
    put(folder / "read" / DONE / f"{name}.json", json.dumps({"fingerprint": "made", "n_reports": len(held)}))


def link_folder(folder: Path, engine: str, jobs: int, days: int, most: int) -> dict[str, float]:
    """The archive in the folder linked, with time and peaks of memory in MB."""
    begun, cpu = time.perf_counter(), _cpu()
    settings = ArchiveSettings(folder / "read", folder / "out", folder / "actors.yaml", days=days, most=most)
    link_archive(settings, engine_named(engine, jobs), Silent())
    seconds = time.perf_counter() - begun
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(_cpu() - cpu, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_mb_worker": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }


def _cpu() -> float:
    return sum(
        u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def scored(folder: Path) -> tuple[float, float, float, int]:
    """B-cubed precision, recall and F1, and how many incidents there are, counted by DuckDB over the Parquet files."""
    import duckdb

    rows = duckdb.sql(f"""
        with found as (select incident_id, unnest(account_ids) as account_id
                       from '{folder}/out/incidents/*.parquet'),
        shared as (select gold, incident_id, count(*) as k
                 from found join '{folder}/gold/*.parquet' using (account_id) group by all),
        of_found as (select incident_id, sum(k) as n from shared group by all),
        of_gold as (select gold, sum(k) as n from shared group by all)
        select sum(k * k / of_found.n) / sum(k), sum(k * k / of_gold.n) / sum(k), count(distinct incident_id)
        from shared join of_found using (incident_id) join of_gold using (gold)
    """).fetchall()
    precision, recall, incidents = rows[0]
    return precision, recall, 2 * precision * recall / (precision + recall), incidents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--folder", type=Path, help="link in windows, by way of Parquet files below this folder")
    parser.add_argument("--engine", default="local")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--window-days", type=int, default=WINDOW_DAYS)
    parser.add_argument("--most", type=int, default=MOST_IN_PART, help="accounts of a window before it is cut by place")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(link_folder(args.folder, args.engine, args.jobs, args.window_days, args.most)))
        return
    before: dict[str, float] | None = None
    for size in sorted(args.sizes):
        if args.folder:
            shutil.rmtree(args.folder, ignore_errors=True)
            linking = ["--engine", args.engine, "--jobs", str(args.jobs)]
            linking += ["--window-days", str(args.window_days), "--most", str(args.most)]
            row = measure_folder(size, args.folder, linking)
        else:
            row = measure(size)
        if before is not None:
            for name in ("seconds", "cpu_seconds"):
                growth = math.log(row[name] / before[name]) / math.log(row["accounts"] / before["accounts"])
                row[f"exponent_{name}"] = round(growth, 3)
        print(json.dumps(row), flush=True)
        before = row


if __name__ == "__main__":
    main()

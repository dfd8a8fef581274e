"""How fast the desk answers eight people at once, over a store that `eval/crowded_store.py` has filled.

    python eval/desk_speed.py DIR/examples/crowded --seconds 30
    TRUCEWATCH_DATABASE_URL=postgresql://... python eval/desk_speed.py DIR/examples/crowded

A real server process is started on a free port. Each client asks for one kind of page after another, without a pause,
each time with other filters or another incident, so that no answer is the one before; p50 and p95 are of whole answers,
in milliseconds, by kind. `first` is the first answer of that kind, before anybody else asks, with cold caches. `cpu` is
the processor's time the server takes for one answer, measured with one client over as many other addresses: what is
left of a page's time where the machine has nothing else to do. The database server's own is not in it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx

CLIENTS = 8
ALONE = 40  # answers to one client, of which the processor's time is taken
WANTED_MS = 150
RULES = ("incident", "smm_observation", "firing_case", "acled_like", "ucdp_like", "site_day")


def main() -> None:
    """Prints a table of the figures and ends with 1 where any p95 is above what is wanted."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("dossier", type=Path)
    words.add_argument("--seconds", type=float, default=30)
    words.add_argument("--clients", type=int, default=CLIENTS)
    words.add_argument("--leave-out", nargs="*", default=[], help="kinds not to ask for, such as ledger")
    asked = words.parse_args()
    command = [sys.executable, "-u", "-m", "trucewatch", "desk", str(asked.dossier), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            found = None
            for line in server.stdout or ():
                if found := re.search(r"http://[\d.]+:\d+", line):
                    break
            if found is None:
                raise SystemExit("the server ended before it listened")
            kinds = {name: make for name, make in KINDS.items() if name not in asked.leave_out}
            rows = _measure(found.group(0), kinds, asked.clients, asked.seconds, server.pid)
        finally:
            server.terminate()
    load = os.getloadavg()[0]
    print(json.dumps({"clients": asked.clients, "load": round(load, 1), "kinds": rows}, indent=1))
    sys.exit(any((row["p95_ms"] or 0) > WANTED_MS or row["failed"] for row in rows.values()))


def _measure(
    url: str, kinds: dict[str, Callable[[random.Random, list[str]], str]], clients: int, seconds: float, pid: int
) -> dict[str, dict[str, float | None]]:
    with httpx.Client(base_url=url, timeout=600) as client:
        ids = _some_incidents(client)
        chance = random.Random(0)
        first = {name: _ask(client, make(chance, ids))[0] for name, make in kinds.items()}
        cpu = {name: _cpu_ms(client, pid, [make(chance, ids) for _ in range(ALONE)]) for name, make in kinds.items()}
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    failed = dict.fromkeys(kinds, 0)
    end = time.perf_counter() + seconds
    lock = threading.Lock()

    def one(number: int) -> None:
        chance = random.Random(number + 1)
        with httpx.Client(base_url=url, timeout=600) as client:
            while time.perf_counter() < end:
                for name, make in kinds.items():
                    ms, status = _ask(client, make(chance, ids))
                    with lock:
                        taken[name].append(ms)
                        failed[name] += status != 200

    threads = [threading.Thread(target=one, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        name: {
            "n": len(times), "first_ms": round(first[name], 1), "cpu_ms": cpu[name], "p50_ms": _share(times, 0.5),
            "p95_ms": _share(times, 0.95), "failed": failed[name],
        }
        for name, times in taken.items()
    }  # fmt: skip


def _some_incidents(client: httpx.Client) -> list[str]:
    page = client.get("/api/incidents?limit=200&offset=500").raise_for_status().json()
    return [row["incident"]["incident_id"] for row in page["rows"]]


def _cpu_ms(client: httpx.Client, pid: int, addresses: list[str]) -> float | None:
    """The processor's time the server takes for one of these answers, their mean; None where nothing tells."""
    before = _cpu_s(pid)
    for address in addresses:
        _ask(client, address)
    after = _cpu_s(pid)
    return None if before is None or after is None else round((after - before) / len(addresses) * 1000, 1)


def _cpu_s(pid: int) -> float | None:
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ask(client: httpx.Client, address: str) -> tuple[float, int]:
    began = time.perf_counter()
    answer = client.get(address)
    return (time.perf_counter() - began) * 1000, answer.status_code


def _share(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def _list(chance: random.Random, ids: list[str]) -> str:
    return chance.choice(
        (
            f"/incidents/?page={chance.randint(1, 40)}",
            f"/incidents/?type=airstrike&since=2021-0{chance.randint(1, 9)}-01",
            f"/incidents/?actor=Turkish+forces&page={chance.randint(1, 5)}",
            f"/incidents/?outcome=undetermined&since=2022-0{chance.randint(1, 9)}-01&until=2022-12-31",
            f"/incidents/?accuser=Origin+{chance.randrange(24):02d}",
            f"/incidents/?text=Village+{chance.randrange(900):03d}",
        )
    )


def _map(chance: random.Random, ids: list[str]) -> str:
    west, south = 35.8 + chance.random(), 35.3 + chance.random()
    size, zoom = chance.choice(((2.5, 7), (1.0, 8), (0.5, 9), (0.1, 12)))
    return f"/incidents/points.geojson?bbox={west:.3f},{south:.3f},{west + size:.3f},{south + size:.3f}&zoom={zoom}"


def _timeline(chance: random.Random, ids: list[str]) -> str:
    kind = chance.choice(("", "type=shelling", "type=airstrike", f"since=2021-0{chance.randint(1, 9)}-01"))
    return f"/incidents/timeline/?{kind}"


KINDS: dict[str, Callable[[random.Random, list[str]], str]] = {
    "list": _list,
    "map": _map,
    "timeline": _timeline,
    "incident": lambda chance, ids: f"/incidents/{chance.choice(ids)}/",
    "ledger": lambda chance, ids: f"/ledger/?rule={chance.choice(RULES)}&by={chance.choice(('all', 'all', 'month'))}",
}

if __name__ == "__main__":
    main()

"""How fast the desk answers eight people at once, over a store that `eval/crowded_store.py` has filled.

    python eval/desk_speed.py DIR/examples/crowded --seconds 30
    TRUCEWATCH_DATABASE_URL=postgresql://... python eval/desk_speed.py DIR/examples/crowded

A real server is started on a free port. Each client asks for one kind of page after another, without a pause, each
time with other filters or another incident, so that no answer is the one before; p50 and p95 are of whole answers, in
milliseconds, by kind. `first` is the first answer of that kind, before anybody else asks, with cold caches; of ledgers
the slowest first one of all that are asked for. `cpu` is the processor's time all processes of the server take for one
answer, measured with one client over as many other addresses: what is left of a page's time where the machine has
nothing else to do. The database server's own is not in it.

Each client is a reviewer with an account of their own, made in the store: `queue` is from the key that puts an incident
off until the next one stands there.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

CLIENTS = 8
ALONE = 40  # answers to one client, of which the processor's time is taken
WANTED_MS = 150
QUEUE = "/queue/"
PASSWORD = "only for measuring"
GROUPINGS = ("all", "all", "month")
RULES = ("incident", "smm_observation", "firing_case", "acled_like", "ucdp_like", "site_day")


def main() -> None:
    """Prints a table of the figures and ends with 1 where any p95 is above what is wanted."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("dossier", type=Path)
    words.add_argument("--seconds", type=float, default=30)
    words.add_argument("--clients", type=int, default=CLIENTS)
    words.add_argument("--leave-out", nargs="*", default=[], help="kinds not to ask for, such as ledger")
    words.add_argument("--processes", type=int, help="of the server; its own choice without")
    asked = words.parse_args()
    _hire(asked.dossier, asked.clients)
    command = [sys.executable, "-u", "-m", "trucewatch", "desk", str(asked.dossier), "--port", "0"]
    command += ["--processes", str(asked.processes)] if asked.processes else []
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
    with _client(url, 0) as client:
        ids = _some_incidents(client)
        chance = random.Random(0)
        first = {name: _ask(client, make(chance, ids))[0] for name, make in kinds.items()}
        if "ledger" in kinds:  # each is counted once as long as the server runs
            asked = [_ask(client, f"/ledger/?rule={rule}&by={by}")[0] for rule in RULES for by in GROUPINGS]
            first["ledger"] = max(first["ledger"], *asked)
        cpu = {name: _cpu_ms(client, pid, [make(chance, ids) for _ in range(ALONE)]) for name, make in kinds.items()}
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    failed = dict.fromkeys(kinds, 0)
    lock, all_in = threading.Lock(), threading.Barrier(clients)

    def one(number: int) -> None:
        chance = random.Random(number + 1)
        with _client(url, number) as client:
            all_in.wait()
            end = time.perf_counter() + seconds
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


def _hire(dossier: Path, n: int) -> None:
    """So many reviewers have an account in the store of the dossier."""
    from trucewatch.desk.servers import prepare
    from trucewatch.store.opening import close_store

    prepare(dossier, host="127.0.0.1")
    from django.contrib.auth.models import User

    from trucewatch.desk.access import make_user

    for number in range(n):
        if not User.objects.filter(username=_name(number)).exists():
            make_user(_name(number), PASSWORD, "reviewer", author="benchmark")
    close_store()


def _name(number: int) -> str:
    return f"reviewer-{number}"


@contextmanager
def _client(url: str, number: int) -> Iterator[httpx.Client]:
    """A client as that reviewer."""
    with httpx.Client(base_url=url, timeout=600, headers={"Referer": url + "/"}) as client:
        token = _token(client.get("/login/").text)
        words = {"username": _name(number), "password": PASSWORD, "csrfmiddlewaretoken": token}
        if client.post("/login/", data=words).status_code != 302:
            raise SystemExit(f"{_name(number)} cannot log in")
        yield client


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise SystemExit("no form token on the page")
    return found.group(1)


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
    """Of the process and its children."""
    if not Path(f"/proc/{pid}/stat").exists():
        return None
    ticks = 0
    for each in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _ask(client: httpx.Client, address: str) -> tuple[float, int]:
    if address == QUEUE:
        return _next(client)
    began = time.perf_counter()
    answer = client.get(address)
    return (time.perf_counter() - began) * 1000, answer.status_code


def _next(client: httpx.Client) -> tuple[float, int]:
    """The incident this reviewer sees is put off, and the next one shown."""
    page = client.get(QUEUE).text
    subject = re.search(r'name="subject" value="([^"]+)"', page)
    if subject is None:
        return 0.0, 404
    form = {"kind": "skip", "subject": subject.group(1), "csrfmiddlewaretoken": _token(page)}
    began = time.perf_counter()
    answer = client.post(QUEUE, data=form, follow_redirects=True)
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
    "ledger": lambda chance, ids: f"/ledger/?rule={chance.choice(RULES)}&by={chance.choice(GROUPINGS)}",
    "queue": lambda chance, ids: QUEUE,
}

if __name__ == "__main__":
    main()

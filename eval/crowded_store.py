"""A store as full as a long war makes it: 100,000 incidents of 1,000,000 accounts, in the real tables.

    python eval/crowded_store.py DIR --incidents 100000 --accounts-each 10

DIR becomes a dossier like the example's with its own store; TRUCEWATCH_DATABASE_URL sends the rows to PostgreSQL. One
row in ten is made by the store's own row makers, the others are copies of those with ids of their own, made by the
database: that takes minutes where making each would take hours. The same numbers give the same rows. Nothing is read
or linked: the texts are made up to carry the quotes, and serve to measure pages, never the reader.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from trucewatch.store.opening import open_store
from trucewatch.terms.accounts import Account, Maker, Party, Speaker
from trucewatch.terms.counts import Count
from trucewatch.terms.findings import Finding, Test
from trucewatch.terms.ids import PREFIXES, plain
from trucewatch.terms.incidents import Incident, Origin, TollClaim, TollRange
from trucewatch.terms.places import Candidate, Place
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

ROOT = Path(__file__).parents[1]
FIRST, DAYS = date(2020, 3, 6), 1600
TYPES = ("shelling", "shelling", "airstrike", "armed_clash", "small_arms_fire", "drone_strike", "explosion")
DOERS = ("government forces", "the opposition", "Turkish forces", "Russian forces", "gunmen", "HTS")
ORIGINS = tuple(f"Origin {n:02d}" for n in range(24))
SOURCES = tuple(f"Source {n:02d}" for n in range(60))
TERMS = (("idlib-2020-03-05", "cessation"), ("idlib-2018-09-17", "cessation"))
OUTCOMES = ("breach_if_true", "breach_if_true", "undetermined", "outside_area", "not_the_act")
SENTENCE = "{doer} opened fire on {place} on {day}, killing {killed} people, {origin} said."
BATCH = 2000
COPIES = 10  # how often each row stands in the store; the first hex digit of an id says which copy it is
COPIED_TABLES = ("reports", "accounts", "incidents", "incident_accounts", "incident_parties", "findings", "postings")
IDS = ("report", "account", "incident", "finding")
NUMBERS = ("id", "number")  # which the database gives itself


def main() -> None:
    """Fills a store and says how long it took."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", type=Path)
    words.add_argument("--incidents", type=int, default=100_000, help="a multiple of 10")
    words.add_argument("--accounts-each", type=int, default=10, help="on average; 1 to twice as many")
    asked = words.parse_args()
    dossier = make_dossier(asked.folder)
    began = time.perf_counter()
    n = fill(dossier, asked.incidents, asked.accounts_each)
    print(json.dumps({"dossier": str(dossier), **n, "seconds": round(time.perf_counter() - began, 1)}))


def make_dossier(folder: Path) -> Path:
    """A copy of the example dossier without its reports, with its agreements where it looks for them."""
    dossier = folder / "examples" / "crowded"
    if not dossier.exists():
        shutil.copytree(ROOT / "agreements", folder / "agreements", dirs_exist_ok=True)
        unwanted = shutil.ignore_patterns("*.sqlite3*", "raw", "bulletin.*", ".secret", "reports")
        shutil.copytree(ROOT / "examples" / "idlib-2020", dossier, ignore=unwanted)
        (dossier / "reports").mkdir()
        settings = dossier / "dossier.yaml"
        lines = settings.read_text("utf-8").splitlines(keepends=True)
        # the example looks back from an early day; here all that was made is looked at
        settings.write_text("".join(line for line in lines if not line.startswith("as_of:")), "utf-8")
    return dossier


def fill(dossier: Path, n_incidents: int, accounts_each: int) -> dict[str, int]:
    """The store of the dossier holds that many incidents; returns the numbers of rows made."""
    open_store(dossier)
    from django.db import connection, transaction

    from trucewatch.running.dossiers import load_dossier
    from trucewatch.running.postings import keep_postings
    from trucewatch.running.stages import DossierStages
    from trucewatch.store import rows
    from trucewatch.store.models import (
        AccountRow,
        FindingRow,
        IncidentAccountRow,
        IncidentPartyRow,
        IncidentRow,
        LinkedRow,
        ReportRow,
        RunRow,
    )

    made = {"incidents": 0, "accounts": 0, "reports": 0, "findings": 0}
    for batch in _batches(_tellings(n_incidents // COPIES, accounts_each), BATCH // accounts_each or 1):
        with transaction.atomic():
            reports = [rows.report_row(report) for report, *_ in batch]
            for row, (_, _, accounts, _) in zip(reports, batch, strict=True):
                row.read_with, row.n_accounts = "made", len(accounts)
            ReportRow.objects.bulk_create(reports)
            accounts = [account for _, _, several, _ in batch for account in several]
            AccountRow.objects.bulk_create([_account_row(account, AccountRow) for account in accounts])
            incidents = [incident for _, incident, _, _ in batch]
            quotes = {account.account_id: account.quote for account in accounts}
            IncidentRow.objects.bulk_create(
                [rows.incident_row(incident, (quotes[a] for a in incident.account_ids)) for incident in incidents]
            )
            IncidentAccountRow.objects.bulk_create(
                [IncidentAccountRow(incident_id=i.incident_id, account_id=a) for i in incidents for a in i.account_ids]
            )
            LinkedRow.objects.bulk_create(
                LinkedRow(account_id=a, report_id=report.report_id, incident_id=i.incident_id, marks=b"")
                for report, i, _, _ in batch
                for a in i.account_ids
            )
            IncidentPartyRow.objects.bulk_create(
                [p for report, i, _, _ in batch for p in rows.party_rows(i, [report.source or ""])]
            )
            findings = [finding for *_, several in batch for finding in several]
            FindingRow.objects.bulk_create([rows.finding_row(finding) for finding in findings])
        for name, several in (("incidents", incidents), ("accounts", accounts), ("findings", findings)):
            made[name] += len(several)
        made["reports"] += len(batch)
    keep_postings(DossierStages(load_dossier(dossier)))
    for copy in range(1, COPIES):
        with transaction.atomic():
            for table in COPIED_TABLES:
                _copy(table, copy)
    made = {name: n * COPIES for name, n in made.items()}
    RunRow.objects.create(
        started_at="2026-11-25T00:00:00Z", ended_at="2026-11-25T00:00:01Z", state="done", version="made",
        fingerprint="made", n_reports_read=made["reports"],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made


def _copy(table: str, copy: int) -> None:
    """Every first row of the table stands in it once more, with the ids of that copy wherever it names one."""
    from django.db import connection

    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        names = [column.name for column in described if column.name not in NUMBERS]
        values = [_of_copy(name, copy) if _names_ids(name) else f'"{name}"' for name in names]
        listed = ", ".join(f'"{name}"' for name in names)
        first = next(name for name in names if name.endswith("_id"))
        prefix = next(PREFIXES[kind] for kind in IDS if first.startswith(kind))
        cursor.execute(
            f'INSERT INTO "{table}" ({listed}) SELECT {", ".join(values)} FROM "{table}" '
            f"WHERE \"{first}\" >= '{prefix}_0' AND \"{first}\" < '{prefix}_1'"
        )


def _names_ids(column: str) -> bool:
    return column == "payload" or column in [f"{kind}_id" for kind in IDS]


def _of_copy(column: str, copy: int) -> str:
    out = f'"{column}"'
    for kind in IDS:
        out = f"replace({out}, '{PREFIXES[kind]}_0', '{PREFIXES[kind]}_{copy}')"
    return out


def _tellings(n: int, each: int) -> Iterator[tuple[Report, Incident, list[Account], list[Finding]]]:
    chance = random.Random(20261125)
    maker = Maker("made", "1", "made")
    for number in range(n):
        day = (FIRST + timedelta(days=chance.randrange(DAYS))).isoformat()
        doer, name = chance.choice(DOERS), f"Village {chance.randrange(900):03d}"
        place = _place(name, located=chance.random() > 0.05)
        when = Interval(day, day) if chance.random() > 0.03 else None
        kind, killed = chance.choice(TYPES), chance.randrange(9)
        told = [chance.choice(ORIGINS) for _ in range(chance.randint(1, 2 * each - 1))]
        text = "\n".join(
            SENTENCE.format(doer=doer, place=name, day=day, killed=killed + at % 3, origin=origin)
            for at, origin in enumerate(told)
        )
        source = chance.choice(SOURCES)
        report_id, incident_id = _id("report", number), _id("incident", number)
        report = Report(
            report_id=report_id, name=f"made-{number}.txt", source=source, url=None, published=day, language="en",
            title=None, text=text, sha256=hashlib.sha256(text.encode()).hexdigest(), media_type="text/plain",
        )  # fmt: skip
        accounts, start = [], 0
        for at, (quote, origin) in enumerate(zip(text.split("\n"), told, strict=True)):
            accounts.append(
                Account(
                    account_id=_id("account", number, at),
                    report_id=report_id,
                    type=kind,
                    quote=quote,
                    span=Span(start, start + len(quote)),
                    reality="asserted",
                    time=when,
                    places=(place,),
                    actors=(Party(doer),),
                    targets=(Party("civilians"),),
                    killed=Count(killed + at % 3, killed + at % 3),
                    injured=None,
                    said_by=(Speaker(origin),),
                    breach=False,
                    maker=maker,
                    confidence=0.5 + (number % 50) / 100,
                )
            )
            start += len(quote) + 1
        yield report, _incident(incident_id, accounts), accounts, _findings(incident_id, number, doer, chance)


def _incident(incident_id: str, accounts: list[Account]) -> Incident:
    first = accounts[0]
    by_origin: dict[str, list[str]] = {}
    for account in accounts:
        by_origin.setdefault(account.said_by[0].name, []).append(account.account_id)
    claims = tuple(
        TollClaim("killed", a.killed, a.account_id, _id("origin", a.said_by[0].name)) for a in accounts if a.killed
    )
    figures = [claim.count.min or 0 for claim in claims]
    return Incident(
        incident_id=incident_id, account_ids=tuple(a.account_id for a in accounts), type=first.type,
        reality="asserted", time=first.time, places=first.places, actors=first.actors, targets=first.targets,
        tolls=(TollRange("killed", min(figures), figures[0], max(figures), claims),),
        origins=tuple(Origin(_id("origin", o), o, "speaker", tuple(ids)) for o, ids in sorted(by_origin.items())),
        contested=len(by_origin) > 8, confidence=first.confidence,
    )  # fmt: skip


def _findings(incident_id: str, number: int, doer: str, chance: random.Random) -> list[Finding]:
    tests = tuple(Test(name, "yes", 0.9) for name in ("in_force", "act", "bearer", "area", "reality"))
    return [
        Finding(
            finding_id=_id("finding", number, agreement), incident_id=incident_id, agreement_id=agreement,
            agreement_version="1", term_id=term, outcome=chance.choice(OUTCOMES), probability=0.8, tests=tests,
            belief="corroborated" if number % 3 else "single_origin", accused=(doer,),
        )
        for agreement, term in TERMS
    ]  # fmt: skip


def _place(name: str, *, located: bool) -> Place:
    point = random.Random(name)  # one point per village
    lat, lon = round(35.3 + point.random() * 1.4, 4), round(35.8 + point.random() * 1.5, 4)
    if not located:
        return Place(name, None, note="unlocated")
    candidates = tuple(Candidate(f"own:{name}:{n}", name, lat + n / 5, lon, 900.0, 0.8 / (n + 1)) for n in range(3))
    return Place(name, None, lat, lon, 900.0, f"own:{name}", candidates)


def _account_row(account: Account, model: Any) -> Any:
    """As `account_row` makes it, with the places made plain once per village: that halves the time."""
    bare = plain(replace(account, places=()))
    bare["places"] = _plain_places(account)
    return model(
        account_id=account.account_id, report_id=account.report_id, type=account.type, reality=account.reality,
        earliest=account.time.earliest if account.time else None, latest=account.time.latest if account.time else None,
        start=account.span.start, confidence=account.confidence,
        payload=json.dumps(bare, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


_PLACES: dict[tuple[str, bool], Any] = {}


def _plain_places(account: Account) -> Any:
    place = account.places[0]
    key = (place.name, place.located)
    if key not in _PLACES:
        _PLACES[key] = plain(account.places)
    return _PLACES[key]


def _id(kind: str, *parts: Any) -> str:
    return f"{PREFIXES[kind]}_0{hashlib.sha256(repr((kind, parts)).encode()).hexdigest()[:23]}"


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


if __name__ == "__main__":
    main()

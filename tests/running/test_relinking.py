"""A store that is linked on from run to run and decision to decision, against the same store linked at once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import gorno
import pytest

from trucewatch.linking.incidents import Constraints, Linker, LinkSettings
from trucewatch.running.decidings import decide_and_follow
from trucewatch.running.doubles import changed_copies
from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import Outcome, run
from trucewatch.running.relinking import Relinked, link_reports, link_whole
from trucewatch.running.stages import copies
from trucewatch.store.constraints import constraints
from trucewatch.store.models import DecisionRow, IncidentAliasRow, IncidentRow, LinkedRow, ReportRow
from trucewatch.store.opening import Store
from trucewatch.store.readings import stored_readings, stored_reports
from trucewatch.store.writer import add_reports
from trucewatch.terms.accounts import Account, Maker, Party, ReportReading, Speaker, Statement
from trucewatch.terms.counts import Count
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.records import rebuild
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report, report_id
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

LINKER = Linker(LinkSettings(), Registry(()))
MAKER = Maker("made", "1", "")
TOWNS = [Place(f"Town {n}", None, 42.0 + 0.06 * n, 19.0, 1500.0, f"t:{n}") for n in range(4)]  # 7 km apart
QUOTES = ("shells hit the market", "a second strike hit the bakery", "the market was hit", "shells fell at night")
PREPARED: dict[str, ReportReading] = {}  # what the reader finds in each report


class Prepared(gorno.GornoWork):
    """A reader that finds what was prepared."""

    def make(self) -> Callable[[Sequence[Report]], list[ReportReading]]:
        return lambda reports: [replace(PREPARED[r.report_id], report=r) for r in reports]


class RealLinking(gorno.GornoStages):
    """The stages of Gorno with the product's linking."""

    def duplicates(self, *, anew: bool) -> dict[str, tuple[str, float] | None]:
        return dict(changed_copies(anew=anew))

    def relink(self, report_ids: object, must: Sequence[gorno.Pair], cannot: Sequence[gorno.Pair]) -> Relinked:
        rules = Constraints(tuple(must), tuple(cannot))
        if report_ids is None:
            return link_whole(LINKER, rules)
        assert isinstance(report_ids, list)
        return link_reports(LINKER, report_ids, rules)


@pytest.fixture
def stages(store: Store) -> RealLinking:
    return RealLinking(gorno.gorno_dossier(store.folder), Prepared())


def go(store: Store, stages: RealLinking) -> Outcome:
    return run(store, stages, engine_named("local"))


def made(rng: random.Random, number: int, crowd: bool = False) -> Report:
    """A report whose accounts are prepared; now and then the text of an earlier one in another paper."""
    lines = [rng.choice(QUOTES) for _ in range(rng.randint(1, 3))]
    text = f"Report {number}. " + ". ".join(lines) + "."
    published = None if rng.random() < 0.1 else f"2031-05-{rng.randint(10, 20)}"
    if rng.random() < 0.2 and PREPARED:
        text = PREPARED[rng.choice(sorted(PREPARED))].report.text
    key = report_id(source=f"Paper {number % 5}", url=None, published=published, text=text)
    report = Report(key, f"r{number}", f"Paper {number % 5}", None, published, "en", None, text, "0" * 64)
    PREPARED[key] = read(rng, report, crowd)
    return report


def read(rng: random.Random, report: Report, crowd: bool) -> ReportReading:
    accounts, at = [], report.text.find(". ") + 2
    for quote in report.text[at:].rstrip(".").split(". "):
        start = report.text.index(quote, at)
        at = start + len(quote)
        accounts.append(_account(rng, report, quote, Span(start, at), crowd))
    denial = Statement(
        make_id("statement", report=report.report_id), report.report_id, "denial", Party("Army"),
        report.text[:6], Span(0, 6), None, MAKER,
    )  # fmt: skip
    return ReportReading(report, tuple(accounts), (denial,) if rng.random() < 0.3 else ())


def _account(rng: random.Random, report: Report, quote: str, span: Span, crowd: bool) -> Account:
    day = 3 if crowd else rng.randint(1, 6)
    last = day if crowd or rng.random() < 0.85 else day + rng.choice((2, 14))
    time = Interval(f"2031-05-{day:02}", f"2031-05-{last:02}") if crowd or rng.random() < 0.9 else None
    killed = rng.choice((None, 2, 3, 9))
    return Account(
        make_id("account", report=report.report_id, start=span.start), report.report_id,
        rng.choice(("shelling", "airstrike", "attack")), quote, span, "asserted", time,
        (TOWNS[0] if crowd else rng.choice(TOWNS),) if rng.random() < 0.9 else (),
        rng.choice(((), (Party("Army"),), (Party("Rebels"),))), (), None if killed is None else Count(killed, killed),
        None, (Speaker("Observatory"),) if rng.random() < 0.3 else (), False, MAKER,
    )  # fmt: skip


def stored() -> list[Incident]:
    rows = IncidentRow.objects.order_by("pk").values_list("payload", "machine")
    return [rebuild(Incident, json.loads(machine or payload)) for payload, machine in rows]


def at_once() -> list[Incident]:
    must, cannot = constraints()
    return sorted(LINKER(list(stored_readings()), Constraints(must, cannot)), key=lambda i: i.incident_id)


def some_decision(rng: random.Random, stages: RealLinking) -> None:
    """A merge, a split, a rejected account or an undo, of whatever there is."""
    incidents = list(IncidentRow.objects.order_by("pk").values_list("pk", flat=True))
    kind = rng.choice(("merge", "split", "reject", "correct", "undo"))
    if kind == "merge" and len(incidents) > 1:
        one, other = rng.sample(incidents, 2)
        decide_and_follow(stages, "merge", one, author="reviewer", new=[other])
    elif kind == "split":
        wide = [i for i in stored() if len(i.account_ids) > 1]
        if wide:
            chosen = rng.choice(wide)
            out = rng.sample(chosen.account_ids, rng.randint(1, len(chosen.account_ids) - 1))
            decide_and_follow(stages, "split", chosen.incident_id, author="reviewer", new=sorted(out))
    elif kind in ("reject", "correct"):
        account = rng.choice([a for r in stored_readings() for a in r.accounts]).account_id
        told = {"field": "type", "new": "shelling"} if kind == "correct" else {}
        decide_and_follow(stages, kind, account, author="reviewer", **told)
    elif kind == "undo" and (taken := list(DecisionRow.objects.exclude(kind="undo"))):
        decide_and_follow(stages, "undo", rng.choice(taken).decision_id, author="reviewer")


@pytest.mark.parametrize("seed", range(5))
def test_however_it_grows_the_store_holds_what_linking_at_once_gives(
    store: Store, stages: RealLinking, seed: int
) -> None:
    rng = random.Random(seed)
    PREPARED.clear()
    reports = [made(rng, number, crowd=seed == 4) for number in range(36)]
    add_reports(reports[:8])
    go(store, stages)
    assert stored() == at_once()
    late = reports[8:]
    for _ in range(9):
        step = rng.choice(("add", "add", "decide", "decide", "read anew"))
        if step == "add":
            add_reports(late[:4])
            del late[:4]
            go(store, stages)
        elif step == "decide":
            some_decision(rng, stages)
        else:
            for key in rng.sample(sorted(PREPARED), 3):
                PREPARED[key] = read(rng, PREPARED[key].report, crowd=False)
            stages.fingerprint += "+"
            go(store, stages)
        assert stored() == at_once()
    assert not go(store, stages).changed or late == []
    accounts = {a for i in stored() for a in i.account_ids}
    assert accounts == set(LinkedRow.objects.values_list("pk", flat=True))


def test_a_report_far_from_all_others_leaves_their_rows_alone(store: Store, stages: RealLinking) -> None:
    rng = random.Random(11)
    PREPARED.clear()
    add_reports([made(rng, number) for number in range(12)])
    go(store, stages)
    before = dict(IncidentRow.objects.values_list("pk", "payload"))
    report = made(rng, 99)
    far = replace(PREPARED[report.report_id].accounts[0], time=Interval("2031-11-02", "2031-11-02"))
    PREPARED[report.report_id] = replace(PREPARED[report.report_id], accounts=(far,))
    add_reports([report])
    out = go(store, stages)
    assert (out.n_read, out.n_incidents_changed) == (1, 1)
    after = dict(IncidentRow.objects.values_list("pk", "payload"))
    assert before.items() <= after.items() and len(after) == len(before) + 1


def test_a_split_is_never_undone_by_new_reports_and_the_old_id_leads_on(store: Store, stages: RealLinking) -> None:
    rng = random.Random(5)
    PREPARED.clear()
    reports = [made(rng, number, crowd=True) for number in range(14)]
    add_reports(reports[:8])
    go(store, stages)
    wide = max(stored(), key=lambda i: len(i.account_ids))
    out, rest = wide.account_ids[:1], wide.account_ids[1:]
    decide_and_follow(stages, "split", wide.incident_id, author="reviewer", new=list(out))
    add_reports(reports[8:])
    go(store, stages)
    holder = {a: i.incident_id for i in stored() for a in i.account_ids}
    assert {holder[a] for a in out}.isdisjoint({holder[a] for a in rest})
    ids = set(holder.values())
    assert wide.incident_id in ids or IncidentAliasRow.objects.get(old_id=wide.incident_id).incident_id in ids


@pytest.mark.parametrize("seed", range(3))
def test_copies_flagged_as_reports_come_in_are_those_found_at_once(
    store: Store, stages: RealLinking, seed: int
) -> None:
    rng = random.Random(seed)
    PREPARED.clear()
    words = [f"word{n}" for n in range(40)]
    reports: list[Report] = []
    for number in range(60):
        text = " ".join(rng.choices(words, k=80))
        if reports and rng.random() < 0.5:
            told = rng.choice(reports).text.split()
            text = " ".join(rng.choice(words) if rng.random() < 0.03 else w for w in told)
        published = f"2031-05-{rng.randint(10, 28)}"
        key = report_id(source="x", url=None, published=published, text=text)
        reports.append(Report(key, f"r{number}", "x", None, published, "en", None, text, "0" * 64))
    PREPARED.update((r.report_id, ReportReading(r)) for r in reports)
    rng.shuffle(reports)
    for start in range(0, 60, 12):
        add_reports(reports[start : start + 12])
        go(store, stages)
    everything = stored_reports(ReportRow.objects.values_list("pk", flat=True))
    flags = {r.report_id: (r.duplicate_of, r.similarity) for r in everything if r.duplicate_of}
    assert flags == copies(everything)
    assert len(flags) > 10

"""The made-up conflict of the tests: the truce of Gorno, its reports, and stages small enough to follow by hand.

A report is lines such as `2031-05-04 shelling at Gorno by the Northern army, 3 killed`, and the stages find exactly
those: a reader by one pattern, incidents by equal type, day and place, a finding for each violent incident.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch.judging.agreements import Agreement
from trucewatch.running.dossiers import Dossier, load_dossier, new_dossier
from trucewatch.running.engines.works import careful, failed
from trucewatch.terms.accounts import Account, Doubt, Maker, Party, ReportReading, Speaker
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.counts import Count
from trucewatch.terms.findings import Evidence, Finding, Obligation, Test
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident, Origin, TollClaim, TollRange
from trucewatch.terms.places import Candidate, Place
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report, report_id
from trucewatch.terms.sources import Source
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

if TYPE_CHECKING:
    from trucewatch.running.relinking import Relinked
    from trucewatch.store.opening import Store

LINE = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d|undated) (?P<type>\w+) at (?P<place>\w+) "
    r"by (?P<actor>[\w ]+?)(?:, (?P<killed>\d+) killed)?$",
    re.M,
)
POINTS = {"Gorno": (42.0, 19.0), "Selo": (42.1, 19.2), "Brod": (42.4, 19.6)}
MAKER = Maker("gorno", "1", "0" * 12)
Pair = tuple[str, str]


def report(name: str, *lines: str, source: str = "Valley Wire", published: str = "2031-05-05") -> Report:
    """A report with these lines."""
    text = "\n".join(lines)
    key = report_id(source=source, url=None, published=published, text=text)
    return Report(key, name, source, None, published, "en", lines[0] if lines else None, text, "0" * 64)


def read_one(given: Report) -> ReportReading:
    """Every line of the pattern as an account; a line that says `broken` makes the reader fail."""
    if "broken" in given.text:
        raise ValueError("a line nobody can read")
    accounts = tuple(_account(given, match) for match in LINE.finditer(given.text))
    doubts = tuple(
        Doubt("unlocated-place", a.account_id, given.name, a.places[0].name)
        for a in accounts
        if not a.places[0].located
    )
    return ReportReading(given, accounts, doubts=doubts)


def _account(given: Report, match: re.Match[str]) -> Account:
    span = Span(*match.span())
    point = POINTS.get(match["place"])
    where = Span(*match.span("place"))
    candidates = (Candidate(f"own:{match['place']}", match["place"], *point, 900.0, 1.0),) if point else ()
    place = Place(match["place"], where, *(point or (None, None)), 900.0 if point else None, candidates=candidates)
    dead = Count(int(match["killed"]), int(match["killed"])) if match["killed"] else None
    day = match["day"] if match["day"] != "undated" else None
    return Account(
        account_id=make_id("account", report=given.report_id, start=span.start, quote=match.group()),
        report_id=given.report_id,
        type=match["type"],
        quote=match.group(),
        span=span,
        reality="asserted",
        time=Interval(day, day) if day else None,
        places=(place,),
        actors=(Party(match["actor"], Span(*match.span("actor"))),),
        targets=(),
        killed=dead,
        injured=None,
        said_by=(Speaker(given.source),) if given.source else (),
        breach=False,
        maker=MAKER,
        confidence=0.75,
    )


@dataclass(frozen=True, slots=True)
class GornoWork:
    """The work of reading; `pause_s` makes it slow enough to be killed in the middle, `version` names its settings."""

    pause_s: float = 0.0
    version: str = "1"

    def make(self) -> Callable[[Sequence[Report]], list[ReportReading]]:
        def do(reports: Sequence[Report]) -> list[ReportReading]:
            time.sleep(self.pause_s)
            return [read_one(r) for r in reports]

        return careful(do)

    def give_up(self, batch: Sequence[Report], why: str) -> list[ReportReading]:
        return [failed(r, why) for r in batch]


class GornoStages:
    """The stages of the tests' dossier."""

    def __init__(self, dossier: Dossier, work: GornoWork | None = None) -> None:
        self.dossier = dossier
        self.reading = work or GornoWork()
        self.fingerprint = self.reading.version
        self.link_fingerprint = self.judge_fingerprint = "1"
        self.registry = Registry(())
        self.agreements: list[Agreement] = []

    def of(self, dossier: Dossier) -> GornoStages:
        return GornoStages(dossier, self.reading)

    def sources(self) -> list[Source]:
        return [Source("valley-wire", "Valley Wire", "B")]

    def duplicates(self, *, anew: bool) -> dict[str, tuple[str, float] | None]:
        first: dict[str, str] = {}
        out: dict[str, tuple[str, float] | None] = {}
        from trucewatch.store.readings import stored_readings  # models can be imported once a store is open

        reports = [r.report for r in stored_readings()]
        for r in sorted(reports, key=lambda r: (r.published or "9999", r.report_id)):
            out[r.report_id] = (first[r.text], 1.0) if r.text in first else None
            first.setdefault(r.text, r.report_id)
        return out

    def relink(self, report_ids: Collection[str] | None, must: Sequence[Pair], cannot: Sequence[Pair]) -> Relinked:
        from trucewatch.running.relinking import Relinked
        from trucewatch.store.readings import stored_readings

        return Relinked(tuple(self.link(list(stored_readings()), must, cannot)), None)

    def link(self, readings: Sequence[ReportReading], must: Sequence[Pair], cannot: Sequence[Pair]) -> list[Incident]:
        accounts = {a.account_id: a for r in readings for a in r.accounts}
        groups: dict[tuple[str, str | None, str], list[str]] = defaultdict(list)
        for key, a in sorted(accounts.items()):
            groups[(a.type, a.time.earliest if a.time else None, a.places[0].name)].append(key)
        clusters = [set(g) for _, g in sorted(groups.items(), key=lambda item: item[1])]
        for left, right in must:
            ends = [c for c in clusters if left in c or right in c]
            if len(ends) == 2:
                ends[0].update(ends[1])
                clusters.remove(ends[1])
        for left, right in cannot:
            for c in [c for c in clusters if left in c and right in c]:
                c.remove(right)
                clusters.append({right})
        clusters = _rejoined(clusters, must)
        return sorted((incident_of([accounts[k] for k in sorted(c)]) for c in clusters), key=lambda i: i.incident_id)

    def judge(self, incidents: Sequence[Incident], decided: Mapping[str, str] | None = None) -> list[Finding]:
        return [_finding(i, decided or {}) for i in incidents if incident_types()[i.type].violent]

    def track(
        self, incidents: Sequence[Incident], as_of: str, readings: Sequence[ReportReading] | None = None
    ) -> list[Obligation]:
        held = tuple(Evidence(i.incident_id, "for", "a patrol") for i in incidents if i.type == "patrol")
        key = make_id("obligation", agreement="gorno", term="patrols")
        state = "met" if held else "pending"
        return [
            Obligation(
                key, "gorno", "patrols", "Joint patrols", ("Northern army",), state, "2031-05-10", held, as_of=as_of
            )
        ]


def _rejoined(clusters: list[set[str]], must: Sequence[Pair]) -> list[set[str]]:
    for left, right in must:
        ends = [c for c in clusters if left in c or right in c]
        if len(ends) == 2:
            ends[0].update(ends[1])
            clusters.remove(ends[1])
    return [c for c in clusters if c]


def incident_of(accounts: Sequence[Account]) -> Incident:
    """The incident these accounts tell of together."""
    first = accounts[0]
    key = make_id("incident", accounts=[a.account_id for a in accounts])
    tolls = [(a.killed, a.account_id) for a in accounts if a.killed]
    figures = [count.min or 0 for count, _ in tolls]
    said: dict[str, list[str]] = defaultdict(list)
    for a in accounts:
        said[a.said_by[-1].name if a.said_by else "the narrator"].append(a.account_id)
    origins = tuple(
        Origin(make_id("origin", name=name), name, "speaker", tuple(ids)) for name, ids in sorted(said.items())
    )
    claims = tuple(TollClaim("killed", c, a, origins[0].origin_id) for c, a in tolls)
    return Incident(
        incident_id=key,
        account_ids=tuple(a.account_id for a in accounts),
        type=first.type,
        reality="asserted",
        time=first.time,
        places=first.places,
        actors=tuple({p.name: p for a in accounts for p in a.actors}.values()),
        targets=(),
        tolls=(TollRange("killed", min(figures), figures[0], max(figures), claims),) if figures else (),
        origins=origins,
        confidence=0.75,
    )


def _finding(incident: Incident, decided: Mapping[str, str]) -> Finding:
    test = Test("act", "yes", 1.0, (("type", incident.type),), incident.account_ids)
    key = make_id("finding", incident=incident.incident_id, term="cessation")
    accused = tuple(p.name for p in incident.actors)
    return Finding(
        finding_id=key,
        incident_id=incident.incident_id,
        agreement_id="gorno",
        agreement_version="1",
        term_id="cessation",
        outcome="breach_if_true",
        probability=0.9,
        tests=(test,),
        belief=decided.get(incident.incident_id, "alleged"),
        accused=accused,
        account_ids=incident.account_ids,
    )


def gorno_dossier(folder: Path) -> Dossier:
    """An empty dossier in that folder."""
    new_dossier(folder, "Gorno")
    return load_dossier(folder)


REPORTS = (
    report("wire-1", "2031-05-04 shelling at Gorno by the Northern army, 3 killed", "A quiet night followed."),
    report("wire-2", "2031-05-06 patrol at Selo by the monitors", published="2031-05-06"),
    report("radio-1", "2031-05-04 shelling at Gorno by the Southern guard, 5 killed", source="Radio Selo"),
    report(
        "radio-2", "2031-05-04 shelling at Nowhere by the Northern army", source="Radio Selo", published="2031-05-07"
    ),
    report("radio-3", "undated killing at Brod by the Southern guard, 1 killed", source="Radio Selo"),
)


def read_through(store: Store) -> GornoStages:
    """The stages of the store's dossier, after one run over the reports."""
    from trucewatch.running.engines import engine_named
    from trucewatch.running.pipelines import run
    from trucewatch.store.writer import add_reports

    stages = GornoStages(gorno_dossier(store.folder))
    add_reports(REPORTS)
    run(store, stages, engine_named("local"))
    return stages

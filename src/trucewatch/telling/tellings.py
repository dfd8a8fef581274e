"""What telling is given: one frozen bundle of a dossier at a cut-off, and the look-ups everything here shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trucewatch.terms.accounts import Account, Party, Statement, Tally
from trucewatch.terms.actors import Actor
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.heads import names_nobody
from trucewatch.terms.incidents import Incident, Origin
from trucewatch.terms.registries import Registry, fold_actor
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source

NOT_ALIGNED = "not aligned"
NOT_TOLD = "doer not told"  # the accused of a telling that names nobody
WHOSE = " (whose is not told)"  # stands behind words for men and arms that name nobody


@dataclass(frozen=True, slots=True)
class Layer:
    """A shape of an agreement to draw. `kind`: corridor, road, line or area; `geometry` is GeoJSON in WGS84."""

    name: str
    kind: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term as telling names it."""

    term_id: str
    label: str


@dataclass(frozen=True, slots=True)
class AgreementSheet:
    """An agreement as telling shows it. `marks` are (ISO day, label) pairs for the timeline; `until` None is open."""

    agreement_id: str
    title: str
    since: str | None
    until: str | None
    marks: tuple[tuple[str, str], ...] = ()
    terms: tuple[TermLine, ...] = ()
    layers: tuple[Layer, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Telling:
    """All that a bulletin, a ledger or an export tells of, as known at `as_of` (ISO day).

    Incidents, findings and readings are those that stand: what people rejected has been left out by the reader of the
    store. Nothing in it changes; the look-ups are made when first asked for.
    """

    title: str
    as_of: str
    incidents: tuple[Incident, ...] = ()
    findings: tuple[Finding, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    accounts: tuple[Account, ...] = ()
    statements: tuple[Statement, ...] = ()
    tallies: tuple[Tally, ...] = ()
    reports: tuple[Report, ...] = ()
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    agreements: tuple[AgreementSheet, ...] = ()
    caveats: tuple[str, ...] = ()  # of a replay: what in it is not of that time, in words
    review: Mapping[str, str] = field(default_factory=dict)  # review state by incident id, where people could decide

    @cached_property
    def registry(self) -> Registry:
        """The actors as a registry."""
        return Registry(self.actors)

    @cached_property
    def account(self) -> dict[str, Account]:
        """Accounts by id."""
        return {account.account_id: account for account in self.accounts}

    @cached_property
    def report(self) -> dict[str, Report]:
        """Reports by id."""
        return {report.report_id: report for report in self.reports}

    @cached_property
    def incident(self) -> dict[str, Incident]:
        """Incidents by id."""
        return {incident.incident_id: incident for incident in self.incidents}

    @cached_property
    def findings_of(self) -> dict[str, tuple[Finding, ...]]:
        """Findings by incident id, in the order of agreement and term."""
        out: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            out[finding.incident_id].append(finding)
        key = lambda f: (f.agreement_id, f.term_id, f.reading or "", f.finding_id)  # noqa: E731
        return {i: tuple(sorted(rows, key=key)) for i, rows in out.items()}

    @cached_property
    def source(self) -> dict[str, Source]:
        """Sources by folded name, alias and id."""
        out: dict[str, Source] = {}
        for source in sorted(self.sources, key=lambda s: s.source_id):
            for name in (source.name, source.source_id, *source.aliases):
                out.setdefault(fold_actor(name), source)
        return out

    def source_of(self, report: Report) -> Source | None:
        """The source that published the report, or None where the dossier does not list it."""
        return self.source.get(fold_actor(report.source)) if report.source else None

    def quotes(self, incident: Incident) -> list[Account]:
        """The accounts of an incident that are at hand, in the order of publication."""
        rows = [self.account[i] for i in incident.account_ids if i in self.account]
        return sorted(rows, key=lambda a: (self._published(a), a.report_id, a.span.start))

    def _published(self, account: Account) -> str:
        report = self.report.get(account.report_id)
        return (report.published if report else None) or "9999"

    def actor_key(self, party: Party) -> str:
        """The actor's id, or its folded name where it was not resolved: two spellings of one unknown name are one.

        Words for men and arms that name nobody say so: "forces (whose is not told)".
        """
        if party.actor_id:
            return party.actor_id
        found = self.registry.resolve(party.name, None)
        if found is not None:
            return found.actor_id
        return fold_actor(party.name) + (WHOSE if names_nobody(party.name) else "")

    def unnamed(self, key: str) -> int:
        """0 for an actor that is named; else how little is told of it: 1 described, 2 only as "forces", 3 nothing."""
        return unnamed(key, self._nobody)

    @cached_property
    def _nobody(self) -> frozenset[str]:
        return nobody_of(self.actors)

    def key_of(self, name: str) -> str:
        """The actor key of an id or a name, as a finding gives its bearers."""
        return name if name in self.registry else self.actor_key(Party(name))

    def groups_of(self, key: str, on: str | None = None) -> frozenset[str]:
        """The actor and all it belongs to on that day; the key alone where the registry lacks it."""
        return self.registry.groups(key, on) if key in self.registry else frozenset({key})

    def actor_name(self, key: str) -> str:
        """How an actor key is shown."""
        actor = self.registry.get(key)
        if actor is not None:
            return actor.name
        return self._unresolved.get(key, key)

    def told_name(self, key: str) -> str:
        """As `actor_name`, for people: words of a text that no actor of the registry bears stand in quotation marks."""
        if key == NOT_TOLD or key in self.registry:
            return self.actor_name(key)
        if key.endswith(WHOSE):
            return f"“{key.removesuffix(WHOSE)}”{WHOSE}"
        return f"“{self.actor_name(key)}”"

    @cached_property
    def _unresolved(self) -> dict[str, str]:
        names: dict[str, str] = {}
        parties = [p for a in self.accounts for p in (*a.actors, *a.targets)]
        parties += [p for t in self.tallies for p in t.accused]
        for name in sorted({p.name for p in parties}):
            names.setdefault(fold_actor(name), name)
        return names

    def side_of_actor(self, key: str) -> str | None:
        """The side of an actor, from the registry; None where it has none or is not in it."""
        actor = self.registry.get(key)
        return actor.side if actor else None

    def side_of_origin(self, origin: Origin, agreement_id: str | None = None) -> str:
        """The side a telling comes from, else `not aligned`.

        The origin's own goes first, then that of the actor or source it is named after, then that of its publishers
        where all are of one side: "activists", as one side's media cite them, speak for that side.
        """
        if origin.side:
            return origin.side
        speaker = self.registry.resolve(origin.name, None)
        if speaker is not None and speaker.side:
            return speaker.side
        named = self.source.get(fold_actor(origin.name))
        sides = {named.side(agreement_id or "*")} if named else self._publishers(origin, agreement_id)
        return (sides.pop() if len(sides) == 1 else None) or NOT_ALIGNED

    def _publishers(self, origin: Origin, agreement_id: str | None) -> set[str | None]:
        reports = [self.report.get(self.account[i].report_id) for i in origin.account_ids if i in self.account]
        sources = [self.source_of(report) if report else None for report in reports]
        return {source.side(agreement_id or "*") if source else None for source in sources}


def nobody_of(actors: Iterable[Actor]) -> frozenset[str]:
    """The ids of the actors of a registry that are only described: "Armed groups, not named"."""
    return frozenset(actor.actor_id for actor in actors if actor.kind == "unknown")


def unnamed(key: str, nobody: Collection[str]) -> int:
    """0 for an actor that is named; else how little is told of it: 1 one of `nobody`, 2 only "forces", 3 nothing."""
    if key == NOT_TOLD:
        return 3
    return 2 if key.endswith(WHOSE) else int(key in nobody)


def label_of(type_id: str) -> str:
    """The label of an incident type; the id itself where the codebook lacks it."""
    known = incident_types().get(type_id)
    return known.label if known else type_id


def place_label(incident: Incident) -> str:
    """The places of an incident in words, in the order told; `place not told` where there is none."""
    return ", ".join(dict.fromkeys(place.name for place in incident.places)) or "place not told"


def day_label(incident: Incident) -> str:
    """The day or span of an incident as ISO; `not dated` where the texts do not allow one."""
    time = incident.time
    if time is None or (time.earliest is None and time.latest is None):
        return "not dated"
    if time.earliest == time.latest:
        hour = f" {time.from_time}" if time.from_time else ""
        return f"{time.earliest}{hour}"
    if time.earliest is None:
        return f"by {time.latest}"
    if time.latest is None:
        return f"from {time.earliest}"
    return f"{time.earliest} to {time.latest}"


def toll_label(incident: Incident) -> str:
    """The tolls in words, such as `2–4 killed`; empty where nobody gives a figure."""
    parts = []
    for toll in sorted(incident.tolls, key=lambda t: t.what != "killed"):
        low, high = toll.low, toll.high
        if low is None and high is None:
            continue
        if low == high:
            figure = str(low)
        elif high is None:
            figure = f"at least {low}"
        elif low is None:
            figure = f"up to {high}"
        else:
            figure = f"{low}–{high}"
        parts.append(f"{figure} {toll.what}")
    return ", ".join(parts)

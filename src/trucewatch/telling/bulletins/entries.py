"""Rows of a bulletin: an incident with who tells it, a duty with its evidence, what was said."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.telling.tellings import Telling, day_label, label_of, place_label, toll_label
from trucewatch.terms.findings import Finding
from trucewatch.terms.incidents import Incident

STANDINGS = {
    "breach": "breach if true",
    "undetermined": "cannot be told",
    "outside": "no breach of a term in force",
    "kept": "keeps the agreement",
}
_OUTSIDE = {
    "outside_area": "outside the area",
    "outside_period": "outside the period",
    "actor_not_bound": "actor not bound",
    "actor_exempt": "actor exempt",
    "not_the_act": "not the act meant",
    "consistent": "consistent",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with who cites whom: `chain` from publisher to first speaker."""

    text: str
    chain: str
    published: str | None
    report_name: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Version:
    """What one origin tells of an incident: its side, reliability and quotes."""

    origin: str
    side: str
    reliability: str
    doers: str
    toll: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A finding in words."""

    term: str
    outcome: str
    probability: float
    missing: tuple[str, ...]
    standing: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident as the bulletin lists it. `number` counts from 1 by day; `standing` is one of STANDINGS."""

    number: int
    incident_id: str
    day: str
    earliest: str | None
    latest: str | None
    type: str
    label: str
    place: str
    lat: float | None
    lon: float | None
    radius_m: float | None
    reality: str
    standing: str
    belief: str
    contested: bool
    toll: str
    killed_low: int | None
    killed_high: int | None
    doers: str
    targets: str
    tellings: tuple[Version, ...]
    held: tuple[Held, ...]

    @property
    def located(self) -> bool:
        """True where it has a point on the map."""
        return self.lat is not None


@dataclass(frozen=True, slots=True)
class Duty:
    """An obligation with its evidence in words: (weighs, why, incident number or 0)."""

    title: str
    agreement_id: str
    bearers: str
    state: str
    due: str | None
    days_left: int | None
    evidence: tuple[tuple[str, str, int], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement with its source."""

    kind: str
    speaker: str
    about: str
    quote: str
    source: str
    published: str | None


def entries_of(telling: Telling) -> tuple[Entry, ...]:
    """Every incident by day, the undated last."""
    rows = sorted(telling.incidents, key=lambda i: (_first(i), i.incident_id))
    return tuple(_entry(number, incident, telling) for number, incident in enumerate(rows, 1))


def _first(incident: Incident) -> str:
    time = incident.time
    return (time.earliest or time.latest or "9999") if time else "9999"


def _entry(number: int, incident: Incident, telling: Telling) -> Entry:
    findings = telling.findings_of.get(incident.incident_id, ())
    point = next((place for place in incident.places if place.located), None)
    killed = next((toll for toll in incident.tolls if toll.what == "killed"), None)
    time = incident.time
    return Entry(
        number=number,
        incident_id=incident.incident_id,
        day=day_label(incident),
        earliest=time.earliest if time else None,
        latest=time.latest if time else None,
        type=incident.type,
        label=label_of(incident.type),
        place=place_label(incident),
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        radius_m=point.radius_m if point else None,
        reality=incident.reality,
        standing=standing_of(findings),
        belief=_belief(findings),
        contested=incident.contested,
        toll=toll_label(incident),
        killed_low=killed.low if killed else None,
        killed_high=killed.high if killed else None,
        doers=_names(telling, [telling.actor_key(p) for p in incident.actors]),
        targets=", ".join(dict.fromkeys(p.name for p in incident.targets)),
        tellings=_tellings(incident, telling),
        held=_held(findings, telling),
    )


def standing_of(findings: tuple[Finding, ...]) -> str:
    """The gravest an incident stands under any term: breach, undetermined, kept, else outside."""
    outcomes = {finding.outcome for finding in findings}
    if "breach_if_true" in outcomes:
        return "breach"
    if any(f.outcome in ("undetermined", "contested_reading") and f.probability > 0 for f in findings):
        return "undetermined"
    return "kept" if "consistent" in outcomes else "outside"


def _belief(findings: tuple[Finding, ...]) -> str:
    grave = [f for f in findings if f.outcome in ("breach_if_true", "undetermined", "contested_reading")]
    return (grave or list(findings))[0].belief if findings else "alleged"


def _names(telling: Telling, keys: list[str]) -> str:
    return ", ".join(dict.fromkeys(telling.actor_name(key) for key in keys))


def _tellings(incident: Incident, telling: Telling) -> tuple[Version, ...]:
    out = []
    for origin in sorted(incident.origins, key=lambda o: (o.side or "~", o.name, o.origin_id)):
        accounts = [telling.account[i] for i in origin.account_ids if i in telling.account]
        quotes = []
        for account in sorted(accounts, key=lambda a: (a.report_id, a.span.start)):
            report = telling.report.get(account.report_id)
            publisher = (report.source if report else None) or "source not told"
            chain = " citing ".join(dict.fromkeys([publisher, *(s.name for s in account.said_by)]))
            published = report.published[:10] if report and report.published else None
            name = report.name if report else account.report_id
            quotes.append(Quote(" ".join(account.quote.split()), chain, published, name, account.account_id))
        keys = [telling.actor_key(p) for a in accounts for p in a.actors]
        claims = [c for toll in incident.tolls for c in toll.claims if c.origin_id == origin.origin_id]
        figures = {(f"{_bounds(c.count.min, c.count.max)} {c.what}") for c in claims}
        out.append(
            Version(
                origin.name, telling.side_of_origin(origin), origin.reliability, _names(telling, keys),
                ", ".join(sorted(figures)), tuple(quotes),
            )
        )  # fmt: skip
    return tuple(out)


def _bounds(low: int | None, high: int | None) -> str:
    if low == high:
        return str(low)
    if high is None:
        return f"at least {low}"
    return f"up to {high}" if low is None else f"{low}–{high}"


def _held(findings: tuple[Finding, ...], telling: Telling) -> tuple[Held, ...]:
    labels = {(a.agreement_id, t.term_id): t.label for a in telling.agreements for t in a.terms}
    rows = []
    for finding in findings:
        if finding.outcome == "not_the_act":
            continue
        label = labels.get((finding.agreement_id, finding.term_id), finding.term_id)
        standing = standing_of((finding,))
        words = _OUTSIDE.get(finding.outcome) or STANDINGS[standing]
        if finding.outcome == "contested_reading":
            words = f"depends on the reading{f' ({finding.reading})' if finding.reading else ''}"
        rows.append(Held(f"{finding.agreement_id}: {label}", words, finding.probability, finding.missing, standing))
    return tuple(rows)


def duties_of(telling: Telling) -> tuple[Duty, ...]:
    """The obligations by state and due date: what is overdue first."""
    order = ("overdue", "obstructed", "disputed", "due", "partly_met", "pending", "met")
    numbers = {entry.incident_id: entry.number for entry in entries_of(telling)}
    rows = sorted(
        telling.obligations,
        key=lambda o: (order.index(o.state) if o.state in order else 9, o.due or "9999", o.obligation_id),
    )
    return tuple(
        Duty(
            o.title,
            o.agreement_id,
            ", ".join(telling.actor_name(b) for b in o.bearers),
            o.state,
            o.due,
            o.days_left,
            tuple((e.weighs, e.why, numbers.get(e.incident_id, 0)) for e in o.evidence),
            o.missing,
        )
        for o in rows
    )


def said_by(telling: Telling) -> tuple[Said, ...]:
    """The statements by publication."""
    rows = []
    for statement in telling.statements:
        report = telling.report.get(statement.report_id)
        rows.append(
            Said(
                statement.kind,
                statement.speaker.name if statement.speaker else "not told",
                statement.about.name if statement.about else "",
                " ".join(statement.quote.split()),
                (report.source if report else None) or "source not told",
                report.published[:10] if report and report.published else None,
            )
        )
    return tuple(sorted(rows, key=lambda s: (s.published or "9999", s.source, s.quote)))

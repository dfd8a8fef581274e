"""What a list may be asked for, and the query that means it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet

from trucewatch.store.models import FindingRow, IncidentAreaRow, IncidentPartyRow, PartyNameRow
from trucewatch.store.probes import among
from trucewatch.store.rows import fold
from trucewatch.store.trigrams import holding
from trucewatch.terms.codebooks import types_of


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows are wanted; None asks for no restriction. Dates are ISO and both ends are included.

    `since` and `until` take every interval that overlaps them; what has no date is left out by either of them and found
    by `undated`. `types` holds types and families. `actor`, `accuser` (who first said it) and `source` are names or
    ids, compared without case and accents. `box` is (south, west, north, east) in degrees; where west is greater than
    east it crosses the antimeridian. `area` is an agreement's id, a slash and the
    name of an area in it: what may lie inside. `state` is the review state, or the state of an obligation.
    """

    since: str | None = None
    until: str | None = None
    undated: bool = False
    place: str | None = None
    unlocated: bool = False
    box: tuple[float, float, float, float] | None = None
    area: str | None = None
    actor: str | None = None
    accuser: str | None = None
    source: str | None = None
    types: tuple[str, ...] = ()
    kind: str | None = None
    agreement: str | None = None
    term: str | None = None
    outcome: str | None = None
    belief: str | None = None
    state: str | None = None
    touching: bool = False  # of findings: only those whose term speaks of such an act at all
    code: str | None = None
    text: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) != f.default for f in fields(self))


def incidents_where(f: Filters) -> Q:
    """The incidents wanted. Raises SettingsError for an unknown type or family."""
    q = period(f, "earliest", "latest") & box(f)
    if f.unlocated:
        q &= Q(lat=None)
    if f.types:
        q &= Q(type__in=sorted(types_of(f.types)))
    if f.state:
        q &= Q(state=f.state)
    q &= holding([word for needle in (f.place, f.text) for word in fold(needle or "").split()])
    if f.area:
        q &= among(IncidentAreaRow.objects.filter(area=f.area).values("incident_id"))
    for role, name in (("actor", f.actor), ("origin", f.accuser), ("source", f.source)):
        if name:
            q &= among(_with_party(role, name))
    if f.term or f.agreement or f.outcome or f.belief:
        q &= among(FindingRow.objects.filter(findings_where(f)).values("incident_id"))
    return q


def findings_where(f: Filters) -> Q:
    """The findings wanted, by what stands in the finding itself."""
    wanted = {"agreement_id": f.agreement, "term_id": f.term, "outcome": f.outcome, "belief": f.belief}
    q = Q(**{column: value for column, value in wanted.items() if value})
    return q & ~Q(outcome="not_the_act") if f.touching else q


def accounts_where(f: Filters) -> Q:
    """The accounts wanted."""
    q = period(f, "earliest", "latest")
    if f.types:
        q &= Q(type__in=sorted(types_of(f.types)))
    if f.state:
        q &= Q(state=f.state)
    if f.source:
        q &= Q(report__source__iexact=f.source)
    for needle in (f.place, f.actor, f.text):
        if needle:
            q &= Q(payload__icontains=needle)
    return q


def statements_where(f: Filters) -> Q:
    """The statements wanted; `actor` is the speaker or whom it is about. Undated ones go by the report's date."""
    q = Q()
    if f.since:
        q &= Q(earliest__gte=f.since) | Q(earliest=None, report__published__gte=f.since)
    if f.until:
        until = f.until + "~"  # after every time of that day, in the order of code points
        q &= Q(earliest__lte=until) | Q(earliest=None, report__published__lte=until)
    if f.kind:
        q &= Q(kind=f.kind)
    if f.state:
        q &= Q(state=f.state)
    if f.actor:
        q &= Q(speaker__icontains=f.actor) | Q(about__icontains=f.actor)
    if f.source:
        q &= Q(report__source__iexact=f.source)
    if f.text:
        q &= Q(payload__icontains=f.text)
    return q


def tallies_where(f: Filters) -> Q:
    """The tallies wanted: those whose period overlaps."""
    q = period(f, "since", "until")
    if f.state:
        q &= Q(state=f.state)
    if f.source:
        q &= Q(report__source__iexact=f.source)
    for needle in (f.actor, f.place, f.text):
        if needle:
            q &= Q(payload__icontains=needle)
    return q


def obligations_where(f: Filters) -> Q:
    """The obligations wanted, by their due date."""
    q = Q(**{k: v for k, v in {"agreement_id": f.agreement, "term_id": f.term, "state": f.state}.items() if v})
    if f.since:
        q &= Q(due__gte=f.since)
    if f.until:
        q &= Q(due__lte=f.until + "~")
    if f.actor or f.text:
        q &= Q(payload__icontains=f.actor or f.text)
    return q


def reports_where(f: Filters) -> Q:
    """The reports wanted, by the day they were published."""
    q = Q()
    if f.since:
        q &= Q(published__gte=f.since)
    if f.until:
        q &= Q(published__lte=f.until + "~")
    if f.undated:
        q &= Q(published=None)
    if f.source:
        q &= Q(source__iexact=f.source)
    if f.text:
        q &= Q(text__icontains=f.text) | Q(title__icontains=f.text)
    return q


def doubts_where(f: Filters) -> Q:
    """The issues wanted."""
    q = Q(**{k: v for k, v in {"code": f.code, "stage": f.kind}.items() if v})
    if f.text:
        q &= Q(what__icontains=f.text) | Q(where__icontains=f.text)
    return q


def period(f: Filters, start: str, end: str) -> Q:
    """What overlaps the period asked for. An end that is open overlaps everything on its side."""
    if f.undated:
        return Q(**{start: None, end: None})
    q = Q()
    if f.since:
        q &= Q(**{f"{end}__gte": f.since}) | Q(**{end: None, f"{start}__isnull": False})
    if f.until:
        q &= Q(**{f"{start}__lte": f.until}) | Q(**{start: None, f"{end}__isnull": False})
    return q


def box(f: Filters) -> Q:
    """What lies inside the box, edges included."""
    if f.box is None:
        return Q()
    south, west, north, east = f.box
    q = Q(lat__gte=south, lat__lte=north)
    if west <= east:
        return q & Q(lon__gte=west, lon__lte=east)
    return q & (Q(lon__gte=west) | Q(lon__lte=east))


def _with_party(role: str, name: str) -> QuerySet[IncidentPartyRow, Any]:
    """The ids of incidents with such a party: by its key, and by its name where the key does not hold it.

    Names are looked for among those that occur at all, which are few, and incidents by the index of their keys.
    """
    names = PartyNameRow.objects.filter(role=role)
    by_key = Q(key=name) | Q(key__contains=fold(name))
    keys = sorted(set(names.filter(by_key).values_list("key", flat=True)))
    others = sorted(names.exclude(by_key).filter(name__iexact=name).values_list("key", "name"))
    found = Q(key__in=keys)
    if others:
        found |= Q(key__in=sorted({k for k, _ in others}), name__in=sorted({n for _, n in others}))
    return IncidentPartyRow.objects.filter(found, role=role).values("incident_id")

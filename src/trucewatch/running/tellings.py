"""From the store to what telling is given: the dossier as known at a cut-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.running.openings import open_dossier
from trucewatch.running.pasts import Then, then
from trucewatch.running.stages import DossierStages, Stages
from trucewatch.telling.tellings import AgreementSheet, Layer, Telling, TermLine
from trucewatch.telling.windows import within
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.incidents import Incident
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from trucewatch.judging.agreements import Agreement
    from trucewatch.judging.areas import Area
    from trucewatch.store.models import RulingRow

REJECTED = "rejected"  # the review state of an incident that people say is none
NOT_REVIEWED = "unreviewed"
NO_DAY = "1970-01-01"  # the cut-off where neither the dossier nor a report gives a day
DRAWN_TO_M = 60  # outlines are simplified to this many metres: far below the error any of them states


def load_telling(
    folder: str | Path | None,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
) -> Telling:
    """The telling of a dossier between two ISO days, as known on the day `as_of` and at the instant `known_at`.

    Two cut-offs: `as_of` leaves out reports published after that day (those without a date stay in); `known_at`, a
    date or date-time, takes the reports, readings and decisions of the store and the files of the dossier as they were
    then. Both link and judge anew; what a replay cannot take from then stands in `caveats`. Without `as_of` the
    dossier's own cut-off holds, else the last day any report at hand was published.
    Raises SettingsError and StoreError as opening does.
    """
    dossier, _ = open_dossier(folder)
    return telling_of(DossierStages(dossier), since=since, until=until, as_of=as_of, known_at=known_at)


def telling_of(
    stages: Stages,
    *,
    since: str | None = None,
    until: str | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
) -> Telling:
    """As `load_telling`, of the dossier of these stages, whose store is open."""
    # the models can be imported once the store is open, not before
    from trucewatch.store import reader

    past = then(stages, known_at) if known_at is not None else None
    whole = _told(stages, reader.reports().rows, as_of) if past is None else _told_then(past, as_of)
    return within(whole, since, until)


def _told(stages: Stages, reports: Sequence[Report], as_of: str | None) -> Telling:
    from trucewatch.store import reader
    from trucewatch.store.overlays import standing_rulings
    from trucewatch.store.pasts import readings_by
    from trucewatch.store.readings import stored_readings

    cut, known = _cut(stages, reports, as_of)
    if len(known) == len(reports):
        judged = _standing(stages, list(stored_readings(r.report_id for r in known)), cut)
    else:
        judged = _replayed(stages, readings_by(known, rulings := standing_rulings()), rulings, cut)
    return _telling(stages, cut, known, judged, reader.sources())


def _told_then(past: Then, as_of: str | None) -> Telling:
    from trucewatch.store.pasts import decided_by, readings_by, reports_by, rulings_by

    cut, known = _cut(past.stages, reports_by(past.at), as_of)
    rulings = rulings_by(decided_by(past.at))
    readings = readings_by(known, rulings, past.at) if past.read else []
    judged = _replayed(past.stages, readings, rulings, cut)
    telling = _telling(past.stages, cut, known, judged, past.stages.sources())
    return replace(telling, caveats=past.caveats)


def _cut(stages: Stages, reports: Sequence[Report], as_of: str | None) -> tuple[str, list[Report]]:
    """The day to tell as of, and the reports known by then."""
    newest = max((r.published[:10] for r in reports if r.published), default=NO_DAY)
    cut = as_of or stages.dossier.as_of or newest
    return cut, [r for r in reports if r.published is None or r.published[:10] <= cut]


@dataclass(frozen=True, slots=True)
class _Judged:
    readings: Sequence[ReportReading]
    incidents: Sequence[Incident]
    findings: Sequence[Finding]
    obligations: Sequence[Obligation]
    review: Mapping[str, str]


def _telling(stages: Stages, cut: str, known: Sequence[Report], judged: _Judged, sources: Sequence[Source]) -> Telling:
    return Telling(
        title=stages.dossier.title or stages.dossier.name,
        as_of=cut,
        incidents=tuple(judged.incidents),
        findings=tuple(judged.findings),
        obligations=tuple(judged.obligations),
        accounts=tuple(a for r in judged.readings for a in r.accounts),
        statements=tuple(s for r in judged.readings for s in r.statements),
        tallies=tuple(t for r in judged.readings for t in r.tallies),
        reports=tuple(known),
        sources=tuple(sources),
        actors=tuple(stages.registry),
        agreements=tuple(sheet_of(agreement) for agreement in stages.agreements),
        review={i.incident_id: judged.review.get(i.incident_id, NOT_REVIEWED) for i in judged.incidents},
    )


def _standing(stages: Stages, readings: Sequence[ReportReading], cut: str) -> _Judged:
    """What stands in the store; incidents that people rejected are left out, with their findings.

    Duties are tracked anew: those stored are of the last run, and a decision since may have changed their evidence.
    """
    from trucewatch.store import reader

    views = reader.incidents().rows
    incidents = sorted((v.incident for v in views if v.state != REJECTED), key=lambda i: i.incident_id)
    kept = {i.incident_id for i in incidents}
    findings = [f for f in reader.findings().rows if f.incident_id in kept]
    review = {v.incident.incident_id: v.state for v in views}
    return _Judged(readings, incidents, findings, stages.track(incidents, cut), review)


def _replayed(stages: Stages, readings: Sequence[ReportReading], rulings: QuerySet[RulingRow], cut: str) -> _Judged:
    """These readings linked and judged anew, under these rulings."""
    from trucewatch.store.constraints import constraints
    from trucewatch.store.overlays import incident_states, overlaid_incidents

    must, cannot = constraints(rulings)
    incidents = overlaid_incidents(stages.link(readings, must, cannot), rulings)
    states = incident_states({a: i.incident_id for i in incidents for a in i.account_ids}, rulings)
    incidents = sorted((i for i in incidents if states.get(i.incident_id) != REJECTED), key=lambda i: i.incident_id)
    decided = {key: state for key, state in states.items() if state in ("verified", "refuted")}
    findings = stages.judge(incidents, decided)
    return _Judged(readings, incidents, findings, stages.track(incidents, cut, readings), states)


def sheet_of(agreement: Agreement) -> AgreementSheet:
    """The agreement as telling shows it: dates, terms, and its areas and lines as GeoJSON."""
    form = agreement.form
    marks = [(form.declared.at[:10], f"{agreement.agreement_id}: declared")]
    marks.append((form.in_effect.at[:10], f"{agreement.agreement_id}: in effect"))
    marks += [(term.due.clock[:10], f"due: {term.title}") for term in agreement.terms if term.due]
    if form.ended:
        marks.append((form.ended.at.at[:10], f"{agreement.agreement_id}: ended ({form.ended.how})"))
    return AgreementSheet(
        agreement.agreement_id,
        agreement.title,
        form.in_effect.at[:10],
        form.ended.at.at[:10] if form.ended else None,
        tuple(marks),
        tuple(TermLine(term.term_id, term.title) for term in agreement.terms),
        (
            *(layer for name in sorted(agreement.areas) for layer in _layers(name, agreement.areas[name], form)),
            *_lines(agreement),
        ),
        tuple(source.title for source in form.sources),
    )


def _layers(name: str, area: Area, form: Any) -> list[Layer]:
    import shapely

    if area.everywhere or area.projection is None:
        return []
    shape = area.projection.degrees(area.versions[-1].geometry.simplify(DRAWN_TO_M))
    rounded = shapely.set_precision(shape, 1e-5)
    kind = "corridor" if name in form.areas and form.areas[name].corridor else "area"
    return [Layer(area.title, kind, shapely.geometry.mapping(rounded))]


def _lines(agreement: Agreement) -> list[Layer]:
    import shapely

    from trucewatch.judging.shapes import Workshop

    form = agreement.form
    shop = Workshop(Path(agreement.path).parent, form.lines, form.areas)
    roads = {area.corridor.line for area in form.areas.values() if area.corridor}
    return [
        Layer(
            form.lines[name].title or name,
            "road" if name in roads else "line",
            shapely.geometry.mapping(shapely.set_precision(shop.line(name), 1e-5)),
        )
        for name in sorted(form.lines)
    ]

"""From the store to what telling is given: the dossier as known at a cut-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.running.openings import open_dossier
from trucewatch.running.provenances import not_of_then
from trucewatch.running.stages import DossierStages, Stages
from trucewatch.telling.tellings import AgreementSheet, Layer, Telling, TermLine
from trucewatch.telling.windows import within
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.incidents import Incident

if TYPE_CHECKING:
    from trucewatch.judging.agreements import Agreement
    from trucewatch.judging.areas import Area

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
    date or date-time, leaves out reports that came into the store and decisions that were taken after it. Where
    anything is left out, what remains is linked and judged anew; what a replay cannot take from then stands in
    `caveats`. Without `as_of` the dossier's own cut-off holds, else the last day any report at hand was published.
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
    from trucewatch.store.pasts import reports_by

    dossier = stages.dossier
    reports = reader.reports().rows
    if known_at is not None:
        present = reports_by(known_at)
        reports = tuple(r for r in reports if r.report_id in present)
    cut = as_of or dossier.as_of or max((r.published[:10] for r in reports if r.published), default=NO_DAY)
    known = [r for r in reports if r.published is None or r.published[:10] <= cut]
    if known_at is None and len(known) == len(reports):
        judged = _standing(stages, [r.report_id for r in known], cut)
    else:
        judged = _replayed(stages, [r.report_id for r in known], cut, known_at)
    whole = Telling(
        title=dossier.title or dossier.name,
        as_of=cut,
        incidents=tuple(judged.incidents),
        findings=tuple(judged.findings),
        obligations=tuple(judged.obligations),
        accounts=tuple(a for r in judged.readings for a in r.accounts),
        statements=tuple(s for r in judged.readings for s in r.statements),
        tallies=tuple(t for r in judged.readings for t in r.tallies),
        reports=tuple(known),
        sources=tuple(reader.sources()),
        actors=tuple(stages.registry),
        agreements=tuple(sheet_of(agreement) for agreement in stages.agreements),
        caveats=() if known_at is None else not_of_then(stages, known_at),
        review={i.incident_id: judged.review.get(i.incident_id, NOT_REVIEWED) for i in judged.incidents},
    )
    return within(whole, since, until)


@dataclass(frozen=True, slots=True)
class _Judged:
    readings: Sequence[ReportReading]
    incidents: Sequence[Incident]
    findings: Sequence[Finding]
    obligations: Sequence[Obligation]
    review: Mapping[str, str]


def _standing(stages: Stages, report_ids: Sequence[str], cut: str) -> _Judged:
    """What stands in the store; incidents that people rejected are left out, with their findings.

    Duties are tracked anew: those stored are of the last run, and a decision since may have changed their evidence.
    """
    from trucewatch.store import reader
    from trucewatch.store.readings import stored_readings

    views = reader.incidents().rows
    incidents = sorted((v.incident for v in views if v.state != REJECTED), key=lambda i: i.incident_id)
    kept = {i.incident_id for i in incidents}
    findings = [f for f in reader.findings().rows if f.incident_id in kept]
    review = {v.incident.incident_id: v.state for v in views}
    return _Judged(list(stored_readings(report_ids)), incidents, findings, stages.track(incidents, cut), review)


def _replayed(stages: Stages, report_ids: Sequence[str], cut: str, known_at: str | None) -> _Judged:
    """These reports linked and judged anew, under the decisions taken by `known_at` (all of them without)."""
    from trucewatch.store.constraints import constraints
    from trucewatch.store.overlays import incident_states, overlaid_incidents, standing_rulings
    from trucewatch.store.pasts import decided_by, readings_by, rulings_by

    rulings = standing_rulings() if known_at is None else rulings_by(decided_by(known_at))
    readings = readings_by(report_ids, rulings)
    must, cannot = constraints(rulings)
    incidents = overlaid_incidents(stages.link(readings, must, cannot), rulings)
    states = incident_states({a: i.incident_id for i in incidents for a in i.account_ids}, rulings)
    incidents = sorted((i for i in incidents if states.get(i.incident_id) != REJECTED), key=lambda i: i.incident_id)
    decided = {key: state for key, state in states.items() if state in ("verified", "refuted")}
    return _Judged(readings, incidents, stages.judge(incidents, decided), stages.track(incidents, cut), states)


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

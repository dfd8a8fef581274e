"""From the store to what telling is given: the dossier as known at a cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch.running.openings import open_dossier
from trucewatch.running.stages import DossierStages
from trucewatch.telling.tellings import AgreementSheet, Layer, Telling, TermLine
from trucewatch.telling.windows import within
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.incidents import Incident
from trucewatch.terms.reports import Report

if TYPE_CHECKING:
    from trucewatch.judging.agreements import Agreement
    from trucewatch.judging.areas import Area

DRAWN_TO_M = 60  # outlines are simplified to this many metres: far below the error any of them states


def load_telling(
    folder: str | Path | None, *, since: str | None = None, until: str | None = None, as_of: str | None = None
) -> Telling:
    """The telling of a dossier between two ISO days, as known on the day `as_of`.

    Reports published after `as_of` are left out; where there are any, what remains is linked and judged anew, under
    the decisions people have taken to this day. Reports without a date stay in. Without `as_of` the dossier's own
    cut-off holds, else the last day any report was published. Raises SettingsError and StoreError as opening does.
    """
    dossier, _ = open_dossier(folder)
    # the models can be imported once the store is open, not before
    from trucewatch.store import reader
    from trucewatch.store.readings import stored_readings

    stages = DossierStages(dossier)
    reports = reader.reports().rows
    cut = as_of or dossier.as_of or max((r.published[:10] for r in reports if r.published), default="1970-01-01")
    known = [r for r in reports if r.published is None or r.published[:10] <= cut]
    readings = list(stored_readings([r.report_id for r in known]))
    incidents, findings, obligations = _judged(stages, known, reports, cut, as_of is not None)
    whole = Telling(
        title=dossier.title or dossier.name,
        as_of=cut,
        incidents=tuple(incidents),
        findings=tuple(findings),
        obligations=tuple(obligations),
        accounts=tuple(a for r in readings for a in r.accounts),
        statements=tuple(s for r in readings for s in r.statements),
        tallies=tuple(t for r in readings for t in r.tallies),
        reports=tuple(known),
        sources=tuple(reader.sources()),
        actors=tuple(stages.registry),
        agreements=tuple(sheet_of(agreement) for agreement in stages.agreements),
    )
    return within(whole, since, until)


def _judged(
    stages: DossierStages, known: Sequence[Report], reports: Sequence[Report], cut: str, asked: bool
) -> tuple[Sequence[Incident], Sequence[Finding], Sequence[Obligation]]:
    """What stands in the store where every report was known at the cut-off, else linked and judged anew."""
    from trucewatch.store import reader
    from trucewatch.store.constraints import constraints
    from trucewatch.store.readings import stored_readings

    if len(known) == len(reports):
        incidents: Sequence[Incident] = list(reader.all_incidents())
        obligations = stages.track(incidents, cut) if asked else reader.obligations().rows
        return incidents, reader.findings().rows, obligations
    must, cannot = constraints()
    readings = list(stored_readings([r.report_id for r in known]))
    incidents = stages.link(readings, must, cannot)
    return incidents, stages.judge(incidents), stages.track(incidents, cut)


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

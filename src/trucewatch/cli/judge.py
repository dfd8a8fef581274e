"""`trucewatch judge`: holds incidents against agreement files, without a dossier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from trucewatch.cli.findings import told as told_finding
from trucewatch.cli.obligations import told as told_duty
from trucewatch.cli.tables import format_option, write_rows
from trucewatch.judging.agreements import Agreement, load_agreement
from trucewatch.judging.incidents import Row, read_incidents
from trucewatch.judging.judges import Judge
from trucewatch.judging.obligations import track
from trucewatch.terms.errors import ReportError, SettingsError, unknown_name
from trucewatch.terms.findings import OUTCOMES, Finding, Obligation, Test

NOT_THE_ACT = "not_the_act"
_COLUMNS = ("incident", "agreement", "term", "outcome", "probability", "belief", "accused", "missing", "reading")
_DUTY_COLUMNS = ("agreement", "term", "title", "state", "due", "late_days", "days_left", "evidence", "missing")


@click.command("judge")
@click.option(
    "--agreement",
    "-a",
    "agreements",
    multiple=True,
    required=True,
    metavar="FILE",
    help="What it is held to; can be repeated.",
)
@click.option("--incidents", "-i", required=True, metavar="FILE", help="Incidents as JSON Lines; - for standard input.")
@click.option("--outcome", "outcomes", multiple=True, metavar="OUTCOME", help="Only these; can be repeated.")
@click.option("--term", "terms", multiple=True, metavar="ID", help="Only under these terms; can be repeated.")
@click.option("--obligations", is_flag=True, help="Also print the state of every duty (csv: in place of the findings).")
@click.option("--as-of", metavar="DAY", help="State of duties at the end of this day; else the last day told of.")
@format_option
def command(
    agreements: tuple[str, ...], incidents: str, form: str, outcomes: tuple[str, ...], terms: tuple[str, ...],
    obligations: bool, as_of: str | None,
) -> None:  # fmt: skip
    """Hold every incident against every term and print one finding each, with its grounds.

    A finding says whether the incident would be a breach if it happened as told, never that it did. A table leaves out
    findings under terms that speak of other acts; the other formats hold every one.

    \b
    trucewatch judge --agreement agreements/idlib-2020-03-05.yaml --incidents incidents.jsonl --format jsonl
    trucewatch judge --agreement a.yaml --agreement b.yaml --incidents - --outcome breach_if_true < incidents.jsonl
    trucewatch judge --agreement a.yaml --incidents incidents.jsonl --obligations --as-of 2020-04-01

    \b
    An incident is one JSON object per line:
      {"id": "i1", "type": "shelling", "date": {"earliest": "2020-03-06T00:20", "latest": "2020-03-06T00:40"},
       "places": [{"name": "Ariha", "lat": 35.814, "lon": 36.609, "radius_m": 1000}],
       "actors": ["Syrian army"], "targets": [], "reality": "asserted", "killed": null}

    Places with weights that sum to 1 are alternatives of one place; without weights they are several places.
    """
    loaded = [load_agreement(path) for path in agreements]
    known = {t.term_id for a in loaded for t in a.terms}
    for name, allowed, kind in ((terms, known, "term"), (outcomes, OUTCOMES, "outcome")):
        for one in name:
            if one not in allowed:
                raise SettingsError(f"unknown-{kind}", unknown_name(kind, one, allowed))
    rows = list(_read(incidents))
    hidden = (NOT_THE_ACT,) if form == "table" and not outcomes else ()
    findings = (
        finding_row(f) for f in Judge(loaded).stream(r.incident for r in rows)
        if (not outcomes or {printed_outcome(f), f.outcome} & set(outcomes))
        and (not terms or f.term_id in terms) and f.outcome not in hidden
    )  # fmt: skip
    duties = [duty_row(d) for d in _duties(loaded, rows, as_of)] if obligations else []
    if form != "csv" or not obligations:
        empty = "No finding fits." if rows else "No incident was given."
        write_rows(findings, _COLUMNS, form, empty=empty, told=told_finding)
    if obligations:
        if form == "table":
            click.echo()
        write_rows(duties, _DUTY_COLUMNS, form, empty="No agreement given states a duty.", told=told_duty)


def _read(path: str) -> Iterator[Row]:
    try:
        with click.open_file(path, "rb") as stream:
            yield from read_incidents(stream, "standard input" if path == "-" else path)
    except OSError as error:
        raise ReportError(
            "incidents-unreadable", f"cannot be read: {error.strerror}", where=path, todo="Check the path."
        ) from error


def _duties(agreements: Sequence[Agreement], rows: Sequence[Row], as_of: str | None) -> list[Obligation]:
    day = as_of or max((_last(r) for r in rows), default="")
    if not day:
        raise SettingsError("as-of", "no incident has a date, so there is no last day", todo="Give --as-of DATE.")
    try:
        courses = {r.incident.incident_id: r.course for r in rows if r.course}
        return track(agreements, [r.incident for r in rows], day, courses=courses)
    except ValueError as error:
        raise SettingsError("as-of", f"'{day}' is no ISO date", todo="Write it as 2020-04-01.") from error


def _last(row: Row) -> str:
    time = row.incident.time
    return ((time.latest or time.earliest or "") if time else "")[:10]


def printed_outcome(finding: Finding) -> str:
    """The outcome as printed: what is another act than the term speaks of, or did not happen, is consistent with it."""
    return "consistent" if finding.outcome == NOT_THE_ACT else finding.outcome


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as printed: plain JSON types, tests in the order they were put."""
    return {
        "kind": "finding", "incident": finding.incident_id, "agreement": finding.agreement_id, "term": finding.term_id,
        "outcome": printed_outcome(finding), "touches": finding.outcome != NOT_THE_ACT,
        "probability": finding.probability, "tests": [_test(t) for t in finding.tests],
        "missing": list(finding.missing), "reading": finding.reading, "belief": finding.belief,
        "admiralty": finding.reliability + finding.credibility,
        "accused": list(finding.accused), "finding": finding.finding_id, "version": finding.agreement_version,
    }  # fmt: skip


def _test(test: Test) -> dict[str, Any]:
    return {
        "name": test.name, "verdict": test.verdict, "probability": round(test.probability, 6),
        "compared": [list(pair) for pair in test.compared], "missing": test.missing,
    }  # fmt: skip


def duty_row(duty: Obligation) -> dict[str, Any]:
    """A duty as printed."""
    late = duty.late_days
    return {
        "kind": "obligation", "obligation": duty.obligation_id, "agreement": duty.agreement_id, "term": duty.term_id,
        "title": duty.title, "bearers": list(duty.bearers), "state": duty.state, "due": duty.due, "late_days": late,
        "late": bool(late), "as_of": duty.as_of, "days_left": duty.days_left,
        "evidence": [
            {"incident": e.incident_id, "weighs": e.weighs, "why": e.why, "earliest": e.earliest} for e in duty.evidence
        ],
        "history": [
            {"date": day, "state": state, **({"note": f"{late} days late"} if late and state == "met" else {})}
            for day, state in duty.history
        ],
        "missing": list(duty.missing),
    }  # fmt: skip

"""`trucewatch judge`: holds incidents against agreement files, without a dossier."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import click
from rich.console import Console
from rich.table import Table

from trucewatch.judging.agreements import Agreement, load_agreement
from trucewatch.judging.incidents import Row, read_incidents
from trucewatch.judging.judges import Judge
from trucewatch.judging.obligations import track
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.findings import Finding, Obligation, Test

_COLUMNS = ("incident", "agreement", "term", "outcome", "probability", "belief", "accused", "missing")
_DUTY_COLUMNS = ("agreement", "term", "title", "state", "due", "late_days", "days_left", "evidence", "missing")

_EPILOG = """\b
Examples:
  trucewatch judge --agreement agreements/idlib-2020-03-05.yaml --incidents incidents.jsonl --format jsonl
  trucewatch judge --agreement a.yaml --agreement b.yaml --incidents - --outcome breach_if_true < incidents.jsonl
  trucewatch judge --agreement a.yaml --incidents incidents.jsonl --obligations --as-of 2020-04-01

\b
An incident is one JSON object per line:
  {"id": "i1", "type": "shelling", "date": {"earliest": "2020-03-06T00:20", "latest": "2020-03-06T00:40"},
   "places": [{"name": "Ariha", "lat": 35.814, "lon": 36.609, "radius_m": 1000}],
   "actors": ["Syrian army"], "targets": [], "reality": "asserted", "killed": null}
Places with weights that sum to 1 are alternatives of one place; without weights they are several places."""


@click.command("judge", epilog=_EPILOG)
@click.option(
    "--agreement",
    "-a",
    "agreements",
    multiple=True,
    required=True,
    metavar="FILE",
    help="Agreement file (YAML); may be given again.",
)
@click.option("--incidents", "-i", required=True, metavar="FILE", help="Incidents as JSON Lines; - for standard input.")
@click.option("--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True)
@click.option(
    "--outcome", "outcomes", multiple=True, metavar="NAME", help="Only findings with this outcome; may be given again."
)
@click.option("--term", "terms", multiple=True, metavar="ID", help="Only findings under this term; may be given again.")
@click.option("--obligations", is_flag=True, help="Also print the state of every duty (csv: in place of the findings).")
@click.option(
    "--as-of",
    metavar="DATE",
    help="State of the duties at the end of this day; without it, of the last day an incident tells of.",
)
def command(
    agreements: tuple[str, ...], incidents: str, form: str, outcomes: tuple[str, ...], terms: tuple[str, ...],
    obligations: bool, as_of: str | None,
) -> None:  # fmt: skip
    """Hold every incident against every term and print one finding each, with its grounds.

    A finding says whether the incident would be a breach if it happened as told, never that it did.
    """
    loaded = [load_agreement(path) for path in agreements]
    known = {t.term_id for a in loaded for t in a.terms}
    for term in terms:
        if term not in known:
            raise SettingsError(
                "unknown-term", f"no agreement given has a term '{term}'; known: {', '.join(sorted(known))}"
            )
    rows = list(_read(incidents))
    findings = (
        f for f in Judge(loaded).stream(r.incident for r in rows)
        if (not outcomes or f.outcome in outcomes) and (not terms or f.term_id in terms)
    )  # fmt: skip
    duties = _duties(loaded, rows, as_of) if obligations else []
    if form == "jsonl":
        for finding in findings:
            click.echo(json.dumps(finding_row(finding), ensure_ascii=False))
        for duty in duties:
            click.echo(json.dumps(duty_row(duty), ensure_ascii=False))
    elif form == "csv":
        table = map(duty_row, duties) if obligations else map(finding_row, findings)
        _csv(sys.stdout, _DUTY_COLUMNS if obligations else _COLUMNS, table)
    else:
        shown = [finding_row(f) for f in findings]
        told = [row for row in shown if row["outcome"] != "not_the_act" or outcomes]
        _table("Findings (alleged; a breach only if true)", _COLUMNS, told)
        if len(told) < len(shown):
            click.echo(f"{len(shown) - len(told)} findings not shown: the incident is not an act the term speaks of.")
        if obligations:
            _table(f"Obligations as of {duties[0].as_of if duties else as_of}", _DUTY_COLUMNS, map(duty_row, duties))


def _read(path: str) -> Iterator[Row]:
    with click.open_file(path, encoding="utf-8") as stream:
        yield from read_incidents(stream, "standard input" if path == "-" else path)


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


def finding_row(finding: Finding) -> dict[str, Any]:
    """A finding as printed: plain JSON types, tests in the order they were put."""
    return {
        "kind": "finding", "incident": finding.incident_id, "agreement": finding.agreement_id, "term": finding.term_id,
        "outcome": finding.outcome, "probability": finding.probability, "tests": [_test(t) for t in finding.tests],
        "missing": list(finding.missing), "reading": finding.reading, "belief": finding.belief,
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


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(f"{v['incident']} ({v['weighs']})" if isinstance(v, dict) else str(v) for v in value)
    if isinstance(value, float):
        return f"{value:.3f}"
    return "" if value is None else str(value)


def _csv(stream: TextIO, columns: tuple[str, ...], rows: Any) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row[c]) for c in columns])


def _table(title: str, columns: tuple[str, ...], rows: Any) -> None:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[c]) for c in columns))
    Console().print(table)

"""`trucewatch incidents`: what happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trucewatch.cli.options import (
    filter_options,
    filters_of,
    folder_argument,
    known_at_option,
    limit_option,
    tell_caveats,
)
from trucewatch.cli.tables import Row, format_option, listing_end, write_rows

if TYPE_CHECKING:
    from trucewatch.store.reader import IncidentView

COLUMNS = ("id", "date", "type", "place", "actors", "targets", "killed", "n_origins", "contested", "state")


@click.command("incidents")
@folder_argument
@filter_options("since", "until", "undated", "place", "unlocated", "actor", "accuser", "types", "source")
@filter_options("agreement", "term", "outcome", "belief", "state", "text")
@limit_option
@known_at_option
@format_option
def command(folder: Path | None, form: str, limit: int | None, known_at: str | None, **given: Any) -> None:
    """List the incidents of a dossier by date, those with no date last.

    \b
    trucewatch incidents DIR --from 2020-03-06 --type shelling
    trucewatch incidents DIR --place Saraqib --format csv > saraqib.csv
    trucewatch incidents DIR --term cessation --outcome breach_if_true
    """
    from trucewatch.running.twins import open_at

    opened = open_at(folder, known_at)
    tell_caveats(opened.caveats)
    from trucewatch.store import reader

    page = reader.incidents(filters_of(given), limit=limit)
    write_rows(map(_row, page.rows), COLUMNS, form, empty="No incident fits.", told=_told)
    if form == "table":
        listing_end(len(page.rows), page.total, "incidents", "as the reports tell them: alleged until verified")


def _row(view: IncidentView) -> dict[str, Any]:
    from trucewatch.terms.ids import plain

    incident = view.incident
    killed = next((t for t in incident.tolls if t.what == "killed"), None)
    return {
        **plain(incident),
        "id": incident.incident_id,
        "date": _days(incident.time.earliest, incident.time.latest) if incident.time else None,
        "place": incident.places[0].name if incident.places else None,
        "actors": [p.name for p in incident.actors],
        "targets": [p.name for p in incident.targets],
        "killed": _range(killed.low, killed.high) if killed else None,
        "n_origins": len(incident.origins),
        "state": view.state,
    }


def _told(row: Row) -> Row:
    who = ", ".join(row["actors"])
    if row["targets"]:
        who = f"{who or 'not told'} -> {', '.join(row['targets'])}"
    return {
        "id": row["id"],
        "date": row["date"] or "not dated",
        "what": f"{row['type']}, {row['place']}" if row["place"] else row["type"],
        "who -> whom": who or "not told",
        "killed": row["killed"],
        "origins": row["n_origins"],
        "state": f"{row['state']}, contested" if row["contested"] else row["state"],
    }


def _days(earliest: str | None, latest: str | None) -> str:
    return str(earliest) if earliest == latest else f"{earliest or ''} to {latest or ''}"


def _range(low: int | None, high: int | None) -> str | None:
    if low is None and high is None:
        return None
    if low == high:
        return str(low)
    return f"{low}+" if high is None else f"{'' if low is None else low}-{high}"

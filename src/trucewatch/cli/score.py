"""`trucewatch score`: what was read held against what an annotator read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from trucewatch.telling.scores import score
from trucewatch.terms.errors import SettingsError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("score")
@click.argument("gold", type=_FILE)
@click.argument("predicted", type=_FILE)
@click.option(
    "--links",
    metavar="FILE",
    type=_FILE,
    help="Clusters of accounts that tell of one incident, for the linking figures.",
)
@click.option("--json", "in_one_line", is_flag=True, help="Everything on one line.")
def command(gold: Path, predicted: Path, links: Path | None, in_one_line: bool) -> None:
    """Print how well PREDICTED fits GOLD, both JSON Lines of annotated reports.

    \b
    trucewatch read reports.jsonl > read.jsonl
    trucewatch score annotated.jsonl read.jsonl
    trucewatch score annotated.jsonl read.jsonl --links links.json
    """
    clusters = read_links(links) if links else None
    wanted = read_annotated(gold, ("text", "accounts"))
    if not wanted:
        raise SettingsError("score-empty", "holds no report", where=str(gold), todo="One annotated report a line.")
    figures = score(wanted, read_annotated(predicted), clusters)
    click.echo(json.dumps(figures, indent=None if in_one_line else 2))


def read_annotated(path: Path, needed: Sequence[str] = ()) -> dict[str, Mapping[str, Any]]:
    """Reports by id. Raises SettingsError naming file and line where one is no object with an id and what is needed."""
    reports: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            report = json.loads(line)
        except ValueError as err:
            raise SettingsError("score-json", f"not JSON: {err}", where=where, todo="One report a line.") from err
        if not isinstance(report, dict) or not isinstance(report.get("id"), str):
            raise SettingsError("score-id", "a report without an id", where=where, todo="Give each report an id.")
        if missing := [name for name in needed if name not in report]:
            todo = "What `trucewatch read` prints has every field: docs/reference/annotations.md"
            what = f"no annotated report: it lacks {', '.join(missing)}"
            raise SettingsError("score-field", what, where=where, todo=todo)
        reports[report["id"]] = report
    return reports


def read_links(path: Path) -> list[list[tuple[str, int]]]:
    """Clusters of (report id, index of the account). Raises SettingsError where the file has another shape."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        clusters = raw.get("clusters", raw) if isinstance(raw, dict) else raw
        return [[_member(m) for m in _members(cluster)] for cluster in clusters]
    except (ValueError, KeyError, TypeError) as err:
        todo = "A list of clusters, each a list of [report id, index of the account]."
        raise SettingsError("score-links", f"not a list of clusters: {err}", where=str(path), todo=todo) from err


def _members(cluster: Any) -> Sequence[Any]:
    members: Sequence[Any] = cluster["members"] if isinstance(cluster, dict) else cluster
    return members


def _member(member: Any) -> tuple[str, int]:
    doc, index = (member["doc"], member["account"]) if isinstance(member, dict) else member
    return str(doc), int(index)

"""`trucewatch agreement`: checks agreement files, draws them, and prints the schema they follow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from trucewatch.cli.tables import format_option, write_rows
from trucewatch.judging.agreements import Agreement, load_agreement
from trucewatch.judging.checks import Miss, area_misses, furthest, line_misses
from trucewatch.judging.drawings import dates, page, svg
from trucewatch.judging.schemas import AgreementForm
from trucewatch.judging.shapes import Workshop
from trucewatch.terms.errors import SettingsError


@click.group("agreement")
def command() -> None:
    """Check and draw agreement files.

    How to write one: docs/guides/agreements.md.
    """


@command.command("check")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--draw", "drawing", metavar="FILE", type=click.Path(path_type=Path), help="Write a drawing: .html or .svg."
)
@format_option
def check(file: Path, drawing: Path | None, form: str) -> None:
    """Check an agreement file and show its areas, dates and terms.

    Ends with 2 where the file is wrong, and names the line, the path, what is wrong and what to do.

    \b
    trucewatch agreement check agreements/idlib-2020-03-05.yaml
    trucewatch agreement check my-accord.yaml --draw my-accord.html
    """
    if drawing is not None and drawing.suffix not in (".html", ".svg"):
        raise SettingsError(
            "drawing-kind", f"'{drawing.name}' is neither .html nor .svg", todo="End it in one of them."
        )
    agreement = load_agreement(file)
    if form == "table":
        click.echo(f"{agreement.agreement_id}: {agreement.title} (version {agreement.version})\n")
    for rows, columns, title in _sections(agreement):
        if form == "table":
            click.echo(title)
        write_rows(rows, columns, form, empty="  none")
        if form == "table":
            click.echo()
    if drawing is not None:
        drawing.write_text(page(agreement) if drawing.suffix == ".html" else svg(agreement), "utf-8")
        click.echo(f"Drawn: {drawing}", err=True)
    if form == "table":
        click.echo("The file is in order.")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of agreement files, for editors.

    An editor that is pointed at it checks a file while it is written.

    \b
    trucewatch agreement schema > agreement-schema.json
    """
    click.echo(schema_text(), nl=False)


def schema_text() -> str:
    """The JSON Schema of agreement files, as docs/reference/agreement-schema.json holds it."""
    content = {"$schema": "https://json-schema.org/draft/2020-12/schema", **AgreementForm.model_json_schema()}
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _sections(agreement: Agreement) -> list[tuple[list[dict[str, object]], tuple[str, ...], str]]:
    when: list[dict[str, object]] = [
        {"row": "date", "when": clock, "what": what, "zone": zone} for clock, what, zone in dates(agreement)
    ]
    areas: list[dict[str, object]] = [
        {
            "row": "area", "area": name, "title": area.title, "made of": agreement.form.areas[name].kind,
            "km2": round(area.versions[-1].geometry.area / 1e6), "versions": len(area.versions),
            "edge error m": area.edge_error_m, "projection error m": area.projection_error_m,
        }
        for name, area in sorted(agreement.areas.items())
    ]  # fmt: skip
    lines: list[dict[str, object]] = []
    shop = Workshop(Path(agreement.path).parent, agreement.form.lines, agreement.form.areas)
    for name, line in sorted(agreement.form.lines.items()):
        lines.append({"row": "line", "line": name, "title": line.title or name, "error m": line.error_m,
                      **_checked(line_misses(name, shop))})  # fmt: skip
    for area, row in zip((agreement.areas[name] for name in sorted(agreement.areas)), areas, strict=True):
        row |= _checked(area_misses(agreement.form.areas[area.name].checks, area))
    terms: list[dict[str, object]] = [
        {
            "row": "term", "id": t.term_id, "modality": t.form.modality, "title": t.title,
            "bearers": list(t.form.bearers), "area": t.area.name,
            "due": t.due.clock if t.due else None, "readings": len(t.form.readings),
            "open": len(t.form.open_questions), "read": agreement.wording(t),
        }
        for t in agreement.terms
    ]  # fmt: skip
    return [
        (when, ("when", "what", "zone"), "Dates"),
        (lines, ("line", "title", "error m", "checks", "furthest off"), "Lines"),
        (
            areas,
            (
                "area",
                "title",
                "made of",
                "km2",
                "versions",
                "edge error m",
                "checks",
                "furthest off",
                "projection error m",
            ),
            "Areas",
        ),
        (terms, ("id", "modality", "title", "bearers", "area", "due", "readings", "open", "read"), "Terms"),
    ]


def _checked(misses: Sequence[Miss]) -> dict[str, object]:
    """How many places what was drawn was held against, and which of them it misses by most."""
    worst = furthest(misses)
    told = None if worst is None else f"{worst.name}, {worst.metres:.0f} m" if worst.metres else "none is off"
    return {"checks": len(misses) or "none", "furthest off": told}

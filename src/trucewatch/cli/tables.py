"""Rows out: a table for people, JSON Lines and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from trucewatch.cli.layouts import UNDER, lines, shown, width

FORMATS = ("table", "jsonl", "csv")
Row = Mapping[str, Any]


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--format`."""
    option = _format(FORMATS, "table is for people, jsonl and csv for programs.")
    return option(function)


def page_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--format`, with `html` among them, and `-o`."""
    form = _format((*FORMATS, "html"), "table is for people, jsonl and csv for programs; html is a page to publish.")
    output = click.option(
        "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="With --format html: the page's file."
    )
    return form(output(function))


def _format(forms: Sequence[str], words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--format", "form", type=click.Choice(forms), default="table", show_default=True, help=words)


def check_output(form: str, output: Path | None) -> None:
    """Raises SettingsError where a file is named for a format that goes to standard output."""
    from trucewatch.terms.errors import SettingsError

    if output is not None and form != "html":
        todo = "Add --format html, or send the rows there with > FILE."
        raise SettingsError("output-format", f"-o goes with --format html, not with {form}", todo=todo)


def write_page(page: str, output: Path | None, what: str) -> None:
    """The page is in the file, or on standard output where none or `-` is given."""
    if output is None or str(output) == "-":
        sys.stdout.write(page)
        return
    output.write_text(page, "utf-8", newline="\n")
    click.echo(f"{output}: {what}")


def write_rows(
    rows: Iterable[Row],
    columns: Sequence[str],
    form: str,
    *,
    empty: str = "Nothing found.",
    told: Callable[[Row], Row] | None = None,
) -> None:
    """The rows are on standard output. `jsonl` holds everything in a row, `csv` these columns.

    `table` is for people: what `told` makes of a row, under the names `told` gives, else these columns; ids are
    shortened. An empty table says so on standard error, so that what reads a pipe sees nothing.
    """
    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False, sort_keys=True))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    else:
        _table([told(row) for row in rows] if told else list(rows), None if told else columns, empty)


def listing_end(n_rows: int, total: int, things: str, note: str = "") -> None:
    """A line after a table says how many there are, and how to go on; on standard error, out of the way of pipes."""
    if n_rows:
        many = f"{n_rows} {things}" if n_rows == total else f"{n_rows} of {total} {things}"
        click.echo(f"\n{many}{', ' + note if note else ''}. Behind one: trucewatch explain ID", err=True)


def _table(rows: Sequence[Row], columns: Sequence[str] | None, empty: str) -> None:
    if not rows:
        click.echo(empty, err=True)
        return
    names = columns or [name for name in rows[0] if name != UNDER]
    for n, line in enumerate(lines(rows, names, width())):
        click.secho(line, bold=n == 0)


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return _cell("; ".join(shown(v) for v in value))
    # a spreadsheet would run what begins like this as a formula
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value

"""Rows out: a table for people, JSON Lines and CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

FORMATS = ("table", "jsonl", "csv")
Row = Mapping[str, Any]
WIDE = 200  # columns of a table that is not written to a terminal


def format_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--format`."""
    option = click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
    return option(function)


def page_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--format`, with `html` among them, and `-o`."""
    form = click.option("--format", "form", type=click.Choice([*FORMATS, "html"]), default="table", show_default=True)
    output = click.option(
        "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="With --format html."
    )  # fmt: skip
    return form(output(function))


def write_page(page: str, output: Path | None, what: str) -> None:
    """The page is in the file, or on standard output where none or `-` is given.

    Raises SettingsError where it cannot be written.
    """
    from trucewatch.terms.errors import SettingsError

    if output is None or str(output) == "-":
        sys.stdout.write(page)
        return
    try:
        output.write_text(page, "utf-8", newline="\n")
    except OSError as error:
        raise SettingsError("cannot-write", f"cannot be written: {error.strerror}", where=str(output)) from error
    click.echo(f"{output}: {what}")


def write_rows(rows: Iterable[Row], columns: Sequence[str], form: str, *, empty: str = "Nothing found.") -> None:
    """The rows are on standard output. `jsonl` holds everything in a row, `table` and `csv` hold these columns.

    An empty table says so on standard error, so that what reads a pipe sees nothing.
    """
    if form == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False, sort_keys=True))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    else:
        _table(list(rows), columns, empty)


def _table(rows: Sequence[Row], columns: Sequence[str], empty: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        click.echo(empty, err=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        shown = [_shown(row.get(name)) for row in rows]
        numeric = all(isinstance(row.get(name), int | float) or row.get(name) is None for row in rows)
        # an id that is cut or wrapped cannot be copied
        whole = name == "id" or max(map(len, shown)) <= 12
        table.add_column(name, no_wrap=whole, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        # Text, not a string: what reports say may look like markup
        table.add_row(*(Text(_shown(row.get(name))) for name in columns))
    Console(width=None if sys.stdout.isatty() else WIDE, highlight=False).print(table)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(_shown(v) for v in value)
    return " ".join(str(value).split())


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return _cell("; ".join(_shown(v) for v in value))
    # a spreadsheet would run what begins like this as a formula
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value

"""`trucewatch issues`: what could not be read, placed, dated or resolved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from trucewatch.cli.layouts import UNDER
from trucewatch.cli.options import filter_options, filters_of, folder_argument, limit_option
from trucewatch.cli.tables import Row, format_option, write_rows


@click.command("issues")
@folder_argument
@filter_options("code", "stage", "text")
@click.option("--all", "each", is_flag=True, help="Every issue; without it, and without a filter, one row per code.")
@limit_option
@format_option
def command(folder: Path | None, form: str, each: bool, limit: int | None, **given: Any) -> None:
    """List the issues that stand, by code with an example, or one by one.

    \b
    trucewatch issues DIR
    trucewatch issues DIR --code unlocated-place --format csv
    """
    from trucewatch.running.openings import open_dossier

    open_dossier(folder)
    from trucewatch.store import reader
    from trucewatch.store.filters import Filters

    wanted = filters_of(given)
    if each or wanted:
        page = reader.doubts(wanted, limit=limit)
        rows = [{"code": d.code, "subject": d.subject_id, "where": d.where, "what": d.what} for d in page.rows]
        write_rows(rows, ("code", "subject", "where", "what"), form, empty="No issue fits.", told=_each)
        return
    counted = []
    for stage, code, n in reader.doubt_counts()[:limit]:
        example = reader.doubts(Filters(code=code, kind=stage), limit=1).rows[0]
        counted.append({"code": code, "stage": stage, "n": n, "where": example.where, "example": example.what})
    write_rows(counted, ("code", "stage", "n", "where", "example"), form, empty="No issue stands.", told=_counted)


def _each(row: Row) -> Row:
    return {"code": row["code"], "subject": row["subject"], "where": row["where"], UNDER: [row["what"]]}


def _counted(row: Row) -> Row:
    example = f"{row['where']}: {row['example']}" if row["where"] else row["example"]
    return {"code": row["code"], "stage": row["stage"], "n": row["n"], UNDER: [f"such as {example}"]}

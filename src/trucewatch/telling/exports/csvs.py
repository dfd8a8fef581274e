"""CSV for spreadsheets: UTF-8, a header, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

from trucewatch.telling.exports.rows import COLUMNS, rows_of
from trucewatch.telling.tellings import Telling

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # full-width forms run in some locales too


def to_csv(telling: Telling, table: str = "incidents") -> str:
    """The table as CSV with lines ended by a line feed; empty cells stand for None, an empty table is its header."""
    rows = rows_of(telling, table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[table])
    writer.writerows([safe_cell(value) for value in row.values()] for row in rows)
    return out.getvalue()


def safe_cell(value: Any) -> Any:
    """The value, with an apostrophe before text that would be run; numbers stay numbers, also negative ones.

    Leading spaces do not hide a formula from a spreadsheet, so they do not from us. Source: OWASP, CSV injection.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and (value.lstrip(" ").startswith(_RUNS) or value.startswith(_RUNS)):
        return "'" + value
    return value

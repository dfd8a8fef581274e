"""A table for people: columns that share the width there is, so that words stay whole."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len, chop_cells

UNDER = "under"  # the key of lines that stand below a row, over its whole width
GAP = 2
WORD = 20  # cells; a longer word may be broken
NARROWEST = 4
_FULL_ID = re.compile(r"\b([a-z]{3}_[0-9a-f]{8})[0-9a-f]{16}\b")


def width() -> int:
    """The columns of the terminal, or of `COLUMNS`; 100 where output goes to a file or pipe."""
    return shutil.get_terminal_size((100, 24)).columns


def short_ids(words: str) -> str:
    """Whole ids in it are cut to their first eight digits, by which `explain` and `decide` find them."""
    return _FULL_ID.sub(r"\1", words)


def shown(value: Any) -> str:
    """A value as one line of words; `None` is blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(v) for v in value)
    return " ".join(str(value).split())


def lines(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], total: int) -> Iterator[str]:
    """The table line by line, its header first; no line is wider than `total` cells unless the columns are too many.

    Numbers stand to the right. What a row holds under `under` follows it, indented by the first column.
    """
    cells = [[short_ids(shown(row.get(name))) for name in columns] for row in rows]
    right = [all(isinstance(row.get(name), int | float | None) for row in rows) for name in columns]
    widths = _widths(columns, cells, total)
    yield from _row(columns, widths, right)
    indent = min(widths[0] + GAP, total // 4)
    for row, texts in zip(rows, cells, strict=True):
        yield from _row(texts, widths, right)
        for line in row.get(UNDER, ()):
            for part in wrap(short_ids(shown(line)), total - indent):
                yield " " * indent + part


def wrap(text: str, limit: int) -> list[str]:
    """The text in lines of at most `limit` cells, broken at blanks; only a word that is longer is cut."""
    out: list[str] = []
    for word in text.split(" "):
        if out and cell_len(out[-1]) + 1 + cell_len(word) <= limit:
            out[-1] += " " + word
        else:
            out += chop_cells(word, limit) or [word]  # signs without a width are no cells to cut
    return out


def _widths(heads: Sequence[str], cells: Sequence[Sequence[str]], total: int) -> list[int]:
    columns = list(zip(heads, *cells, strict=True))
    whole = [max(map(cell_len, column)) for column in columns]
    room = total - GAP * (len(heads) - 1)
    if sum(whole) <= room:
        return whole
    widths = [min(WORD, max(cell_len(w) for text in column for w in text.split(" "))) for column in columns]
    while sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    # each further cell goes where the longest text still takes the most lines
    while sum(widths) < room:
        most = max(range(len(widths)), key=lambda i: (whole[i] / widths[i], -i))
        if widths[most] >= whole[most]:
            break
        widths[most] += 1
    return widths


def _row(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    wrapped = [wrap(text, size) for text, size in zip(texts, widths, strict=True)]
    for n in range(max(map(len, wrapped))):
        parts = []
        for column, size, to_right in zip(wrapped, widths, right, strict=True):
            part = column[n] if n < len(column) else ""
            blank = " " * max(0, size - cell_len(part))
            parts.append(blank + part if to_right else part + blank)
        yield (" " * GAP).join(parts).rstrip()

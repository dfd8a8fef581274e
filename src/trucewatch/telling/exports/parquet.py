"""Parquet for data frames, with types that do not depend on the rows."""

from __future__ import annotations

from pathlib import Path

from trucewatch import __version__
from trucewatch.telling.exports.rows import COLUMNS, rows_of
from trucewatch.telling.tellings import Telling
from trucewatch.terms.errors import ModelMissing

_NUMBERS = {
    "lat": "double", "lon": "double", "radius_m": "double", "probability": "double", "confidence": "double",
    "killed_low": "int64", "killed_high": "int64", "n_origins": "int64", "n_accounts": "int64", "claimed_min": "int64",
    "claimed_max": "int64", "documented_low": "int64", "documented_high": "int64", "own_low": "int64",
    "own_high": "int64", "start": "int64", "end": "int64", "contested": "bool", "own_side": "bool",
    "breach_called": "bool",
}  # fmt: skip


def write_parquet(telling: Telling, path: Path, table: str = "incidents") -> int:
    """The table is in that file; returns its rows. A column of nothing but None keeps its type.

    Raises ModelMissing where pyarrow, of the extra `scale`, is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ModelMissing(
            "no-pyarrow", "Parquet needs pyarrow", todo="Install it: pip install 'trucewatch[scale]'"
        ) from error
    rows = rows_of(telling, table)
    schema = pa.schema([(name, pa.type_for_alias(_NUMBERS.get(name, "string"))) for name in COLUMNS[table]])
    made = schema.with_metadata({"trucewatch": __version__, "table": table, "as_of": telling.as_of})
    pq.write_table(pa.Table.from_pylist(rows, schema=made), path, compression="zstd")
    return len(rows)

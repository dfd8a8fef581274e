from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tellers import Told, reversed_telling

from trucewatch.telling.exports.csvs import safe_cell, to_csv
from trucewatch.telling.exports.geojson import to_geojson
from trucewatch.telling.exports.parquet import write_parquet
from trucewatch.telling.exports.rows import COLUMNS, TABLES
from trucewatch.telling.tellings import Telling


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_a_cell_that_would_run_is_text(text: str) -> None:
    assert safe_cell(text) == "'" + text


@given(st.text())
def test_no_text_cell_begins_like_a_formula(text: str) -> None:
    assert not str(safe_cell(text)).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_negative_numbers_stay_numbers() -> None:
    assert safe_cell(-36.5) == -36.5


def test_csv_comes_back_as_it_went(told: Told) -> None:
    text = to_csv(told.incident("a", by='A "b", c\nd').telling())
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["incident_id"], row["actors"], row["killed_low"]) == ("inc_a", 'A "b", c\nd', "")


@pytest.mark.parametrize("table", TABLES)
def test_order_changes_no_byte_of_any_table(told: Told, table: str) -> None:
    telling = told.incident("a").incident("b", day=None).tally("t", 3).telling()
    text = to_csv(telling, table)
    assert text == to_csv(reversed_telling(telling), table)
    assert text.count("\n") > 1


def test_geojson_puts_longitude_first_and_keeps_the_unlocated(told: Told) -> None:
    made = json.loads(to_geojson(told.incident("a").incident("b", places=("Nowhere",)).telling()))
    assert [f["geometry"] for f in made["features"]] == [{"type": "Point", "coordinates": [19.0, 42.0]}, None]
    assert made["features"][0]["properties"]["radius_m"] == 800.0


def test_parquet_keeps_types_where_nothing_is_told(told: Told, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "incidents.parquet"
    assert write_parquet(told.incident("a").telling(), path) == 1
    table = pq.read_table(path)
    assert str(table.schema.field("killed_low").type) == "int64"
    assert table.column("killed_low").to_pylist() == [None]


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_table_keeps_its_columns(table: str, tmp_path: Path) -> None:
    nothing = Telling("nothing yet", "2031-05-10")
    assert to_csv(nothing, table) == ",".join(COLUMNS[table]) + "\n"
    pq = pytest.importorskip("pyarrow.parquet")
    write_parquet(nothing, tmp_path / "empty.parquet", table)
    assert tuple(pq.read_schema(tmp_path / "empty.parquet").names) == COLUMNS[table]


def test_an_incident_bears_its_review_state(told: Told) -> None:
    telling = told.incident("a").telling()
    reviewed = replace(telling, review={telling.incidents[0].incident_id: "accepted"})
    (row,) = csv.DictReader(io.StringIO(to_csv(reviewed)))
    assert row["review_state"] == "accepted"

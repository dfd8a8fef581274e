from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from trucewatch.cli.agreement import command as agreement
from trucewatch.cli.judge import command as judge
from trucewatch.terms.errors import AgreementError, ReportError, SettingsError

AGREEMENTS = Path(__file__).parents[2] / "agreements"
MOSCOW = str(AGREEMENTS / "idlib-2020-03-05.yaml")
ARIHA = {"name": "Ariha", "lat": 35.814, "lon": 36.609, "radius_m": 1000}
IDLIB = {"name": "Idlib", "lat": 35.931, "lon": 36.634, "radius_m": 3000}


def row(**changes: Any) -> dict[str, Any]:
    base = {
        "id": "i1", "type": "shelling", "date": {"earliest": "2020-03-20", "latest": "2020-03-20"}, "places": [ARIHA],
        "actors": ["Syrian army"], "targets": [], "reality": "asserted", "killed": None,
    }  # fmt: skip
    return {**base, **changes}


def run(tmp_path: Path, rows: list[dict[str, Any]], *options: str, form: str = "jsonl", file: str = MOSCOW) -> str:
    path = tmp_path / "incidents.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), "utf-8")
    result = CliRunner().invoke(
        judge, ["--agreement", file, "--incidents", str(path), "--format", form, *options], catch_exceptions=False
    )
    assert result.exit_code == 0
    return result.stdout


def outcomes(tmp_path: Path, one: dict[str, Any], file: str = MOSCOW) -> dict[str, str]:
    return {f["term"]: f["outcome"] for f in map(json.loads, run(tmp_path, [one], file=file).splitlines())}


def test_one_finding_per_incident_and_term_with_its_grounds(tmp_path: Path) -> None:
    found = [json.loads(line) for line in run(tmp_path, [row(), row(id="i2", places=[IDLIB])]).splitlines()]
    assert [(f["incident"], f["term"]) for f in found][:2] == [("i1", "cessation"), ("i1", "corridor")]
    assert len(found) == 10
    assert {"incident", "agreement", "term", "outcome", "probability", "tests", "missing"} <= set(found[0])
    assert [t["name"] for t in found[0]["tests"]] == ["in_force", "act", "bearer", "area", "exception", "reality"]


@pytest.mark.parametrize(
    ("changes", "cessation", "corridor"),
    [
        ({}, "breach_if_true", "breach_if_true"),
        ({"places": [IDLIB]}, "breach_if_true", "undetermined"),  # its southern quarters, if the road runs 1.5 km north
        ({"places": [{**IDLIB, "radius_m": 2500}]}, "breach_if_true", "outside_area"),
        ({"places": [{"name": "Trumba", "lat": 35.864, "lon": 36.784}]}, "breach_if_true", "breach_if_true"),
        ({"places": [{**ARIHA, "lat": 35.875}]}, "breach_if_true", "undetermined"),
        ({"places": [{**ARIHA, "weight": 0.7}, {**IDLIB, "weight": 0.3}]}, "breach_if_true", "undetermined"),
        ({"places": [ARIHA, IDLIB]}, "breach_if_true", "breach_if_true"),
        ({"places": [{"name": "Damascus", "lat": 33.51, "lon": 36.29}]}, "outside_area", "outside_area"),
        ({"places": []}, "undetermined", "undetermined"),
        ({"date": {"earliest": "2020-03-06T00:00", "latest": "2020-03-06T00:00"}}, "outside_period", "outside_period"),
        ({"date": {"earliest": "2020-03-06T00:01", "latest": "2020-03-06T00:01"}}, "breach_if_true", "breach_if_true"),
        ({"date": {"earliest": "2020-03-05T23:50", "latest": "2020-03-06T00:10"}}, "undetermined", "undetermined"),
        ({"date": {"earliest": "2020-03-06", "latest": "2020-03-06"}}, "breach_if_true", "breach_if_true"),
        ({"date": {"earliest": "2020-03-05", "latest": "2020-03-05"}}, "outside_period", "outside_period"),
        ({"date": None}, "undetermined", "undetermined"),
        ({"actors": ["HTS"]}, "actor_exempt", "actor_exempt"),
        ({"targets": ["Hayat Tahrir al-Sham"]}, "actor_exempt", "actor_exempt"),
        ({"targets": ["terrorists"]}, "breach_if_true", "breach_if_true"),
        ({"actors": ["unidentified gunmen"]}, "undetermined", "undetermined"),
        ({"actors": []}, "undetermined", "undetermined"),
        ({"actors": ["Israel"]}, "actor_not_bound", "actor_not_bound"),
        ({"reality": "threatened"}, "consistent", "consistent"),
        ({"type": "patrol"}, "consistent", "consistent"),
    ],
)
def test_scenarios_of_march_2020(tmp_path: Path, changes: dict[str, Any], cessation: str, corridor: str) -> None:
    found = outcomes(tmp_path, row(**changes))
    assert (found["cessation"], found["corridor"]) == (cessation, corridor)


@pytest.mark.parametrize(
    ("day", "outcome"),
    [("2020-02-01", "breach_if_true"), ("2020-03-05", "breach_if_true"), ("2020-03-06", "outside_period"),
     ("2020-04-01", "outside_period")],
)  # fmt: skip
def test_the_replaced_ceasefire_of_january(tmp_path: Path, day: str, outcome: str) -> None:
    file = str(AGREEMENTS / "idlib-2020-01-12.yaml")
    assert outcomes(tmp_path, row(date={"earliest": day, "latest": day}), file) == {"cessation": outcome}


def test_obligations_met_late(tmp_path: Path) -> None:
    rows = [
        row(
            id="a",
            type="agreement",
            actors=["Turkey", "Russia"],
            date={"earliest": "2020-03-13", "latest": "2020-03-13"},
        ),
        row(id="p", type="patrol", actors=["Turkish army"], date={"earliest": "2020-03-17", "latest": "2020-03-17"}),
    ]
    found = [json.loads(line) for line in run(tmp_path, rows, "--obligations", "--as-of", "2020-04-01").splitlines()]
    duties = {d["term"]: d for d in found if d["kind"] == "obligation"}
    first = duties["corridor-parameters"]
    assert (first["state"], first["due"], first["late_days"]) == ("met", "2020-03-12", 1)
    assert [h["state"] for h in first["history"]] == ["due", "overdue", "met"]
    assert duties["joint-patrols"]["late_days"] == 2


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    assert run(tmp_path, [row()]) == run(tmp_path, [row()])


def test_csv_and_table(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(tmp_path, [row()], form="csv"))))
    assert rows[0]["outcome"] == "breach_if_true"
    table = run(tmp_path, [row()], form="table")
    assert "corridor" in table
    assert "joint-patrols" not in table


@pytest.mark.parametrize(
    ("line", "what"),
    [("{", "no JSON object"), ("[1]", "no JSON object"), ("7", "no JSON object"),
     ('{"type": "shelling", "places": [{"name": "X", "lat": 35.8}]}', "give both"),
     ('{"type": "shelling", "date": {"earliest": "2020-03-06T05:00", "latest": "2020-03-06T04:00"}}', "lies before"),
     ('{"type": "shelling", "date": {"earliest": "2020-03-06", "time": "25:00"}}', "no clock"),
     ('{"id": "x"}', "type"), ('{"type": "shellling"}', "Did you mean 'shelling'"),
     ('{"type": "shelling", "date": {"earliest": "yesterday"}}', "no ISO date"),
     ('{"type": "shelling", "places": [{"name": "X", "lat": 99, "lon": 0}]}', "places"),
     ('{"type": "shelling", "killed": "many"}', "neither a number nor an object"),
     ('{"type": "shelling", "killed": -3}', "greater than or equal to 0"),
     ('{"type": "shelling", "killed": {"min": 5, "max": 2}}', "'max' 2 is less than 'min' 5")],
)  # fmt: skip
def test_a_line_that_is_no_incident(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "i.jsonl"
    path.write_text(json.dumps(row()) + "\n\n" + line + "\n", "utf-8")
    with pytest.raises(ReportError) as caught:
        CliRunner().invoke(judge, ["-a", MOSCOW, "-i", str(path)], catch_exceptions=False)
    assert what in caught.value.what
    assert caught.value.where.endswith(":3")


def test_a_file_that_is_not_there_or_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "i.jsonl"
    with pytest.raises(ReportError, match="cannot be read"):
        CliRunner().invoke(judge, ["-a", MOSCOW, "-i", str(path)], catch_exceptions=False)
    path.write_bytes(json.dumps(row()).encode() + b"\n\xff\xfe\n")
    with pytest.raises(ReportError, match="is not UTF-8") as caught:
        CliRunner().invoke(judge, ["-a", MOSCOW, "-i", str(path)], catch_exceptions=False)
    assert caught.value.where.endswith(":2")


def test_a_later_version_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    newer = tmp_path / "newer.yaml"
    text = Path(MOSCOW).read_text("utf-8").replace('version: "1"\n', 'version: "2"\n', 1)
    text = text.replace("versions:\n", 'versions:\n  - {version: "2", date: 2020-04-01, changes: made wider}\n', 1)
    newer.write_text(text.replace("file: geo/", f"file: {AGREEMENTS}/geo/"), "utf-8")
    for day, old, new in (
        ("2020-03-31", "breach_if_true", "outside_period"),
        ("2020-04-01", "outside_period", "breach_if_true"),
    ):
        out = run(tmp_path, [row(date=day)], "-a", str(newer), "--term", "corridor")
        assert {f["version"]: f["outcome"] for f in map(json.loads, out.splitlines())} == {"1": old, "2": new}
    with pytest.raises(AgreementError, match="given twice"):
        run(tmp_path, [row()], "-a", MOSCOW)


def test_an_unknown_term_or_outcome_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'corridor'"):
        run(tmp_path, [row()], "--term", "coridor")
    with pytest.raises(SettingsError, match="Did you mean 'breach_if_true'"):
        run(tmp_path, [row()], "--outcome", "breach")


@pytest.mark.parametrize("suffix", ["html", "svg"])
def test_check_draws_areas_and_dates_without_a_network(tmp_path: Path, suffix: str) -> None:
    drawing = tmp_path / f"a.{suffix}"
    result = CliRunner().invoke(agreement, ["check", MOSCOW, "--draw", str(drawing)], catch_exceptions=False)
    assert "The file is in order." in result.stdout
    text = drawing.read_text("utf-8")
    assert "Security corridor" in text
    assert "2020-03-06 00:01" in text
    assert "src=" not in text
    assert "<script" not in text

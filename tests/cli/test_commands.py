"""The command line: exit codes, two-line errors, rows in three formats."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import gorno
import pytest

from trucewatch.cli.main import run
from trucewatch.store import reader
from trucewatch.store.models import DoubtRow
from trucewatch.store.opening import Store

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def dossier(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The dossier of Gorno after one run, and a home of its own for what is remembered."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    gorno.read_through(sqlite_store)
    return sqlite_store.folder


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["incidents", "nowhere"], 2),
        (["incidentz"], 2),
        (["run", "--jobs", "none"], 2),
        (["explain", "inc_ffff"], 2),
        (["incidents", "{dossier}", "--type", "shellling"], 2),
        (["incidents", "{dossier}", "--from", "2031-06-01", "--to", "2031-05-01"], 2),
        (["ledger", "{dossier}", "--from", "2031-06-01", "--to", "2031-05-01"], 2),
        (["ledger", "{dossier}", "-o", "ledger.csv"], 2),
        (["incidents", "{dossier}", "--outcome", "breach"], 2),
        (["incidents", "{dossier}", "--state", "unreviewd"], 2),
        (["findings", "{dossier}", "--term", "no-fires"], 2),
        (["statements", "{dossier}", "--type", "boast"], 2),
        (["obligations", "{dossier}", "--state", "accepted"], 2),
        (["issues", "{dossier}", "--stage", "threat"], 2),
        (["changes", "{dossier}", "--since", "bul_ffff"], 2),
        (["gazetteer", "search", "Gorno", "--country", "Syria"], 2),
        (["decide"], 2),
        (["export", "{dossier}", "-o", "/dev/null/export"], 2),
        (["read", "-", "--language", "klingon"], 2),
        (["decide", "note", "inc_", "--reason", "x", "--value", "shelling", "-d", "{dossier}"], 2),
        (["incidents", "{dossier}"], 0),
        (["audit", "{dossier}"], 0),
    ],
)
def test_exit_codes_and_errors_in_two_lines(dossier: Path, words: list[str], code: int, capsys: Captured) -> None:
    assert run([w.format(dossier=dossier) for w in words]) == code
    told = capsys.readouterr().err
    if code:
        assert told.startswith("trucewatch: ") and len(told.strip().splitlines()) <= 2


@pytest.mark.parametrize("words", [[], ["agreement"]])
def test_without_a_command_help_is_shown_as_help(words: list[str], capsys: Captured) -> None:
    assert run(words) == 2
    assert "\n  -h, --help" in capsys.readouterr().err


def test_reports_of_which_none_can_be_taken_in_are_an_error(dossier: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "empty.txt").touch()
    assert run(["add", str(dossier), str(tmp_path / "empty.txt")]) == 2
    told = capsys.readouterr().err
    assert "empty-file" in told and "No report could be taken in." in told


@pytest.mark.parametrize(("content", "code"), [("", "score-empty"), ('{"id": "1"}\n', "score-field")])
def test_what_is_no_annotated_report_is_not_scored(content: str, code: str, tmp_path: Path, capsys: Captured) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(content, "utf-8")
    assert run(["score", str(gold), str(gold)]) == 2
    assert f"[{code}]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("rows", "to", "code"),
    [("name,lat,lon\n", None, "gazetteer-empty"), ("name,lat,lon\nGorno,1,2\n", "no-dossier", "no-dossier")],
)
def test_a_gazetteer_goes_where_it_is_of_use(
    rows: str, to: str | None, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    table = tmp_path / "places.csv"
    table.write_text(rows, "utf-8")
    assert run(["gazetteer", "add", str(table), *(["--to", str(tmp_path / to)] if to else [])]) == 2
    assert f"[{code}]" in capsys.readouterr().err
    assert not (tmp_path / "home").exists() and not (tmp_path / "no-dossier").exists()


def test_debug_gives_the_traceback(capsys: Captured) -> None:
    assert run(["incidents", "nowhere", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_rows_as_json_lines_hold_the_whole_incident(dossier: Path, capsys: Captured) -> None:
    assert run(["incidents", str(dossier), "--place", "gorno", "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["type"] for row in rows] == ["shelling"]
    assert {o["name"] for o in rows[0]["origins"]} == {"Valley Wire", "Radio Selo"}


def test_rows_as_csv_are_one_per_incident(dossier: Path, capsys: Captured) -> None:
    assert run(["incidents", str(dossier), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == reader.incidents().total == 4
    assert {row["killed"] for row in rows} == {"3-5", "1", ""}


@pytest.mark.parametrize("kind", ["incident", "account", "finding", "report"])
def test_explain_leads_to_the_quote_and_the_hash(dossier: Path, kind: str, capsys: Captured) -> None:
    incident = reader.incidents().rows[0].incident
    account = reader.accounts_of(incident.incident_id)[0].account
    some_id = {
        "incident": incident.incident_id,
        "account": account.account_id[:12],
        "finding": reader.findings_of(incident.incident_id)[0].finding_id,
        "report": account.report_id,
    }[kind]
    assert run(["explain", some_id, "-d", str(dossier)]) == 0
    told = " ".join(capsys.readouterr().out.replace("|", " ").split())
    assert account.quote in told.replace("[[", "").replace("]]", "")
    assert "SHA-256" in told


def test_decide_then_explain_shows_who_decided(dossier: Path, capsys: Captured) -> None:
    incident = reader.incidents().rows[0].incident.incident_id
    words = ["decide", "note", incident[:14], "--reason", "two sources agree", "--author", "amal", "-d", str(dossier)]
    assert run(words) == 0
    assert run(["explain", incident, "-d", str(dossier)]) == 0
    assert "by amal" in capsys.readouterr().out


@pytest.mark.parametrize(("field", "value"), [("type", "shellling"), ("reality", "maybe")])
def test_a_value_that_no_list_holds_is_refused(dossier: Path, field: str, value: str, capsys: Captured) -> None:
    incident = reader.incidents().rows[0].incident.incident_id
    words = ["decide", "correct", incident, "--field", field, "--value", json.dumps(value), "--reason", "x"]
    assert run([*words, "-d", str(dossier)]) == 2
    assert "value-misfit" in capsys.readouterr().err


def test_a_path_that_cannot_be_written_is_no_fault_of_ours(dossier: Path, capsys: Captured) -> None:
    assert run(["export", str(dossier), "--format", "csv", "-o", "/dev/null/export"]) == 2
    told = capsys.readouterr().err
    assert "/dev/null" in told and "file-system" in told


def test_new_makes_a_dossier_once(tmp_path: Path, capsys: Captured) -> None:
    assert run(["new", str(tmp_path / "gorno")]) == 0
    assert run(["new", str(tmp_path / "gorno")]) == 2
    assert "dossier-exists" in capsys.readouterr().err


def test_a_reports_own_markup_is_shown_as_it_is(dossier: Path, capsys: Captured) -> None:
    from trucewatch.cli.tables import write_rows

    write_rows([{"id": "1", "what": "[red]fire[/red]"}], ("id", "what"), "table")
    assert "[red]fire[/red]" in capsys.readouterr().out


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(capsys: Captured) -> None:
    from trucewatch.cli.tables import write_rows

    write_rows([{"what": "=HYPERLINK(1)"}, {"what": -3.5}], ("what",), "csv")
    assert capsys.readouterr().out.splitlines() == ["what", "'=HYPERLINK(1)", "-3.5"]


def test_an_empty_dossier_says_what_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = str(tmp_path / "gorno")
    assert run(["new", folder]) == 0
    assert run(["run", folder]) == 0
    told = capsys.readouterr().out
    assert "There is no report yet" in told and "No agreement" in told
    assert run(["bulletin", folder, "-o", str(tmp_path / "page.html")]) == 2
    assert "no-cut-off" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (b"name: x\ncounting_rule: site_dya\n", "Did you mean 'site_day'?"),
        (b"nam: x\n", "Did you mean 'name'?"),
        (b"name: \xff\xfe\n", "not-utf8"),
    ],
)
def test_a_dossier_file_that_is_wrong_says_where(lines: bytes, told: str, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "dossier.yaml").write_bytes(lines)
    assert run(["run", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert told in err and "dossier.yaml" in err


def test_every_kind_of_id_is_explained_in_lines_that_fit(dossier: Path, capsys: Captured) -> None:
    incident = reader.incidents().rows[0].incident.incident_id
    assert run(["decide", "note", incident, "--reason", "two sources " * 20, "-d", str(dossier)]) == 0
    decision = capsys.readouterr().out.split(":")[0]
    issue = DoubtRow.objects.first()
    ids = [incident, decision, reader.findings_of(incident)[0].finding_id, *([issue.pk] if issue else [])]
    for some_id in ids:
        assert run(["explain", some_id, "-d", str(dossier)]) == 0
        assert max(len(line) for line in capsys.readouterr().out.splitlines()) <= 100


def test_tables_for_analysts_are_written_as_parquet(dossier: Path, tmp_path: Path, capsys: Captured) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert run(["export", str(dossier), "--format", "parquet", "-o", str(tmp_path / "out")]) == 0
    assert parquet.read_table(tmp_path / "out" / "incidents.parquet").num_rows == reader.incidents().total
    assert str(tmp_path / "out" / "findings.parquet") in capsys.readouterr().out


def test_a_pipe_that_is_closed_early_is_no_fault(dossier: Path) -> None:
    command = [sys.executable, "-m", "trucewatch", "incidents", str(dossier), "--format", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 0)


def test_what_is_no_backup_is_told_in_two_lines(tmp_path: Path, capsys: Captured) -> None:
    letter = tmp_path / "letter.tar.gz"
    letter.write_text("Dear all, the backup follows.")
    assert run(["restore", str(letter), str(tmp_path / "new")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2 and "[no-backup]" in told[0] and str(letter) in told[0]
    assert not (tmp_path / "new").exists()

"""`ledger` and `tallies`: read on a terminal of 100 columns, and written as pages."""

from __future__ import annotations

import json
from pathlib import Path

import gorno
import pytest

from trucewatch.cli.main import run
from trucewatch.cli.tallies import tell_checks
from trucewatch.store.opening import Store
from trucewatch.telling.ledgers import GROUPS
from trucewatch.telling.rules import RULES
from trucewatch.telling.tallies import check_tallies
from trucewatch.telling.tellings import Telling
from trucewatch.terms.accounts import Maker, Party, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def dossier(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "100")
    gorno.read_through(sqlite_store)
    return sqlite_store.folder


@pytest.mark.parametrize(
    "words",
    [
        ["ledger", "--rule", "all"],
        ["tallies"],
        *(["ledger", "--rule", r] for r in RULES),
        *(["ledger", "--by", by] for by in GROUPS),
    ],
)
def test_a_terminal_of_100_columns_holds_every_line(dossier: Path, words: list[str], capsys: Captured) -> None:
    assert run([*words, str(dossier)]) == 0
    told = capsys.readouterr()
    assert told.out or told.err
    assert max(len(line.rstrip()) for line in (told.out + told.err).splitlines()) <= 100


def test_all_rules_stand_side_by_side(dossier: Path, capsys: Captured) -> None:
    assert run(["ledger", "--rule", "all", str(dossier)]) == 0
    told = capsys.readouterr().out
    assert told.splitlines()[0].split() == ["accused", *RULES]
    assert "First under" in told


def test_all_rules_as_json_lines_are_one_per_rule_and_accused(dossier: Path, capsys: Captured) -> None:
    assert run(["ledger", "--rule", "all", str(dossier), "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["rule"] for row in rows} == set(RULES)


def test_a_claim_takes_a_few_lines_that_say_how_it_stands(capsys: Captured) -> None:
    parties = (Party("the Southerners"),)
    made = Report("rep_1", "1", "Voice", None, "2031-05-10", "en", None, "1,042 times", "0" * 64)
    tally = Tally(
        "tal_1", "rep_1", Count(1042, 1042), "violations", parties, "2031-05-01", None, (), "1,042 times",
        Span(0, 11), Maker("by hand", "1", "0" * 12), parts=(900, 200),
    )  # fmt: skip
    telling = Telling("Gorno", "2031-05-31", tallies=(tally,), reports=(made,))
    tell_checks(check_tallies(telling), telling)
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "Voice (not aligned): 1,042 violations"
    assert "of “the Southerners”, 2031-05-01 to 2031-05-10" in lines
    assert "documented: 0 of all origins, 0 of its own side" in lines
    assert "cannot be: its parts 900 + 200 come to 1100, more than the 1042 claimed" in lines


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["ledger"], "Ledger of alleged breaches"),
        (["ledger", "--rule", "all"], "Alleged breaches by counting rule"),
        (["tallies"], "Claimed and documented"),
    ],
)
def test_a_page_is_written_to_the_file_or_to_standard_output(
    dossier: Path, tmp_path: Path, words: list[str], title: str, capsys: Captured
) -> None:
    page = tmp_path / "page.html"
    assert run([*words, str(dossier), "--format", "html", "-o", str(page)]) == 0
    assert str(page) in capsys.readouterr().out
    assert run([*words, str(dossier), "--format", "html"]) == 0
    assert capsys.readouterr().out == page.read_text("utf-8")
    assert f"<title>{title}: " in page.read_text("utf-8")


def test_a_file_that_cannot_be_written_is_an_error_in_two_lines(
    dossier: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert run(["tallies", str(dossier), "--format", "html", "-o", str(tmp_path / "no" / "page.html")]) == 2
    assert "[file-system]" in capsys.readouterr().err

"""Tables for people: whole words in the width there is, short ids, lines below a row."""

from __future__ import annotations

import gorno
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from trucewatch.cli.layouts import GAP, NARROWEST, UNDER, lines, short_ids, wrap
from trucewatch.cli.main import run
from trucewatch.store.opening import Store

ID = "inc_40cb9b2dc5965b36adbaf6eb"


def test_an_id_is_cut_to_what_finds_it_again() -> None:
    assert short_ids(f"for: {ID}, Gorno") == "for: inc_40cb9b2d, Gorno"
    assert short_ids("i1, inc_40cb9b2d, my_incident") == "i1, inc_40cb9b2d, my_incident"


def test_words_stay_whole_where_the_width_allows() -> None:
    row = {
        "id": ID,
        "what": "access_restriction, Selo",
        "who": "Regime forces, Army units, men of the First Brigade",
    }
    told = list(lines([row], ("id", "what", "who"), 50))
    assert max(map(cell_len, told)) <= 50
    assert {"access_restriction,", "Brigade", "inc_40cb9b2d"} <= set(" ".join(told).split())


def test_what_stands_under_a_row_follows_it() -> None:
    rows = [{"id": "a", UNDER: ["would decide it: where Gorno lies"]}, {"id": "b"}]
    assert [line.strip() for line in lines(rows, ("id",), 60)] == ["id", "a", "would decide it: where Gorno lies", "b"]


def test_numbers_stand_to_the_right() -> None:
    rows = [{"at_most": 3, "who": "South"}, {"at_most": 12, "who": "North"}]
    assert list(lines(rows, ("at_most", "who"), 60)) == ["at_most  who", "      3  South", "     12  North"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=60)


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=4), st.integers(20, 120))
def test_no_line_is_wider_than_it_may_be_and_no_letter_is_lost(rows: list[tuple[str, str, str]], total: int) -> None:
    names = ("one", "two", "three")
    told = list(lines([dict(zip(names, row, strict=True)) for row in rows], names, max(total, 3 * NARROWEST + 2 * GAP)))
    assert max(map(cell_len, told)) <= max(total, 3 * NARROWEST + 2 * GAP)
    letters = "".join("".join(row) for row in [names, *rows])
    assert sorted("".join(told).replace(" ", "")) == sorted(letters.replace(" ", ""))


@given(texts, st.integers(2, 40))
def test_wrapping_loses_nothing(text: str, limit: int) -> None:
    words = " ".join(text.split())
    assert "".join(wrap(words, limit)).replace(" ", "") == words.replace(" ", "")


@pytest.mark.parametrize("name", ["incidents", "findings", "statements", "obligations", "issues", "issues --all"])
def test_every_list_fits_a_terminal_of_100_columns(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    gorno.read_through(sqlite_store)
    command, *options = name.split()
    assert run([command, str(sqlite_store.folder), *options]) == 0
    told = capsys.readouterr()
    assert told.out or told.err
    assert max(len(line) for line in (told.out + told.err).splitlines()) <= 100

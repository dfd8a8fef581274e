"""JSON Lines, JSON and CSV."""

from __future__ import annotations

import json

import pytest
from made_files import TEXT, Takes

from trucewatch.reading.sources import IngestSettings, Limits


def row(**fields: object) -> str:
    return json.dumps({"id": "one", "text": TEXT, **fields}, ensure_ascii=False)


def test_the_text_of_a_line_is_kept_to_the_code_point(take: Takes) -> None:
    text = f"  \r\n{TEXT}\t\u2028\u00a0e\u0301 \ufeff\n\n"
    report = take("a.jsonl", row(text=text))[0][0]
    assert report.text == text
    assert report.name == "one"


def test_a_line_gives_its_fields(take: Takes) -> None:
    fields = {
        "source": "Monitor",
        "url": "https://m.example",
        "published": "2020-03-07",
        "language": "en-GB",
        "title": "T",
    }
    report = take("a.jsonl", row(**fields))[0][0]
    got = (report.source, report.url, report.published, report.language, report.title)
    assert got == ("Monitor", "https://m.example", "2020-03-07", "en", "T")


def test_a_bad_line_is_a_doubt_with_its_number_and_the_rest_is_read(take: Takes) -> None:
    reports, doubts = take("a.jsonl", "\n".join([row(), "{oops", "", "[1]", row(id="two", text=TEXT + " Two.")]))
    assert [r.name for r in reports] == ["one", "two"]
    assert [(d.code, d.where.rpartition(":")[2]) for d in doubts] == [("bad-line", "2"), ("bad-line", "4")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"id": "a"}', "missing-text"),
        ('{"id": "a", "text": 3}', "bad-field"),
        ('{"id": "a", "text": "x", "source": {"name": "y"}}', "bad-field"),
        ('{"id": "a", "text": "half \\ud800 a pair"}', "bad-field"),
        ('{"id": "a", "text": "a\\u0000b"}', "bad-field"),
        ("[" * 100_000, "bad-line"),
        ('{"a": ' * 100_000, "bad-line"),
    ],
)
def test_a_line_that_is_no_report_is_a_doubt(take: Takes, line: str, code: str) -> None:
    reports, doubts = take("a.jsonl", line)
    assert reports == []
    assert [d.code for d in doubts] == [code]


def test_a_line_in_another_encoding_is_a_doubt(take: Takes) -> None:
    content = row().encode() + b"\n" + row(id="two", text="Élysée").encode("latin-1") + b"\n"
    reports, doubts = take("a.jsonl", content)
    assert (len(reports), [d.code for d in doubts]) == (1, ["bad-line"])


def test_a_line_too_long_is_passed_over(take: Takes) -> None:
    settings = IngestSettings(limits=Limits(line=500))
    reports, doubts = take("a.jsonl", f"{row(text='x ' * 2000)}\n{row()}\n", settings)
    assert ([r.name for r in reports], [d.code for d in doubts]) == (["one"], ["line-too-long"])


def test_an_id_given_twice_is_told_apart_with_a_doubt(take: Takes) -> None:
    reports, doubts = take("a.jsonl", f"{row()}\n{row(text=TEXT + ' Two.')}\n{row(text=TEXT + ' Three.')}")
    assert [r.name for r in reports] == ["one", "one~2", "one~3"]
    assert [d.code for d in doubts] == ["duplicate-id", "duplicate-id"]


def test_the_same_report_again_is_a_doubt_that_names_it(take: Takes) -> None:
    reports, doubts = take("a.jsonl", f"{row()}\n{row(id='two')}")
    assert [(d.code, d.subject_id) for d in doubts] == [("same-report", reports[0].report_id)]


@pytest.mark.parametrize("date", ["7 March 2020", "03/07/2020", "2020-02-31", "2020-3-7", "soon"])
def test_a_date_that_is_not_iso_leaves_the_report_undated_with_a_doubt(take: Takes, date: str) -> None:
    reports, doubts = take("a.jsonl", row(published=date))
    assert (reports[0].published, [d.code for d in doubts]) == (None, ["date-not-iso"])


def test_a_json_array_is_read_row_by_row(take: Takes) -> None:
    content = f"[{row()}, {row(id='two', text=TEXT + ' Two.')}]"
    assert [r.name for r in take("a.json", content)[0]] == ["one", "two"]


def test_json_lines_under_a_json_name_are_read(take: Takes) -> None:
    assert [r.name for r in take("a.json", f"{row()}\n{row(id='two', text=TEXT + ' Two.')}")[0]] == ["one", "two"]


def test_a_table_gives_a_report_per_row_by_usual_column_names(take: Takes) -> None:
    content = f'id;date;source;notes\nA1;2020-03-07;Monitor;"{TEXT}\nSecond line."\nA2;2020-03-08;;Short.\n'
    reports, _ = take("a.csv", content)
    assert [(r.name, r.published, r.source) for r in reports] == [
        ("A1", "2020-03-07", "Monitor"),
        ("A2", "2020-03-08", None),
    ]
    assert reports[0].text == f"{TEXT}\nSecond line."


def test_a_row_of_a_table_with_other_cells_is_a_doubt_with_its_line(take: Takes) -> None:
    reports, doubts = take("a.csv", f"id,text\na,one,two\nb,\nc,{TEXT.replace(',', '')}\n")
    assert [r.name for r in reports] == ["c"]
    assert [(d.code, d.where.rpartition(":")[2]) for d in doubts] == [("bad-row", "2"), ("missing-text", "3")]


def test_a_table_without_a_text_column_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("a.csv", "lat,lon\n1,2\n")[1]] == ["bad-header"]


def test_a_cell_longer_than_the_default_of_the_csv_module_is_read(take: Takes) -> None:
    assert len(take("a.csv", "text\n" + "shell " * 40_000)[0][0].text) == 239_999

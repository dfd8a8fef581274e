"""PDF and Word files."""

from __future__ import annotations

import io
from datetime import datetime

import docx
import pytest
from made_files import TEXT, Takes, make_pdf

from trucewatch.reading.sources import IngestSettings, Limits
from trucewatch.reading.sources.pdfs import join_lines, without_running_heads


def make_docx(*, created: datetime | None = None) -> bytes:
    document = docx.Document()
    document.core_properties.title = "Daily note"
    if created:
        document.core_properties.created = created
    document.add_paragraph(TEXT)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Tal Amara", "2 killed"
    document.add_paragraph("The army denied it.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_gives_its_paragraphs_with_lines_joined(take: Takes) -> None:
    lines = [
        "Residents said that shells fell on the village of Tal Amara on",
        "Monday evening, killing two farm-",
        "ers.",
    ]
    report = take("a.pdf", make_pdf([lines], title="Shells on Tal Amara"))[0][0]
    assert report.text == TEXT
    assert report.title == "Shells on Tal Amara"


def test_a_pdf_is_dated_by_its_making_with_a_doubt(take: Takes) -> None:
    reports, doubts = take("a.pdf", make_pdf([[TEXT]]))
    assert reports[0].published == "2000-01-01"
    assert [d.code for d in doubts] == ["date-from-file"]


def test_a_locked_pdf_is_a_doubt(take: Takes) -> None:
    reports, doubts = take("a.pdf", make_pdf([[TEXT]], password="secret"))
    assert reports == []
    assert [d.code for d in doubts] == ["locked-file"]


def test_a_pdf_without_text_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("scan.pdf", make_pdf([[]]))[1]] == ["no-text"]


def test_a_cut_pdf_is_a_doubt(take: Takes) -> None:
    codes = [d.code for d in take("a.pdf", make_pdf([[TEXT]])[:150])[1]]
    assert codes == ["broken-file"]


def test_a_broken_page_is_a_doubt_and_the_others_are_read(take: Takes) -> None:
    content = make_pdf([[TEXT], [f"{TEXT} Two."]])
    at = content.index(b"stream\n") + 7
    reports, doubts = take("a.pdf", content[:at] + b"~" * 20 + content[at + 20 :])
    assert reports[0].text == f"{TEXT} Two."
    assert [d.code for d in doubts] == ["broken-page", "date-from-file"]


def test_a_pdf_of_too_many_pages_is_a_doubt(take: Takes) -> None:
    settings = IngestSettings(limits=Limits(pdf_pages=2))
    assert [d.code for d in take("a.pdf", make_pdf([[TEXT]] * 3), settings)[1]] == ["too-many-pages"]


def test_running_heads_are_left_out_and_other_lines_kept() -> None:
    pages = [f"Valley Monitor\nShells fell on village {n}.\nPage {n} of 4" for n in range(1, 5)]
    assert without_running_heads(pages) == [f"Shells fell on village {n}." for n in range(1, 5)]


def test_two_pages_that_begin_alike_keep_their_lines() -> None:
    pages = ["Summary\nOne.", "Summary\nTwo."]
    assert without_running_heads(pages) == pages


@pytest.mark.parametrize(
    ("page", "joined"),
    [
        ("The convoy reached\nthe town.", "The convoy reached the town."),
        ("The convoy reached the large town by the river.\nIt left.\nThe people of the town had waited for it.",
         "The convoy reached the large town by the river. It left.\n\nThe people of the town had waited for it."),
        ("First.\n\nSecond.", "First.\n\nSecond."),
        ("- one point of the long list\n- two points of the long list",
         "- one point of the long list\n\n- two points of the long list"),
        ("Deir al-\nBalah was hit.", "Deir al- Balah was hit."),
    ],
)  # fmt: skip
def test_lines_of_one_paragraph_are_joined(page: str, joined: str) -> None:
    assert join_lines(page) == joined


def test_a_word_file_gives_paragraphs_and_tables_in_order(take: Takes) -> None:
    report = take("a.docx", make_docx())[0][0]
    assert report.text == f"{TEXT}\n\nTal Amara\t2 killed\n\nThe army denied it."
    assert report.title == "Daily note"


def test_a_word_file_is_dated_by_its_making_but_not_by_its_template(take: Takes) -> None:
    reports, doubts = take("a.docx", make_docx(created=datetime(2020, 3, 7)))
    assert (reports[0].published, [d.code for d in doubts]) == ("2020-03-07", ["date-from-file"])
    assert take("b.docx", make_docx())[0][0].published is None


def test_an_encrypted_word_file_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)[1]] == ["locked-file"]


def test_a_zip_called_docx_is_a_doubt(take: Takes) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", TEXT)
    assert [d.code for d in take("a.docx", out.getvalue())[1]] == ["broken-file"]

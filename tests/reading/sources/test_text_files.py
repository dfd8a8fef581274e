"""Plain text and Markdown."""

from __future__ import annotations

from hashlib import sha256

from made_files import TEXT, Takes


def test_a_text_file_becomes_one_report_under_its_own_name(take: Takes) -> None:
    reports, doubts = take("amara.txt", TEXT)
    assert [(r.name, r.text, r.language, r.published, r.source) for r in reports] == [
        ("amara.txt", TEXT, "en", None, None)
    ]
    assert doubts == []


def test_the_hash_is_of_the_raw_bytes_and_the_text_has_plain_newlines(take: Takes) -> None:
    raw = f"\ufeff{TEXT}\r\n\r\nThe army denied it.\r\n".encode()
    reports, _ = take("a.txt", raw)
    assert reports[0].sha256 == sha256(raw).hexdigest()
    assert reports[0].text == f"{TEXT}\n\nThe army denied it."


def test_a_head_gives_the_metadata_and_is_not_part_of_the_text(take: Takes) -> None:
    head = "---\ntitle: Shells on Tal Amara\nsource: Valley Monitor\npublished: 2020-03-07\nlanguage: en\n---\n"
    report = take("a.md", f"{head}\n{TEXT}")[0][0]
    assert (report.title, report.source, report.published) == ("Shells on Tal Amara", "Valley Monitor", "2020-03-07")
    assert report.text == TEXT


def test_a_head_that_cannot_be_read_stays_in_the_text_with_a_doubt(take: Takes) -> None:
    reports, doubts = take("a.txt", f"---\n{{ [ :\n---\n{TEXT}")
    assert [d.code for d in doubts] == ["bad-head"]
    assert reports[0].text.endswith(TEXT) and reports[0].text.startswith("---")


def test_the_first_heading_of_a_markdown_file_is_its_title(take: Takes) -> None:
    report = take("a.md", f"# Shells on Tal Amara\n\n{TEXT}")[0][0]
    assert report.title == "Shells on Tal Amara"
    assert report.text.startswith("# Shells")


def test_utf_16_with_a_mark_is_read_without_a_doubt(take: Takes) -> None:
    reports, doubts = take("a.txt", TEXT.encode("utf-16"))
    assert (reports[0].text, doubts) == (TEXT, [])


def test_another_encoding_is_guessed_and_said_to_be(take: Takes) -> None:
    russian = (
        "Артиллерия обстреляла село на линии соприкосновения, двое мирных жителей погибли, сообщили местные власти."
    )
    reports, doubts = take("a.txt", russian.encode("cp1251"))
    assert reports[0].text == russian
    assert [d.code for d in doubts] == ["guessed-encoding"]


def test_binary_bytes_under_a_text_name_are_a_doubt(take: Takes) -> None:
    reports, doubts = take("a.txt", bytes(range(256)) * 50)
    assert reports == []
    assert [d.code for d in doubts] == ["wrong-encoding"]


def test_a_file_without_an_ending_is_read_by_its_content(take: Takes) -> None:
    assert take("amara", TEXT)[0][0].text == TEXT
    assert take("page", f"<!DOCTYPE html><html><body><article><p>{TEXT}</p></article></body></html>")[0][
        0
    ].media_type == ("text/html")


def test_a_picture_is_an_unknown_format(take: Takes) -> None:
    assert [d.code for d in take("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")[1]] == ["unknown-format"]


def test_references_in_a_head_are_not_written_out(take: Takes) -> None:
    rows = [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 15)]
    head = "\n".join(["---", "k0: &k0 [x]", *rows, "title: *k14", "---"])
    assert take("a.md", f"{head}\n{TEXT}")[0][0].title is None

"""E-mail messages."""

from __future__ import annotations

from email.message import EmailMessage

from made_files import TEXT, Takes


def make_mail(*, html: bool = False, attach: dict[str, bytes] | None = None, date: str | None = None) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Shells on Tal Amara", "Valley Monitor <desk@monitor.example>"
    mail["Date"] = date or "Sat, 07 Mar 2020 09:30:00 +0300"
    mail.set_content(f"<html><body><article><p>{TEXT}</p></article></body></html>", subtype="html") if html else (
        mail.set_content(TEXT)
    )
    for name, content in (attach or {}).items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def test_a_message_gives_body_sender_and_date(take: Takes) -> None:
    reports, doubts = take("a.eml", make_mail())
    report = reports[0]
    assert (report.text, report.source, report.title) == (TEXT, "Valley Monitor", "Shells on Tal Amara")
    assert (report.published, doubts) == ("2020-03-07T09:30:00+03:00", [])


def test_an_html_body_is_read_as_a_page(take: Takes) -> None:
    assert take("a.eml", make_mail(html=True))[0][0].text == TEXT


def test_attachments_are_reports_of_their_own(take: Takes) -> None:
    reports, _ = take("a.eml", make_mail(attach={"note.txt": (TEXT + " So says a note.").encode()}))
    assert [r.name for r in reports] == ["a.eml", "note.txt"]


def test_an_attachment_cannot_name_a_path(take: Takes) -> None:
    reports, _ = take("a.eml", make_mail(attach={"../../note.txt": b"Another text, of the attachment itself."}))
    assert reports[1].name == ".._.._note.txt"


def test_an_unreadable_date_is_a_doubt_and_the_report_undated(take: Takes) -> None:
    reports, doubts = take("a.eml", make_mail(date="7 Mars"))
    assert (reports[0].published, [d.code for d in doubts]) == (None, ["date-not-iso"])


def test_words_without_a_header_are_no_message(take: Takes) -> None:
    assert [d.code for d in take("a.eml", f"\n\n{TEXT}")[1]] == ["broken-file"]


def test_a_header_without_end_is_read_at_its_beginning_only(take: Takes) -> None:
    mail = b"Subject: " + b"=?utf-8?q?x?= " * 60_000 + b"\n\n" + TEXT.encode()
    report = take("a.eml", mail)[0][0]
    assert report.text == TEXT
    assert report.title is not None and report.title.startswith("xxx") and len(report.title) < 2_000


def test_a_message_of_parts_without_end_is_a_doubt(take: Takes) -> None:
    mail = b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nabc\n" * 6_000
    assert [d.code for d in take("a.eml", mail)[1]] == ["archive-too-many"]

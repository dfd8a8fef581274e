"""Saved web pages."""

from __future__ import annotations

from made_files import TEXT, Takes

MORE = "The army denied having fired and said that its units had kept to the truce along the whole line of contact."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Shells on Tal Amara | Valley Monitor</title>
<meta property="og:title" content="Shells on Tal Amara"><meta property="og:site_name" content="Valley Monitor">
<meta property="article:published_time" content="2020-03-07T09:30:00Z">
<link rel="canonical" href="https://monitor.example/2020/amara"></head>
<body><nav><a href="/">Home</a><a href="/news">News</a></nav>
<article><h1>Shells on Tal Amara</h1><p>{TEXT}</p><p>{MORE}</p></article>
<footer>All rights reserved</footer></body></html>"""


def test_a_page_gives_headline_and_main_text(take: Takes) -> None:
    reports, doubts = take("a.html", PAGE)
    assert reports[0].text == f"Shells on Tal Amara\n\n{TEXT}\n\n{MORE}"
    assert doubts == []


def test_a_page_gives_date_source_and_address(take: Takes) -> None:
    report = take("a.html", PAGE)[0][0]
    assert (report.published, report.source, report.title) == ("2020-03-07", "Valley Monitor", "Shells on Tal Amara")
    assert report.url == "https://monitor.example/2020/amara"


def test_a_page_that_states_no_date_has_none(take: Takes) -> None:
    page = f"<html><body><article><p>{TEXT}</p><p>{MORE} That was on 5 March 2019.</p></article></body></html>"
    assert take("a.html", page)[0][0].published is None


def test_the_declared_character_set_is_used(take: Takes) -> None:
    text = (
        "Артиллерия обстреляла село на линии соприкосновения, двое жителей погибли, сообщили местные власти в субботу."
    )
    page = f'<html><head><meta charset="windows-1251"></head><body><article><p>{text}</p></article></body></html>'
    reports, doubts = take("a.html", page.encode("cp1251"))
    assert (reports[0].text, reports[0].language, doubts) == (text, "ru", [])


def test_a_wrong_declaration_gives_way_to_the_bytes(take: Takes) -> None:
    page = f'<html><head><meta charset="no-such-set"></head><body><article><p>{TEXT}</p></article></body></html>'
    assert take("a.html", page)[0][0].text == TEXT


def test_a_page_without_text_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("a.html", "<html><body><script>x()</script></body></html>")[1]] == ["no-text"]


def test_words_without_a_tag_are_no_page(take: Takes) -> None:
    assert [d.code for d in take("a.html", TEXT)[1]] == ["broken-file"]

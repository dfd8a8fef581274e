"""RSS and Atom files."""

from __future__ import annotations

from made_files import TEXT, Takes

from trucewatch.reading.sources.feeds import plain_text

RSS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Valley Monitor</title>
<language>en-gb</language>
<item><title>Shells on Tal Amara</title><link>https://monitor.example/1</link>
<pubDate>Sat, 07 Mar 2020 09:30:00 +0300</pubDate>
<description>&lt;p&gt;{TEXT}&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</description></item>
<item><guid>2</guid></item>
<item><title>Truce holds for a third day in the valley</title></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Monitor</title><entry><title>Shells</title>
<updated>2020-03-07T09:30:00Z</updated><summary>Short.</summary><content type="html">{TEXT}</content></entry></feed>"""


def test_every_entry_is_a_report_with_the_source_of_the_feed(take: Takes) -> None:
    reports, _ = take("f.xml", RSS)
    first = reports[0]
    assert (first.name, first.source, first.language) == ("f.xml#1", "Valley Monitor", "en")
    assert (first.published, first.url) == ("2020-03-07T06:30:00+00:00", "https://monitor.example/1")
    assert first.text == f"Shells on Tal Amara\n\n{TEXT}\n\nMore."


def test_an_entry_with_a_title_only_is_its_title_and_one_with_nothing_a_doubt(take: Takes) -> None:
    reports, doubts = take("f.rss", RSS)
    assert reports[1].text == "Truce holds for a third day in the valley"
    assert [(d.code, d.where.rpartition("#")[2]) for d in doubts] == [("missing-text", "2")]


def test_the_whole_content_is_taken_before_the_summary(take: Takes) -> None:
    assert take("f.atom", ATOM)[0][0].text == f"Shells\n\n{TEXT}"


def test_a_cut_feed_is_read_as_far_as_it_goes(take: Takes) -> None:
    reports, doubts = take("f.xml", RSS[: RSS.index("<item><guid>")])
    assert len(reports) == 1
    assert [d.code for d in doubts] == ["broken-feed"]


def test_other_xml_is_no_feed(take: Takes) -> None:
    assert [d.code for d in take("f.xml", "<a><b/></a>")[1]] == ["broken-file"]


def test_markup_becomes_paragraphs_without_scripts_and_captions() -> None:
    markup = "<p>The <b>army</b> left.</p><figure><figcaption>A tank</figcaption></figure>"
    markup += "<script>x</script>It\nreturned.<br>So."
    assert plain_text(markup) == "The army left.\n\nIt returned.\n\nSo."

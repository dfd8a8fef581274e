"""Boilerplate: what is marked, what never is, and that every offset lies in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.reading.cleaning import find_boilerplate, find_skipped, kind_of
from trucewatch.terms.spans import Span

STORY = "Shells fell on Tal Amara on Monday evening, the civil defence said, and two farmers were killed."

LINES = [
    ("share", "Share this article"),
    ("share", "Tweet"),
    ("share", "Follow us on Twitter"),
    ("share", "Read or Share this story: http://news.example/1T8"),
    ("share", "12 comments"),
    ("share", "Поделиться"),
    ("link", "Read more: Five killed in the north as truce frays"),
    ("link", "READ MORE"),
    ("link", "Related: Envoy warns of a third winter of war"),
    ("link", "Continue reading the main story"),
    ("link", "See also: What the truce says"),
    ("link", "[Protesters leave the square after three days]"),
    ("link", "https://news.example/story/17"),
    ("link", "اقرأ أيضا: خروقات جديدة للهدنة في الشمال"),
    ("link", "Читайте также: Перемирие под угрозой"),
    ("link", "Lire aussi : La trêve menacée au nord"),
    ("links", "Related stories"),
    ("links", "More from the region"),
    ("caption", "Photo: Rescue workers at Tal Amara"),
    ("caption", "FILE PHOTO: A soldier looks out from a post near the line, March 3, 2020. REUTERS/J. Doe/File Photo"),
    ("caption", "Residents look at a damaged house in Tal Amara. (Jane Doe/Reuters)"),
    ("caption", "A convoy on the road north [Jane Doe/AFP]"),
    ("caption", "Jane Doe AFP/Getty Images"),
    ("caption", "Advertisement"),
    ("credit", "(Reporting by Jane Doe; Editing by John Roe)"),
    ("credit", "(Additional reporting by Jane Doe in the capital; Writing by John Roe)"),
    ("credit", "Reporting by Jane Doe and John O'Roe in Beirut; Editing by J. Poe"),
    ("credit", "Last Updated Feb 18, 2016 3:14 AM EST"),
    ("credit", "4 min read"),
    ("site", "© 2020 Valley Monitor. All rights reserved."),
    ("site", "This website uses cookies to give you the best experience."),
    ("site", "We use cookies to improve our pages. Read our cookie policy."),
    ("site", "Sign up for our newsletter"),
    ("site", "Get the day's headlines in your inbox every morning"),
    ("site", "Tags: truce, shelling, Tal Amara"),
    ("site", "Join our Telegram channel for the latest"),
    ("rule", "* * *"),
]

KEPT = [
    STORY,
    "Related attacks on three villages killed nine people.",
    "Read more than once, the order says that fire must cease.",
    "Share of the blame lies with both sides, the envoy said.",
    "Follow-up strikes hit the same market an hour later.",
    "Watch towers along the line were shelled on Sunday.",
    "More than 20 people were killed in the attack",
    "Video showed soldiers firing from the ridge (one minute, no sound), the agency said.",
    "Photographs of the site were taken by monitors.",
    "Reporting by the monitors shows 40 breaches since Friday, most of them by artillery, the mission said in a note.",
    "The army (AFP) said it had lost three men.",
    "AFP reported that two soldiers were killed.",
    "Live fire was heard in the suburbs",
    "[The army] did not fire, he said.",
    "Search teams found four bodies",
    "Published figures put the toll at 12.",
    "AIR STRIKES",
    "BEIRUT (Reuters) - Shells fell on Tal Amara on Monday, killing two.",
    "Explosions were heard in the town (Reuters reported two)",
    "- Two killed in shelling of Tal Amara",
    "قصفت قوات النظام قرية تل عمارة مساء الاثنين.",
    "Topics on the table were prisoners and the crossing",
    "Support for the truce is fading",
]


@pytest.mark.parametrize(("kind", "line"), LINES)
def test_a_line_of_boilerplate_is_known(kind: str, line: str) -> None:
    assert kind_of(line) == kind


@pytest.mark.parametrize("line", KEPT)
def test_a_line_that_may_be_the_report_is_kept(line: str) -> None:
    assert kind_of(line) is None


def test_a_span_covers_the_line_without_the_blanks_around_it() -> None:
    text = f"{STORY}\n\n  Share this article \n\n{STORY}"
    assert [span.of(text) for span in find_skipped(text)] == ["Share this article"]


def test_headlines_under_related_stories_go_with_it_until_a_sentence_comes() -> None:
    text = f"{STORY}\nRelated stories\nEnvoy warns of a third winter\nTruce frays in the north\n{STORY}\nEnvoy warns"
    assert [(b.kind, b.span.of(text)) for b in find_boilerplate(text)] == [
        ("links", "Related stories"),
        ("links", "Envoy warns of a third winter"),
        ("links", "Truce frays in the north"),
    ]


def test_a_headline_that_looks_like_a_link_is_kept() -> None:
    assert find_skipped(f"Analysis: Truce frays in the north\n{STORY}") == ()


def test_a_long_paragraph_is_kept_however_it_begins() -> None:
    assert find_skipped("Read more: " + STORY * 5) == ()


@given(
    st.text(alphabet=st.sampled_from("aZ9.!?:[]()©@/ \n\r\t\u2028رд"), max_size=200), st.lists(st.sampled_from(LINES))
)
def test_spans_lie_in_the_text_in_order_and_hold_no_blanks_at_their_ends(
    noise: str, lines: list[tuple[str, str]]
) -> None:
    text = noise + "\n".join(line for _, line in lines) + noise
    last = Span(0, 0)
    for span in find_skipped(text):
        assert last.end <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
        last = span


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in find_skipped(text))

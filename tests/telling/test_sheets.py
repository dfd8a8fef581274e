"""The single pages: ledger, rules side by side, tallies."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import pytest
from tellers import Told, reversed_telling

from trucewatch.telling.bulletins import ledger_page, rules_page, tallies_page
from trucewatch.telling.ledgers import make_ledger, rank_by_rule
from trucewatch.telling.tallies import check_tallies
from trucewatch.telling.tellings import Telling

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def telling(told: Told) -> Telling:
    for name, day in (("a", "2031-05-04"), ("b", "2031-05-05"), ("c", "2031-05-06")):
        told.incident(name, day=day, told_by=("Gorno Watch", "Southern Voice"))
    told.incident("d", "Guests", places=("Selo", "Brod"), day="2031-05-07", outcome="undetermined", probability=0.5)
    told.incident("e", "Guests", places=("Selo", "Brod"), day="2031-05-08", killed=(1, 3), quote=EVIL)
    told.tally("covered", 3).tally("most", 12).tally("none", 9, accused=("Southern army",))
    told.tally("june", 312, "shellings", published="2031-06-01", source="Northern Voice")
    told.tally("july", 298, "shellings", published="2031-07-15", source="Northern Voice")
    return told.tally("dead", 6, "civilians killed", accused=("Guests",)).tally("moved", 900, "displaced").telling()


Page = Callable[[Telling], str]
PAGES: dict[str, Page] = {
    "ledger": lambda t: ledger_page(make_ledger(t), t),
    "by month": lambda t: ledger_page(make_ledger(t, "site_day", "month"), t),
    "rules": lambda t: rules_page(rank_by_rule(t), t),
    "tallies": lambda t: tallies_page(check_tallies(t), t),
}


class Seen(HTMLParser):
    """Tags, ids and links of a page, and tables whose heads have no scope."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.unscoped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append(tag)
        self.ids += [held["id"] or ""] if "id" in held else []
        self.links += [held["href"] or ""] if "href" in held else []
        self.loads += [name for name in held if name in ("src", "srcset", "data", "action") or name.startswith("on")]
        if tag == "th" and "scope" not in held:
            self.unscoped.append(str(self.getpos()))


def seen(html: str) -> Seen:
    parser = Seen()
    parser.feed(html)
    return parser


def words(html: str) -> str:
    """What a reader sees of a page or a part of it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("</style>")[-1])).split())


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
class TestEveryPage:
    def test_it_loads_nothing_and_runs_nothing(self, page: Page, telling: Telling) -> None:
        html = page(telling)
        found = seen(html)
        assert found.loads == []
        assert not {"script", "link", "iframe", "img"} & set(found.tags)
        assert "url(" not in html
        assert "default-src 'none'" in html

    def test_links_lead_somewhere_and_heads_have_a_scope(self, page: Page, telling: Telling) -> None:
        found = seen(page(telling))
        assert len(found.ids) == len(set(found.ids))
        assert {link for link in found.links if link[1:] not in found.ids} == set()
        assert "th" in found.tags
        assert found.unscoped == []

    def test_the_order_of_the_store_changes_no_byte(self, page: Page, telling: Telling) -> None:
        assert page(telling) == page(reversed_telling(telling))

    def test_an_empty_telling_makes_a_page(self, page: Page, telling: Telling) -> None:
        html = page(Telling("Nothing yet", "2031-05-31"))
        assert "Nothing yet" in html
        assert "<table" not in html


def test_the_totals_count_once_what_two_sides_tell(telling: Telling) -> None:
    html = PAGES["ledger"](telling)
    totals = html.split("How much each is accused of")[1].split("</table>")[0]
    assert "Northern army 3 3.0" in words(totals)
    assert "Guests 1 1.5" in words(totals)
    assert "width:50.0%" in totals  # 1.5 of 3 expected


def test_the_matrix_has_a_cell_per_accuser_and_accused(telling: Telling) -> None:
    matrix = PAGES["by month"](telling).split("Who accuses whom")[1].split("</table>")[0]
    assert "told by Monitors" in words(matrix)
    assert "told by South" in words(matrix)
    assert "Northern army 3 3.0 expected 3 incidents 3 3.0 expected 3 incidents" in words(matrix)


def test_a_rank_that_changes_with_the_rule_is_marked(telling: Telling) -> None:
    html = PAGES["rules"](telling)
    assert "Northern army under" in words(html)
    assert "Guests under" in words(html)
    assert "The counting rule decides who stands first." in html
    assert re.search(r'class="moved"><strong>1</strong>.*1 higher', html)


def test_every_verdict_is_told_in_words(telling: Telling) -> None:
    told = words(PAGES["tallies"](telling))
    for phrase in (
        "What is documented reaches the claim", "Some of the claim is documented", "Nothing of the claim is documented",
        "Cannot be: 312 from 2031-05-01", "Nothing here can be held against the claim",
    ):  # fmt: skip
        assert phrase in told


def test_claim_and_documented_stand_to_one_scale(telling: Telling) -> None:
    section = PAGES["tallies"](telling).split("Southern Voice: 12 violations")[1].split("</table>")[0]
    assert words(section).endswith("Claimed 12 Documented, all origins 3 Documented, own side 3")
    assert re.findall(r"width:([\d.]+)%", section) == ["100.0", "100.0", "25.0", "25.0", "25.0", "25.0"]


def test_a_range_of_deaths_is_a_full_and_a_pale_bar(telling: Telling) -> None:
    section = PAGES["tallies"](telling).split(": 6 civilians killed</h2>")[1].split("</table>")[0]
    assert re.findall(r"width:([\d.]+)%", section)[2:4] == ["50.0", "16.7"]
    assert "1–3" in section


def test_what_cannot_be_compared_has_no_bars(telling: Telling) -> None:
    section = PAGES["tallies"](telling).split(": 900 displaced</h2>")[1].split("</section>")[0]
    assert "<table" not in section
    assert "Not held against anything" in section


def test_what_a_report_says_cannot_become_markup(telling: Telling) -> None:
    assert "&lt;script&gt;" in PAGES["ledger"](telling)
    assert "<script" not in PAGES["ledger"](telling)

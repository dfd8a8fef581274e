from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tellers import Told, reversed_telling

from trucewatch.telling.bulletins import ledger_page, make_bulletin, to_html, to_markdown
from trucewatch.telling.bulletins.timelines import draw_timeline
from trucewatch.telling.changes import Cause, Change, Errata
from trucewatch.telling.ledgers import make_ledger
from trucewatch.telling.tellings import NOT_TOLD, Telling
from trucewatch.terms.accounts import Party
from trucewatch.terms.findings import Evidence, Obligation

DUTY = Obligation(
    "obl_1", "truce", "corridor", "Open the corridor", ("northern-army",), "overdue", "2031-05-08",
    (Evidence("inc_a", "against", "shelling at Gorno"),), as_of="2031-05-31", days_left=-23,
)  # fmt: skip


@pytest.fixture
def telling(told: Told) -> Telling:
    told.incident("a", killed=(2, 4), told_by=("Gorno Watch", "Southern Voice"))
    told.incident("b", places=("Nowhere",), day="2031-05-06", outcome="undetermined", probability=0.4)
    told.incident("c", type="patrol", day=None, outcome="consistent", places=("Selo",))
    told.incident("d", places=("Brod",), outcome="outside_area", probability=0.0, radius_m=20_000)
    return told.tally("t", 70).telling((DUTY,))


def page(telling: Telling) -> str:
    return to_html(make_bulletin(telling), telling)


class Refs(HTMLParser):
    """Collects ids, links and attributes that would load something."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name in ("src", "srcset", "data", "action", "xlink:href"):
                self.loads.append(value or "")


def refs(html: str) -> Refs:
    parser = Refs()
    parser.feed(html)
    return parser


def test_the_page_loads_nothing_and_runs_nothing(telling: Telling) -> None:
    found = refs(page(telling))
    assert found.loads == []
    assert not {"script", "link", "iframe", "img"} & set(found.tags)
    assert not re.search(r"url\((?!#)", page(telling))
    assert "@import" not in page(telling)


def test_every_link_leads_somewhere_in_the_page(telling: Telling) -> None:
    found = refs(page(telling))
    assert len(found.ids) == len(set(found.ids))
    assert {link for link in found.links if link[1:] not in found.ids} == set()


def test_what_a_report_says_cannot_become_markup(told: Told) -> None:
    evil = told.incident("a", quote="<script>alert(1)</script> & <b>", by="<img src=x>").telling()
    html = page(evil)
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" in html


def test_what_a_report_says_cannot_become_markdown(told: Told) -> None:
    evil = told.incident("a", quote="| x | [link](javascript:1) <b>*bold*").telling()
    text = to_markdown(make_bulletin(evil), evil)
    assert r"\| x \| \[link\](javascript:1) \<b\>\*bold\*" in text


def test_quotes_of_every_origin_stand_in_both_forms(telling: Telling) -> None:
    for text in (page(telling), to_markdown(make_bulletin(telling), telling)):
        assert text.count("Northern army did it at Gorno") >= 2
        assert "Southern Voice" in text


def test_the_order_of_the_store_changes_no_byte(telling: Telling) -> None:
    assert page(telling) == page(reversed_telling(telling))


def test_the_hash_covers_the_quotes(telling: Telling) -> None:
    other = replace(telling, accounts=(replace(telling.accounts[0], quote="Otherwise"), *telling.accounts[1:]))
    assert make_bulletin(telling).hash != make_bulletin(other).hash


def test_the_hash_covers_the_counting_rule_and_the_cut_off(telling: Telling) -> None:
    hashes = {make_bulletin(telling).hash, make_bulletin(telling, rule="site_day").hash}
    hashes.add(make_bulletin(replace(telling, as_of="2031-05-30")).hash)
    assert len(hashes) == 3


def test_the_page_shows_rule_cut_off_and_hash(telling: Telling) -> None:
    bulletin = make_bulletin(telling, rule="site_day")
    html = to_html(bulletin, telling)
    for shown in (bulletin.hash, "2031-05-31", "site_day"):
        assert shown in html


def test_the_unlocated_stand_beside_the_map(telling: Telling) -> None:
    section = page(telling).split("Not on the map")[1].split("</section>")[0]
    assert "Nowhere" in section


def test_a_wide_disc_is_a_ring(telling: Telling) -> None:
    assert re.search(r'class="disc c-outside wide"', page(telling))


def test_the_corridor_and_the_road_are_drawn(telling: Telling) -> None:
    html = page(telling)
    assert '<path class="corridor"' in html
    assert '<path class="road"' in html


def test_the_overdue_duty_leads_to_its_evidence(telling: Telling) -> None:
    assert re.search(r"Open the corridor.*23 days ago.*overdue.*#i\d", page(telling), re.S)


def test_no_breach_is_called_one_without_alleged(telling: Telling) -> None:
    html = page(telling)
    assert "violation" not in re.sub(r"“[^”]*”|70</strong> violations", "", html).lower()
    assert "alleged breaches" in html


def test_an_empty_telling_makes_a_page() -> None:
    empty = Telling("Nothing yet", "2031-05-31")
    assert "No incident of this period" in page(empty)
    assert "## Incidents" in to_markdown(make_bulletin(empty), empty)


def test_the_ledger_page_opens_each_cell_to_its_quotes(telling: Telling) -> None:
    html = ledger_page(make_ledger(telling, by="month"), telling)
    assert "Northern army did it at Gorno" in html.split("Told by the side of: South")[1]


def test_who_no_actor_bears_is_accused_in_quotation_marks(told: Told) -> None:
    names = ("Northern army", "the Hill People", "the masked men")
    for day, name in enumerate(names, 1):
        told.incident(name, name, day=f"2031-05-{day:02d}")
    telling = told.telling()
    assert [telling.told_name(telling.actor_key(Party(name))) for name in names] == [
        "Northern army",
        "“the Hill People”",
        "“masked men” (whose is not told)",
    ]
    assert telling.told_name(NOT_TOLD) == NOT_TOLD
    assert "“the Hill People”" in page(telling)
    assert "“masked men” (whose is not told)" in page(telling)


@pytest.mark.parametrize(
    ("since", "until", "labels"),
    [
        ("2031-05-01", "2031-05-05", ["1 May 2031", "2 May", "3 May", "4 May", "5 May"]),
        ("2031-05-04", "2031-06-03", ["4 May 2031", "11 May", "18 May", "25 May", "1 Jun"]),
        ("2031-04-10", "2031-08-02", ["May 2031", "Jun 2031", "Jul 2031", "Aug 2031"]),
    ],
)
def test_the_axis_of_days_is_labelled_all_along(telling: Telling, since: str, until: str, labels: list[str]) -> None:
    drawn = draw_timeline(make_bulletin(telling).entries, telling.agreements, since, until)
    assert drawn is not None
    assert [tick.label for tick in drawn.days] == labels


def test_a_long_watch_has_few_labels(telling: Telling) -> None:
    drawn = draw_timeline(make_bulletin(telling).entries, telling.agreements, "2001-01-01", "2031-05-31")
    assert drawn is not None and 6 < len(drawn.days) <= 13


def test_what_is_only_denied_or_planned_is_counted_apart(told: Told) -> None:
    told.incident("a").incident("b", day="2031-05-06", reality="planned")
    figure = make_bulletin(told.telling()).figures[0]
    assert figure.shown == "1" and "1 more denied, planned or threatened" in figure.note


def test_incidents_that_weigh_on_a_duty_stand_together(told: Told) -> None:
    told.incident("a").incident("b", day="2031-05-06").incident("c", day="2031-05-07")
    weighs = [Evidence(f"inc_{n}", w, "access_restriction") for n, w in (("a", "for"), ("b", "against"), ("c", "for"))]
    html = page(told.telling((replace(DUTY, evidence=tuple(weighs)),)))
    duties = html.split('id="duties"')[1].split("</section>")[0]
    assert duties.count("<strong>for</strong>") == duties.count("<strong>against</strong>") == 1
    assert "access_restriction" not in duties and duties.count("access restriction") == 3


ERRATA = Errata(
    "bul_1",
    "The <first>",
    "2031-05-20",
    (Change("withdrawn", "inc_z", "Shelling, Selo", (), (Cause("decision", "a *drill*", "dec_1"),)),),
)


def test_corrections_stand_in_the_page_and_its_twin_with_their_cause(telling: Telling) -> None:
    made = make_bulletin(telling, errata=ERRATA)
    html, text = to_html(made, telling), to_markdown(made, telling)
    section = html.split('id="errata"')[1].split("</section>")[0]
    assert "withdrawn" in section and "a *drill*" in section and "The &lt;first&gt;" in section
    assert "Shelling, Selo: withdrawn (decision: a \\*drill\\*)" in text
    assert "errata" in refs(html).ids and "#errata" in refs(html).links


def test_the_hash_is_of_the_contents_and_not_of_the_corrections(telling: Telling) -> None:
    assert make_bulletin(telling).hash == make_bulletin(telling, errata=ERRATA).hash
    assert "Corrections" not in page(telling)


def test_a_bulletin_that_corrects_nothing_says_so(telling: Telling) -> None:
    made = make_bulletin(telling, errata=replace(ERRATA, changes=()))
    assert "is told the same" in to_html(made, telling) and "is told the same" in to_markdown(made, telling)

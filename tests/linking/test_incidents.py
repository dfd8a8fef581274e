import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_accounts import account, reading

from trucewatch.linking.grades import NAMES, grades
from trucewatch.linking.incidents import Constraints, Linker, LinkSettings
from trucewatch.terms.accounts import Account, Maker, Party, ReportReading, Statement
from trucewatch.terms.actors import Actor, Membership
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry
from trucewatch.terms.sources import Source
from trucewatch.terms.spans import Span

REGISTRY = Registry(
    [
        Actor("army", "Army", "army"),
        Actor("rebels", "Rebels"),
        Actor("fifth", "Fifth Corps", memberships=(Membership("army"),)),
    ]
)
IDS = {"Army": "army", "Rebels": "rebels", "Fifth Corps": "fifth"}
SARAQIB = Place("Saraqib", Span(0, 1), 35.864, 36.806, 2500.0, "p:1")
BARA = Place("al-Bara", Span(0, 1), 35.685, 36.536, 1300.0, "p:2")


def link(
    *readings: ReportReading, rules: Constraints | None = None, sources: tuple[Source, ...] = ()
) -> list[Incident]:
    return Linker(LinkSettings(), REGISTRY, sources)(readings, rules)


def told(report: str, number: int = 0, **more: object) -> Account:
    base: dict[str, object] = {"places": (SARAQIB,), "actors": ("Army",), "ids": IDS, "quote": "shelled Saraqib market"}
    return account(report, number, **{**base, **more})


def groups(incidents: list[Incident]) -> set[frozenset[str]]:
    return {frozenset(i.account_ids) for i in incidents}


def test_one_strike_told_by_two_sides_with_different_tolls_is_one_incident() -> None:
    one, two = told("r1", killed=9), told("r2", killed=5, actors=("Rebels",))
    (incident,) = link(reading("r1", one), reading("r2", two))
    assert incident.account_ids == (one.account_id, two.account_id)
    assert incident.contested
    (toll,) = incident.tolls
    assert (toll.low, toll.high) == (5, 9)
    assert [c.count.min for c in toll.claims] == [9, 5]


def test_two_strikes_on_one_town_told_by_one_report_stay_two() -> None:
    assert len(link(reading("r1", told("r1", 0), told("r1", 1)))) == 2


def test_another_day_or_another_town_is_another_incident() -> None:
    base = reading("r1", told("r1"))
    assert len(link(base, reading("r2", told("r2", day="2020-03-10")))) == 2
    assert len(link(base, reading("r2", told("r2", places=(BARA,), quote="shelled al-Bara")))) == 2


def test_a_second_strike_is_told_apart_by_its_words() -> None:
    first = told("r1", quote="shells hit the market of Saraqib", killed=4)
    second = told("r2", quote="a second attack struck the bakery hours later", killed=11, targets=("bakery",))
    assert len(link(reading("r1", first), reading("r2", second))) == 2


def test_a_link_says_what_speaks_for_and_against() -> None:
    (incident,) = link(reading("r1", told("r1", killed=9)), reading("r2", told("r2", killed=2)))
    features = {f.name: f for f in incident.links[0].features}
    assert features["place"].weight > 0 > features["killed"].weight
    assert (features["killed"].left, features["killed"].right) == ("9", "2")


def test_people_keep_apart_what_the_score_would_join() -> None:
    pair = ("acc_r1_0", "acc_r2_0")
    readings = (reading("r1", told("r1")), reading("r2", told("r2")))
    assert len(link(*readings)) == 1
    assert len(link(*readings, rules=Constraints(cannot_link=(pair,)))) == 2


def test_people_join_what_no_score_would_even_within_a_report() -> None:
    one, two = told("r1", 0), told("r1", 1, day="2020-05-01", places=(BARA,))
    (incident,) = link(reading("r1", one, two), rules=Constraints(must_link=((two.account_id, one.account_id),)))
    assert len(incident.account_ids) == 2


def test_keeping_apart_wins_over_joining() -> None:
    pair = ("acc_r1_0", "acc_r2_0")
    readings = (reading("r1", told("r1")), reading("r2", told("r2")))
    assert len(link(*readings, rules=Constraints((pair,), (pair[::-1],)))) == 2


def test_a_merge_is_reversible() -> None:
    pair = ("acc_r1_0", "acc_r2_0")
    readings = (reading("r1", told("r1")), reading("r2", told("r2", day="2020-04-01")))
    before = link(*readings)
    assert len(link(*readings, rules=Constraints(must_link=(pair,)))) == 1
    assert link(*readings, rules=Constraints()) == before


def test_ten_papers_quoting_one_observatory_are_one_origin() -> None:
    papers = [reading(f"r{n}", told(f"r{n}", said_by=("The Observatory",))) for n in range(10)]
    (incident,) = link(*papers)
    assert [o.name for o in incident.origins] == ["The Observatory"]
    assert len(incident.origins[0].account_ids) == 10


def test_a_copy_has_the_origin_of_what_it_copies() -> None:
    first = reading("r1", told("r1"), source="Valley Wire")
    copy = reading("r2", told("r2"), source="Other Paper", duplicate_of="r1")
    (incident,) = link(first, copy)
    assert [(o.name, o.kind) for o in incident.origins] == [("Valley Wire", "source")]


def test_an_origin_carries_the_side_of_its_source() -> None:
    wire = Source("wire", "Valley Wire", "B", (("*", "government"),))
    (incident,) = link(reading("r1", told("r1"), source="valley wire"), sources=(wire,))
    assert (incident.origins[0].side, incident.origins[0].reliability) == ("government", "B")


def test_a_part_of_an_army_and_the_army_are_no_rivals() -> None:
    (incident,) = link(reading("r1", told("r1")), reading("r2", told("r2", actors=("Fifth Corps",))))
    assert not incident.contested


def test_a_denial_by_the_accused_stands_opposite() -> None:
    text = Span(30, 60)
    denial = Statement("sta_1", "r1", "denial", Party("Army", None, "army"), "x" * 30, text, None, Maker("t", "1", ""))
    (incident,) = link(reading("r1", told("r1"), statements=(denial,)))
    assert incident.contested and incident.denied_by == ("sta_1",)


def test_no_figure_is_no_zero() -> None:
    (incident,) = link(reading("r1", told("r1")))
    assert incident.killed is None and incident.tolls == ()


def test_two_villages_shelled_on_one_day_are_two_incidents_and_one_episode() -> None:
    near = replace(BARA, lat=35.80, lon=36.80)
    out = link(reading("r1", told("r1", 0), told("r1", 1, places=(near,))))
    assert len(out) == 2
    assert out[0].episode_id is not None and out[0].episode_id == out[1].episode_id


def test_thresholds_in_the_wrong_order_are_an_error() -> None:
    with pytest.raises(SettingsError, match="link-thresholds"):
        LinkSettings(threshold=0.2, veto=0.4)


def many(seed: int, n: int = 24) -> list[ReportReading]:
    rng = random.Random(seed)
    out = []
    for report in range(n):
        rows = [
            told(
                f"r{report}", number, day=f"2020-03-0{rng.randint(1, 4)}", places=(rng.choice((SARAQIB, BARA)),),
                killed=rng.choice((None, 2, 3)), type=rng.choice(("shelling", "airstrike", "attack")),
                actors=rng.choice(((), ("Army",), ("Rebels",))),
            )
            for number in range(rng.randint(1, 3))
        ]  # fmt: skip
        out.append(reading(f"r{report}", *rows))
    return out


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(seed: int, rng: random.Random) -> None:
    readings = many(seed)
    straight = link(*readings)
    rng.shuffle(readings)
    assert link(*readings) == straight


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_every_account_is_in_exactly_one_incident_and_no_report_twice_in_one(seed: int) -> None:
    readings = many(seed)
    incidents = link(*readings)
    ids = [a for i in incidents for a in i.account_ids]
    assert sorted(ids) == sorted(a.account_id for r in readings for a in r.accounts)
    report_of = {a.account_id: a.report_id for r in readings for a in r.accounts}
    for incident in incidents:
        reports = [report_of[a] for a in incident.account_ids]
        assert len(set(reports)) == len(reports)


def test_an_incident_far_from_a_new_report_stays_as_it_was() -> None:
    readings = many(1)
    before = groups(link(*readings))
    new = reading("late", told("late", day="2021-01-01"))
    assert groups(link(*readings, new)) == before | {frozenset({"acc_late_0"})}


def test_shelling_day_after_day_is_not_one_episode() -> None:
    towns = [replace(SARAQIB, name=f"Town {n}", place_id=f"p:{n}", lat=35.8 + 0.1 * (n % 2)) for n in range(9)]
    days = [told(f"r{n}", day=f"2020-03-{n:02}", places=(towns[n],), quote=f"{n * 7} shells") for n in range(1, 9)]
    episodes = [i.episode_id for i in link(*(reading(a.report_id, a) for a in days))]
    assert len(episodes) == 8
    assert len(set(episodes)) == 4 and None not in episodes  # two days each


def test_an_agreement_of_some_month_and_one_earlier_this_year_are_two() -> None:
    base: dict[str, object] = {"type": "agreement", "actors": ("Army", "Rebels"), "places": (), "targets": ()}
    month = told("r1", day="2017-09-01", until="2017-09-30", quote="they agreed to send observers", **base)
    year = told("r2", day="2017-01-01", until="2017-11-13", quote="the zone set up by a deal this year", **base)
    assert len(link(reading("r1", month, source="Wire"), reading("r2", year, source="Wire"))) == 2


def test_a_chain_of_days_is_not_one_incident() -> None:
    days = [told(f"r{n}", day=f"2020-03-{n:02}") for n in range(1, 9)]
    spans = [len(i.account_ids) for i in link(*(reading(a.report_id, a) for a in days))]
    assert sum(spans) == 8 and max(spans) <= 3


def test_an_agreement_of_a_month_meets_its_day() -> None:
    base: dict[str, object] = {"type": "agreement", "actors": ("Army", "Rebels"), "places": (), "targets": ()}
    month = told("r1", day="2020-02-01", until="2020-02-29", quote="the truce that both agreed on in February", **base)
    day = told("r2", day="2020-02-27", quote="since the truce took effect on February 27", **base)
    assert len(link(reading("r1", month), reading("r2", day))) == 1


def test_the_army_and_government_troops_are_no_rivals() -> None:
    base: dict[str, object] = {"places": (), "type": "ground_assault", "ids": {}, "targets": ("rebel positions",)}
    one = told("r1", actors=("the army",), quote="the army resumed attacks on rebel positions", **base)
    other = told("r2", actors=("government troops",), quote="government troops attacked rebel positions", **base)
    gunmen = told("r3", actors=("gunmen",), quote="gunmen attacked rebel positions", **base)
    known = Linker(LinkSettings(), REGISTRY).all_known(
        [reading("r1", one), reading("r2", other), reading("r3", gunmen)]
    )
    a, b, c = (known[told.account_id].sketch for told in (one, other, gunmen))
    assert dict(zip(NAMES, grades(a, b), strict=True))["actors"] == ("one kind", 1.0)
    assert dict(zip(NAMES, grades(a, c), strict=True))["actors"] == ("others", 1.0)

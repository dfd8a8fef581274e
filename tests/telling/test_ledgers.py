from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tellers import Told, reversed_telling

from trucewatch.telling.charges import charges
from trucewatch.telling.ledgers import GROUPS, Cell, Ledger, make_ledger, rank_by_rule
from trucewatch.telling.rules import RULES
from trucewatch.terms.errors import SettingsError


def cell(ledger: Ledger, accuser: str, accused: str, group: str = "all") -> Cell:
    return next(c for c in ledger.cells if (c.accuser, c.accused, c.group) == (accuser, accused, group))


def test_accuser_is_the_side_of_the_origin(told: Told) -> None:
    told.incident("a", told_by=("Southern Voice",)).incident("b", told_by=("Gorno Watch",))
    assert make_ledger(told.telling()).accusers == ("monitors", "south")


def test_a_teller_of_no_side_is_shown_as_not_aligned(told: Told) -> None:
    assert make_ledger(told.incident("a", told_by=("Valley Wire",)).telling()).accusers == ("not aligned",)


def test_each_side_that_tells_of_an_incident_accuses(told: Told) -> None:
    ledger = make_ledger(told.incident("a", told_by=("Southern Voice", "Gorno Watch")).telling())
    assert [(c.accuser, c.certain) for c in ledger.cells] == [("monitors", 1), ("south", 1)]
    assert ledger.n_incidents == 1


def test_a_side_speaking_of_its_own_army_is_marked(told: Told) -> None:
    ledger = make_ledger(told.incident("a", told_by=("Northern Voice",)).telling())
    assert cell(ledger, "north", "northern-army").own


def test_other_spellings_of_an_actor_are_one_accused(told: Told) -> None:
    told.incident("a").incident("b", by="the Northerners")
    assert cell(make_ledger(told.telling()), "monitors", "northern-army").certain == 2


def test_doubtful_findings_are_expected_and_not_certain(told: Told) -> None:
    told.incident("a").incident("b", outcome="undetermined", probability=0.25)
    found = cell(make_ledger(told.telling()), "monitors", "northern-army")
    assert (found.certain, found.expected, found.possible) == (1, 1.25, 2)


@pytest.mark.parametrize("outcome", ["outside_area", "outside_period", "actor_exempt", "actor_not_bound", "consistent"])
def test_what_is_no_breach_is_in_no_cell(told: Told, outcome: str) -> None:
    assert make_ledger(told.incident("a", outcome=outcome).telling()).cells == ()


def test_what_a_person_refuted_is_in_no_cell(told: Told) -> None:
    assert make_ledger(told.incident("a", belief="refuted").telling()).cells == ()


def test_nobody_named_is_shown_as_not_told(told: Told) -> None:
    assert make_ledger(told.incident("a", by="").telling()).accused == ("doer not told",)


def test_one_incident_under_two_terms_is_one_unless_terms_are_asked_for(told: Told) -> None:
    telling = told.incident("a").telling()
    second = telling.findings[0].__class__(
        "fin_2", "inc_a", "truce", "1", "corridor", "breach_if_true", 1.0, (), accused=("Northern army",)
    )
    both = type(telling)(**{**_plain(telling), "findings": (*telling.findings, second)})
    assert cell(make_ledger(both), "monitors", "northern-army").certain == 1
    assert len(make_ledger(both, by="term").cells) == 2


def _plain(telling: object) -> dict[str, object]:
    return {name: getattr(telling, name) for name in telling.__dataclass_fields__}  # type: ignore[attr-defined]


def test_groups_by_time_keep_the_undated_and_the_uncertain(told: Told) -> None:
    told.incident("a").incident("b", day=None).incident("c", day="2031-05-31", until="2031-06-02")
    groups = {c.group for c in make_ledger(told.telling(), by="month").cells}
    assert groups == {"2031-05", "not dated", "2031-05 to 2031-06"}


def test_groups_by_area_keep_the_unlocated(told: Told) -> None:
    told.incident("a").incident("b", places=("Nowhere",))
    assert {c.group for c in make_ledger(told.telling(), by="area").cells} == {"GO > Valley", "not located"}


def test_weeks_are_iso_weeks(told: Told) -> None:
    (found,) = make_ledger(told.incident("a", day="2029-12-31").telling(), by="week").cells
    assert found.group == "2030-W01"


def test_cells_hold_the_incidents_they_count(told: Told) -> None:
    told.incident("a", killed=(2, 2)).incident("b")
    assert cell(make_ledger(told.telling(), "ucdp_like"), "monitors", "northern-army").incident_ids == ("inc_a",)


def test_an_unknown_grouping_names_the_known_ones(told: Told) -> None:
    with pytest.raises(SettingsError, match="month"):
        make_ledger(told.telling(), by="year")


def test_ranking_changes_with_the_rule(told: Told) -> None:
    told.incident("a", killed=(5, 5), by="Southern army")
    told.incident("b").incident("c", day="2031-05-06")
    rankings = rank_by_rule(told.telling())
    ranks = {(s.rule_id, s.accused): s.rank for s in rankings.standings}
    assert (ranks["incident", "northern-army"], ranks["ucdp_like", "northern-army"]) == (1, 2)
    assert rankings.moved == ("northern-army", "southern-army")


def test_equal_counts_share_a_rank(told: Told) -> None:
    told.incident("a", told_by=("Gorno Watch",)).incident("b", by="Southern army")
    assert {s.rank for s in rank_by_rule(told.telling(), ["incident"]).standings} == {1}


_cases = st.lists(
    st.tuples(
        st.sampled_from(["Northern army", "Southern army", "Guests", ""]),
        st.sampled_from(["shelling", "gunfire", "bombing", "territorial_change"]),
        st.sampled_from(["2031-05-04", "2031-05-05", None]),
        st.sampled_from([("Gorno",), ("Gorno", "Selo"), ("Nowhere",), ()]),
        st.sampled_from([("Gorno Watch",), ("Southern Voice", "Northern Voice"), ("Valley Wire",)]),
        st.floats(0, 1),
    ),
    max_size=7,
)


def _told(cases: list[tuple[str, str, str | None, tuple[str, ...], tuple[str, ...], float]]) -> Told:
    told = Told()
    for n, (by, kind, day, places, told_by, p) in enumerate(cases):
        outcome = "breach_if_true" if p > 0.9 else "undetermined"
        told.incident(
            str(n), by, type=kind, day=day, places=places, told_by=told_by, outcome=outcome,
            probability=1.0 if p > 0.9 else p,
        )  # fmt: skip
    return told


@given(_cases, st.sampled_from(sorted(RULES)), st.sampled_from(sorted(GROUPS)))
def test_order_changes_no_ledger(cases: list, rule: str, by: str) -> None:
    telling = _told(cases).telling()
    assert make_ledger(telling, rule, by) == make_ledger(reversed_telling(telling), rule, by)


@given(_cases, st.sampled_from(sorted(RULES)))
def test_certain_never_exceeds_expected_nor_expected_possible(cases: list, rule: str) -> None:
    for found in make_ledger(_told(cases).telling(), rule).cells:
        assert found.certain <= found.expected + 1e-3
        assert found.expected <= found.possible + 1e-3


@given(_cases)
def test_every_charge_leads_to_accounts_of_its_incident(cases: list) -> None:
    telling = _told(cases).telling()
    for charge in charges(telling):
        assert charge.account_ids
        assert set(charge.account_ids) <= set(telling.incident[charge.incident_id].account_ids)


def test_who_is_not_named_stands_last_however_often_and_says_so(told: Told) -> None:
    told.incident("a", "Guests").incident("b", "forces").incident("c", "the joint patrol").incident("d", by="")
    told.incident("e", by="", day="2031-05-06").incident("f", by="", day="2031-05-07")
    ledger = make_ledger(told.telling())
    assert ledger.accused == (
        "guests", "forces (whose is not told)", "joint patrol (whose is not told)", "doer not told",
    )  # fmt: skip
    assert [cell.accused for cell in ledger.cells] == list(ledger.accused)


def test_who_is_not_named_is_not_ranked(told: Told) -> None:
    told.incident("a", "Guests").incident("b", by="").incident("c", by="", day="2031-05-06")
    standings = rank_by_rule(told.telling(), ("incident",)).standings
    assert [(s.accused, s.rank, s.expected) for s in standings] == [("guests", 1, 1.0), ("doer not told", 0, 2.0)]

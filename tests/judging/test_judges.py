from __future__ import annotations

from pathlib import Path

import pytest
from truces import AGREEMENTS, at_north_m, either, incident, term, truce

from trucewatch.judging.agreements import load_agreement
from trucewatch.judging.judges import Judge
from trucewatch.terms import findings
from trucewatch.terms.actors import Actor, Alias, Membership
from trucewatch.terms.findings import Finding
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry


def judged(folder: Path, one: Incident, registry: Registry | None = None, **changes: object) -> Finding:
    return Judge([truce(folder, **changes)], registry)([one])[0]


def answer(finding: Finding, name: str) -> findings.Test:
    return next(t for t in finding.tests if t.name == name)


def test_a_bound_actor_in_the_corridor_breaches_if_true(tmp_path: Path) -> None:
    finding = judged(tmp_path, incident())
    assert (finding.outcome, finding.probability, finding.missing) == ("breach_if_true", 1.0, ())
    assert finding.accused == ("North",)
    assert all(t.verdict == ("no" if t.name == "exception" else "yes") for t in finding.tests)


def test_the_id_is_the_one_every_room_would_make(tmp_path: Path) -> None:
    finding = judged(tmp_path, incident(name='i "ü"'))
    parts = {"agreement_id": "gorno-2021-05-01", "incident_id": 'i "ü"', "term_id": "no-fire", "version": "1"}
    assert finding.finding_id == make_id("finding", **parts)


@pytest.mark.parametrize(
    ("place", "outcome", "probability"),
    [
        (at_north_m(5990), "breach_if_true", 1.0),
        (at_north_m(6010), "outside_area", 0.0),
        (at_north_m(6000, 1000), "undetermined", pytest.approx(0.5, abs=0.01)),
        (either((0, 0.6), (9000, 0.4)), "undetermined", pytest.approx(0.6)),
        (either((0, 0.6), (3000, 0.4)), "breach_if_true", 1.0),
        (either((8000, 0.6), (9000, 0.4)), "outside_area", 0.0),
        (Place("nowhere", None), "undetermined", 0.5),
    ],
)
def test_the_place_goes_through_whole(tmp_path: Path, place: Place, outcome: str, probability: float) -> None:
    finding = judged(tmp_path, incident(place))
    assert (finding.outcome, finding.probability) == (outcome, probability)


def test_one_of_several_sites_inside_is_enough(tmp_path: Path) -> None:
    assert judged(tmp_path, incident(at_north_m(9000), at_north_m(100))).outcome == "breach_if_true"
    assert judged(tmp_path, incident(at_north_m(9000), at_north_m(9100))).outcome == "outside_area"


def test_a_radius_that_is_not_told_is_taken_and_said(tmp_path: Path) -> None:
    finding = judged(tmp_path, incident(at_north_m(5800, None)))
    assert finding.outcome == "undetermined"
    assert any("taken by kind" in value for _, value in answer(finding, "area").compared)


def test_alternatives_that_leave_a_rest_stay_open(tmp_path: Path) -> None:
    finding = judged(tmp_path, incident(either((0, 0.5), (100, 0.3))))
    assert finding.outcome == "undetermined"
    assert finding.probability == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("actors", "targets", "outcome"),
    [
        (("Northern army",), (), "breach_if_true"),
        (("northern army artillery",), (), "breach_if_true"),
        (("First Brigade",), (), "breach_if_true"),
        (("Hill Militia",), (), "breach_if_true"),
        (("Black Band",), (), "actor_exempt"),
        (("BB fighters",), (), "actor_exempt"),
        (("Neighbour",), (), "actor_not_bound"),
        (("gunmen",), (), "undetermined"),
        (("Somebody Else",), (), "undetermined"),
        ((), (), "undetermined"),
        (("North", "Neighbour"), (), "breach_if_true"),
        (("Black Band", "gunmen"), (), "undetermined"),
        (("North",), ("Black Band",), "actor_exempt"),
        (("North",), ("Black Band", "civilians"), "undetermined"),
        (("North",), ("civilians",), "breach_if_true"),
        ((), ("Black Band",), "actor_exempt"),
    ],
)
def test_who_did_it_to_whom(tmp_path: Path, actors: tuple[str, ...], targets: tuple[str, ...], outcome: str) -> None:
    assert judged(tmp_path, incident(actors=actors, targets=targets)).outcome == outcome


@pytest.mark.parametrize(
    ("actors", "outcome"),
    [(("North", "South"), "breach_if_true"), (("North", "Black Band"), "actor_exempt"),
     (("North", "South", "Black Band"), "undetermined")],
)  # fmt: skip
def test_in_a_clash_each_side_is_the_others_target(tmp_path: Path, actors: tuple[str, ...], outcome: str) -> None:
    assert judged(tmp_path, incident(type_="armed_clash", actors=actors)).outcome == outcome


def test_rival_accounts_of_the_doer_leave_the_bearer_open(tmp_path: Path) -> None:
    finding = judged(tmp_path, incident(actors=("North", "Black Band"), contested=True))
    assert (finding.outcome, finding.belief) == ("undetermined", "contested")


def test_rival_accounts_that_all_name_bound_actors_leave_nothing_open(tmp_path: Path) -> None:
    assert judged(tmp_path, incident(actors=("North", "South"), contested=True)).outcome == "breach_if_true"


def test_the_registry_knows_more_names_and_memberships_by_date(tmp_path: Path) -> None:
    registry = Registry(
        [
            Actor("north", "North", "army"),
            Actor(
                "red", "Red Company", aliases=(Alias("the Reds"),), memberships=(Membership("north", since="2021-06"),)
            ),
            Actor("far", "Far State", "state"),
        ]
    )
    assert judged(tmp_path, incident(actors=("the Reds",)), registry).outcome == "breach_if_true"
    assert (
        judged(tmp_path, incident(actors=("the Reds",), earliest="2021-05-10"), registry).outcome == "actor_not_bound"
    )
    assert judged(tmp_path, incident(actors=("Far State",)), registry).outcome == "actor_not_bound"
    assert judged(tmp_path, incident(actors=("Nobody Known",)), registry).outcome == "undetermined"


@pytest.mark.parametrize("reality", ["threatened", "planned", "hypothetical", "denied"])
def test_what_did_not_happen_is_no_breach(tmp_path: Path, reality: str) -> None:
    assert judged(tmp_path, incident(reality=reality)).outcome == "not_the_act"


def test_another_act_is_not_the_act(tmp_path: Path) -> None:
    assert judged(tmp_path, incident(type_="negotiation")).outcome == "not_the_act"


def test_a_breach_named_only_leaves_the_act_open(tmp_path: Path) -> None:
    assert judged(tmp_path, incident(type_="violation")).missing == ("what was done",)


def test_before_and_after(tmp_path: Path) -> None:
    assert judged(tmp_path, incident(earliest="2021-04-30")).outcome == "outside_period"
    assert judged(tmp_path, incident(earliest=None)).outcome == "undetermined"
    ended = {"at": {"at": "2021-06-01T12:00", "zone": "Africa/Nairobi"}, "how": "called_off"}
    assert judged(tmp_path, incident(earliest="2021-06-01T12:00"), ended=ended).outcome == "outside_period"
    assert judged(tmp_path, incident(earliest="2021-06-01T11:59"), ended=ended).outcome == "breach_if_true"


def test_a_term_of_its_own_period_counts_whole_days(tmp_path: Path) -> None:
    terms = [term(period={"from": "2021-06-01", "until": "2021-06-02"})]
    outcomes = [
        judged(tmp_path, incident(earliest=f"2021-{d}"), terms=terms).outcome
        for d in ("05-31", "06-01", "06-02", "06-03")
    ]
    assert outcomes == ["outside_period", "breach_if_true", "breach_if_true", "outside_period"]


def test_a_replaced_agreement_is_not_in_force_after_the_new_one_is(tmp_path: Path) -> None:
    old = truce(tmp_path, "old.yaml")
    new = truce(
        tmp_path, "new.yaml", id="gorno-2022", in_effect={"at": "2021-06-10T00:00", "zone": "Africa/Nairobi"},
        replaces=[{"agreement": "gorno-2021-05-01"}],
    )  # fmt: skip
    day = {f.agreement_id: f.outcome for f in Judge([old, new])([incident(earliest="2021-06-09")])}
    assert day == {"gorno-2021-05-01": "breach_if_true", "gorno-2022": "outside_period"}
    day = {f.agreement_id: f.outcome for f in Judge([old, new])([incident(earliest="2021-06-10")])}
    assert day == {"gorno-2021-05-01": "outside_period", "gorno-2022": "breach_if_true"}


def test_a_permission_and_a_duty_are_never_breached_by_doing(tmp_path: Path) -> None:
    for modality in ("may", "shall"):
        more = {"evidence": {"for": ["shelling"], "in_words": "x"}} if modality == "shall" else {}
        finding = judged(tmp_path, incident(), terms=[term(modality=modality, **more)])
        assert (finding.outcome, finding.probability) == ("consistent", 0.0)


def test_readings_that_disagree_are_named(tmp_path: Path) -> None:
    areas = {
        "corridor": {"corridor": {"line": "road", "each_side_m": 6000}},
        "narrow": {"corridor": {"line": "road", "each_side_m": 1000}},
    }
    terms = [term(readings=[{"name": "narrow-strip", "text": "One kilometre.", "area": "narrow"}])]
    finding = judged(tmp_path, incident(at_north_m(3000)), areas=areas, terms=terms)
    assert finding.outcome == "contested_reading"
    assert finding.reading == "as written: breach_if_true; narrow-strip: outside_area"
    assert finding.probability == 0.5
    assert judged(tmp_path, incident(at_north_m(500)), areas=areas, terms=terms).outcome == "breach_if_true"
    assert judged(tmp_path, incident(at_north_m(7000)), areas=areas, terms=terms).outcome == "outside_area"


def test_a_term_may_ask_who_was_hit(tmp_path: Path) -> None:
    terms = [term(targets={"any_of": ["South"]})]
    assert judged(tmp_path, incident(targets=("Southern",)), terms=terms).outcome == "breach_if_true"
    assert judged(tmp_path, incident(targets=("Neighbour",)), terms=terms).outcome == "not_the_act"
    assert judged(tmp_path, incident(targets=("a village",)), terms=terms).outcome == "undetermined"
    assert judged(tmp_path, incident(), terms=terms).outcome == "undetermined"


def test_an_exception_needs_all_its_conditions(tmp_path: Path) -> None:
    areas = {
        "corridor": {"corridor": {"line": "road", "each_side_m": 6000}},
        "yard": {"corridor": {"line": "road", "each_side_m": 1000}},
    }
    terms = [term(exceptions=[{"id": "range", "text": "Training.", "acts": ["shelling"], "area": "yard"}])]
    assert judged(tmp_path, incident(at_north_m(0)), areas=areas, terms=terms).outcome == "consistent"
    assert judged(tmp_path, incident(at_north_m(3000)), areas=areas, terms=terms).outcome == "breach_if_true"
    assert (
        judged(tmp_path, incident(at_north_m(0), type_="gunfire"), areas=areas, terms=terms).outcome == "breach_if_true"
    )
    half = judged(tmp_path, incident(at_north_m(1000, 500)), areas=areas, terms=terms)
    assert (half.outcome, half.probability) == ("undetermined", pytest.approx(0.5, abs=0.01))


def test_tests_name_the_accounts_they_rely_on(tmp_path: Path) -> None:
    from dataclasses import replace

    finding = judged(tmp_path, replace(incident(), account_ids=("acc_1", "acc_2")))
    assert all(t.account_ids == ("acc_1", "acc_2") for t in finding.tests)


def test_both_hours_of_january_2020_stand_beside_each_other() -> None:
    judge = Judge([load_agreement(AGREEMENTS / "idlib-2020-01-12.yaml")])
    idlib = Place("Idlib", None, 35.93, 36.63, 1000.0)
    for day, outcome in [("2020-01-08", "outside_period"), ("2020-01-10", "contested_reading"),
                         ("2020-01-13", "breach_if_true"), ("2020-03-06T00:01", "outside_period")]:  # fmt: skip
        assert judge([incident(idlib, earliest=day, actors=("Russia",))])[0].outcome == outcome, day

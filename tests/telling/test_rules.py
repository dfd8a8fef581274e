from __future__ import annotations

import pytest
from tellers import Told

from trucewatch.telling.rules import RULES, figures_of_fire, rule_named
from trucewatch.terms.errors import SettingsError


def counted(told: Told, rule: str) -> int:
    """What all incidents come to in one cell: each key once, with its greatest number."""
    telling = told.telling()
    best: dict[tuple[str, ...], int] = {}
    for incident in telling.incidents:
        for tick in rule_named(rule).count(incident, telling):
            best[tick.key] = max(best.get(tick.key, 0), tick.n)
    return sum(best.values())


def test_incident_counts_each_once_however_many_places(told: Told) -> None:
    told.incident("a", places=("Gorno", "Selo")).incident("b")
    assert counted(told, "incident") == 2


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("the monitors heard 14 explosions and five bursts of heavy machine-gun fire", 19),
        ("nine mortar rounds landed", 9),
        ("hundreds of rockets", None),
        ("two soldiers were wounded by rockets", None),
        ("two men shot dead", None),
        ("a rocket attack killed 3", None),
        ("one explosion", 1),
        ("32 heavy explosions", 32),
    ],
)
def test_figures_of_fire_are_those_the_text_gives(text: str, n: int | None) -> None:
    assert figures_of_fire(text) == n


def test_smm_observation_counts_explosions_where_told(told: Told) -> None:
    told.incident("a", quote="They heard 14 explosions near Gorno")
    assert counted(told, "smm_observation") == 14


def test_smm_observation_marks_the_number_it_assumes(told: Told) -> None:
    telling = told.incident("a", quote="Shells hit Gorno").telling()
    (tick,) = rule_named("smm_observation").count(telling.incidents[0], telling)
    assert (tick.n, tick.told) == (1, False)


def test_smm_observation_leaves_out_what_makes_no_noise(told: Told) -> None:
    assert counted(told.incident("a", type="abduction"), "smm_observation") == 0


def test_firing_case_is_one_for_a_day_of_fire_at_a_place(told: Told) -> None:
    told.incident("a").incident("b", type="gunfire").incident("c", day="2031-05-05")
    assert counted(told, "firing_case") == 2


def test_firing_case_keeps_the_two_sides_apart(told: Told) -> None:
    told.incident("a").incident("b", by="Southern army")
    assert counted(told, "firing_case") == 2


def test_acled_like_joins_the_same_actors_type_place_and_day(told: Told) -> None:
    told.incident("a").incident("b").incident("c", by="Southern army")
    assert counted(told, "acled_like") == 2


def test_acled_like_counts_each_place(told: Told) -> None:
    assert counted(told.incident("a", places=("Gorno", "Selo")), "acled_like") == 2


def test_acled_like_never_joins_what_has_no_date_or_place(told: Told) -> None:
    told.incident("a", day=None).incident("b", day=None).incident("c", places=()).incident("d", places=())
    assert counted(told, "acled_like") == 4


@pytest.mark.parametrize(("killed", "n"), [((1, 1), 1), ((0, 0), 0), (None, 0), ((None, 4), 0), ((3, 9), 1)])
def test_ucdp_like_needs_a_death(told: Told, killed: tuple[int, int] | None, n: int) -> None:
    assert counted(told.incident("a", killed=killed), "ucdp_like") == n


def test_site_day_is_one_however_often_a_place_is_hit(told: Told) -> None:
    told.incident("a").incident("b", by="Southern army").incident("c", places=("Selo",))
    assert counted(told, "site_day") == 2


def test_site_day_leaves_out_patrols(told: Told) -> None:
    assert counted(told.incident("a", type="patrol"), "site_day") == 0


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(SettingsError, match="Did you mean 'site_day'"):
        rule_named("site_dya")


def test_every_rule_says_what_counts_as_one() -> None:
    for rule in RULES.values():
        assert len(rule.definition) > 40
        assert rule.unit

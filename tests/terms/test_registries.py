import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.terms.actors import Actor, Alias, Membership
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.registries import Registry, fold_actor

NUSRA = Actor(
    "hts",
    "Hayat Tahrir al-Sham",
    aliases=(
        Alias("HTS", kind="short"),
        Alias("Jabhat al-Nusra", until="2016-07-27", kind="formerly"),
        Alias("Jabhat Fatah al-Sham", since="2016-07-28", until="2017-01", kind="formerly"),
    ),
)
ARMY = Actor("saa", "Syrian Arab Army", "army", (Alias("regime forces", kind="description"),), (Membership("syria"),))
TIGERS = Actor("tiger", "Tiger Forces", memberships=(Membership("saa", "part", until="2019-08-28"),))
REBELS = Actor("nfl", "National Front", memberships=(Membership("turkey", "backed"),))
STATE = Actor("syria", "Syria", "state")
TURKEY = Actor("turkey", "Turkey", "state")
REGISTRY = Registry([NUSRA, ARMY, TIGERS, REBELS, STATE, TURKEY])


def test_a_name_is_found_whatever_its_case_article_and_punctuation() -> None:
    for name in ("hayat tahrir al sham", "the HTS", "Hay'at Tahrir al-Sham", "HTS"):
        found = REGISTRY.resolve(name, "2020-03-06")
        assert found is not None and found.actor_id == "hts", name


def test_a_former_name_holds_only_in_its_days() -> None:
    assert REGISTRY.resolve("Jabhat al-Nusra", "2016-07-27") is NUSRA
    assert REGISTRY.resolve("Jabhat al-Nusra", "2016-07-28") is None
    assert REGISTRY.resolve("Jabhat Fatah al-Sham", "2017-01-31") is NUSRA
    assert REGISTRY.resolve("Jabhat Fatah al-Sham", "2017-02-01") is None
    assert REGISTRY.resolve("Jabhat al-Nusra", None) is NUSRA


def test_a_name_borne_by_two_means_neither() -> None:
    twins = Registry([Actor("a", "A", aliases=(Alias("SNA"),)), Actor("b", "B", aliases=(Alias("SNA"),))])
    assert twins.resolve("SNA", None) is None
    assert [a.actor_id for a in twins.rivals("SNA", None)] == ["a", "b"]


def test_an_own_name_goes_before_anothers_alias() -> None:
    both = Registry([Actor("a", "Levant Front"), Actor("b", "B", aliases=(Alias("Levant Front"),))])
    found = both.resolve("levant front", None)
    assert found is not None and found.actor_id == "a"


def test_membership_is_followed_through_every_step_and_by_day() -> None:
    assert REGISTRY.groups("tiger", "2019-01-01") == {"tiger", "saa", "syria"}
    assert REGISTRY.groups("tiger", "2020-01-01") == {"tiger"}


def test_being_backed_is_not_belonging() -> None:
    assert REGISTRY.groups("nfl", None) == {"nfl"}
    assert REGISTRY.coalition("nfl", None) == {"nfl", "turkey"}


def test_a_membership_in_nobody_known_is_an_error() -> None:
    with pytest.raises(SettingsError, match="actor-unknown"):
        Registry([Actor("x", "X", memberships=(Membership("nobody"),))])


def test_an_id_used_twice_is_an_error() -> None:
    with pytest.raises(SettingsError, match="actor-twice"):
        Registry([Actor("x", "X"), Actor("x", "Y")])


@given(st.text())
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_actor(fold_actor(name)) == fold_actor(name)

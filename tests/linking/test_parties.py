from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_accounts import account, reading

from trucewatch.linking.actors import ActorLinker, load_registry
from trucewatch.linking.gazetteers import Gazetteer, load_gazetteers
from trucewatch.terms.accounts import Account, Party
from trucewatch.terms.heads import names_nobody
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry
from trucewatch.terms.spans import Span

ACTORS = """
actors:
  - {id: gorno, name: Gorno, kind: state, aliases: [{name: the regime, kind: description}]}
  - {id: army, name: Gornian Army, kind: army, aliases: [{name: regime forces, kind: description}]}
  - {id: hill, name: Free Hill Front}
"""
PLACES = "name,lat,lon,feature_code\nal-Bara,35.686,36.542,PPL\nTown,35.614,36.565,PPL\nCapital,35.7,36.6,PPLC\n"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    path = tmp_path / "actors.yaml"
    path.write_text(ACTORS, "utf-8")
    return load_registry(path)


@pytest.fixture
def gazetteer(tmp_path: Path) -> Gazetteer:
    path = tmp_path / "places.csv"
    path.write_text(PLACES, "utf-8")
    return load_gazetteers([path])


def told(text: str, doer: str, told_from: str = "") -> Account:
    """An account of the text whose doer stands where the text first has it, at Town; it begins with `told_from`."""
    start = text.index(doer)
    begun = text.index(told_from) if told_from else 0
    one = account("r", quote=text[begun:], places=())
    return replace(
        one,
        span=Span(begun, len(text)),
        actors=(Party(doer, Span(start, start + len(doer))),),
        places=(Place("Town", None, 35.614, 36.565, 1000.0),),
    )


@pytest.mark.parametrize(
    ("text", "doer", "name", "actor_id"),
    [
        ("Regime forces stormed Town", "forces", "Regime forces", "army"),
        ("Units of the Gornian Army captured Town", "Units", "Units of the Gornian Army", "army"),
        ("Hill Front attack: the Free Hill Front shelled Town", "Hill Front", "Hill Front", "hill"),
        ("Forces stormed Town", "Forces", "Forces", None),
        ("In Gorno forces stormed Town", "forces", "forces", None),
        ("Gorno forces stormed Town", "forces", "Gorno forces", "gorno"),
        ("The regime left. Forces stormed Town", "Forces", "Forces", None),
        ("The regime said forces of the enemy stormed Town", "forces", "forces", None),
        ("A bomb went off as the 21st joint patrol passed", "joint patrol", "joint patrol", None),
        ("Hill Front attack at Town", "Hill Front", "Hill Front", None),
    ],
)
def test_a_name_cut_short_is_completed_by_the_text_beside_it_and_by_nothing_else(
    registry: Registry, text: str, doer: str, name: str, actor_id: str | None
) -> None:
    (actor,) = ActorLinker(registry)([reading("r", told(text, doer), text=text)])[0].accounts[0].actors
    assert (actor.name, actor.actor_id) == (name, actor_id)
    assert actor.span is not None
    assert text[actor.span.start : actor.span.end] == name


def test_a_settlement_near_the_incident_is_no_doer(registry: Registry, gazetteer: Gazetteer) -> None:
    text = "Aircraft had bombed al-Bara; shells fell on Town"
    out = ActorLinker(registry, gazetteer)([reading("r", told(text, "al-Bara"), text=text)])[0]
    assert out.accounts[0].actors == ()
    assert [(d.code, d.what) for d in out.doubts] == [("place-as-actor", "'al-Bara' is a place near it and no doer")]


@pytest.mark.parametrize("doer", ["Capital", "Gorno", "Brigade of al-Bara"])
def test_governments_called_after_capitals_and_groups_called_after_places_stay(
    registry: Registry, gazetteer: Gazetteer, doer: str
) -> None:
    text = f"{doer} shelled Town"
    out = ActorLinker(registry, gazetteer)([reading("r", told(text, doer), text=text)])[0]
    assert [a.name for a in out.accounts[0].actors] == [doer]


def test_far_from_the_incident_a_name_is_not_taken_for_the_place(registry: Registry, gazetteer: Gazetteer) -> None:
    text = "al-Bara shelled Town"
    one = replace(told(text, "al-Bara"), places=(Place("Town", None, 47.1, 37.5, 1000.0),))
    assert ActorLinker(registry, gazetteer)([reading("r", one, text=text)])[0].accounts[0].actors


def test_whom_the_text_accuses_is_the_doer_when_a_place_was_taken_for_it(
    registry: Registry, gazetteer: Gazetteer
) -> None:
    text = "Jets had bombed al-Bara. The ministry accused the Free Hill Front of shelling Town"
    one = told(text, "al-Bara", told_from="Free Hill Front")
    (actor,) = ActorLinker(registry, gazetteer)([reading("r", one, text=text)])[0].accounts[0].actors
    assert (actor.name, actor.actor_id) == ("Free Hill Front", "hill")


@pytest.mark.parametrize(
    ("name", "nobody"),
    [
        ("forces", True), ("Forces", True), ("the joint patrol", True), ("unknown gunmen", True), ("warplanes", True),
        ("regime forces", False), ("Giants Brigade", False), ("rebels", False), ("protesters", False), ("", False),
        ("Unknown", False),
    ],
)  # fmt: skip
def test_words_for_men_and_arms_name_nobody(name: str, nobody: bool) -> None:
    assert names_nobody(name) is nobody

"""Which areas an incident may lie in: by its whole disc, not by its middle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import gorno
import pytest

from trucewatch.judging.agreements import load_agreement
from trucewatch.running.areas import areas_of_incidents
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place

AGREEMENT = load_agreement(Path(__file__).parents[2] / "agreements" / "idlib-2018-09-17.yaml")
IDLIB, HOMS = (35.93, 36.63), (34.73, 36.72)


def lying(*points: tuple[float, float, float]) -> Incident:
    """An incident with these places: latitude, longitude, radius in metres."""
    account = gorno.read_one(gorno.REPORTS[0]).accounts[0]
    places = tuple(Place("a place", None, *point) for point in points)
    return replace(gorno.incident_of([account]), places=places)


def shares(incident: Incident) -> dict[str, float]:
    return {area.split("/")[1]: share for _, area, share in areas_of_incidents([AGREEMENT], [incident])}


def test_what_lies_inside_lies_inside_whole() -> None:
    assert shares(lying((*IDLIB, 500.0)))["idlib-area"] == 1.0


def test_what_lies_outside_is_in_no_area() -> None:
    assert shares(lying((*HOMS, 500.0))) == {}


def test_a_wide_disc_lies_in_it_in_part() -> None:
    assert 0 < shares(lying((*HOMS, 120_000.0)))["idlib-area"] < 1


def test_of_several_places_the_one_that_lies_in_it_most_counts() -> None:
    assert shares(lying((*HOMS, 500.0), (*IDLIB, 500.0)))["idlib-area"] == 1.0


@pytest.mark.parametrize("incidents", [[], [lying()]])
def test_what_has_no_place_lies_nowhere(incidents: list[Incident]) -> None:
    assert areas_of_incidents([AGREEMENT], incidents) == []

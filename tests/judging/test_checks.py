"""An error is measured against places that are known, and never stated less than they show."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyproj import Geod
from truces import AGREEMENTS, truce

from trucewatch.judging.agreements import load_agreement
from trucewatch.judging.checks import Miss, area_misses, furthest, least_error_m, line_misses
from trucewatch.judging.shapes import Workshop
from trucewatch.terms.errors import AgreementError

GEOD = Geod(ellps="WGS84")
ROAD = [[36.0, 0.0], [37.0, 0.0]]


def beside(metres: float) -> list[float]:
    """A point north of the road."""
    lon, lat, _ = GEOD.fwd(36.5, 0.0, 0 if metres >= 0 else 180, abs(metres))
    return [lon, lat]


def road(error_m: float | None, *checks: dict[str, object]) -> dict[str, object]:
    stated = {} if error_m is None else {"error_m": error_m}
    return {"road": {"points": ROAD, "checks": list(checks), **stated}}


def test_a_check_on_the_line_measures_its_distance_and_one_of_a_side_how_far_it_is_on_the_other(tmp_path: Path) -> None:
    checks = [
        {"name": "on", "point": beside(700)},
        {"name": "rightly north", "point": beside(5000), "side": "north"},
        {"name": "wrongly north", "point": beside(-900), "side": "north"},
        {"name": "rightly south", "point": beside(-10), "side": "south"},
    ]
    made = truce(tmp_path, lines=road(1000, *checks))
    misses = line_misses("road", Workshop(tmp_path, made.form.lines, made.form.areas))
    assert [(m.name, round(m.metres)) for m in misses] == [
        ("on", 700), ("rightly north", 0), ("wrongly north", 900), ("rightly south", 0),
    ]  # fmt: skip
    assert furthest(misses) == misses[2]


@pytest.mark.parametrize(("metres", "least"), [(0, 0), (1, 500), (500, 500), (500.1, 1000), (1442, 1500)])
def test_an_error_is_the_furthest_miss_rounded_up_to_the_next_half_kilometre(metres: float, least: float) -> None:
    assert least_error_m([Miss("a", metres), Miss("b", 0.0)]) == least
    assert least_error_m([]) == 0


@pytest.mark.parametrize(
    ("stated", "said"),
    [(500, "error_m: 500 is too little: Selo of the checks lies 600 m off"), (None, "is not stated")],
)
def test_a_line_that_states_less_than_its_checks_is_refused(tmp_path: Path, stated: float | None, said: str) -> None:
    with pytest.raises(AgreementError, match=said) as refused:
        truce(tmp_path, lines=road(stated, {"name": "Selo", "point": beside(600)}))
    assert refused.value.code == "error-below-checks" and "State 1000 or more" in str(refused.value.todo)


def test_an_area_is_held_against_what_lies_inside_and_what_does_not(tmp_path: Path) -> None:
    strip = {"corridor": {"line": "road", "each_side_m": 6000}}
    inside, outside = {"name": "in", "point": beside(6400)}, {"name": "out", "point": beside(5800), "inside": False}
    fine = [{"name": "f", "point": beside(100)}, {"name": "g", "point": beside(9000), "inside": False}]
    area = strip | {"error_m": 500, "checks": [inside, outside, *fine]}
    made = truce(tmp_path, areas={"corridor": area})
    misses = area_misses(made.form.areas["corridor"].checks, made.areas["corridor"])
    assert [round(m.metres) for m in misses] == [400, 200, 0, 0]
    with pytest.raises(AgreementError, match=r"areas\.corridor\.error_m: 100 is too little"):
        truce(tmp_path, areas={"corridor": area | {"error_m": 100}})


def test_the_m4_is_stated_as_its_checks_measure_it() -> None:
    made = load_agreement(AGREEMENTS / "idlib-2020-03-05.yaml")
    shop = Workshop(AGREEMENTS, made.form.lines, made.form.areas)
    for name in ("m4", "m4-patrol"):
        misses = line_misses(name, shop)
        assert len(misses) >= 7
        assert made.form.lines[name].error_m == least_error_m(misses)
    assert made.areas["security-corridor"].edge_error_m == made.form.lines["m4"].error_m

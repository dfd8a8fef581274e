from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Geod
from truces import AGREEMENTS, at_north_m, truce

from trucewatch.judging.areas import Area
from trucewatch.judging.moments import window
from trucewatch.terms.errors import AgreementError
from trucewatch.terms.times import Interval

GEOD = Geod(ellps="WGS84")


def share(area: Area, lat: float, lon: float, radius_m: float = 0.0, version: int = 0) -> float:
    return float(area.shares(np.array([lat]), np.array([lon]), np.array([radius_m]), version)[0][0])


@pytest.mark.parametrize(("metres", "inside"), [(5990, 1.0), (6010, 0.0), (-3990, 1.0), (-4010, 0.0)])
def test_each_side_of_a_corridor_has_its_own_width(tmp_path: Path, metres: float, inside: float) -> None:
    place = at_north_m(metres)
    area = truce(tmp_path).areas["corridor"]
    assert share(area, place.lat or 0.0, place.lon or 0.0) == inside


@pytest.mark.parametrize("azimuth", [0, 90, 180, 270, 45])
def test_a_circle_is_true_to_geodesics_within_the_stated_error(tmp_path: Path, azimuth: float) -> None:
    area = truce(tmp_path, areas={"corridor": {"within": {"km": 50, "point": [36.8, 35.8]}}}).areas["corridor"]
    error = area.projection_error_m + 20  # the circle is drawn with 32 segments a quarter
    for metres, inside in ((50_000 - error - 1, 1.0), (50_000 + error, 0.0)):
        lon, lat, _ = GEOD.fwd(36.8, 35.8, azimuth, metres)
        assert share(area, lat, lon) == inside


def test_the_m4_corridor_is_six_kilometres_on_the_ground() -> None:
    from trucewatch.judging.agreements import load_agreement

    area = load_agreement(AGREEMENTS / "idlib-2020-03-05.yaml").areas["security-corridor"]
    # across the stretch east of Jisr al-Shughur; the road is drawn to 1.5 km
    for metres, low, high in (
        (4450, 1.0, 1.0),
        (5950, 0.5, 0.53),
        (6000, 0.49, 0.51),
        (6150, 0.44, 0.47),
        (7600, 0, 0),
    ):
        lon, lat, _ = GEOD.fwd(36.2875, 35.8155, 2.5, metres)
        assert low <= share(area, lat, lon) <= high


def rough(tmp_path: Path, error_m: float, width_m: float = 6000) -> Area:
    """A corridor along a road that is drawn to so many metres."""
    road = {"road": {"points": [[36.0, 0.0], [37.0, 0.0]], "error_m": error_m}}
    return truce(
        tmp_path, lines=road, areas={"corridor": {"corridor": {"line": "road", "each_side_m": width_m}}}
    ).areas["corridor"]


@pytest.mark.parametrize(
    ("metres", "radius_m", "expected"),
    [
        (4990, 0, 1.0), (5500, 0, 0.75), (6000, 0, 0.5), (6500, 0, 0.25), (7010, 0, 0.0),  # points: a straight ramp
        (4490, 500, 1.0), (6000, 500, 0.5), (7510, 500, 0.0),  # discs narrower than the error
        (2990, 2000, 1.0), (6000, 2000, 0.5), (9010, 2000, 0.0),  # and wider
    ],
)  # fmt: skip
def test_the_error_of_the_edge_goes_into_the_share(
    tmp_path: Path, metres: float, radius_m: float, expected: float
) -> None:
    area = rough(tmp_path, 1000)
    assert area.edge_error_m == 1000  # of the line it follows
    found = share(area, at_north_m(metres).lat or 0, 36.5, radius_m)
    assert found == (expected if expected in (0.0, 1.0) else pytest.approx(expected, abs=0.01))


@pytest.mark.parametrize("radius_m", [300.0, 900.0, 1100.0, 3000.0])
@pytest.mark.parametrize("metres", [4800.0, 5500.0, 6300.0, 7200.0])
def test_the_share_is_the_mean_over_where_the_edge_may_run(tmp_path: Path, metres: float, radius_m: float) -> None:
    rng = np.random.default_rng(1)
    angle, away = rng.uniform(0, 2 * np.pi, 200_000), radius_m * np.sqrt(rng.uniform(0, 1, 200_000))
    edge = 6000 + rng.uniform(-1000, 1000, 200_000)
    expected = float(np.mean(metres + away * np.sin(angle) <= edge))
    assert share(rough(tmp_path, 1000), at_north_m(metres).lat or 0, 36.5, radius_m) == pytest.approx(
        expected, abs=0.02
    )


def test_an_edge_known_worse_than_the_area_is_wide_is_certain_nowhere(tmp_path: Path) -> None:
    area = rough(tmp_path, 5000, width_m=2000)
    assert share(area, 0.0, 36.5) == pytest.approx(0.7, abs=0.01)
    assert share(area, 0.0, 36.5, 8000) < share(area, 0.0, 36.5)


def test_what_the_area_states_goes_before_the_error_of_its_line(tmp_path: Path) -> None:
    road = {"road": {"points": [[36.0, 0.0], [37.0, 0.0]], "error_m": 1000}}
    strip = {"corridor": {"line": "road", "each_side_m": 6000}}
    areas = truce(
        tmp_path,
        lines=road,
        areas={"corridor": strip | {"error_m": 50}, "both": {"union": [strip, {"area": "corridor"}]}},
    ).areas
    assert (areas["corridor"].edge_error_m, areas["both"].edge_error_m) == (50, 1000)


def test_a_disc_across_the_edge_is_shared(tmp_path: Path) -> None:
    area = truce(tmp_path).areas["corridor"]
    assert share(area, (at_north_m(6000).lat or 0), 36.5, 1000) == pytest.approx(0.5, abs=0.01)
    assert share(area, (at_north_m(4999).lat or 0), 36.5, 1000) == 1.0
    assert 0 < share(area, (at_north_m(5010).lat or 0), 36.5, 1000) < 1


def test_a_side_reaches_beyond_the_ends_of_the_line(tmp_path: Path) -> None:
    area = truce(tmp_path, areas={"corridor": {"side_of": {"line": "road", "side": "south", "reach_m": 30000}}}).areas
    south = area["corridor"]
    assert share(south, -0.05, 37.1) == 1.0
    assert share(south, 0.05, 36.5) == 0.0


def test_a_line_has_no_side_along_which_it_runs(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="no east side"):
        truce(tmp_path, areas={"corridor": {"side_of": {"line": "road", "side": "east"}}})


def test_difference_and_intersection(tmp_path: Path) -> None:
    wide, narrow = ({"corridor": {"line": "road", "each_side_m": m}} for m in (6000, 2000))
    areas = truce(
        tmp_path, areas={"corridor": {"difference": [wide, narrow]}, "both": {"intersection": [wide, narrow]}}
    ).areas
    place = at_north_m(4000)
    assert share(areas["corridor"], place.lat or 0, 36.5) == 1.0
    assert share(areas["both"], place.lat or 0, 36.5) == 0.0
    assert share(areas["corridor"], 0.0, 36.5) == 0.0


def test_an_area_that_changes_by_date_has_the_version_of_the_day(tmp_path: Path) -> None:
    wide, narrow = ({"corridor": {"line": "road", "each_side_m": m}} for m in (6000, 2000))
    dated = [{"until": "2021-07-01", "area": wide}, {"from": "2021-07-01", "area": narrow}]
    area = truce(tmp_path, areas={"corridor": {"dated": dated}}).areas["corridor"]
    assert area.versions_at(window(Interval("2021-06-30", "2021-06-30"))) == [(0, 1.0)]
    assert area.versions_at(window(Interval("2021-07-01", "2021-07-01"))) == [(1, 1.0)]
    assert area.versions_at(window(Interval("2021-06-30", "2021-07-01"))) == [(0, 0.5), (1, 0.5)]


def test_units_are_picked_by_code() -> None:
    from trucewatch.judging.agreements import load_agreement

    area = load_agreement(AGREEMENTS / "hodeidah-2018-12-13.yaml").areas["governorate"]
    assert share(area, 14.8, 43.1) == 1.0
    assert share(area, 15.35, 44.2) == 0.0  # Sanaa


@pytest.mark.parametrize(
    ("name", "area", "inside", "outside"),
    [
        ("hodeidah-2018-12-13", "governorate", [(14.8, 42.955), (15.31, 42.67), (13.93, 43.48)], [(13.58, 44.02)]),
        ("karabakh-2020-11-09", "karabakh", [(39.82, 46.75), (40.21, 46.81), (39.6, 47.15)], [(40.37, 47.13)]),
        ("lebanon-israel-2024-11-26", "lebanon", [(33.89, 35.5), (34.0, 36.2), (33.33, 35.61)], [(33.21, 35.57)]),
        ("lebanon-israel-2024-11-26", "south-of-litani", [(33.27, 35.2), (33.12, 35.43)], [(33.38, 35.48)]),
        ("libya-2020-10-23", "libya", [(32.89, 13.18), (24.2, 23.3), (31.2, 16.58)], [(35.9, 14.5)]),
        ("pretoria-2022-11-02", "tigray", [(13.5, 39.47), (14.1, 38.28), (14.28, 39.46)], [(12.6, 37.47)]),
        ("pretoria-2022-11-02", "ethiopia-north", [(12.6, 37.47), (11.79, 41.0)], [(15.33, 38.93), (9.03, 38.75)]),
    ],
)
def test_towns_lie_where_they_lie(
    name: str, area: str, inside: list[tuple[float, float]], outside: list[tuple[float, float]]
) -> None:
    from trucewatch.judging.agreements import load_agreement

    found = load_agreement(AGREEMENTS / f"{name}.yaml").areas[area]
    assert [share(found, lat, lon) for lat, lon in inside] == [1.0] * len(inside)
    assert [share(found, lat, lon) for lat, lon in outside] == [0.0] * len(outside)


@pytest.mark.parametrize("path", sorted(AGREEMENTS.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_area_of_our_agreements_is_valid_and_states_its_error(path: Path) -> None:
    from trucewatch.judging.agreements import load_agreement

    for area in load_agreement(path).areas.values():
        assert area.edge_error_m
        assert all(shapely.is_valid(v.geometry) for v in area.versions)
        assert area.projection_error_m < area.edge_error_m / 10

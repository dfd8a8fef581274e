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
    lon, lat, _ = GEOD.fwd(36.2875, 35.8155, 2.5, 5950)  # across the stretch east of Jisr al-Shughur
    assert share(area, lat, lon) == 1.0
    lon, lat, _ = GEOD.fwd(36.2875, 35.8155, 2.5, 6150)
    assert share(area, lat, lon) == 0.0


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


@pytest.mark.parametrize("path", sorted(AGREEMENTS.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_area_of_our_agreements_is_valid_and_states_its_error(path: Path) -> None:
    from trucewatch.judging.agreements import load_agreement

    for area in load_agreement(path).areas.values():
        assert area.edge_error_m
        assert all(shapely.is_valid(v.geometry) for v in area.versions)
        assert area.projection_error_m < area.edge_error_m / 10

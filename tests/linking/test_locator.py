import pytest
from made_accounts import account, reading

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Gazetteer
from trucewatch.linking.places import Locator, Region
from trucewatch.terms.accounts import unlocated
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.spans import Span


def locate(
    gazetteer: Gazetteer,
    mention: PlaceMention | str,
    *,
    text: str = "",
    region: Region | None = None,
    others: tuple[str, ...] = (),
) -> Place:
    if isinstance(mention, str):
        mention = PlaceMention(mention, Span(0, 1))
    read = reading("r1", account("r1", places=(unlocated(mention), *others)), text=text)
    return Locator(gazetteer, region)([read])[0].accounts[0].places[0]


def test_a_name_is_found_in_another_spelling(gazetteer: Gazetteer) -> None:
    place = locate(gazetteer, "Maarat an-Numan", text="Syria: Idlib and Saraqib were quiet.")
    assert place.located
    assert km_between(place.lat or 0, place.lon or 0, 35.643, 36.668) < 1


def test_namesakes_far_apart_stay_without_a_point(gazetteer: Gazetteer) -> None:
    read = reading("r1", account("r1", places=("Burayj",)), text="Shells fell on Burayj.")
    out = Locator(gazetteer)([read])[0]
    place = out.accounts[0].places[0]
    assert not place.located and place.note == "ambiguous"
    assert len(place.candidates) == 2
    assert [d.code for d in out.doubts] == ["ambiguous-place"]


def test_the_unit_beside_it_settles_a_namesake(gazetteer: Gazetteer) -> None:
    place = locate(gazetteer, PlaceMention("Burayj", Span(0, 1), within=("Aleppo",)), text="in Aleppo province")
    assert place.lat == pytest.approx(35.95)


def test_neighbours_settle_a_namesake(gazetteer: Gazetteer) -> None:
    assert locate(gazetteer, "Burayj", others=("Marea",), text="Marea").candidates[0].lat == pytest.approx(35.95)


def test_the_dossiers_region_settles_a_namesake(gazetteer: Gazetteer) -> None:
    box = Region(("SY",), (35.9, 37.0, 37.0, 38.0))
    assert locate(gazetteer, "Burayj", region=box).lat == pytest.approx(35.95)


def test_a_name_nobody_knows_is_a_doubt_and_no_guess(gazetteer: Gazetteer) -> None:
    read = reading("r1", account("r1", places=("Qwxzville",)), text="Qwxzville")
    out = Locator(gazetteer)([read])[0]
    assert not out.accounts[0].places[0].located
    assert [d.code for d in out.doubts] == ["unlocated-place"]


def test_a_village_of_another_country_is_no_answer(gazetteer: Gazetteer) -> None:
    text = "Idlib, Saraqib, Kafr Nabl and al-Bara in Syria"
    place = locate(gazetteer, "Taybah", text=text, others=("Saraqib", "Kafr Nabl", "al-Bara"))
    assert not place.located


def test_a_name_told_often_does_not_vouch_for_the_country_of_its_namesake(gazetteer: Gazetteer) -> None:
    text = "Shells flew from Saraqib. Taybah was quiet by noon; nobody was seen in Taybah. Taybah slept."
    assert not locate(gazetteer, "Taybah", text=text).located


def test_a_quarter_nobody_knows_lies_in_its_town(gazetteer: Gazetteer) -> None:
    place = locate(gazetteer, PlaceMention("Qwx", Span(0, 1), "part", within=("Saraqib",)), text="Saraqib, Syria")
    assert place.located and place.note == "contained" and place.place_id is None


def test_a_distance_and_bearing_move_the_point(gazetteer: Gazetteer) -> None:
    there = PlaceMention("Saraqib", Span(0, 1), "distance", 2000.0, "W")
    place = locate(gazetteer, there, text="Saraqib, Syria")
    assert place.lon is not None and place.lon < 36.806
    assert km_between(place.lat or 0, place.lon, 35.864, 36.806) == pytest.approx(2.0, abs=0.01)


def test_between_two_places_holds_both(gazetteer: Gazetteer) -> None:
    mention = PlaceMention("between the two", Span(0, 1), "between", others=("Saraqib", "Ma'arrat al-Nu'man"))
    place = locate(gazetteer, mention, text="Saraqib and Ma'arrat al-Nu'man, Syria")
    assert place.lat is not None and 35.643 < place.lat < 35.864
    assert place.radius_m is not None and place.radius_m > 12_000


def test_the_countryside_is_wider_than_the_town(gazetteer: Gazetteer) -> None:
    town = locate(gazetteer, "Saraqib", text="Saraqib, Syria")
    around = locate(gazetteer, PlaceMention("Saraqib", Span(0, 1), "countryside"), text="Saraqib, Syria")
    assert around.radius_m is not None and town.radius_m is not None and around.radius_m > 2 * town.radius_m


def test_province_and_city_are_told_apart_by_the_word_beside(gazetteer: Gazetteer) -> None:
    city = locate(gazetteer, PlaceMention("Idlib", Span(0, 1), kind_hint="city"), text="Syria")
    province = locate(gazetteer, PlaceMention("Idlib", Span(0, 1), kind_hint="province"), text="Syria")
    assert (city.lat, province.lat) == (35.93, 35.83)
    assert province.radius_m == 60_000.0


def test_a_site_nobody_knows_lies_by_the_place_it_is_called_after(gazetteer: Gazetteer) -> None:
    for name in ("Saraqib refugee camp", "airbase near Saraqib"):
        place = locate(gazetteer, name, text="Saraqib, Syria")
        assert km_between(place.lat or 0, place.lon or 0, 35.864, 36.806) < 1
        assert place.note == "contained" and (place.radius_m or 0) > 10_000

"""Places no gazetteer knows, told to lie in one that it does; namesakes far away; stretches between two places."""

from pathlib import Path

import pytest
from made_accounts import account, reading

from trucewatch.linking.cues import cues_of
from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Gazetteer, load_gazetteers
from trucewatch.linking.places import Locator
from trucewatch.terms.accounts import ReportReading, unlocated
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.spans import Span

PLACES = """name,lat,lon,kind,country,admin1,population
Orvash,35.00,37.00,city,SY,Orv,400000
Tellin,35.40,37.10,city,SY,Orv,90000
Mirna,35.20,37.30,town,SY,Orv,9000
Keph,35.05,37.45,town,SY,Orv,9000
Orv,35.20,37.20,province,SY,,900000
Upper Vale,35.30,37.40,district,SY,Orv,80000
Halden,35.02,37.25,village,SY,Orv,500
Halden,35.38,37.25,village,SY,Orv,500
Lonely,24.00,54.00,town,AE,,30000
Zahira,36.60,30.10,village,TR,,900
Syria,35.10,38.30,country,SY,,20000000
Damascus,33.51,36.29,city,SY,,2000000
"""


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    folder = tmp_path_factory.mktemp("valley")
    (folder / "valley.csv").write_text(PLACES, "utf-8")
    return load_gazetteers([folder / "valley.csv"], builtin=False, folder=folder)


def read(gazetteer: Gazetteer, text: str, mention: PlaceMention) -> tuple[Place, ReportReading]:
    """The mention located where its name stands in the text."""
    at = text.index(mention.name)
    told = PlaceMention(
        mention.name,
        Span(at, at + len(mention.name)),
        mention.relation,
        kind_hint=mention.kind_hint,
        within=mention.within,
        others=mention.others,
    )
    out = Locator(gazetteer)([reading("r1", account("r1", places=(unlocated(told),)), text=text)])[0]
    return out.accounts[0].places[0], out


def of(name: str, hint: str | None = None, *within: str) -> PlaceMention:
    return PlaceMention(name, Span(0, 1), kind_hint=hint, within=within)


@pytest.mark.parametrize(
    "text",
    [
        "Shells fell on the Bustan quarter of Orvash on Monday. Tellin was calm. Tellin has a market.",
        "Shells fell on Orvash's Bustan quarter on Monday. Tellin was calm. Tellin has a market.",
        "Fighting went on in Orvash. Orvash burned.\nShells fell on the Bustan quarter of the city.",
    ],
)
def test_a_quarter_nobody_knows_has_the_disc_of_its_city_and_the_doubt(valley: Gazetteer, text: str) -> None:
    place, out = read(valley, text, of("Bustan", "quarter"))
    assert (place.lat, place.lon, place.note, place.place_id) == (35.0, 37.0, "contained", None)
    assert place.radius_m is not None and place.radius_m > 5_000
    assert [c.name for c in place.candidates] == ["Orvash"]
    assert [(d.code, "what contains it: Orvash" in d.what) for d in out.doubts] == [("contained-place", True)]


def test_a_quarter_between_two_cities_stays_without_a_point(valley: Gazetteer) -> None:
    place, out = read(
        valley, "Orvash and Tellin were hit, and shells fell on the Bustan quarter.", of("Bustan", "quarter")
    )
    assert not place.located
    assert [d.code for d in out.doubts] == ["unlocated-place"]


def test_a_quarter_is_not_its_namesake_far_away(valley: Gazetteer) -> None:
    place, _ = read(valley, "In Orvash, shells hit the Zahira quarter. Orvash lies in Syria.", of("Zahira", "quarter"))
    assert (place.lat, place.note) == (35.0, "contained")


def test_a_hotel_nobody_knows_lies_in_the_city_of_its_report(valley: Gazetteer) -> None:
    place, _ = read(valley, "A bomb went off in Orvash at the Grand Qwx Hotel.", of("Grand Qwx Hotel"))
    assert (place.lat, place.note) == (35.0, "contained")


def test_a_village_told_to_be_in_a_district_has_its_disc(valley: Gazetteer) -> None:
    place, _ = read(
        valley, "Troops took the village of Qwx in Upper Vale. Orvash, Syria", of("Qwx", "village", "Upper Vale")
    )
    assert (place.lat, place.radius_m, place.note) == (35.3, 25_000.0, "contained")


@pytest.mark.parametrize("holder", ["Orv", "Orvash"])
def test_a_village_of_a_province_stays_without_a_point(valley: Gazetteer, holder: str) -> None:
    """A province is too wide to say where; a city is no container of a village."""
    place, out = read(valley, f"Troops took the village of Qwx in {holder}, Syria.", of("Qwx", "village", holder))
    assert not place.located
    assert [d.code for d in out.doubts] == ["unlocated-place"]


def test_namesakes_close_together_have_the_disc_over_both(valley: Gazetteer) -> None:
    place, out = read(valley, "Halden was hit, Syria said.", of("Halden"))
    assert place.located and place.note == "ambiguous" and len(place.candidates) == 2
    for c in place.candidates:
        assert 1000 * km_between(place.lat or 0, place.lon or 0, c.lat, c.lon) <= (place.radius_m or 0)
    assert [d.code for d in out.doubts] == ["ambiguous-place"]


def test_a_place_far_from_all_else_needs_good_grounds(valley: Gazetteer) -> None:
    place, out = read(valley, "Orvash, Mirna, Keph and Lonely were hit, Syria said.", of("Lonely"))
    assert not place.located and place.note == "far"
    assert [d.code for d in out.doubts] == ["far-place"]


def test_a_bare_class_word_is_no_name(valley: Gazetteer, tmp_path: Path) -> None:
    (tmp_path / "far.csv").write_text("name,lat,lon,country,population\nAirport,20,-155,US,200000\n", "utf-8")
    (tmp_path / "near.csv").write_text(PLACES, "utf-8")
    both = load_gazetteers([tmp_path / "near.csv", tmp_path / "far.csv"], builtin=False, folder=tmp_path)
    place, _ = read(both, "In Orvash, gunmen attacked the airport.", of("airport"))
    assert (place.lat, place.note) == (35.0, "contained")


def test_an_adjective_and_a_capital_stand_for_their_country(valley: Gazetteer) -> None:
    country, _ = read(valley, "Syrian troops fired.", of("Syrian"))
    assert (country.lat, country.radius_m) == (35.1, 300_000.0)
    capital, _ = read(valley, "A bomb went off in the Syrian capital.", of("Syrian capital"))
    assert capital.lat == 33.51


@pytest.mark.parametrize("name", ["between Orvash and Tellin", "Orvash-Tellin"])
def test_a_stretch_is_its_middle_with_half_its_length_around(valley: Gazetteer, name: str) -> None:
    others = ("Orvash", "Tellin") if name.startswith("between") else ()
    mention = PlaceMention(name, Span(0, 1), "between", others=others)
    place, _ = read(valley, f"Clashes broke out on the road {name}, Syria.", mention)
    assert place.lat == pytest.approx(35.2, abs=0.01)
    half = 500.0 * km_between(35.0, 37.0, 35.4, 37.1)
    assert place.radius_m is not None and half <= place.radius_m <= half + 8_000


def test_cues_are_read_beside_the_name() -> None:
    text = "The Bustan quarter of Orvash burned. In Halden, Ky., and in Paris in the Vale region"
    assert (cues_of("Bustan", text).hint, cues_of("Bustan", text).within) == ("quarter", ("Orvash",))
    assert cues_of("Halden", text).beside == ("Ky.",)
    assert cues_of("Paris", text).within == ("Vale",)

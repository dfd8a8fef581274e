import gzip
import pickle
import zipfile
from pathlib import Path

import pytest

from trucewatch.linking.gazetteers import Gazetteer, load_gazetteers
from trucewatch.linking.gazetteers.admins import admin_of
from trucewatch.linking.gazetteers.formats import read_rows
from trucewatch.terms.errors import SettingsError

GEONAMES = "\t".join(
    [
        "172408",
        "Kafr Nabl",
        "Kafr Nabl",
        "Kafranbel,كفر نبل",
        "35.61325",
        "36.56115",
        "P",
        "PPL",
        "SY",
        "",
        "12",
        "",
        "",
        "",
        "31000",
        "",
        "410",
        "Asia/Damascus",
        "2019-09-05",
    ]
)
OCHA = "pcode,name_en,name_ar,admin1_pcode,admin1_en,lat,lon\nC4126,Kafr Nobol,كفر نبل,SY07,Idleb,35.613,36.561\n"
GEOJSON = (
    '{"features": [{"geometry": {"type": "Point", "coordinates": [36.5, 35.6]}, '
    '"properties": {"name": "Post 9", "kind": "post"}}, {"geometry": {"type": "LineString", "coordinates": []}, '
    '"properties": {"name": "M4"}}]}'
)


def test_a_geonames_dump_is_read_with_its_other_names(tmp_path: Path) -> None:
    path = tmp_path / "SY.txt"
    path.write_text(GEONAMES + "\n", "utf-8")
    (row,) = read_rows(path)
    assert (row.place_id, row.country, row.population, row.units) == ("gn:172408", "SY", 31000, ("12",))
    assert row.names == ("Kafranbel", "كفر نبل")


def test_a_zip_is_read_past_its_readme(tmp_path: Path) -> None:
    path = tmp_path / "SY.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.writestr("SY.txt", GEONAMES + "\n")
    assert [row.name for row in read_rows(path)] == ["Kafr Nabl"]


def test_p_codes_give_id_country_and_unit(tmp_path: Path) -> None:
    path = tmp_path / "communities.csv"
    path.write_text(OCHA, "utf-8")
    (row,) = read_rows(path)
    assert (row.place_id, row.country, row.units[0], row.names) == ("communities:C4126", "SY", "Idleb", ("كفر نبل",))


def test_a_compressed_csv_is_read(tmp_path: Path) -> None:
    path = tmp_path / "places.csv.gz"
    path.write_bytes(gzip.compress(b"name;latitude;longitude\nHill 7;35.5;36.5\n"))
    (row,) = read_rows(path)
    assert (row.name, row.lat, row.lon) == ("Hill 7", 35.5, 36.5)


def test_geojson_gives_its_points_and_leaves_lines_out(tmp_path: Path) -> None:
    path = tmp_path / "posts.geojson"
    path.write_text(GEOJSON, "utf-8")
    (row,) = read_rows(path)
    assert (row.name, row.lat, row.feature) == ("Post 9", 35.6, "S")


@pytest.mark.parametrize(
    ("name", "content", "code", "line"),
    [
        ("a.csv", "name,lat,lon\nX,95,36\n", "gazetteer-point", ":2"),
        ("a.csv", "name,breadth\nX,95\n", "gazetteer-header", ":1"),
        ("a.txt", "not\ta dump\n", "gazetteer-columns", ":1"),
        ("a.geojson", "[]", "gazetteer-geojson", ""),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, name: str, content: str, code: str, line: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError) as caught:
        list(read_rows(path))
    assert caught.value.code == code
    assert caught.value.where == f"{path}{line}"


def test_a_file_is_compiled_once_and_found_by_content(tmp_path: Path) -> None:
    path, folder = tmp_path / "places.csv", tmp_path / "index"
    path.write_text("name,lat,lon\nOld Mill,35,36\n", "utf-8")
    load_gazetteers([path], builtin=False, folder=folder)
    (first,) = folder.iterdir()
    stamp = first.stat().st_mtime_ns
    load_gazetteers([path], builtin=False, folder=folder)
    assert [p.stat().st_mtime_ns for p in folder.iterdir()] == [stamp]
    path.write_text("name,lat,lon\nNew Mill,35,36\n", "utf-8")
    changed = load_gazetteers([path], builtin=False, folder=folder)
    assert changed.find("New Mill") and not changed.find("Old Mill")


def test_a_broken_file_leaves_no_index(tmp_path: Path) -> None:
    path, folder = tmp_path / "places.csv", tmp_path / "index"
    path.write_text("name,lat,lon\nA,35,36\nB,x,y\n", "utf-8")
    with pytest.raises(SettingsError):
        load_gazetteers([path], builtin=False, folder=folder)
    assert list(folder.iterdir()) == []


def test_one_place_in_two_files_is_one(tmp_path: Path) -> None:
    for name, lat in (("own", 35.60), ("other", 35.61)):
        (tmp_path / f"{name}.csv").write_text(f"name,lat,lon,kind\nOld Mill,{lat},36,village\n", "utf-8")
    both = load_gazetteers([tmp_path / "own.csv", tmp_path / "other.csv"], builtin=False, folder=tmp_path / "i")
    (found,) = both.find("Old Mill")
    assert found.lat == 35.60


def test_a_gazetteer_crosses_to_another_process(gazetteer: Gazetteer) -> None:
    assert pickle.loads(pickle.dumps(gazetteer)).find("Saraqeb")[0].name == "Saraqib"


def test_search_ranks_by_size_and_keeps_to_a_country(gazetteer: Gazetteer) -> None:
    assert gazetteer.search("idlib")[0].kind in ("PPLA2", "ADM1")
    assert gazetteer.search("Taybah", country="SY") == []
    assert [c.name for c in gazetteer.search("Taybah", country="YE")] == ["Taybah"]


def words(text: str) -> list[str]:
    return text.split()


def test_the_longest_name_is_hit(gazetteer: Gazetteer) -> None:
    text = words("Shells fell on Maarat al - Numan and Saraqib yesterday")
    assert [(h.start, h.end) for h in gazetteer.hits(text)] == [(3, 7), (8, 9)]


def test_words_in_lower_case_are_no_names(gazetteer: Gazetteer) -> None:
    assert gazetteer.hits(words("the marea of saraqib")) == []


def test_persons_and_ordinary_words_weigh_little(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("name,lat,lon,population\nMarch,52,0,20000\nHalabi,36,37,900\nSaraqib,35.8,36.8,900\n", "utf-8")
    names = load_gazetteers([path], builtin=False, folder=tmp_path / "i")
    priors = [h.prior for h in names.hits(words("In March Mohammad Halabi left Saraqib"))]
    assert priors[0] < 0.1 and priors[1] < 0.2 < 0.5 < priors[2]


def test_cities_and_countries_are_built_in(tmp_path: Path) -> None:
    from trucewatch.linking.gazetteers.builtins import builtin_rows

    rows = {(r.country, r.kind, r.name): r for r in builtin_rows()}
    assert rows["SY", "PCLI", "Syria"].radius_m == 243_000.0
    assert abs(rows["SY", "PPLC", "Damascus"].lat - 33.5) < 0.1


@pytest.mark.parametrize(
    ("country", "units", "told"),
    [
        ("SY", ("Idlib", "Ariha"), "Syria > Idlib > Ariha"),
        ("ZA", ("11",), "South Africa"),
        ("US", ("TX",), "United States > Texas"),
        ("GB", ("ENG", "H12"), "United Kingdom"),
        ("SY", ("SY07", "إدلب"), "Syria > إدلب"),
        ("", (), ""),
    ],
)
def test_where_a_place_lies_is_told_by_names(country: str, units: tuple[str, ...], told: str) -> None:
    assert admin_of(country, units) == told

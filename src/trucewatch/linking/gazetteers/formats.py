"""Gazetteer files to rows: GeoNames dumps, comma-separated files with a header (P-codes or not), GeoJSON points."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from trucewatch.linking.gazetteers.rows import CLASSES, GazetteerRow
from trucewatch.terms.errors import SettingsError

# Column names by what they hold, the first that is there counts. Lower case.
_COLUMNS = {
    "id": (
        "place_id",
        "geonameid",
        "geonames_id",
        "pcode",
        "p_code",
        "adm4_pcode",
        "adm3_pcode",
        "code",
        "iso3166_2",
        "id",
    ),
    "name": ("name", "name_en", "adm4_en", "adm3_en", "featurename_en", "community", "place", "toponym"),
    "lat": ("lat", "latitude", "y", "point_y"),
    "lon": ("lon", "lng", "long", "longitude", "x", "point_x"),
    "feature": ("feature_class", "class"),
    "kind": ("feature_code", "kind", "type", "fcode", "level"),
    "country": ("country_code", "country", "iso2", "adm0_pcode"),
    "population": ("population", "pop"),
    "radius": ("radius_m",),
    "accuracy_km": ("accuracy_km",),
}
_OTHER_NAMES = ("asciiname", "name_ar", "name_local", "native", "featurename_ar", "adm4_ar", "alt_name")
_NAME_LISTS = ("aliases", "alternatenames", "alternate_names")
_UNITS = (
    ("admin1_en", "adm1_en", "admin1", "admin"),
    ("admin2_en", "adm2_en", "admin2"),
    ("admin3_en", "adm3_en", "admin3"),
)
_KINDS = {  # words people write for a kind: feature class and code
    "city": ("P", "PPLA2"),
    "town": ("P", "PPL"),
    "village": ("P", "PPL"),
    "settlement": ("P", "PPL"),
    "camp": ("S", "CMPRF"),
    "quarter": ("P", "PPLX"),
    "neighbourhood": ("P", "PPLX"),
    "hamlet": ("P", "PPL"),
    "province": ("A", "ADM1"),
    "governorate": ("A", "ADM1"),
    "state": ("A", "ADM1"),
    "region": ("L", "RGN"),
    "district": ("A", "ADM2"),
    "subdistrict": ("A", "ADM3"),
    "border_crossing": ("S", "PSTB"),
    "crossing": ("S", "PSTB"),
    "air_base": ("S", "AIRB"),
    "airport": ("S", "AIRP"),
    "base": ("S", "INSM"),
    "mountain": ("T", "MT"),
    "hill": ("T", "HLL"),
    "plain": ("T", "PLN"),
    "road": ("R", "RD"),
    "river": ("H", "STM"),
    "lake": ("H", "LK"),
    "island": ("T", "ISL"),
    "bridge": ("S", "BDG"),
    "dam": ("S", "DAM"),
    "post": ("S", "PSTP"),
    "country": ("A", "PCLI"),
    "0": ("A", "PCLI"),
    "1": ("A", "ADM1"),
    "2": ("A", "ADM2"),
    "3": ("A", "ADM3"),
    "area": ("L", "AREA"),
    "airbase": ("S", "AIRB"),
    "junction": ("R", "RDJCT"),
    "valley": ("T", "VAL"),
    "forest": ("V", "FRST"),
    "tunnel": ("R", "TNL"),
}


def read_rows(path: Path) -> Iterator[GazetteerRow]:
    """Every row of a gazetteer file that has a name and a point, in the file's order.

    Raises SettingsError with the file and line where the file is missing, of no known kind, or a number is none.
    """
    if not path.is_file():
        raise SettingsError("gazetteer-missing", "no such gazetteer file", where=str(path), todo="Check the path.")
    suffixes = [s.lower() for s in path.suffixes]
    try:
        with _opened(path) as text:
            if ".geojson" in suffixes or ".json" in suffixes:
                yield from _geojson_rows(text, path)
            elif ".csv" in suffixes or ".tsv" in suffixes:
                yield from _csv_rows(text, path, "\t" if ".tsv" in suffixes else None)
            else:
                yield from _geonames_rows(text, path)
    except (UnicodeDecodeError, zipfile.BadZipFile, gzip.BadGzipFile, EOFError) as error:
        raise SettingsError(
            "gazetteer-unreadable", f"cannot be read: {error}", where=str(path), todo="Fetch it again."
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    """The file's text; of a .zip the one member named like it (a GeoNames zip also holds a readme)."""
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
            yield text
    elif path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [
                n for n in archive.namelist() if n.lower().endswith((".txt", ".csv")) and "readme" not in n.lower()
            ]
            if len(names) != 1:
                raise SettingsError(
                    "gazetteer-zip",
                    f"holds {len(names)} tables, not one",
                    where=str(path),
                    todo="Unpack it and name the file.",
                )
            with archive.open(names[0]) as member:
                yield io.TextIOWrapper(member, encoding="utf-8-sig", newline="")
    else:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text


def _geonames_rows(lines: IO[str], path: Path) -> Iterator[GazetteerRow]:
    """Columns of the GeoNames dump: geonames.org/export, "The main 'geoname' table"."""
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != 19:
            raise SettingsError(
                "gazetteer-columns",
                f"{len(cells)} columns where a GeoNames dump has 19",
                where=f"{path}:{number}",
                todo="Give a GeoNames country file, or a .csv with a header that has name, lat and lon.",
            )
        others = tuple(n for n in (cells[2], *cells[3].split(",")) if n and n != cells[1])
        units = tuple(u for u in (cells[10], cells[11]) if u)
        lat, lon = _degrees(cells[4], cells[5], path, number)
        yield GazetteerRow(
            f"gn:{cells[0]}",
            cells[1],
            lat,
            lon,
            others,
            cells[6] or "P",
            cells[7] or "PPL",
            cells[8],
            units,
            int(cells[14] or 0),
        )


def _csv_rows(lines: IO[str], path: Path, delimiter: str | None) -> Iterator[GazetteerRow]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # alternate names of a capital run to hundreds of kilobytes
    head = lines.readline()
    if delimiter is None:
        delimiter = max(",;\t", key=head.count)
    columns = [c.strip().lower().lstrip("#") for c in next(csv.reader([head], delimiter=delimiter), [])]
    found = {what: next((c for c in names if c in columns), None) for what, names in _COLUMNS.items()}
    if missing := [what for what in ("name", "lat", "lon") if found[what] is None]:
        raise SettingsError(
            "gazetteer-header",
            f"no column for {', '.join(missing)} among {', '.join(columns[:12])}",
            where=f"{path}:1",
            todo=f"Name it one of: {', '.join(_COLUMNS[missing[0]])}.",
        )
    reader = csv.reader(lines, delimiter=delimiter)
    prefix = path.name.split(".")[0]
    for cells in reader:
        row = dict(zip(columns, (c.strip() for c in cells), strict=False))
        cell = {what: row.get(column, "") if column else "" for what, column in found.items()}
        if not cell["name"] or not cell["lat"] or not cell["lon"]:
            continue  # a P-code list names places nobody has surveyed: not wrong, only of no use here
        yield _csv_row(row, cell, prefix, path, reader.line_num + 1)


def _csv_row(row: Mapping[str, str], cell: Mapping[str, str], prefix: str, path: Path, number: int) -> GazetteerRow:
    lat, lon = _degrees(cell["lat"], cell["lon"], path, number)
    others = [row.get(c, "") for c in _OTHER_NAMES]
    for column in _NAME_LISTS:
        others += (row.get(column) or "").replace(";", "|").split("|")
    names = tuple(dict.fromkeys(n.strip() for n in others if n.strip() and n.strip() != cell["name"]))
    units = tuple(next((row[c] for c in columns if row.get(c)), "") for columns in _UNITS)
    feature, kind = _kind(cell["feature"], cell["kind"])
    country = cell["country"].upper()[:2] if len(cell["country"]) in (2, 3) else ""
    if not country and len(row.get("admin1_pcode", "")) >= 4:
        country = row["admin1_pcode"][:2].upper()  # P-codes begin with the country: SY07
    radius = float(cell["radius"]) if cell["radius"] else None
    if radius is None and cell["accuracy_km"]:
        radius = 1000.0 * float(cell["accuracy_km"])
    if radius is None and row.get("point_confidence") == "low":
        radius = 5_000.0
    return GazetteerRow(
        _place_id(row, cell, prefix), cell["name"], lat, lon, names, feature, kind, country, units,
        int(float(cell["population"] or 0)), radius,
    )  # fmt: skip


def _place_id(row: Mapping[str, str], cell: Mapping[str, str], prefix: str) -> str:
    if row.get("geonameid"):
        return f"gn:{row['geonameid']}"
    if row.get("wof_id"):
        return f"wof:{row['wof_id']}"
    # without a code, namesakes are told apart by where they lie
    return f"{prefix}:{cell['id'] or '{name} {lat},{lon}'.format(**cell)}"


def _kind(feature: str, kind: str) -> tuple[str, str]:
    if kind.lower() in _KINDS:
        return _KINDS[kind.lower()]
    feature = (
        feature.upper() if feature.upper() in CLASSES else ("A" if kind.upper().startswith(("ADM", "PCL")) else "P")
    )
    return feature, kind.upper() or "PPL"


def _geojson_rows(text: IO[str], path: Path) -> Iterator[GazetteerRow]:
    """Point features; other geometries are left out."""
    try:
        features = json.load(text)["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            "gazetteer-geojson", f"not a GeoJSON collection: {error}", where=str(path), todo="Check it."
        ) from error
    prefix = path.name.split(".")[0]
    for number, item in enumerate(features, 1):
        geometry, properties = item.get("geometry") or {}, item.get("properties") or {}
        if geometry.get("type") != "Point":
            continue
        row = {str(k).lower(): "" if v is None else str(v) for k, v in properties.items()}
        row |= {"lon": str(geometry["coordinates"][0]), "lat": str(geometry["coordinates"][1])}
        cell = {what: next((row[c] for c in names if row.get(c)), "") for what, names in _COLUMNS.items()}
        if cell["name"]:
            yield _csv_row(row, cell, prefix, path, number)


def _degrees(lat: str, lon: str, path: Path, number: int) -> tuple[float, float]:
    try:
        point = float(lat), float(lon)
    except ValueError:
        point = (999.0, 999.0)
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        raise SettingsError(
            "gazetteer-point",
            f"'{lat}', '{lon}' is no latitude and longitude in degrees",
            where=f"{path}:{number}",
            todo="Correct or remove that row. Degrees are decimal, latitude first.",
        )
    return point

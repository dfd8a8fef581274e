"""Gazetteers of any number of files as one: names looked up across spellings, compiled once and kept on disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers.admins import admin_of
from trucewatch.linking.gazetteers.builtins import builtin_rows, builtin_version
from trucewatch.linking.gazetteers.folding import loose
from trucewatch.linking.gazetteers.formats import read_rows
from trucewatch.linking.gazetteers.hits import find_hits
from trucewatch.linking.gazetteers.indexes import Found, GazetteerIndex, open_index
from trucewatch.linking.gazetteers.regions import region_rows, region_version
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import file_hash
from trucewatch.terms.places import Candidate, NameHit

__all__ = ["Found", "Gazetteer", "load_gazetteers"]

_SAME_PLACE_KM = 6.0  # two gazetteers seldom put one town further apart; two towns of one name seldom lie closer
_SAME_UNIT_KM = 400.0
_GRADES = {"exact": 0, "loose": 1, "skeleton": 2}


class Gazetteer:
    """Several compiled gazetteers as one. Implements `terms.places.PlaceNames`.

    Where two files hold the same place, the row of the file named first stands: a dossier's own places go before all.
    """

    def __init__(self, indexes: Sequence[GazetteerIndex]) -> None:
        self._indexes = tuple(indexes)
        self._find = lru_cache(maxsize=50_000)(self._find_once)

    def __getstate__(self) -> tuple[GazetteerIndex, ...]:
        return self._indexes

    def __setstate__(self, indexes: tuple[GazetteerIndex, ...]) -> None:
        Gazetteer.__init__(self, indexes)

    def __len__(self) -> int:
        """How many rows there are in all files together."""
        return sum(len(index) for index in self._indexes)

    def hits(self, words: Sequence[str]) -> list[NameHit]:
        """The longest runs of words that are names of places, in order, not overlapping."""
        return find_hits(words, self._find)

    def find(self, name: str) -> tuple[Found, ...]:
        """The places the name may mean by its exact or loose key, each place once, the exact first."""
        return self._find(name)

    def find_skeleton(self, name: str) -> tuple[Found, ...]:
        """The places whose names have the same consonants, each place once: for names `find` does not know."""
        return tuple(_each_once([f for index in self._indexes for f in index.find_skeleton(name)]))

    def search(self, name: str, country: str | None = None, limit: int = 10) -> list[Candidate]:
        """The places a name may mean, the likeliest first by spelling and size alone.

        `country` (ISO 3166-1 alpha-2) leaves out all others. The weights are shares of the candidates listed.
        """
        found = [f for f in self._find(name) or self.find_skeleton(name) if country in (None, f.country)]
        scored = sorted(((_size_and_spelling(f), f) for f in found), key=lambda pair: (-pair[0], pair[1].place_id))[
            :limit
        ]
        total = sum(score for score, _ in scored) or 1.0
        return [candidate(f, score / total, (f"{f.grade} name", f"population {f.population}")) for score, f in scored]

    def _find_once(self, name: str) -> tuple[Found, ...]:
        return tuple(_each_once([f for index in self._indexes for f in index.find(name)]))


def load_gazetteers(paths: Sequence[Path | str], *, builtin: bool = True, folder: Path | None = None) -> Gazetteer:
    """The gazetteer of these files, in order, and of the built-in cities and countries after them.

    Each file is compiled once and kept in `folder` (None: the user's cache) under the hash of its content. Raises
    SettingsError with the file and line where one cannot be read.
    """
    indexes = []
    for path in map(Path, paths):
        if not path.is_file():
            raise SettingsError("gazetteer-missing", "no such gazetteer file", where=str(path), todo="Check the path.")
        # the name decides how the file is read and what its rows' ids begin with
        indexes.append(open_index(read_rows(path), f"{path.name}:{file_hash(path)}", folder))
    if builtin:
        indexes.append(open_index(builtin_rows(), builtin_version(), folder))
        indexes.append(open_index(region_rows(), region_version(), folder))
    return Gazetteer(indexes)


def candidate(found: Found, weight: float, grounds: tuple[str, ...] = ()) -> Candidate:
    """The candidate for a place found, with its weight and why."""
    admin = admin_of(found.country, found.units)
    return Candidate(
        found.place_id, found.name, found.lat, found.lon, found.radius_m, round(weight, 4), found.kind, admin, grounds
    )


def _each_once(rows: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    for row in sorted(rows, key=lambda f: _GRADES[f.grade]):  # stable: within a grade the file named first goes first
        same = next((k for k in kept if _same_place(k, row)), None)
        if same is None:
            kept.append(row)
        else:
            kept[kept.index(same)] = _completed(same, row)
    return kept


def _completed(kept: Found, row: Found) -> Found:
    """The row that stands, with what it leaves open from another of the same place."""
    # a list of units gives no width: the wider of two is the one that was measured
    wider = row.radius_m if kept.feature == "A" and row.radius_m > kept.radius_m else kept.radius_m
    units = kept.units if any(kept.units) else row.units
    return replace(kept, population=kept.population or row.population, units=units, radius_m=wider)


def _same_place(a: Found, b: Found) -> bool:
    if a.place_id == b.place_id:
        return True
    if a.feature != b.feature or (a.feature == "A" and a.kind[:4] != b.kind[:4]):
        return False
    if a.country and b.country and a.country != b.country:
        return False
    if a.kind.startswith("PCL"):
        return True
    apart = km_between(a.lat, a.lon, b.lat, b.lon)
    if a.kind == "ADM1":  # lists put the middle of a large unit far from each other
        return apart <= (_SAME_UNIT_KM if loose(a.name) == loose(b.name) else 60.0)
    return apart <= _SAME_PLACE_KM


def _size_and_spelling(found: Found) -> float:
    spelling = {"exact": 1.0, "loose": 0.6, "skeleton": 0.3}[found.grade] * (1.0 if found.own else 0.8)
    size = 1.0 + math.log10(max(found.population, 10)) + (2.0 if found.kind.startswith("PCL") else 0.0)
    return spelling * size + (0.5 if found.feature == "P" else 0.0)

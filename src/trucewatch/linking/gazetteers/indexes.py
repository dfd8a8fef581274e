"""A gazetteer compiled to one SQLite file, kept under the content hash of what it was made from.

Half a million places with two million names compile once, in a minute or so; after that opening takes milliseconds and
a look-up some tens of microseconds, and only the pages that are asked for come into memory.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_dir

from trucewatch.linking.gazetteers.folding import fold, hashed, loose, skeleton
from trucewatch.linking.gazetteers.rows import GazetteerRow, usual_radius_m

INDEX_FORMAT = 5  # raise it whenever tables, folding or the reading of files change: old caches are left alone

_TABLES = """
CREATE TABLE places (id INTEGER PRIMARY KEY, place_id TEXT, name TEXT, lat REAL, lon REAL, radius_m REAL, feature TEXT,
    kind TEXT, country TEXT, units TEXT, population INTEGER, n_names INTEGER);
CREATE TABLE names (loose INTEGER, fold INTEGER, own INTEGER, place INTEGER,
    PRIMARY KEY (loose, fold, place)) WITHOUT ROWID;
CREATE TABLE skeletons (skeleton INTEGER, loose INTEGER, PRIMARY KEY (skeleton, loose)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a name may mean. `grade`: how the name met it, `exact`, `loose` or `skeleton`."""

    place_id: str
    name: str
    lat: float
    lon: float
    radius_m: float
    feature: str
    kind: str
    country: str
    units: tuple[str, ...]
    population: int
    n_names: int
    grade: str
    own: bool  # met by its own name, not by an alternate one

    @property
    def own_name(self) -> bool:
        """True where the name that met it is its own, or its own is in a script that no Latin spelling can be."""
        return self.own or not any("A" <= c <= "ɏ" for c in self.name)


class GazetteerIndex:
    """One compiled file, open for reading. Safe to open again in a forked or spawned process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pid = -1
        self._opened: sqlite3.Connection | None = None

    @property
    def _rows(self) -> sqlite3.Connection:
        # a connection must not cross a fork; reading needs no lock, so threads may share it
        if self._opened is None or self._pid != os.getpid():
            uri = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            self._opened = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._pid = os.getpid()
        return self._opened

    def __getstate__(self) -> Path:
        return self.path

    def __setstate__(self, path: Path) -> None:
        GazetteerIndex.__init__(self, path)

    def __len__(self) -> int:
        return int(self._rows.execute("SELECT count(*) FROM places").fetchone()[0])

    def find(self, name: str) -> list[Found]:
        """The places whose names share the loose key of this one; `exact` where the folded name is the same."""
        exact = hashed(fold(name))
        rows = self._rows.execute(
            "SELECT fold, own, p.* FROM names JOIN places p ON p.id = place WHERE loose = ? ORDER BY p.id",
            (hashed(loose(name)),),
        )
        return _merged(rows, exact)

    def find_skeleton(self, name: str) -> list[Found]:
        """The places whose names have the same consonants: for names that nothing finer finds."""
        rows = self._rows.execute(
            "SELECT fold, own, p.* FROM skeletons s JOIN names n ON n.loose = s.loose JOIN places p ON p.id = n.place "
            "WHERE s.skeleton = ? ORDER BY p.id LIMIT 2000",
            (hashed(skeleton(name)),),
        )
        return _merged(rows, None)


def _merged(rows: Iterable[Sequence[object]], exact: int | None) -> list[Found]:
    """One Found for each place, the best grade of its names."""
    best: dict[object, Found] = {}
    for folded, own, number, *cells in rows:
        grade = "skeleton" if exact is None else ("exact" if folded == exact else "loose")
        before = best.get(number)
        if before is not None and (before.grade == "exact" or grade != "exact"):
            continue
        place_id, name, lat, lon, radius_m, feature, kind, country, units, population, n_names = cells
        best[number] = Found(
            str(place_id), str(name), float(str(lat)), float(str(lon)), float(str(radius_m)), str(feature), str(kind),
            str(country), tuple(str(units).split("\t")) if units else (), int(str(population)),
            int(str(n_names)),
            grade, bool(own),
        )  # fmt: skip
    return list(best.values())


def open_index(source: Iterable[GazetteerRow], key: str, folder: Path | None = None) -> GazetteerIndex:
    """The index kept under `key`; where there is none it is compiled from `source` first, whole or not at all.

    `folder` None is the user's cache folder.
    """
    folder = folder or Path(user_cache_dir("trucewatch")) / "gazetteers"
    path = folder / f"{sha256(f'{INDEX_FORMAT}:{key}'.encode()).hexdigest()[:32]}.sqlite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="making-", suffix=".sqlite")
        os.close(handle)
        try:
            _compile(source, Path(name))
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    return GazetteerIndex(path)


def _compile(source: Iterable[GazetteerRow], path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;" + _TABLES)
        for number, row in enumerate(source, 1):
            radius_m = row.radius_m or usual_radius_m(row.feature, row.kind, row.population)
            db.execute(
                "INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (number, row.place_id, row.name, row.lat, row.lon, radius_m, row.feature, row.kind, row.country,
                 "\t".join(row.units), row.population, 1 + len(row.names)),
            )  # fmt: skip
            own = fold(row.name)
            for name in dict.fromkeys((row.name, *row.names)):
                key, folded = loose(name), fold(name)
                if len(key) < 2 and len(folded) < 2:
                    continue
                mark = (hashed(key), hashed(folded), int(folded == own), number)
                db.execute("INSERT OR IGNORE INTO names VALUES (?,?,?,?)", mark)
                if len(bare := skeleton(name)) >= 3:
                    db.execute("INSERT OR IGNORE INTO skeletons VALUES (?,?)", (hashed(bare), mark[0]))
        db.commit()
        db.execute("VACUUM")

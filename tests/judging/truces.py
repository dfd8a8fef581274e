"""A made-up truce for the tests: a road along the equator, a corridor of 6 km to the north and 4 km to the south."""

from __future__ import annotations

from pathlib import Path

import yaml

from trucewatch.judging.agreements import Agreement, load_agreement
from trucewatch.terms.accounts import Party
from trucewatch.terms.incidents import Incident, Origin
from trucewatch.terms.places import Candidate, Place
from trucewatch.terms.times import Interval

ROOT = Path(__file__).parents[2]
AGREEMENTS = ROOT / "agreements"
DEGREE_M = 110_574.0  # metres of a degree of latitude at the equator


def content(**changes: object) -> dict[str, object]:
    """The truce as it stands in a file, with top-level changes."""
    base: dict[str, object] = {
        "id": "gorno-2021-05-01",
        "title": "Truce of Gorno",
        "version": "1",
        "summary": "A truce for tests.",
        "place_zone": "Africa/Nairobi",
        "declared": "2021-04-30",
        "in_effect": {"at": "2021-05-01T00:01", "zone": "Africa/Nairobi"},
        "parties": [
            {"name": "North", "side": "n", "aliases": ["Northern army"], "members": [{"name": "First Brigade"}]},
            {"name": "South", "side": "s", "aliases": ["Southern"]},
        ],
        "bound": [{"name": "Hill Militia", "side": "s", "through": "South"}],
        "exempt": [{"name": "Black Band", "aliases": ["BB"], "sources": ["text"]}],
        "not_bound": [{"name": "Neighbour"}],
        "lines": {"road": {"points": [[36.0, 0.0], [37.0, 0.0]]}},
        "areas": {"corridor": {"corridor": {"line": "road", "north_m": 6000, "south_m": 4000}}},
        "terms": [
            {
                "id": "no-fire",
                "title": "No fire",
                "text": "No fire in the corridor.",
                "modality": "shall_not",
                "bearers": ["bound"],
                "acts": ["violent"],
                "area": "corridor",
                "sources": ["text"],
            }
        ],
        "sources": [{"id": "text", "title": "The truce"}],
    }
    return {**base, **changes}


def truce(folder: Path, name: str = "truce.yaml", **changes: object) -> Agreement:
    """The truce, loaded from a file in the folder."""
    path = folder / name
    path.write_text(yaml.safe_dump(content(**changes), sort_keys=False), "utf-8")
    return load_agreement(path)


def term(**changes: object) -> dict[str, object]:
    """The truce's one term, with changes."""
    first = content()["terms"][0]  # type: ignore[index]
    return {**first, **changes}


def at_north_m(metres: float, radius_m: float | None = 0.0, lon: float = 36.5) -> Place:
    """A place so many metres north of the road (negative: south)."""
    return Place("X", None, metres / DEGREE_M, lon, radius_m)


def either(*options: tuple[float, float]) -> Place:
    """A place that may be any of (metres north, weight)."""
    rows = tuple(Candidate("", f"X{i}", m / DEGREE_M, 36.5, 0.0, w) for i, (m, w) in enumerate(options))
    return Place("X", None, rows[0].lat, 36.5, 0.0, None, rows, note="ambiguous")


def incident(
    *places: Place,
    earliest: str | None = "2021-06-01",
    latest: str | None = None,
    type_: str = "shelling",
    actors: tuple[str, ...] = ("North",),
    targets: tuple[str, ...] = (),
    reality: str = "asserted",
    name: str = "i",
    origins: tuple[Origin, ...] = (),
    **rest: object,
) -> Incident:
    """An incident at the places (in the middle of the corridor without any)."""
    time = Interval(earliest, latest or earliest) if earliest else None
    return Incident(
        name, (), type_, reality, time, places or (at_north_m(100),), tuple(Party(a) for a in actors),
        tuple(Party(t) for t in targets), (), origins, **rest,  # type: ignore[arg-type]
    )  # fmt: skip

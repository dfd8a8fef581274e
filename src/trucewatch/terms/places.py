"""Where: WGS84 points with a radius of uncertainty and the ranked candidates that were weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trucewatch.terms.spans import Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of a gazetteer that a name may mean. `weight` (0 to 1) sums to at most 1 over the candidates."""

    place_id: str
    name: str
    lat: float
    lon: float
    radius_m: float
    weight: float
    kind: str = ""  # GeoNames feature code, such as PPL or ADM1
    admin: str = ""  # country and units above, such as "Syria > Idlib > Ariha"
    grounds: tuple[str, ...] = ()  # why it weighs what it does, in words


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place as the text names it, before it is located.

    `name` is as in the text, without articles. `relation` is how the incident lies to it: `in`, `near`, `outskirts`,
    `direction` (with `bearing`, such as "SW"), `distance` (with `distance_m`), `between` and `along` (`others` are the
    places that bound it, `name` then the whole run: "between A and B"),
    `countryside`, `part` (a quarter or site in it). `kind_hint` is a class word beside it ("village", "province").
    `within` are names of larger units the text gives ("in Idlib province").
    """

    name: str
    span: Span
    relation: str = "in"
    distance_m: float | None = None
    bearing: str | None = None
    others: tuple[str, ...] = ()
    kind_hint: str | None = None
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A mention with where it lies. `lat`, `lon` and `radius_m` (metres) are None together where it is not located.

    `candidates` are ranked, the best first; empty means looked up and nothing found. `note` is a code of the doubt
    that remains: `unlocated`, `ambiguous` (a disc only where its namesakes lie close together), `far` (known only far
    from all else in the report: no point), `wide`, `contained` (the disc and the one candidate are what contains it).
    """

    name: str
    span: Span | None
    lat: float | None = None
    lon: float | None = None
    radius_m: float | None = None
    place_id: str | None = None
    candidates: tuple[Candidate, ...] = ()
    mention: PlaceMention | None = None
    note: str | None = None

    @property
    def located(self) -> bool:
        """True where it has a point."""
        return self.lat is not None and self.lon is not None


@dataclass(frozen=True, slots=True)
class NameHit:
    """A run of words that some gazetteer knows: token offsets half-open, with how common the name is there."""

    start: int
    end: int
    n_candidates: int
    populated: bool  # a settlement, not only a unit or a site
    prior: float  # 0 to 1: how likely such a run of words is a place at all


class PlaceNames(Protocol):
    """What reading may ask about names of places: made by linking, handed in by running."""

    def hits(self, words: Sequence[str]) -> Sequence[NameHit]:
        """The longest runs of words that are names of places, in order, not overlapping."""
        ...

"""Candidates of one name weighed against each other: spelling, size, country, units named beside it, neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from trucewatch.linking.cues import is_generic
from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Found, Gazetteer, candidate
from trucewatch.linking.gazetteers.admins import country_name
from trucewatch.linking.gazetteers.folding import fold, loose
from trucewatch.linking.gazetteers.press import state_written_out
from trucewatch.linking.gazetteers.rows import size_of
from trucewatch.linking.mentions import feature_of_hint
from trucewatch.linking.surroundings import Region, Surroundings, state_of_adjective, unit_keys
from trucewatch.terms.places import Candidate, PlaceMention

MOST_KEPT = 8  # candidates kept with a place; the tenth namesake never wins

# Natural logarithms of odds, set by hand; size and country were the best of six pairs on the annotated training
# reports, TR-News and GeoVirus together (2026-11-25).
_GRADE = {"exact": 0.0, "loose": -1.5, "skeleton": -3.5}
_ALTERNATE = -0.8
_SIZE = 1.5  # for every tenfold of people
_IN_REGION, _OUT_OF_REGION = 2.5, -2.5
_WITHIN, _NOT_WITHIN = 3.0, -1.0
_HINT, _AGAINST_HINT = 1.2, -1.0
_SMALL = frozenset(["village", "hamlet", "neighbourhood", "neighborhood", "quarter"])
_NO_VILLAGE, _TOO_LARGE = 50_000, 3.0  # people of what nobody calls so
_COUNTRY = 2.0
_UNIT = 1.5  # for a first-level unit that all names of the report lie in
_BESIDE = 2.0  # the name after the comma is a unit it lies in: "Paris, Texas"
_RESEMBLING_SIZE = 4.0  # power of ten: what is spelt otherwise is no famous place, those are spelt in one way
_UNLIKE = 4.0  # for a spelling with nothing in common
_NEAR, _NEAR_KM = 3.0, 30.0
_SELF_KM = 0.5
_IN_REACH, _IN_REACH_KM = 1.0, 150.0


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place of the same report, with how sure it is (0 to 1)."""

    name: str
    lat: float
    lon: float
    weight: float
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place found, its score (log odds) and its share among the candidates."""

    found: Found
    score: float
    share: float
    grounds: tuple[str, ...]

    def as_candidate(self) -> Candidate:
        """As it is kept with the place."""
        return candidate(self.found, self.share, self.grounds)


def lookup(name: str, gazetteer: Gazetteer, *, roughly: bool) -> tuple[Found, ...]:
    """What the name may mean; with `roughly` also by consonants, where the spellings are alike enough."""
    if (whole := state_written_out(name)) is not None:
        units = (f for f in gazetteer.find(whole) if f.grade == "exact" and f.kind == "ADM1")
        return tuple(f for f in units if f.country in ("US", "CA"))
    if name[:1].islower() and is_generic(name):  # "the airport": not the place called Airport
        return ()
    found = tuple(f for f in gazetteer.find(name) if f.grade == "exact" or not f.kind.startswith("PCL"))
    state = state_of_adjective(name, gazetteer)
    exact = any(f.grade == "exact" for f in found)
    if state is not None:
        others = (f for f in found if exact and not (f.kind.startswith("PCL") and f.country == state.country))
        return (state, *others)
    if exact:
        return found
    if found or not roughly or len(loose(name)) < 4:
        return found
    own = fold(name)
    # a country's name is spelt in one way: what only resembles it is something else
    alike = (f for f in gazetteer.find_skeleton(name) if JaroWinkler.similarity(own, fold(f.name)) >= 0.8)
    return tuple(f for f in alike if not f.kind.startswith("PCL"))


def rank(
    mention: PlaceMention,
    found: Sequence[Found],
    around: Surroundings,
    region: Region | None,
    anchors: Sequence[Anchor],
    units: Sequence[Anchor],
    beside: Sequence[Found] = (),
) -> list[Ranked]:
    """The candidates, the likeliest first; shares sum to 1 over all of them.

    `units` are the located places of `mention.within`, in whose disc the place should lie; `beside` are units and
    countries that follow the name after a comma.
    """
    scored = [(*_score(mention, f, around, region, anchors, units, beside), f) for f in found]
    if not scored:
        return []
    top = max(score for score, _, _ in scored)
    weights = [math.exp(score - top) for score, _, _ in scored]
    total = sum(weights)
    ranked = [Ranked(f, s, w / total, g) for (s, g, f), w in zip(scored, weights, strict=True)]
    return sorted(ranked, key=lambda r: (-r.score, r.found.place_id))


def _score(
    mention: PlaceMention,
    found: Found,
    around: Surroundings,
    region: Region | None,
    anchors: Sequence[Anchor],
    units: Sequence[Anchor],
    beside: Sequence[Found],
) -> tuple[float, tuple[str, ...]]:
    score, grounds = _GRADE[found.grade], [f"{found.grade} name"]
    if not found.own_name:
        score += _ALTERNATE
    size = size_of(found.kind, found.population)
    if found.grade != "exact":
        size = min(size, _RESEMBLING_SIZE)
        score -= _UNLIKE * (1.0 - JaroWinkler.similarity(fold(mention.name), fold(found.name)))
    score += _SIZE * size
    share = around.countries.get(found.country, 0.0)
    if found.country:
        grounds.append(f"{share:.0%} of the places the report names lie in {country_name(found.country)}")
    else:  # the user's own places name none: take them for where the report plays
        share = max(around.countries.values(), default=0.0)
        grounds.append("its country is not given: weighed as where the report plays")
    score += _COUNTRY * math.log(share + 0.02)
    if region is not None:
        inside = region.holds(found)
        score += _IN_REGION if inside else _OUT_OF_REGION
        grounds.append("in the dossier's region" if inside else "outside the dossier's region")
    if mention.within:
        named = _is_within(found, mention.within, units)
        score += _WITHIN if named else _NOT_WITHIN
        grounds.append(f"{'in' if named else 'not known to be in'} {', '.join(mention.within)}")
    unit = max((around.units.get(key, 0.0) for key in unit_keys(found)), default=0.0)
    score += _UNIT * min(1.0, unit)
    if holder := next((b for b in beside if _holds(b, found)), None):
        score += _BESIDE
        grounds.append(f"followed by {holder.name}")
    wanted = feature_of_hint(mention.kind_hint)
    if wanted is not None:
        score += _HINT if wanted == found.feature else _AGAINST_HINT
        if mention.kind_hint in _SMALL and found.population >= _NO_VILLAGE:
            score -= _TOO_LARGE
        grounds.append(f"{'is' if wanted == found.feature else 'is no'} {mention.kind_hint}")
    near, km = _nearness(mention.name, found, anchors)
    if near:
        score += near
        grounds.append(f"{km:.0f} km from another place of the report")
    return score, tuple(grounds)


def _is_within(found: Found, names: Sequence[str], units: Sequence[Anchor]) -> bool:
    keys = {loose(name) for name in names}
    if any(loose(unit) in keys for unit in found.units if unit):
        return True
    return any(1000.0 * km_between(found.lat, found.lon, u.lat, u.lon) <= 1.3 * u.radius_m for u in units)


def _holds(unit: Found, found: Found) -> bool:
    """True where a unit or country told after the comma is the one that the place lies in."""
    if unit.country != found.country or unit.place_id == found.place_id:
        return False
    return unit.kind.startswith("PCL") or bool(unit_keys(unit) & unit_keys(found))


def _nearness(name: str, found: Found, anchors: Sequence[Anchor]) -> tuple[float, float]:
    own, best, at = loose(name), 0.0, 0.0
    for anchor in anchors:
        if loose(anchor.name) == own:
            continue
        km = km_between(found.lat, found.lon, anchor.lat, anchor.lon)
        if km < _SELF_KM:  # another name of the same place is no company
            continue
        near = anchor.weight * (_NEAR * math.exp(-km / _NEAR_KM) + _IN_REACH * math.exp(-km / _IN_REACH_KM))
        if near > best:
            best, at = near, km
    return best, at

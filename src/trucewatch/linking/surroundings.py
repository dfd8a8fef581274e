"""What a report says about where it plays: countries by weight, and places near which a doubtful name is looked for."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trucewatch.linking.gazetteers import Found, Gazetteer
from trucewatch.linking.gazetteers.folding import fold
from trucewatch.linking.gazetteers.press import country_of_adjective
from trucewatch.linking.gazetteers.rows import size_of

_TOKENS = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*|\d+|[-.,;:!?()\"“”]")
_SIZE_POWER = 0.9  # how far a place ten times the size is more often meant, as a power of ten
_LONGEST_TEXT = 30_000  # characters: a report that long has told where it plays long before


@dataclass(frozen=True, slots=True)
class Region:
    """Where a dossier plays: ISO 3166-1 alpha-2 codes, and a box (south, west, north, east) in degrees or None."""

    countries: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None

    def holds(self, found: Found) -> bool:
        """True where the place lies in the box if there is one, else in one of the countries."""
        if self.box is not None:
            south, west, north, east = self.box
            inside_lon = west <= found.lon <= east if west <= east else (found.lon >= west or found.lon <= east)
            return south <= found.lat <= north and inside_lon
        return found.country in self.countries


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`countries`: share of each country among what the report names (sums to 1, empty where it names nothing).

    `named` are the countries it names outright, `names` all names of places. `units` is the share of each first-level
    unit, by `unit_keys`; files that write a unit in their own way share nothing. `own` is what each name alone, folded,
    gives of the shares of the countries.
    """

    countries: Mapping[str, float]
    named: frozenset[str]
    names: tuple[str, ...]
    units: Mapping[str, float]
    own: Mapping[str, Mapping[str, float]]

    def share_beside(self, name: str, country: str) -> float:
        """The share of a country among all that is named but that one name, which cannot vouch for itself.

        The whole share where the report names nothing else.
        """
        mine = self.own.get(fold(name), {})
        rest = 1.0 - math.fsum(mine.values())
        whole = self.countries.get(country, 0.0)
        return max(0.0, whole - mine.get(country, 0.0)) / rest if rest > 1e-9 else whole


def surroundings_of(text: str, mentions: Iterable[str], gazetteer: Gazetteer) -> Surroundings:
    """What the text and the names of its mentions say about where it plays."""
    words = _TOKENS.findall(text[:_LONGEST_TEXT])
    counted: Counter[str] = Counter(mentions)
    for hit in gazetteer.hits(words):
        name = " ".join(words[hit.start : hit.end])
        # "The Syrian" resembles some village, and every chance hit would speak for its country
        if hit.prior >= 0.35 and any(f.grade == "exact" for f in gazetteer.find(name)):
            counted[name] += 1
    found = {n: gazetteer.find(n) if country_of_adjective(n) is None else () for n in sorted(counted)}
    demonyms = _demonyms(words, gazetteer)
    named = frozenset(f.country for places in found.values() for f in _states(places)) | frozenset(demonyms)
    shares, units, own = _shares(found, counted, demonyms)
    return Surroundings(shares, named, tuple(found), units, own)


def _states(found: Iterable[Found]) -> list[Found]:
    return [f for f in found if f.kind.startswith("PCL") and f.grade == "exact"]


def _shares(
    found: Mapping[str, Sequence[Found]], counted: Mapping[str, int], demonyms: Mapping[str, int]
) -> tuple[dict[str, float], dict[str, float], dict[str, dict[str, float]]]:
    """The shares of countries, of first-level units, and of countries by name; namesakes split by size and spelling."""
    votes: dict[str, float] = defaultdict(float)
    by_name: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    unit_votes: dict[str, float] = defaultdict(float)
    for name, places in found.items():
        weight = math.sqrt(counted[name])
        if states := _states(places):
            votes[states[0].country] += 1.5 * weight
            by_name[fold(name)][states[0].country] += 1.5 * weight
            continue
        weights = [_weight(f) for f in places]
        total = math.fsum(weights)
        for f, part in zip(places, weights, strict=True):
            votes[f.country] += weight * part / total
            by_name[fold(name)][f.country] += weight * part / total
            for key in unit_keys(f):
                unit_votes[key] += weight * part / total
    for country, count in sorted(demonyms.items()):
        # half a vote: who acts is often from elsewhere
        votes[country] += 0.5 * math.sqrt(count)
    total = math.fsum(votes.values()) or 1.0
    own = {name: {c: vote / total for c, vote in mine.items()} for name, mine in by_name.items()}
    return {c: votes[c] / total for c in sorted(votes)}, {k: unit_votes[k] / total for k in sorted(unit_votes)}, own


def unit_keys(found: Found) -> frozenset[str]:
    """The first-level unit a place is or lies in, as country and name or code; empty where its row tells none."""
    names = [found.units[0]] if found.units and found.units[0] else []
    if found.kind == "ADM1":
        names.append(found.name)
    return frozenset(f"{found.country}.{fold(name)}" for name in names if found.country)


def _weight(found: Found) -> float:
    # as rankings do: Paris is hardly ever the one in Kentucky, so it speaks for France
    grade = {"exact": 1.0, "loose": 0.1, "skeleton": 0.01}[found.grade]
    people = math.pow(10.0, _SIZE_POWER * size_of(found.kind, found.population))
    return grade * (1.0 if found.own_name else 0.4) * people


def _demonyms(words: Iterable[str], gazetteer: Gazetteer) -> Counter[str]:
    """Countries by how often a word such as "Syrian" stands in the text."""
    out: Counter[str] = Counter()
    for word, count in sorted(Counter(w for w in words if w[:1].isupper() and len(w) > 3).items()):
        state = state_of_adjective(word, gazetteer)
        if state is not None:
            out[state.country] += count
    return out


def state_of_adjective(word: str, gazetteer: Gazetteer) -> Found | None:
    """The country that a word such as "Syrian" is made from, or None."""
    country = country_of_adjective(word)
    found = gazetteer.find(country) if country is not None else ()
    return next((f for f in found if f.kind.startswith("PCL") and f.grade == "exact"), None)

"""What a report says about where it plays: countries by weight, and places near which a doubtful name is looked for."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trucewatch.linking.gazetteers import Found, Gazetteer
from trucewatch.linking.gazetteers.folding import fold
from trucewatch.linking.gazetteers.rows import size_of

_TOKENS = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*|\d+|[-.,;:!?()\"“”]")
_SIZE_POWER = 0.9  # how far a place ten times the size is more often meant, as a power of ten
_LONGEST_TEXT = 30_000  # characters: a report that long has told where it plays long before
_DEMONYM_ENDINGS = (
    ("ian", ""),
    ("ian", "e"),
    ("n", ""),
    ("i", ""),
    ("ese", ""),
    ("ish", "ey"),
    ("ese", "on"),
    ("", "istan"),
)


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

    `named` are the countries it names outright. `counts` says how often each name stands in the text.
    """

    countries: Mapping[str, float]
    named: frozenset[str]
    names: tuple[str, ...]


def surroundings_of(text: str, mentions: Iterable[str], gazetteer: Gazetteer) -> Surroundings:
    """What the text and the names of its mentions say about where it plays."""
    words = _TOKENS.findall(text[:_LONGEST_TEXT])
    counted: Counter[str] = Counter(mentions)
    for hit in gazetteer.hits(words):
        if hit.prior >= 0.35:
            counted[" ".join(words[hit.start : hit.end])] += 1
    votes: dict[str, float] = defaultdict(float)
    named: set[str] = set()
    for name, count in sorted(counted.items()):
        found = gazetteer.find(name)
        if states := [f for f in found if f.kind.startswith("PCL") and f.grade == "exact"]:
            named.update(f.country for f in states)
            votes[states[0].country] += 1.5 * math.sqrt(count)
            continue
        weights = {f.place_id: _weight(f) for f in found}
        total = sum(weights.values())
        for f in found:
            votes[f.country] += math.sqrt(count) * weights[f.place_id] / total
    for country, count in sorted(_demonyms(words, gazetteer).items()):
        # half a vote: who acts is often from elsewhere
        votes[country] += 0.5 * math.sqrt(count)
        named.add(country)
    total_votes = sum(votes.values())
    shares = {c: votes[c] / total_votes for c in sorted(votes)} if total_votes else {}
    return Surroundings(shares, frozenset(named), tuple(sorted(counted)))


def _weight(found: Found) -> float:
    # as rankings do: Paris is hardly ever the one in Kentucky, so it speaks for France
    grade = {"exact": 1.0, "loose": 0.1, "skeleton": 0.01}[found.grade]
    people = math.pow(10.0, _SIZE_POWER * size_of(found.kind, found.population))
    return grade * (1.0 if found.own_name else 0.4) * people


def _demonyms(words: Iterable[str], gazetteer: Gazetteer) -> Counter[str]:
    """Countries by how often a word such as "Syrian" stands in the text."""
    out: Counter[str] = Counter()
    for word, count in sorted(Counter(w for w in words if w[:1].isupper() and len(w) > 4).items()):
        state = state_of_adjective(word, gazetteer)
        if state is not None:
            out[state.country] += count
    return out


def state_of_adjective(word: str, gazetteer: Gazetteer) -> Found | None:
    """The country that a word such as "Syrian" is made from, or None."""
    low = fold(word)
    for end, to in _DEMONYM_ENDINGS:
        stem = low[: len(low) - len(end)] + to
        if not low.endswith(end) or stem == low:
            continue
        states = [f for f in gazetteer.find(stem) if f.kind.startswith("PCL") and f.grade == "exact"]
        if states:
            return states[0]
    return None

"""What holds a place that no gazetteer knows: the town its paragraph or its report is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Found

LARGEST_M = 30_000.0  # a district or a large city; the disc of a province says too little of where a village lies
VILLAGES = frozenset(["village", "town", "hamlet", "settlement", "city"])  # class words of what lies in no town
_SMALLEST_M = 2_500.0  # a town of some 30,000 people: what has quarters with names
_ONE_TOWN_KM = 25.0
_MORE_OFTEN = 2.0  # how much more often than the next town the one is named that a report is plainly about
_CAPITAL = 0.5  # a capital is named for its government as often as for itself


@dataclass(frozen=True, slots=True)
class Town:
    """A town that the report names: where it lies, its name there, and the code points at which its name begins."""

    found: Found
    name: str
    starts: tuple[int, ...]

    @property
    def weight(self) -> float:
        """How much the report speaks of it."""
        return len(self.starts) * (_CAPITAL if self.found.kind == "PPLC" else 1.0)


def town_of(found: Found, name: str, text: str) -> Town | None:
    """The town as the text names it; None for what is no town large enough to have quarters."""
    if found.feature != "P" or not _SMALLEST_M <= found.radius_m <= LARGEST_M:
        return None
    starts = tuple(m.start() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text))
    return Town(found, name, starts) if starts else None


def town_around(start: int, towns: Sequence[Town], text: str) -> Found | None:
    """The town that what stands at `start` lies in, where that is plain: the only one of its paragraph, else the one
    that the report names at least twice as often as any other."""
    low = text.rfind("\n", 0, start) + 1
    high = text.find("\n", start)
    high = len(text) if high < 0 else high
    here = [t for t in towns if any(low <= s < high for s in t.starts)]
    if here and (town := _plain(here, 1.0)) is not None:
        return town
    return _plain(towns, _MORE_OFTEN)


def _plain(towns: Sequence[Town], more_often: float) -> Found | None:
    """The town named most, or None where another elsewhere is named nearly as often (at all, where that is 1)."""
    if not towns:
        return None
    best = max(towns, key=lambda t: (t.weight, t.found.population, t.found.place_id))
    others = [t.weight for t in towns if not _one(t.found, best.found)]
    if others and (more_often <= 1.0 or best.weight < more_often * max(others)):
        return None
    return best.found


def _one(a: Found, b: Found) -> bool:
    return km_between(a.lat, a.lon, b.lat, b.lon) <= _ONE_TOWN_KM

"""Two accounts compared, feature by feature: what speaks for one incident and what against."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache
from itertools import product

from trucewatch.linking.distances import km_apart
from trucewatch.linking.sketches import Sketch, Spot
from trucewatch.terms.counts import Count
from trucewatch.terms.incidents import Feature

# Which types may be told of one incident: the groups in which blocking looks.
GROUPS: dict[str, frozenset[str]] = {
    "violence": frozenset(
        [
            "armed_clash",
            "ground_assault",
            "shelling",
            "airstrike",
            "drone_strike",
            "bombing",
            "gunfire",
            "attack",
            "killing",
            "property_destruction",
            "territorial_change",
            "violation",
        ]
    ),
    "posture": frozenset(
        ["troop_movement", "fortification", "withdrawal", "patrol", "overflight", "territorial_change", "violation"]
    ),
    "liberty": frozenset(["abduction", "prisoner_release", "killing"]),
    "people": frozenset(["access_restriction", "aid_delivery", "displacement", "violation"]),
    "politics": frozenset(["negotiation", "agreement", "agreement_end"]),
}
_VAGUE = frozenset({"attack", "killing", "violation"})  # types that say less than another may
_KIN = [
    frozenset({"shelling", "airstrike", "drone_strike", "bombing"}),
    frozenset({"armed_clash", "ground_assault", "gunfire", "territorial_change"}),
    frozenset({"shelling", "armed_clash"}), frozenset({"negotiation", "agreement"}),
    frozenset({"troop_movement", "fortification", "patrol"}), frozenset({"troop_movement", "withdrawal"}),
    frozenset({"airstrike", "overflight"}), frozenset({"access_restriction", "aid_delivery"}),
    frozenset({"bombing", "killing"}),
]  # fmt: skip

NAMES = ("type", "place", "time", "actors", "targets", "killed", "injured", "words", "reality", "origin", "told apart")
BIAS = -2.6  # two accounts that share a block and nothing else: set by hand, November 2026, not fitted


def weights(a: Sketch, b: Sketch) -> tuple[float, ...]:
    """What each feature of NAMES adds to the log odds of one incident. Symmetric."""
    return (
        _type(a.type, b.type), _place(a, b), _time(a, b), _actors(a, b), _targets(a, b),
        _toll(a.killed, b.killed, 1.3), _toll(a.injured, b.injured, 0.9), _words(a, b), _reality(a.reality, b.reality),
        _origin(a, b), -4.0 * (a.again != b.again),
    )  # fmt: skip


def probability(log_odds: float) -> float:
    """The logistic function, without overflow."""
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, log_odds))))


def score(a: Sketch, b: Sketch) -> float:
    """The probability (0 to 1) that both tell of one incident."""
    return probability(BIAS + sum(weights(a, b)))


def explain(a: Sketch, b: Sketch) -> tuple[Feature, ...]:
    """The features that weigh anything, with the two values compared, those that weigh most first."""
    shown = (
        (a.type, b.type), (_spots(a), _spots(b)), (_span(a), _span(b)), (_set(a.doers), _set(b.doers)),
        (_set(a.targets), _set(b.targets)), (_count(a.killed), _count(b.killed)),
        (_count(a.injured), _count(b.injured)),
        (_set(a.words - b.words), _set(b.words - a.words)), (a.reality, b.reality), (a.origin, b.origin),
        ("another" if a.again else "", "another" if b.again else ""),
    )  # fmt: skip
    rows = [
        Feature(name, left, right, round(weight, 3))
        for name, (left, right), weight in zip(NAMES, shown, weights(a, b), strict=True)
        if weight
    ]
    return tuple(sorted(rows, key=lambda f: (-abs(f.weight), f.name)))


@lru_cache(maxsize=4096)
def _type(a: str, b: str) -> float:
    if a == b:
        return 1.2 if a not in _VAGUE else 0.6
    if a in _VAGUE or b in _VAGUE:
        return 0.2
    return -0.5 if any(a in kin and b in kin for kin in _KIN) else -2.5


def _place(a: Sketch, b: Sketch) -> float:
    if not a.spots or not b.spots:
        return -0.3
    if len(a.spots) == len(b.spots) == 1:
        return _two_spots(a.spots[0], b.spots[0])
    return max(_two_spots(s, t) for s, t in product(a.spots[:6], b.spots[:6]))


def _two_spots(s: Spot, t: Spot) -> float:
    if s.at is None or t.at is None:
        return 2.2 if s.key and s.key == t.key else -1.0
    wide = max(s.radius_km, t.radius_km)
    if s.place_id is not None and s.place_id == t.place_id and s.key == t.key:
        return 2.6 if wide <= 8 else (1.8 if wide <= 30 else (0.8 if wide <= 100 else 0.2))
    gap = km_apart(s.at, t.at) - s.radius_km - t.radius_km
    if gap <= 0.0:
        return 1.6 if wide <= 8 else (0.9 if wide <= 30 else (0.4 if wide <= 100 else 0.0))
    if gap <= 5.0:
        return -0.3
    return -1.5 if gap <= 20.0 else -4.0


def _time(a: Sketch, b: Sketch) -> float:
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return -0.4
    gap = max(a.first, b.first) - min(a.last, b.last)
    if a.guessed or b.guessed:
        return 0.0 if gap <= 0 else (-1.0 if gap <= 3 else -3.0)
    if gap <= 0:
        return _shared_days(max(a.last - a.first, b.last - b.first) + 1)
    # one day off is a report's slip (the night between two days, the date of publication), more seldom so
    return -1.0 if gap == 1 else (-2.8 if gap <= 3 else -6.0)


def _shared_days(longest: int) -> float:
    """By the longer of two spans that meet. About 1.8 less 0.6 for each e-fold: the longer a span, the more it meets
    by chance, and "earlier this year" meets every month of the year."""
    for days, weight in ((1, 1.8), (3, 1.2), (10, 0.5), (31, -0.2), (100, -0.9)):
        if longest <= days:
            return weight
    return -1.6


def _actors(a: Sketch, b: Sketch) -> float:
    if not a.doers or not b.doers:
        return 0.0
    if a.doers & b.doers:
        return 1.2
    if a.backers & b.backers:
        return 0.7
    if _share(a.doer_words, b.doer_words) > 0.3:
        return 0.5
    return -0.8  # rival attributions of one strike exist, so it speaks against and does not forbid


def _targets(a: Sketch, b: Sketch) -> float:
    if not a.targets or not b.targets:
        return 0.0
    share = _share(a.targets, b.targets)
    return 1.5 * share if share else -0.3


def _toll(a: Count | None, b: Count | None, weight: float) -> float:
    if a is None or b is None or not a.known or not b.known:
        return 0.0
    low_a, low_b = a.min if a.min is not None else a.max, b.min if b.min is not None else b.max
    if low_a is None or low_b is None:
        return 0.0
    if low_a == low_b:
        return weight if low_a else 0.2 * weight
    more, less = max(low_a, low_b), min(low_a, low_b)
    if less == 0:
        return -0.8 * weight
    return 0.3 * weight if more <= 1.5 * less or more - less <= 1 else (-0.3 * weight if more <= 3 * less else -weight)


def _words(a: Sketch, b: Sketch) -> float:
    return round(4.5 * _share(a.words, b.words) - 0.3, 4)


def _reality(a: str, b: str) -> float:
    if a == b or {a, b} == {"asserted", "denied"}:
        return 0.0
    if "asserted" not in (a, b) and "denied" not in (a, b):
        return -0.5
    return -1.0 if {a, b} == {"asserted", "planned"} else -2.0


def _origin(a: Sketch, b: Sketch) -> float:
    if a.copy_group == b.copy_group and a.report_id != b.report_id:
        return 1.0
    return 0.4 if a.origin and a.origin == b.origin else 0.0


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared words over the geometric mean of the sizes: a headline and a sentence may still agree wholly."""
    shared = len(a & b)
    return shared / math.sqrt(len(a) * len(b)) if shared else 0.0


def _spots(a: Sketch) -> str:
    return "; ".join(
        s.name if s.lat is None else f"{s.name} ({s.lat:.3f}, {s.lon:.3f}, {s.radius_km:.1f} km)" for s in a.spots
    )


def _span(a: Sketch) -> str:
    if a.first is None or a.last is None:
        return ""
    days = [date.fromordinal(day).isoformat() for day in sorted({a.first, a.last})]
    return " to ".join(days) + (" (before publication)" if a.guessed else "")


def _set(values: frozenset[str]) -> str:
    return ", ".join(sorted(values))


def _count(count: Count | None) -> str:
    if count is None or not count.known:
        return ""
    return (
        str(count.min)
        if count.min == count.max
        else f"{'' if count.min is None else count.min}-{'' if count.max is None else count.max}"
    )

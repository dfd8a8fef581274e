"""Two accounts compared, feature by feature: what speaks for one incident and what against."""

from __future__ import annotations

import math
from datetime import date
from importlib.resources import files

import yaml

from trucewatch.linking.grades import NAMES, grades
from trucewatch.linking.sketches import Sketch
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
_TABLES = yaml.safe_load((files("trucewatch.linking") / "weights.yaml").read_text("utf-8"))
BIAS: float = _TABLES["bias"]
WEIGHTS: dict[str, dict[str, float]] = {name: _TABLES[name] for name in NAMES}
_IN_ORDER: tuple[dict[str, float], ...] = tuple({"": 0.0, **WEIGHTS[name]} for name in NAMES)


def weights(a: Sketch, b: Sketch) -> tuple[float, ...]:
    """What each feature of NAMES adds to the log odds of one incident. Symmetric."""
    return tuple(table[grade] * much for table, (grade, much) in zip(_IN_ORDER, grades(a, b), strict=True))


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

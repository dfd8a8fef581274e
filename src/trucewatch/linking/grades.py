"""How two accounts compare in each feature, in words: what the learned weights are of."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import product

from trucewatch.linking.distances import km_apart
from trucewatch.linking.sketches import Sketch, Spot
from trucewatch.terms.counts import Count

NAMES = ("type", "place", "time", "actors", "targets", "killed", "injured", "words", "reality", "origin", "told apart")
CHANCE = 1 / 15  # the share of words that two quotes about different incidents of one war have in common

Grade = tuple[str, float]  # the grade, and how much of it there is (1 where it is all or nothing)
NOTHING: Grade = ("", 0.0)  # says neither for nor against

_VAGUE = frozenset({"attack", "killing", "violation"})  # types that say less than another may
_KIN = [
    frozenset({"shelling", "airstrike", "drone_strike", "bombing"}),
    frozenset({"armed_clash", "ground_assault", "gunfire", "territorial_change"}),
    frozenset({"shelling", "armed_clash"}), frozenset({"negotiation", "agreement"}),
    frozenset({"troop_movement", "fortification", "patrol"}), frozenset({"troop_movement", "withdrawal"}),
    frozenset({"airstrike", "overflight"}), frozenset({"access_restriction", "aid_delivery"}),
    frozenset({"bombing", "killing"}),
]  # fmt: skip
_WIDTHS = ((8.0, "village"), (30.0, "town"), (100.0, "district"))  # km
# which of several places two accounts agree in, the telling ones first
_PLACES = (
    "same village", "same name", "same town", "village overlaps", "town overlaps", "same district", "district overlaps",
    "same region", "region overlaps", "within 5 km", "other name", "within 20 km", "further",
)  # fmt: skip
_RANKS = {name: rank for rank, name in enumerate(_PLACES)}
_SPANS = ((1, "same day"), (3, "same days"), (10, "same week"), (31, "same month"), (100, "same season"))


def grades(a: Sketch, b: Sketch) -> tuple[Grade, ...]:
    """The grade of each feature of NAMES. Symmetric."""
    return (
        _type(a.type, b.type), _place(a, b), _time(a, b), _actors(a, b), _targets(a, b), _toll(a.killed, b.killed),
        _toll(a.injured, b.injured), ("shared", share(a.words, b.words) - CHANCE), _reality(a.reality, b.reality),
        _origin(a, b), ("another", 1.0) if a.again != b.again else NOTHING,
    )  # fmt: skip


def share(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared words over the geometric mean of the sizes: a headline and a sentence may still agree wholly."""
    shared = len(a & b)
    return shared / math.sqrt(len(a) * len(b)) if shared else 0.0


@lru_cache(maxsize=4096)
def _type(a: str, b: str) -> Grade:
    if a == b:
        return ("same", 1.0) if a not in _VAGUE else ("same, vague", 1.0)
    if a in _VAGUE or b in _VAGUE:
        return ("one vague", 1.0)
    return ("kin", 1.0) if any(a in kin and b in kin for kin in _KIN) else ("other", 1.0)


def _place(a: Sketch, b: Sketch) -> Grade:
    if not a.spots or not b.spots:
        return ("none", 1.0) if not a.spots and not b.spots else ("one has none", 1.0)
    if len(a.spots) == len(b.spots) == 1:
        return _two_spots(a.spots[0], b.spots[0]), 1.0
    return min((_two_spots(s, t) for s, t in product(a.spots[:6], b.spots[:6])), key=_RANKS.__getitem__), 1.0


def _two_spots(s: Spot, t: Spot) -> str:
    if s.at is None or t.at is None:
        return "same name" if s.key and s.key == t.key else "other name"
    wide = max(s.radius_km, t.radius_km)
    width = next((name for km, name in _WIDTHS if wide <= km), "region")
    if s.place_id is not None and s.place_id == t.place_id and s.key == t.key:
        return "same " + width
    gap = km_apart(s.at, t.at) - s.radius_km - t.radius_km
    if gap <= 0.0:
        return width + " overlaps"
    if gap <= 5.0:
        return "within 5 km"
    return "within 20 km" if gap <= 20.0 else "further"


def _time(a: Sketch, b: Sketch) -> Grade:
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return "undated", 1.0
    gap = max(a.first, b.first) - min(a.last, b.last)
    if a.guessed or b.guessed:
        return ("may be" if gap <= 0 else "hardly" if gap <= 3 else "other days, guessed"), 1.0
    if gap <= 0:
        longest = max(a.last - a.first, b.last - b.first) + 1
        name = next((name for days, name in _SPANS if longest <= days), "same year")
        # "in 2002" twice is one year; "in May" and "earlier this year" meet as every month of it does
        same = longest <= 31 or (a.first, a.last) == (b.first, b.last)
        return (name if same else name.replace("same", "within a")), 1.0
    # one day off is a report's slip (the night between two days, the date of publication), more seldom so
    return ("next day" if gap == 1 else "within 3 days" if gap <= 3 else "other days"), 1.0


def _actors(a: Sketch, b: Sketch) -> Grade:
    if not a.doers or not b.doers:
        return NOTHING
    if a.doers & b.doers:
        return "same", 1.0
    if a.backers & b.backers:
        return "allied", 1.0
    if share(a.doer_words, b.doer_words) > 0.3:
        return "alike", 1.0
    # "the army" and "government troops" may be one; rival attributions of one strike exist, so it forbids nothing
    may_be = (a.doer_plain or b.doer_plain) and a.doer_kinds & b.doer_kinds
    return ("one kind", 1.0) if may_be else ("others", 1.0)


def _targets(a: Sketch, b: Sketch) -> Grade:
    if not a.targets or not b.targets:
        return NOTHING
    shared = share(a.targets, b.targets)
    return ("shared", shared) if shared else ("others", 1.0)


def _toll(a: Count | None, b: Count | None) -> Grade:
    if a is None or b is None or not a.known or not b.known:
        return NOTHING
    low_a, low_b = a.min if a.min is not None else a.max, b.min if b.min is not None else b.max
    if low_a is None or low_b is None:
        return NOTHING
    if low_a == low_b:
        return ("same", 1.0) if low_a else ("none", 1.0)
    more, less = max(low_a, low_b), min(low_a, low_b)
    if less == 0:
        return "one none", 1.0
    if more <= 1.5 * less or more - less <= 1:
        return "near", 1.0
    return ("apart", 1.0) if more <= 3 * less else ("far apart", 1.0)


def _reality(a: str, b: str) -> Grade:
    if a == b or {a, b} == {"asserted", "denied"}:
        return NOTHING
    if "asserted" not in (a, b) and "denied" not in (a, b):
        return "both ahead", 1.0  # planned by one and threatened by another
    return ("planned", 1.0) if {a, b} == {"asserted", "planned"} else ("other", 1.0)


def _origin(a: Sketch, b: Sketch) -> Grade:
    if a.copy_group == b.copy_group and a.report_id != b.report_id:
        return "copies", 1.0
    return ("same", 1.0) if a.origin and a.origin == b.origin else NOTHING

"""What was read held against what an annotator read: found, right in each field, whole rows, links.

Reports, accounts, statements and tallies are plain objects of the annotation shape (docs/reference/annotations.md). An
account is found where a predicted one of its type has a quote that shares 40 percent of the shorter of the two.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trucewatch.terms.codebooks import incident_types

Item = Mapping[str, Any]
Bounds = tuple[Any, Any] | None

# types that a careful reader may take for one another
FAMILIES: tuple[frozenset[str], ...] = (
    frozenset(key for key, kind in incident_types().items() if kind.violent),
    frozenset({"territorial_change", "ground_assault", "withdrawal"}),
    frozenset({"troop_movement", "fortification", "withdrawal", "patrol", "overflight"}),
    frozenset({"abduction", "prisoner_release"}),
    frozenset({"access_restriction", "aid_delivery", "displacement"}),
    frozenset({"negotiation", "agreement", "agreement_end", "violation"}),
)
SAME_PLACE_KM = 10.0
LEAST_OVERLAP = 0.4
# words that tell no party and no place from another
EMPTY_WORDS = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "in",
        "and",
        "forces",
        "force",
        "army",
        "group",
        "groups",
        "city",
        "town",
        "village",
        "province",
        "governorate",
        "region",
        "area",
        "countryside",
        "district",
        "al",
        "el",
    }
)
_DIAMETER_KM = 12742.0


def folded(text: str) -> str:
    """Lower case without accents and punctuation."""
    bare = (c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^\w ]+", " ", "".join(bare)).strip()


def same_name(left: str, right: str) -> bool:
    """True where one name holds the other, or they share half of the telling words of the shorter."""
    left, right = folded(left), folded(right)
    if not left or not right:
        return False
    if left in right or right in left:
        return True
    a, b = set(left.split()) - EMPTY_WORDS, set(right.split()) - EMPTY_WORDS
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= 0.5


def distance_km(left: Item, right: Item) -> float:
    """Great-circle distance of two points with `lat` and `lon` in degrees."""
    lat1, lon1, lat2, lon2 = (math.radians(v) for v in (left["lat"], left["lon"], right["lat"], right["lon"]))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return _DIAMETER_KM * math.asin(math.sqrt(h))


def located(place: Item) -> bool:
    """True where the place has a point."""
    return place.get("lat") is not None and place.get("lon") is not None


def same_place(left: Item, right: Item) -> bool:
    """True where the names agree or the points lie within 10 km."""
    if same_name(left["name"], right["name"]):
        return True
    return located(left) and located(right) and distance_km(left, right) <= SAME_PLACE_KM


def agreement_of(gold: Sequence[Any], predicted: Sequence[Any], same: Callable[[Any, Any], bool]) -> float:
    """F1 of two lists under a test of sameness; 1 where both are empty."""
    if not gold or not predicted:
        return float(not gold and not predicted)
    recall = sum(any(same(g, p) for p in predicted) for g in gold) / len(gold)
    precision = sum(any(same(g, p) for g in gold) for p in predicted) / len(predicted)
    return 0.0 if recall + precision == 0 else 2 * recall * precision / (recall + precision)


def quote_span(item: Item, text: str) -> tuple[int, int]:
    """Where the quote stands: its own offsets, else its first occurrence; (-1, -1) where it is not in the text."""
    start, end = item.get("start"), item.get("end")
    if isinstance(start, int) and isinstance(end, int):
        return start, end
    quote = item.get("quote") or ""
    at = text.find(quote) if quote else -1
    return (at, at + len(quote)) if at >= 0 else (-1, -1)


def overlap(left: tuple[int, int], right: tuple[int, int]) -> float:
    """The share of the shorter run that both hold (0 to 1)."""
    if left[0] < 0 or right[0] < 0:
        return 0.0
    shared = min(left[1], right[1]) - max(left[0], right[0])
    return max(0, shared) / max(1, min(left[1] - left[0], right[1] - right[0]))


def pairs(
    gold: Sequence[Item], predicted: Sequence[Item], text: str, alike: Callable[[Item, Item], bool]
) -> list[tuple[int, int]]:
    """One-to-one pairs of alike items whose quotes overlap; the best first, where places and actors agree too."""
    ranked = []
    for i, g in enumerate(gold):
        for j, p in enumerate(predicted):
            shared = overlap(quote_span(g, text), quote_span(p, text))
            if shared >= LEAST_OVERLAP and alike(g, p):
                shared += agreement_of(g.get("places") or [], p.get("places") or [], same_place)
                shared += agreement_of(g.get("actors") or [], p.get("actors") or [], same_name)
                ranked.append((-shared, i, j))
    left: set[int] = set()
    right: set[int] = set()
    out = []
    for _, i, j in sorted(ranked):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            out.append((i, j))
    return out


def bounds(value: Item | None, low: str, high: str) -> Bounds:
    """The two bounds, or None where neither is given."""
    if not value or (value.get(low) is None and value.get(high) is None):
        return None
    return value.get(low), value.get(high)


def fields_right(gold: Item, predicted: Item) -> dict[str, float]:
    """How right each field of a found account is (0 to 1; lists by F1)."""
    said, says = gold.get("said_by"), predicted.get("said_by")

    def equal(name: str, low: str, high: str) -> float:
        return float(bounds(gold.get(name), low, high) == bounds(predicted.get(name), low, high))

    def listed(name: str, same: Callable[[Any, Any], bool]) -> float:
        return agreement_of(gold.get(name) or [], predicted.get(name) or [], same)

    return {
        "reality": float(gold["reality"] == predicted.get("reality")),
        "date": equal("date", "earliest", "latest"),
        "places": listed("places", same_place),
        "actors": listed("actors", same_name),
        "targets": listed("targets", same_name),
        "killed": equal("killed", "min", "max"),
        "injured": equal("injured", "min", "max"),
        "said_by": float((not said and not says) or bool(said and says and same_name(said, says))),
        "breach": float(bool(gold.get("breach")) == bool(predicted.get("breach"))),
    }


def acceptable(right: Mapping[str, float]) -> bool:
    """True where an analyst could take the row untouched."""
    exact = all(right[name] == 1 for name in ("reality", "date", "killed", "injured"))
    return exact and right["places"] >= 0.5 and right["actors"] >= 0.5


def related(left: str, right: str) -> bool:
    """True where two types are one or share a family."""
    return left == right or any(left in family and right in family for family in FAMILIES)


def rates(hits: float, n_predicted: int, n_gold: int) -> dict[str, float]:
    """Precision, recall and F1 to three digits; 0 where there is nothing to divide by."""
    p = hits / n_predicted if n_predicted else 0.0
    r = hits / n_gold if n_gold else 0.0
    return {"precision": round(p, 3), "recall": round(r, 3), "f1": round(2 * p * r / (p + r) if p + r else 0.0, 3)}


def b_cubed(gold: Mapping[str, str], predicted: Mapping[str, str]) -> dict[str, float]:
    """B-cubed over the items both cluster: precision and recall of each item's own cluster, averaged."""
    items = [k for k in gold if k in predicted]
    if not items:
        return {"precision": 0.0, "recall": 0.0, "f1": 0.0, "accounts": 0}
    p = r = 0.0
    for item in items:
        wanted = {k for k in items if gold[k] == gold[item]}
        got = {k for k in items if predicted[k] == predicted[item]}
        p += len(wanted & got) / len(got) / len(items)
        r += len(wanted & got) / len(wanted) / len(items)
    return {
        "precision": round(p, 3),
        "recall": round(r, 3),
        "f1": round(2 * p * r / (p + r), 3),
        "accounts": len(items),
    }


@dataclass(slots=True)
class _Sums:
    """What is counted while the reports are gone through."""

    gold: int = 0
    predicted: int = 0
    family: int = 0
    rows: int = 0
    statements: list[int] = field(default_factory=lambda: [0, 0, 0])  # hits, predicted, gold
    tallies: list[int] = field(default_factory=lambda: [0, 0, 0])
    right: dict[str, float] = field(default_factory=dict)
    found: int = 0
    places: int = 0
    errors_km: list[float] = field(default_factory=list)
    quiet: list[int] = field(default_factory=lambda: [0, 0])  # reports without accounts, accounts read from them
    types: dict[str, list[int]] = field(default_factory=dict)
    incident: dict[str, str] = field(default_factory=dict)


def score(
    gold: Mapping[str, Item], predicted: Mapping[str, Item], links: Iterable[Sequence[tuple[str, int]]] | None = None
) -> dict[str, Any]:
    """Every measure over the reports of `gold`, each paired with the predicted one of its id.

    `links` are clusters of (report id, index of the account), for the measures of linking.
    """
    sums = _Sums()
    for key, report in gold.items():
        _count_report(sums, key, report, predicted.get(key, {}))
    out = _shown(sums, len(gold))
    if links is not None:
        clusters = {f"{doc}/{i}": str(n) for n, members in enumerate(links) for doc, i in members}
        alone = {f"{key}/{i}": f"{key}/{i}" for key, report in gold.items() for i in range(len(report["accounts"]))}
        out["linking"] = b_cubed({**alone, **clusters}, sums.incident)
        out["linking_clustered_only"] = b_cubed(clusters, sums.incident)
    return out


def _count_report(sums: _Sums, key: str, gold: Item, predicted: Item) -> None:
    text, wanted, got = gold["text"], gold["accounts"], predicted.get("accounts") or []
    sums.gold += len(wanted)
    sums.predicted += len(got)
    if not wanted:
        sums.quiet[0] += 1
        sums.quiet[1] += len(got)
    for n, items in enumerate((wanted, got)):
        for account in items:
            sums.types.setdefault(account["type"], [0, 0, 0])[n] += 1
    found = pairs(wanted, got, text, lambda a, b: bool(a["type"] == b["type"]))
    sums.found += len(found)
    sums.family += len(pairs(wanted, got, text, lambda a, b: related(a["type"], b["type"])))
    for i, j in found:
        right = fields_right(wanted[i], got[j])
        for name, value in right.items():
            sums.right[name] = sums.right.get(name, 0.0) + value
        sums.rows += acceptable(right)
        sums.types[wanted[i]["type"]][2] += 1
        sums.incident[f"{key}/{i}"] = str(got[j].get("incident", f"{key}/{j}"))
        points = [q for q in got[j].get("places") or [] if located(q)]
        for place in filter(located, wanted[i].get("places") or []):
            sums.places += 1
            if points:
                sums.errors_km.append(min(distance_km(place, q) for q in points))
    _count_others(
        sums.statements, gold.get("statements") or [], predicted.get("statements") or [], text, same_statement
    )
    _count_others(sums.tallies, gold.get("tallies") or [], predicted.get("tallies") or [], text, same_tally)


def same_statement(gold: Item, predicted: Item) -> bool:
    """True where kind and speaker agree."""
    return bool(gold["kind"] == predicted["kind"]) and same_name(
        gold.get("speaker") or "", predicted.get("speaker") or ""
    )


def same_tally(gold: Item, predicted: Item) -> bool:
    """True where both bounds agree."""
    return bounds(gold["count"], "min", "max") == bounds(predicted.get("count"), "min", "max")


def _count_others(
    counts: list[int], gold: Sequence[Item], predicted: Sequence[Item], text: str, alike: Callable[[Item, Item], bool]
) -> None:
    counts[0] += len(pairs(gold, predicted, text, alike))
    counts[1] += len(predicted)
    counts[2] += len(gold)


def _shown(sums: _Sums, n_reports: int) -> dict[str, Any]:
    errors, n_places = sorted(sums.errors_km), sums.places

    def share(n: int) -> float | None:
        return round(n / n_places, 3) if n_places else None

    return {
        "reports": n_reports,
        "accounts": {"gold": sums.gold, "predicted": sums.predicted},
        "row": rates(sums.rows, sums.predicted, sums.gold),
        "found": rates(sums.found, sums.predicted, sums.gold),
        "found_family": rates(sums.family, sums.predicted, sums.gold),
        "fields": {name: round(value / sums.found, 3) if sums.found else 0.0 for name, value in sums.right.items()},
        "geo": {
            "places": n_places,
            "located": share(len(errors)),
            "within_10km": share(sum(e <= 10 for e in errors)),
            "within_25km": share(sum(e <= 25 for e in errors)),
            "median_km": round(errors[len(errors) // 2], 1) if errors else None,
        },
        "statements": rates(*sums.statements),
        "tallies": rates(*sums.tallies),
        "quiet_reports": {"reports": sums.quiet[0], "accounts_wrongly_read": sums.quiet[1]},
        "by_type": {name: {"gold": g, "predicted": p, "found": f} for name, (g, p, f) in sorted(sums.types.items())},
    }

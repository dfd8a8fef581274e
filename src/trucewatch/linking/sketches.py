"""An account reduced to what linking compares: days, discs, names, figures, words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from trucewatch.linking.distances import Vector, vector
from trucewatch.linking.gazetteers.folding import fold, loose
from trucewatch.terms.accounts import Account, Party
from trucewatch.terms.counts import Count
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry, fold_actor
from trucewatch.terms.reports import Report

_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_ENDING = re.compile(r"(?:ings?|ed|es|s|ly)$")
_EMPTY = frozenset(
    [
        "the",
        "and",
        "for",
        "that",
        "with",
        "from",
        "was",
        "were",
        "has",
        "have",
        "had",
        "been",
        "are",
        "this",
        "they",
        "their",
        "them",
        "who",
        "which",
        "after",
        "before",
        "into",
        "over",
        "its",
        "his",
        "her",
        "said",
        "says",
        "told",
        "according",
        "also",
        "than",
        "more",
        "most",
        "some",
        "near",
        "area",
        "city",
        "town",
        "village",
        "province",
        "people",
        "two",
        "three",
        "one",
        "least",
        "against",
        "by",
        "about",
        "when",
        "while",
        "where",
        "out",
        "had",
        "not",
        "but",
        "all",
        "other",
        "including",
        "since",
        "under",
        "between",
        "during",
    ]
)
_SOON = re.compile(
    r"\b(?:another|second|third|separate|subsequent|new|different|later|again|further)\s+(?:\w+\s+)?"
    r"(?:attack|strike|air ?strike|raid|explosion|blast|shelling|bomb\w*|incident|clash\w*|assault|drone)",
    re.IGNORECASE,
)


# Words for a side that name nobody: two papers may take different ones for the same doer.
_KINDS = {
    "state": frozenset(
        ["army", "government", "regime", "military", "police", "security", "troops", "soldiers", "state"]
    ),
    "armed": frozenset(
        ["rebel", "rebels", "insurgent", "insurgents", "militant", "militants", "gunman", "gunmen", "fighters",
         "militia", "militias", "terrorist", "terrorists", "opposition", "factions", "guerrillas", "attackers"]
    ),
}  # fmt: skip
_PLAIN = frozenset().union(*_KINDS.values())
_FILLING = frozenset(
    ["the", "of", "and", "forces", "force", "group", "groups", "armed", "unknown", "unidentified", "suspected"]
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of an account: its disc where it is located, its gazetteer id and the loose key of its name."""

    lat: float | None
    lon: float | None
    radius_km: float
    place_id: str | None
    key: str
    name: str
    at: Vector | None = None  # the middle of the disc on the unit sphere, so that comparing needs no trigonometry


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is compared of an account. Days are ordinals, `first` and `last` None together where nothing dates it.

    `guessed` is True where the days are only those before the report was published. `doers` and `targets` are registry
    ids or folded names, `backers` the doers with all they belong to or stand with.
    """

    account_id: str
    report_id: str
    type: str
    reality: str
    first: int | None
    last: int | None
    guessed: bool
    spots: tuple[Spot, ...]
    doers: frozenset[str]
    backers: frozenset[str]
    doer_words: frozenset[str]  # of their names
    doer_kinds: frozenset[str]  # the sides that their names tell of: "state", "armed"
    doer_plain: bool  # a name says no more than that: "the army", "gunmen"
    targets: frozenset[str]
    killed: Count | None
    injured: Count | None
    words: frozenset[str]
    again: bool
    origin: str
    copy_group: str
    placed: bool  # one of its places is located to 30 km


def sketch(account: Account, report: Report | None, registry: Registry, origin: str) -> Sketch:
    """The account as linking compares it."""
    first, last, guessed = _days(account, report)
    on = account.time.latest if account.time else None
    doers = names_of(account.actors)
    backers = frozenset(g for d in doers for g in (registry.coalition(d, on) if d in registry else (d,)))
    kinds, plain = _kinds(account.actors)
    group = account.report_id if report is None else (report.duplicate_of or report.report_id)
    spots = spots_of(account.places)
    return Sketch(
        account.account_id, account.report_id, account.type, account.reality, first, last, guessed, spots, doers,
        backers, frozenset(w for d in doers for w in d.split()), kinds, plain, _target_words(account.targets),
        account.killed, account.injured, content_words(account.quote), bool(_SOON.search(account.quote)), origin, group,
        is_placed(spots),
    )  # fmt: skip


def names_of(parties: Sequence[Party]) -> frozenset[str]:
    """Registry ids where resolved, folded names where not."""
    return frozenset(p.actor_id or fold_actor(p.name) for p in parties) - {""}


def spots_of(places: Sequence[Place]) -> tuple[Spot, ...]:
    """The places of an account as linking compares them, the narrowest first."""
    spots = [
        Spot(
            p.lat,
            p.lon,
            (p.radius_m or 0.0) / 1000.0,
            p.place_id,
            loose(p.name),
            p.name,
            None if p.lat is None or p.lon is None else vector(p.lat, p.lon),
        )
        for p in places
    ]
    return tuple(sorted(spots, key=lambda s: (s.lat is None, s.radius_km, s.key)))


@lru_cache(maxsize=100_000)
def content_words(text: str) -> frozenset[str]:
    """The words that carry meaning, folded and without English endings."""
    return frozenset(
        _ENDING.sub("", word) if len(word) > 4 else word
        for word in map(fold, _WORD.findall(text))
        if word not in _EMPTY
    )


def is_placed(spots: Sequence[Spot]) -> bool:
    """One of them is located to 30 km."""
    return any(spot.lat is not None and spot.radius_km <= 30.0 for spot in spots)


def _kinds(parties: Sequence[Party]) -> tuple[frozenset[str], bool]:
    """The sides that the names of parties nobody knows tell of, and whether one says no more than that."""
    names = [frozenset(fold_actor(p.name).split()) - _FILLING for p in parties if p.actor_id is None]
    kinds = frozenset(kind for kind, words in _KINDS.items() if any(words & name for name in names))
    return kinds, any(name and name <= _PLAIN for name in names)


def _target_words(parties: Sequence[Party]) -> frozenset[str]:
    return frozenset(w for p in parties for w in content_words(p.name)) | {p.actor_id for p in parties if p.actor_id}


@lru_cache(maxsize=20_000)
def ordinal(day: str) -> int | None:
    """The day of an ISO date (or date and time) as an ordinal; None where it is none."""
    try:
        return date.fromisoformat(day[:10]).toordinal()
    except ValueError:
        return None


def _days(account: Account, report: Report | None) -> tuple[int | None, int | None, bool]:
    time = account.time
    published = report.published if report is not None else None
    return days_between(time.earliest if time else None, time.latest if time else None, published)


def days_between(
    earliest: str | None, latest: str | None, published: str | None
) -> tuple[int | None, int | None, bool]:
    """First and last day as ordinals, both None where nothing dates it, and whether they are only a guess."""
    first = ordinal(earliest) if earliest else None
    last = ordinal(latest) if latest else None
    if first is not None and last is None and published:
        last = ordinal(published)  # "since January": it had happened when the report came out
    told = [day for day in (first, last) if day is not None]
    if told:
        return min(told), max(told), False
    day = ordinal(published) if published else None
    return (None, None, True) if day is None else (day - 3, day, True)

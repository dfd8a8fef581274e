"""Head nouns of parties and places, speech verbs and light verbs, as the codebook lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from trucewatch.terms.codebooks import load_codebook

_KIND_ORDER = ("armed", "civilian", "site", "body")


@dataclass(frozen=True, slots=True)
class Parties:
    """`kinds` gives the kind of a head noun; the sets hold lemmas; `bearings` maps words to compass points."""

    kinds: Mapping[str, str]
    speech: frozenset[str]
    light_active: frozenset[str]
    light_passive: frozenset[str]
    place_classes: frozenset[str]
    place_preps: frozenset[str]
    not_places: frozenset[str]
    bearings: Mapping[str, str]


@cache
def english_parties() -> Parties:
    """The shipped English lists. A head noun listed under two kinds has the first of armed, civilian, site, body."""
    book = load_codebook("lexicon_en_parties")
    kinds: dict[str, str] = {}
    for kind in _KIND_ORDER:
        for word in book["heads"][kind]:
            kinds.setdefault(word, kind)
    lists = ("speech", "light_active", "light_passive", "place_classes", "place_preps", "not_places")
    return Parties(kinds=kinds, bearings=book["bearings"], **{name: frozenset(book[name]) for name in lists})

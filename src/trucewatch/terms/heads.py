"""Names that name nobody: a word for men or arms alone, or with words beside it that tell not whose they are."""

from __future__ import annotations

from functools import cache

from trucewatch.terms.codebooks import load_codebook
from trucewatch.terms.registries import fold_actor


@cache
def _words(key: str) -> frozenset[str]:
    return frozenset(load_codebook("lexicon_en_parties")["unnamed"][key])


def names_nobody(name: str) -> bool:
    """True for "forces", "unknown gunmen", "joint patrol"; false for "regime forces" and for every proper name."""
    heads = _words("heads")
    words = fold_actor(name).split()
    return bool(words) and words[-1] in heads and all(word in heads or word in _words("qualifiers") for word in words)


def names_an_outing(name: str) -> bool:
    """True for "joint patrol" and "convoy", which are what somebody does or goes in; false for "army patrol"."""
    return names_nobody(name) and fold_actor(name).split()[-1] in _words("outings")

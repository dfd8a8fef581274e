"""Names that name nobody: a word for men or arms alone, or with words beside it that tell not whose they are."""

from __future__ import annotations

from functools import cache

from trucewatch.terms.codebooks import load_codebook
from trucewatch.terms.registries import fold_actor


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    unnamed = load_codebook("lexicon_en_parties")["unnamed"]
    return frozenset(unnamed["heads"]), frozenset(unnamed["qualifiers"])


def names_nobody(name: str) -> bool:
    """True for "forces", "unknown gunmen", "joint patrol"; false for "regime forces" and for every proper name."""
    heads, qualifiers = _words()
    words = fold_actor(name).split()
    return bool(words) and words[-1] in heads and all(word in heads or word in qualifiers for word in words)

"""Runs of words that are names of places, with how likely each is one at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

import yaml

from trucewatch.linking.gazetteers.folding import fold, loose
from trucewatch.linking.gazetteers.indexes import Found
from trucewatch.terms.places import NameHit

LONGEST = 8  # words and hyphens of a name; longer ones are titles of institutions

_JOINERS = frozenset({"-", "‑", "–", "'", "’", "`"})
_INNER = frozenset(
    [
        "al",
        "el",
        "ul",
        "de",
        "del",
        "la",
        "las",
        "los",
        "le",
        "les",
        "of",
        "the",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "du",
        "des",
        "and",
        "y",
        "i",
        "e",
        "an",
        "as",
        "ad",
        "ash",
        "bin",
        "ben",
        "ibn",
        "sur",
    ]
)
_ARTICLES = frozenset({"al", "el", "ash", "as", "an", "ad", "ar", "at", "az"})
_AFTER_PERSONS = frozenset(
    {"mr", "mrs", "ms", "dr", "gen", "col", "maj", "lt", "capt", "sgt", "president", "minister", "sheikh"}
)

Look = Callable[[str], Sequence[Found]]


@cache
def ordinary() -> tuple[frozenset[str], frozenset[str]]:
    """Ordinary words and given names, folded."""
    lists = yaml.safe_load((files("trucewatch.linking.gazetteers") / "ordinary.yaml").read_text("utf-8"))
    return frozenset(map(fold, lists["words"])), frozenset(map(fold, lists["given_names"]))


def find_hits(words: Sequence[str], look: Look) -> list[NameHit]:
    """The longest runs that `look` knows, from left to right, not overlapping.

    A run begins and ends with a word that is written like a name (a capital, or a script without case). The prior is a
    rule of thumb, not a frequency: it ranks runs, and the reader weighs it with the words around.
    """
    hits: list[NameHit] = []
    at = 0
    while at < len(words):
        hit = _longest(words, at, look) if _may_begin(words, at) else None
        if hit is None:
            at += 1
        else:
            hits.append(hit)
            at = hit.end
    return hits


def _named(word: str) -> bool:
    first = word[:1]
    return first.isalpha() and not first.islower()


def _may_begin(words: Sequence[str], at: int) -> bool:
    if _named(words[at]):
        return True
    article = (
        words[at].lower() in _ARTICLES and at + 2 < len(words) and words[at + 1] in _JOINERS and _named(words[at + 2])
    )
    return article or _with_article(words[at])


def _with_article(word: str) -> bool:
    """True for "al-Bab" as one word."""
    head, _, rest = word.partition("-")
    return head in _ARTICLES and _named(rest)


def _longest(words: Sequence[str], at: int, look: Look) -> NameHit | None:
    end = at + 1
    while end < min(len(words), at + LONGEST):  # how far the run of names goes
        word = words[end]
        if not (_named(word) or word in _JOINERS or word.lower() in _INNER or word.isdigit()):
            break
        end += 1
    for stop in range(end, at, -1):
        last = words[stop - 1]
        if not (_named(last) or _with_article(last) or (last.isdigit() and stop > at + 1)):
            continue
        name = " ".join(words[at:stop])
        found = look(name)
        if not found:
            continue
        n_words = sum(w not in _JOINERS and w.lower() not in _INNER for w in words[at:stop])
        exact = [f for f in found if f.grade == "exact"]
        # spellings that only resemble each other are trusted in names long enough to be told apart
        if not exact and n_words == 1 and len(loose(name)) < 4:
            continue
        prior = _prior(words, at, stop, name, exact or list(found), n_words, bool(exact))
        return NameHit(at, stop, len(exact or found), any(f.feature == "P" for f in found), prior)
    return None


def _prior(
    words: Sequence[str], at: int, stop: int, name: str, found: Sequence[Found], n_words: int, exact: bool
) -> float:
    common, given = ordinary()
    population = max(f.population for f in found)
    own = any(f.own for f in found)
    unit = any(f.feature == "A" for f in found)
    prior = 0.55 + 0.15 * (population >= 10_000) + 0.15 * (population >= 100_000) + 0.1 * unit
    prior *= 1.0 if exact else 0.75
    prior *= 1.0 if own or population >= 10_000 else 0.8
    key = fold(name)
    if n_words > 1:
        prior = min(0.97, prior + 0.15)
    elif key in common:
        prior = 0.04 if population < 500_000 else 0.15
    elif key in given:
        prior = 0.12
    elif len(key) <= 3 and not unit:
        prior *= 0.4
    elif name.isupper() and len(key) <= 5 and not any(f.kind.startswith("PCL") for f in found):
        prior *= 0.25  # an abbreviation: SDF, ISIS, NATO
    before = words[at - 1].rstrip(".").lower() if at else ""
    if before and (fold(before) in given or before in _AFTER_PERSONS) and _named(words[at - 1]):
        prior *= 0.2  # the family name of somebody
    after = words[stop] if stop < len(words) else ""
    if after and _named(after) and fold(after) not in common and n_words == 1:
        prior *= 0.5  # the first word of a longer name that the gazetteer does not know
    return round(min(prior, 0.97), 3)

"""The lexicon as looked up while reading: the words of the codebook indexed by the lemma they hang by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from trucewatch.terms.codebooks import incident_types, load_codebook
from trucewatch.terms.errors import SettingsError, unknown_name

_ENDING = re.compile(r"(?:ies|ed|ing|es|s|ers?|d|e)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or phrase that names an act. `open` is True where the means told beside it decide the type."""

    words: tuple[str, ...]
    type: str
    pos: str  # VERB or NOUN
    open: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries by anchor lemma: the first word of a verb phrase, the last of a noun phrase; the longest stand first."""

    verbs: Mapping[str, tuple[Entry, ...]]
    nouns: Mapping[str, tuple[Entry, ...]]
    means: Mapping[str, str]
    blockers: Mapping[str, tuple[tuple[str, ...], ...]]  # by their first word
    anchors: frozenset[str]
    stems: frozenset[str]  # of the anchors: what a text must share before it is parsed at all


def stem_of(word: str) -> str:
    """A word without the ending of its form; irregular forms stand in the lexicon themselves."""
    return _ENDING.sub("", word)


def _index(entries: Iterable[Entry], at: int) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.words[at], []).append(entry)
    return {k: tuple(sorted(v, key=lambda e: (-len(e.words), e.open, e.words, e.type))) for k, v in found.items()}


def _by_first(phrases: Iterable[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted(tuple(phrase.split()) for phrase in phrases):
        found.setdefault(words[0], []).append(words)
    return {first: tuple(rows) for first, rows in found.items()}


def build(book: Mapping[str, Any]) -> Lexicon:
    """The lexicon made from the parsed codebook file. Raises SettingsError for a type the codebook does not know."""
    known = incident_types()
    verbs: list[Entry] = []
    nouns: list[Entry] = []
    for name, lists in book["acts"].items():
        if name not in known:
            raise SettingsError("lexicon-type", unknown_name("type", name, known), where="codebook/lexicon_en.yaml")
        verbs += [Entry(tuple(w.split()), name, "VERB") for w in lists.get("verbs", ())]
        nouns += [Entry(tuple(w.split()), name, "NOUN") for w in lists.get("nouns", ())]
    verbs += [Entry(tuple(w.split()), t, "VERB", True) for w, t in book["open"]["verbs"].items()]
    nouns += [Entry(tuple(w.split()), t, "NOUN", True) for w, t in book["open"]["nouns"].items()]
    by_verb, by_noun = _index(verbs, 0), _index(nouns, -1)
    return Lexicon(
        verbs=by_verb,
        nouns=by_noun,
        means={w: t for t, words in book["means"].items() for w in words},
        blockers=_by_first(book["blockers"]),
        anchors=frozenset(by_verb) | frozenset(by_noun),
        stems=frozenset(stem_of(a) for a in (*by_verb, *by_noun)),
    )


@cache
def english_lexicon() -> Lexicon:
    """The shipped English lexicon."""
    return build(load_codebook("lexicon_en"))

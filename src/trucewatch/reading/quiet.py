"""Sentences of other fields: sport, business, courts and politics that only borrow the words of war."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from trucewatch.terms.codebooks import load_codebook

_ENOUGH = 2  # different words of other fields that make a sentence one of them, whatever the report tells besides


@dataclass(frozen=True, slots=True)
class Fields:
    """Lemmas of other fields, of war, and of war as other fields borrow it too."""

    other: frozenset[str]
    war: frozenset[str]
    borrowed: frozenset[str]


@cache
def english_fields() -> Fields:
    """The shipped English lists."""
    book = load_codebook("lexicon_en_quiet")
    other = frozenset(word for words in book["fields"].values() for word in words)
    return Fields(other, frozenset(book["war"]), frozenset(book["borrowed"]))


def find_quiet(doc: Any, sentences: tuple[tuple[int, int], ...]) -> frozenset[int]:
    """Indexes of sentences that tell of no incident, whatever their verbs: all of them where the report is of another
    field, else those where two of its words and no word of war stand.
    """
    fields = english_fields()
    held = [{doc[i].lemma_.lower() for i in range(start, end)} for start, end in sentences]
    n_other = sum(not lemmas.isdisjoint(fields.other) for lemmas in held)
    war = fields.war - fields.borrowed
    if n_other and 2 * n_other >= len(held) and war.isdisjoint(set().union(*held)):
        return frozenset(range(len(sentences)))
    return frozenset(
        s for s, lemmas in enumerate(held) if len(lemmas & fields.other) >= _ENOUGH and war.isdisjoint(lemmas)
    )

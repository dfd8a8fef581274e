"""Text in capitals written as it would stand in print, letter for letter: the parser tells names by their capitals."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.terms.places import PlaceNames

_PARAGRAPH = re.compile(r"\S(?:.*\S)?(?:\n[ \t]*\S.*)*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LEAST_LETTERS = 30  # shorter runs are datelines, acronyms and labels
_UPPER_SHARE = 0.8
_DAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "april",
    "june", "july", "august", "september", "october", "november", "december",
})  # fmt: skip
# Months beside a number, elsewhere mere words.
_BY_NUMBER = frozenset(
    {"march", "may", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
)
_ENDINGS = re.compile(r"(?:'s|’s|s'|ies|es|s|ied|ed|d|ing|ly|er|ers)$")
_BESIDE = 6  # characters looked at on either side of a word
_ENDS_SENTENCE = re.compile(r'[.!?:]["”)\]]*\s*$|--\s*$|\]\s*$')


def common_words(nlp: Any) -> Callable[[str], bool]:
    """Whether a word in lower case is an ordinary one: the lists of the lemmatizer and the stop words of the model."""
    tables = nlp.get_pipe("lemmatizer").lookups
    words: set[str] = set(nlp.Defaults.stop_words)
    for listed in tables.get_table("lemma_index").values():
        words.update(listed)
    for listed in tables.get_table("lemma_exc").values():
        words.update(listed)

    def common(word: str) -> bool:
        if word in words:
            return True
        stem = _ENDINGS.sub("", word)
        forms = (stem, stem + "e", stem + "y", stem[:-1] if stem[-1:] == stem[-2:-1] else stem)
        return len(stem) > 2 and stem != word and any(form in words for form in forms)

    return common


def recased(text: str, common: Callable[[str], bool], places: PlaceNames | None = None) -> str:
    """The text with each paragraph in capitals as it would stand in print; its length and offsets are the same.

    Words that are neither ordinary nor first of a sentence are taken for names. Text that is not in capitals is given
    back as it is.
    """
    out: list[str] = []
    at = 0
    for found in _PARAGRAPH.finditer(text):
        letters = [c for c in found[0] if c.isalpha()]
        if len(letters) < _LEAST_LETTERS or sum(c.isupper() for c in letters) < _UPPER_SHARE * len(letters):
            continue
        out += [text[at : found.start()], _printed(found[0], common, places)]
        at = found.end()
    return "".join([*out, text[at:]]) if out else text


def _printed(text: str, common: Callable[[str], bool], places: PlaceNames | None) -> str:
    words = list(_WORD.finditer(text))
    named = _place_words([w[0].lower() if common(w[0].lower()) else w[0].capitalize() for w in words], places)
    out, at = [], 0
    for k, found in enumerate(words):
        before, after = text[max(0, found.start() - _BESIDE) : found.start()], text[found.end() : found.end() + _BESIDE]
        out += [text[at : found.start()], _word(found[0], before, after, k in named, common)]
        at = found.end()
    return "".join([*out, text[at:]])


def _place_words(words: list[str], places: PlaceNames | None) -> frozenset[int]:
    """Indexes of the words of place names that begin with no ordinary word."""
    hits = places.hits(words) if places is not None else []
    named = [h for h in hits if words[h.start][:1].isupper() and len(words[h.end - 1]) > 2]
    return frozenset(i for h in named for i in range(h.start, h.end))


def _of_country(low: str) -> bool:
    """True for countries and for words made from them: Chile, Chilean, Peruvian."""
    return low in COUNTRIES or any(low.removesuffix(end) in COUNTRIES for end in ("n", "an", "ian", "ese", "i"))


def _word(word: str, before: str, after: str, place: bool, common: Callable[[str], bool]) -> str:
    low = word.lower()
    if len(low) != len(word) or not word.isupper() or (len(word) == 1 and after[:1] == "."):
        return word
    numbered = before.rstrip()[-1:].isdigit() or after.lstrip()[:1].isdigit()
    if numbered if low in _BY_NUMBER else low in _DAYS or _of_country(low):
        return word.capitalize()
    ordinary = common(low) and not place
    in_brackets = before[-1:] in ("(", "[") and after[:1] in (")", "]")
    if len(word) < 7 and not ordinary and (in_brackets or not re.search("[AEIOUY]", word)):
        return word
    starts = not before or _ENDS_SENTENCE.search(before) is not None
    return low if ordinary and not starts and low != "i" else word.capitalize()

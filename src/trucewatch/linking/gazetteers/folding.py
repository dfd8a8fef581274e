"""Names as keys: three grades, each coarser than the one before, so that spellings of one name meet.

`fold` keeps the letters: case, accents, apostrophes, hyphens and spaces go. `loose` brings the usual ways of writing
Arabic, Kurdish, Persian, Russian and Ukrainian names in Latin letters together (Kafr/Kafar/Kfar, Maarrat/Ma'arrat,
ash-/al-/el-, ou/oo/u, q/k, doubled letters). `skeleton` keeps consonants alone and is only for names that no finer key
finds.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

_APOSTROPHES = re.compile(r"['’‘ʼʻ`´ʿʾʹ″′]")
_BREAKS = re.compile(r"[\W_]+")
_PLAIN = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ә": "a", "ə": "a"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": ""}
)
_ARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "as",
        "es",
        "ash",
        "esh",
        "an",
        "en",
        "ad",
        "ed",
        "ar",
        "er",
        "at",
        "et",
        "az",
        "ez",
        "adh",
        "ath",
        "us",
        "ush",
        "il",
        "the",
    ]
)
_SUN = re.compile(r"^(?:a|e)(sh|th|dh|[dlnrstz])(?=\1)")  # joined by the letter it doubles: "asSuwayda", "annuman"
_WORDS = {  # first elements and class words whose vowels nobody agrees on
    r"k[ae]?f[aeiou]?r": "kfr", r"m[ae]+r+[ae]t?": "mart", r"t[ae]l+": "tal", r"d[ae][iy]r": "dir",
    r"b[ae][iy]t": "bit",
    r"[aei][iy]?n": "in", r"j[aeiou]b[ae]l": "jabal", r"g[ae]b[ae]l": "jabal", r"j[ie]s[ie]?r": "jisr",
    r"[aou]bo?u": "abu", r"bu": "abu", r"[uo]m+": "um", r"sh[ae][iy]kh": "shikh", r"khan": "khan",
    r"saint|st|sv|svyat\w*": "st", r"s[ae][iy]?n[dt]": "snd",
}  # fmt: skip
_WORD_RULES = tuple((re.compile(f"^(?:{pattern})$"), to) for pattern, to in _WORDS.items())
_LETTERS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"shch|sch|tch|ch", "sh"), (r"dj|dzh|zh", "j"), (r"gh", "g"), (r"kh|x", "kh"), (r"ph", "f"), (r"ck|q", "k"),
        (r"c", "k"), (r"w", "v"), (r"oo|ou|eu|u|o", "u"), (r"[eiy]+h?$", "i"), (r"(?:a|e)h$", "a"),
        (r"[ae]?[iy]+[iye]*|e+", "i"),
        (r"(.)\1+", r"\1"), (r"(?<=.)ia$", "a"), (r"(?<=..)i$", ""),
    )
)  # fmt: skip
_FINAL_E = re.compile(r"(?<=..)(?:eh|ah|e|a)$")
_VOWELS = re.compile(r"(?<=.)[aeiouvhy]+")
_ARABIC_ARTICLE = re.compile(r"^ال(?=...)")


def words_of(name: str) -> tuple[str, ...]:
    """The name's words, folded: lower case, without accents and apostrophes."""
    text, before = name, None
    while text != before:  # lower() and NFKD each uncover work for the other in rare letters
        before = text
        text = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
        text = "".join(c for c in text if not unicodedata.combining(c))
    return tuple(_BREAKS.sub(" ", _APOSTROPHES.sub("", text)).split())


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The words run together: "Ma'arrat al-Nu'man" is "maarratalnuman". Folding twice changes nothing."""
    return "".join(words_of(name))


@lru_cache(maxsize=65536)
def loose(name: str) -> str:
    """The key by which spellings of one name meet. Empty only for a name without letters and digits."""
    words = list(words_of(name))
    # the article is no part of the key, but a name that is nothing else keeps it
    kept = [w for w in words if w not in _ARTICLES] or words
    return "".join(_loose_word(w) for w in kept)


@lru_cache(maxsize=65536)
def _loose_word(word: str) -> str:
    if not word.isascii():
        return _ARABIC_ARTICLE.sub("", word)
    if not word.isalpha():
        return word
    # written as one with its article: "alzorba", "elbab" stays (too short to tell)
    if len(word) >= 6 and word[:2] in ("al", "el") and word[2] not in "aeiouy":
        word = word[2:]
    elif len(word) >= 7:
        word = _SUN.sub("", word)
    for rule, to in _WORD_RULES:
        if rule.match(word):
            return to
    short = _FINAL_E.sub("a", word)
    for pattern, to in _LETTERS:
        short = pattern.sub(to, short)
    return short or word


def skeleton(name: str) -> str:
    """The consonants of the loose key with its first letter; vowels, w/v and h are gone."""
    key = loose(name)
    if not key.isascii():
        return key
    bare = _VOWELS.sub("", key)
    return bare.replace("kh", "k").replace("z", "s")


def hashed(key: str) -> int:
    """A signed 64-bit number for a key: an index of numbers is a third of the size of one of texts."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little", signed=True)

"""How many were killed and injured: figures with their bounds, beside the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trucewatch.terms.counts import Count
from trucewatch.terms.spans import Span

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_UNITS = {"dozen": 12, "hundred": 100, "thousand": 1000}
_ONE = "|".join(sorted(_WORDS, key=lambda w: (-len(w), w)))
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\s(?:hundred|thousand|dozen))?|(?:{_TENS})[- ](?:{_ONE})"
    rf"|(?:{_ONE})(?:\s(?:hundred|thousand|dozen))?|a\s(?:hundred|thousand|dozen)|half\sa\sdozen|an?(?=\s[a-z]))"
)
_BOUND = (
    r"(?:at\sleast|no\sfewer\sthan|not\sless\sthan|more\sthan|over|up\sto|as\smany\sas|about|around|nearly|some"
    r"|almost|another|approximately|only|the|all)"
)
_FIGURE = rf"(?P<bound>{_BOUND}\s(?:about\s|some\s)?)?(?P<number>{_NUMBER})(?P<more>\sor\smore)?"
_PLURAL = (
    r"(?!\s?(?:%|percent|km|kilomet|miles|years?[- ]|months?|days?|hours?|weeks?|minutes?|th\b|st\b|per\scent|mm\b"
    r"|:\d|\.\d))"
)
_DEAD = (
    r"(?:killed|dead|died|martyred|slain|were\smurdered|lost\stheir\slives|shot\sdead|executed|beheaded|fatalities"
    r"|deaths)"
)
_HURT = r"(?:wounded|injured|hurt|injuries|wounds)"
_KILL = (
    r"(?:kill(?:s|ed|ing)?|martyr(?:ed|ing)|claim(?:ed|ing|s)?\sthe\sli(?:ves|fe)\sof"
    r"|execut(?:ed|ing|es)|behead(?:ed|ing|s)|murder(?:ed|ing|s)|dead,?\sincluding|deaths?\sof"
    r"|toll\s(?:\w+\s){0,4}?(?:to|at|is|was|of))"
)
_WOUND = r"(?:wound(?:s|ed|ing)?|injur(?:es|ed|ing)|hurting|injuries\s(?:of|to))"
# words between a figure and what became of them; another toll word or figure ends the run
_PEOPLE = rf"(?:\s(?!{_DEAD}|{_HURT}|\d|(?:{_ONE})\b)[\w'’\-]+){{0,6}}?"
_LINK = (
    r"(?:\s(?:were|was|are|is|have\sbeen|has\sbeen|had\sbeen|being|reported|confirmed|also|reportedly|people|and"
    r"|believed|feared|left))*"
)
_AND = r"(?:\s(?:killed|dead|wounded|injured)\s(?:and|or))"

# "killed three people and wounded 27": the word goes with the figure behind it
_OWN = rf"(?!\s(?:{_BOUND}\s)?(?:\d|(?:{_ONE})\b|dozens|scores|several|another|others))"
_KILLED_AFTER = re.compile(rf"\b{_FIGURE}{_PLURAL}{_PEOPLE}{_LINK}\s{_DEAD}\b{_OWN}", re.I)
_KILLED_BEFORE = re.compile(rf"\b{_KILL}\s{_FIGURE}{_PLURAL}", re.I)
_HURT_AFTER = re.compile(rf"\b{_FIGURE}{_PLURAL}{_PEOPLE}{_LINK}{_AND}?\s{_HURT}\b{_OWN}", re.I)
_HURT_BEFORE = re.compile(rf"\b{_WOUND}\s{_FIGURE}{_PLURAL}", re.I)
_NONE_BOTH = re.compile(
    r"\b(?:no|without(?:\sany)?|not\scause(?:d)?(?:\sany)?|did\snot\s(?:cause|result\sin)(?:\sany)?)"
    r"\s(?:\w+\s){0,2}?(?:casualties|victims)\b",
    re.I,
)
_NONE_DEAD = re.compile(
    r"\b(?:no|without)\s(?:one\s(?:was\s)?|\w+\s){0,2}?(?:deaths|fatalities|killed|loss\sof\slife)\b"
    r"|\bno\s?one\swas\skilled\b",
    re.I,
)
_NONE_HURT = re.compile(
    r"\b(?:no|without)\s(?:one\s(?:was\s)?|\w+\s){0,2}?(?:injuries|injured|wounded)\b"
    r"|\bno\s?one\swas\s(?:hurt|injured)\b",
    re.I,
)
_PART = re.compile(
    rf",?\s(?:including|among\sthem|of\swhom|of\sthem)\s(?:{_BOUND}\s)?{_NUMBER}\s\w+"
    rf"(?:\s(?:and|,)\s{_NUMBER}\s\w+)?,?",
    re.I,
)
_RUNNING = re.compile(
    r"\b(?:so\sfar|since\s(?:the\s(?:start|beginning)|\w+\s?\d*)|in\stotal|total\sof|overall|altogether"
    r"|during\sthe\s(?:war|conflict)|the\s(?:war|conflict)\shas|civil\swar)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of people killed or injured: what (`killed`, `injured`), bounds, where, and whether a running total.

    `parts` is how many groups or persons it was added up from.
    """

    what: str
    count: Count
    span: Span
    running: bool
    parts: int = 1


def number_of(words: str) -> int | None:
    """The whole number that digits or English words name; None where they name none."""
    text = words.lower().replace(",", "").replace("-", " ").strip()
    total = 0
    for part in text.split():
        if part.isdigit():
            total += int(part)
        elif part in _WORDS:
            total += _WORDS[part]
        elif part in ("a", "an"):
            total += 1
        elif part == "half":
            return 6 if text == "half a dozen" else None
        elif part in _UNITS:
            total = max(total, 1) * _UNITS[part]
        else:
            return None
    return total


def _count(match: re.Match[str]) -> Count | None:
    n = number_of(match["number"])
    if n is None:
        return None
    bound = " ".join((match["bound"] or "").lower().split()[:2])
    if match["more"] or bound in ("at least", "no fewer", "not less"):
        return Count(n, None)
    if bound.startswith(("more than", "over")):
        return Count(n + 1, None)
    if bound in ("nearly", "almost"):
        return Count(None, n)
    if bound.startswith(("up to", "as many")):
        return Count(None, n) if bound.startswith("up to") else Count(n, n)
    return Count(n, n)


def find_figures(text: str, offset: int = 0) -> list[Figure]:
    """Every figure of killed and injured in a run of text, in order. "Dozens" and "several" give none."""
    found: list[Figure] = []
    # "including two children" is part of a toll told before it, not another one; the mask keeps every offset
    text = _PART.sub(lambda m: " " + "_" * (len(m[0]) - 1), text)
    running = _RUNNING.search(text) is not None
    for what, patterns in (("killed", (_KILLED_BEFORE, _KILLED_AFTER)), ("injured", (_HURT_BEFORE, _HURT_AFTER))):
        for pattern in patterns:
            for match in pattern.finditer(text):
                count = _count(match)
                if count is None or (
                    pattern in (_KILLED_AFTER, _HURT_AFTER) and match["number"].lower() in ("a", "an")
                ):
                    continue
                if 1900 < (count.min or 0) < 2100 and match["bound"] is None:
                    continue  # a year
                span = Span(offset + match.start("number"), offset + match.end("number"))
                if not any(f.what == what and f.span == span for f in found):
                    found.append(Figure(what, count, span, running))
    for what, pattern in (("killed", _NONE_DEAD), ("injured", _NONE_HURT)):
        if none := (pattern.search(text) or _NONE_BOTH.search(text)):
            found.append(Figure(what, Count(0, 0), Span(offset + none.start(), offset + none.end()), False))
    return sorted(found, key=lambda f: (f.span, f.what))

"""What the text of a report says right beside a name: what class of thing it is, and what it lies in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files

import yaml

_LISTS = yaml.safe_load((files("trucewatch.linking") / "cues.yaml").read_text("utf-8"))
_IN_TOWN, _PERHAPS, _NO_PLACE = (frozenset(_LISTS[name]) for name in ("in_town", "perhaps_in_town", "of_no_place"))
_CLASS = "|".join(sorted((*_IN_TOWN, *_PERHAPS, *_LISTS["other"]), key=lambda w: (-len(w), w)))
_SITE_WORD = re.compile(rf" ({'|'.join(sorted(_IN_TOWN | _PERHAPS))})$", re.IGNORECASE)
_NAME = r"((?:(?:al|el|ash|as|ad|ar|an|at|az)[- ])?[A-ZÀ-Þ][\w'’.-]*(?: (?:of |de |al[- ])?[A-ZÀ-Þ][\w'’-]*){0,3})"
_AFTER = re.compile(rf"(?: (?:refugee|residential|military|air|international|industrial))? ({_CLASS})\b")
_SET_IN = re.compile(
    r",? (?:(?:situated|located|lying) )?(?:in|of) (?:the )?(?:(?:northern|southern|eastern|western|central|rural|city|"
    rf"town|village|district|province|governorate|countryside|suburbs|outskirts)(?: of)? (?:the )?)*{_NAME}"
)
_COMMA = re.compile(rf", {_NAME}")
_BEFORE = re.compile(rf"\b({_CLASS})s? of (?:the )?[\"“]?$")
_OWNER = re.compile(rf"{_NAME}['’]s? (?:[a-z-]+ ){{0,2}}$")
_SPACE = re.compile(r"\s+")
_BEHIND, _AHEAD = 60, 80  # characters looked at before and after a name


@dataclass(frozen=True, slots=True)
class Cues:
    """`hint` is a class word beside the name, or None; `within` are names it is said to lie in ("in X", "X's"), and
    `beside` those that follow it after a comma, which may as well be the next in a list."""

    hint: str | None = None
    within: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def inside_town(hint: str | None) -> bool:
    """True for the class word of a thing that lies inside a town."""
    return hint in _IN_TOWN


def perhaps_inside_town(hint: str | None) -> bool:
    """True for a class word of things that mostly lie inside a town or by it."""
    return hint in _IN_TOWN or hint in _PERHAPS


def is_generic(name: str) -> bool:
    """True where every word of the name is one of a kind ("airport", "presidential palace"): it names no place."""
    return all(w.lower() in _NO_PLACE for w in name.split())


def site_word(name: str) -> str | None:
    """The class word that a name of several words ends with ("hotel"), or None."""
    found = _SITE_WORD.search(name)
    return found[1].lower() if found else None


def cues_of(name: str, text: str) -> Cues:
    """What stands beside the name wherever it stands in the text; the first class word counts."""
    hint: str | None = None
    within: list[str] = []
    beside: list[str] = []
    for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        after = _SPACE.sub(" ", text[found.end() : found.end() + _AHEAD])
        before = _SPACE.sub(" ", text[max(0, found.start() - _BEHIND) : found.start()])
        own = None
        if told := _AFTER.match(after):
            own, after = told[1], after[told.end() :]
        elif told := _BEFORE.search(before):
            own = told[1]
        hint = hint or own
        if told := _SET_IN.match(after):
            within.append(_bare(told[1]))
        elif told := _COMMA.match(after):
            beside.append(_bare(told[1]))
        if perhaps_inside_town(own) and (told := _OWNER.search(before)):
            within.append(_bare(told[1]))
    return Cues(hint, tuple(dict.fromkeys(n for n in within if n != name)), tuple(dict.fromkeys(beside)))


def _bare(name: str) -> str:
    # "in Idlib." ends a sentence, "Ky." is an abbreviation
    return name.rstrip(".'’-") if len(name) > 6 else name.rstrip("'’-")

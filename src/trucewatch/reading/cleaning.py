"""What in a text is not the report: share buttons, captions, links to other stories, credits, cookie lines.

The lines are marked with their offsets and stay in the frozen text. A report is never cut by a guess: only a whole line
that matches a row of `boilerplate.yaml` is marked, and headlines under a title such as "Related stories".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from trucewatch.terms.spans import Span

_LONGEST = 320  # characters; a longer line is a paragraph, whatever it begins with
_HEADLINE = 140
_SENTENCE_ENDS = '.!?؟۔।。…"”'
_EMAIL_ONLY = re.compile(r"\S+@\S+\.\S+|\[email protected\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """One run of lines that hold none of the report, with the kind of row that says so."""

    span: Span
    kind: str


def find_skipped(text: str) -> tuple[Span, ...]:
    """The spans of boilerplate in order, not overlapping, each without the blanks around it."""
    return tuple(found.span for found in find_boilerplate(text))


def find_boilerplate(text: str) -> Iterator[Boilerplate]:
    """Every line of boilerplate in order, with its kind.

    The first line is the headline: "Analysis: Truce frays" there is no link to another story.
    """
    in_links = False
    for n, line in enumerate(_lines(text)):
        words = line.of(text)
        kind = kind_of(words)
        if kind is not None and not (n == 0 and kind == "link"):
            in_links = _opens_links(words)
            yield Boilerplate(line, kind)
        elif in_links and _is_headline(words):
            yield Boilerplate(line, "links")
        else:
            in_links = False


def kind_of(line: str) -> str | None:
    """The kind of boilerplate the line is, or None where it may be part of the report."""
    if len(line) > _LONGEST:
        return None
    if not any(letter.isalnum() for letter in line):
        return "rule"
    if _EMAIL_ONLY.fullmatch(line):
        return "site"
    return next((kind for kind, _, pattern in _rows() if pattern.fullmatch(line)), None)


def _opens_links(line: str) -> bool:
    return any(block and pattern.fullmatch(line) for _, block, pattern in _rows())


def _is_headline(line: str) -> bool:
    """True for a short line that ends no sentence, such as the headlines in a list of links."""
    return len(line) <= _HEADLINE and line[-1] not in _SENTENCE_ENDS


def _lines(text: str) -> Iterator[Span]:
    """The lines that are not blank, without the blanks at their ends."""
    at = 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            start = at + line.index(words)
            yield Span(start, start + len(words))
        at += len(line) + 1


@cache
def _rows() -> tuple[tuple[str, bool, re.Pattern[str]], ...]:
    parsed = yaml.safe_load((files("trucewatch.reading") / "boilerplate.yaml").read_text("utf-8"))
    return tuple((row["kind"], bool(row.get("block")), _any_of(row["lines"])) for row in parsed)


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

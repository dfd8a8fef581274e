"""Finds the number in a text that a toll of an annotation was read from."""

from __future__ import annotations

import re

from trucewatch.terms.spans import Span

_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
WORDS = {word: n for n, word in enumerate([*_ONES.split(), "eighteen", "nineteen"], start=1)}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
WORDS.update(_TENS)
WORDS.update({f"{t}-{o}": v + n for t, v in _TENS.items() for o, n in list(WORDS.items())[:9]})
WORDS.update({"no": 0, "a hundred": 100, "one hundred": 100, "a dozen": 12, "two dozen": 24})
_PATTERN = re.compile(r"\d[\d,]*|" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)), re.IGNORECASE)


def find_number(text: str, toll: dict[str, int | None], quote: Span) -> Span | None:
    """The span of the number in the quote, or up to 250 code points after it, that gives the toll; None if none does.

    "more than 70" is annotated as at least 71, so that one less than the minimum fits where there is no maximum.
    """
    low, high = toll.get("min"), toll.get("max")
    wanted = {low, high} - {None}
    if high is None and low is not None:
        wanted.add(low - 1)
    for area in (quote, Span(quote.end, min(len(text), quote.end + 250))):
        for match in _PATTERN.finditer(text, area.start, area.end):
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            if before.isalnum() or after.isalnum():
                continue
            shown = match.group().lower()
            value = int(shown.replace(",", "")) if shown[0].isdigit() else WORDS[shown]
            if value in wanted:
                return Span(match.start(), match.end())
    return None

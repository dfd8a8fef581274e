"""How a patrol, a withdrawal or the like went, from the words it is told in: held, cut short or called off."""

from __future__ import annotations

import re
from collections.abc import Iterable

# English, as reports put it; other languages leave the course open, which counts as held.
_CALLED_OFF = re.compile(
    r"\b(?:call(?:ed|s|ing)? (?:it )?off|cancel(?:l?ed|s|lation)?|postpon(?:e[ds]?|ing)"
    r"|prevent(?:ed|s)?|block(?:ed|s|ing)?"
    r"|did not (?:take place|go ahead)|failed to (?:take place|start|begin)|suspend(?:ed|s)?|refus(?:ed|es|al))\b",
    re.IGNORECASE,
)
_CUT_SHORT = re.compile(
    r"\b(?:cut short|shorten(?:ed|s)?|curtail(?:ed|s)?|turn(?:ed|s)? back"
    r"|forced (?:back|to (?:return|turn|stop))|halted|interrupt(?:ed|s)?"
    r"|returned early|abort(?:ed|s)?|partial(?:ly)?|incomplete|only part of|stopped (?:at|near|short|before))\b",
    re.IGNORECASE,
)


def course_of(quotes: Iterable[str]) -> str | None:
    """`cut_short`, `called_off` or `held`; None without a quote. Begun and stopped goes before not begun at all."""
    texts = [quote for quote in quotes if quote.strip()]
    if not texts:
        return None
    if any(_CUT_SHORT.search(text) for text in texts):
        return "cut_short"
    return "called_off" if any(_CALLED_OFF.search(text) for text in texts) else "held"

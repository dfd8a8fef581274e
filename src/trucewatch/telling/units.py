"""What the unit of a tally means, so that claims in words can be laid beside counted incidents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trucewatch.terms.codebooks import types_of


@dataclass(frozen=True, slots=True)
class Measure:
    """How a unit is counted. `what`: killed, injured, incidents, site_days, or `not comparable` with None beside it.

    `types` are the incident types that count; a unit of plain violations counts every violent type.
    """

    what: str
    types: frozenset[str]
    in_words: str


NOT_COMPARABLE = "not comparable"
_VIOLENT = types_of(("violent",)) | {"violation"}

# The first pattern that fits decides: people before means, means before plain attacks.
_UNITS: tuple[tuple[str, str, frozenset[str], str], ...] = (
    (r"displaced|returned|refugee|famil|prisoner|detain|vehicle|convoy|patrol|truck|km|hectare",
     NOT_COMPARABLE, frozenset(), "people moved, goods or things that incidents do not count"),
    (r"kill|dead|death|die|martyr|fatalit", "killed", _VIOLENT, "people killed in violent incidents"),
    (r"wound|injur|casualt", "injured", _VIOLENT, "people injured in violent incidents"),
    (r"\bair|raid|sortie", "incidents", frozenset({"airstrike", "drone_strike"}), "air and drone strikes"),
    (r"drone", "incidents", frozenset({"drone_strike"}), "drone strikes"),
    (r"shell|artiller|rocket|mortar", "incidents", frozenset({"shelling"}), "shellings"),
    (r"clash|battle", "incidents", frozenset({"armed_clash", "ground_assault"}), "clashes and assaults"),
    (r"site|facilit|school|hospital|market|village|town|settlement|point", "site_days", _VIOLENT, "places hit, by day"),
    (r"violat|breach|attack|strike|incident|time|case|bombard|fire|shoot", "incidents", _VIOLENT, "violent incidents"),
)  # fmt: skip


def measure_of(unit: str) -> Measure:
    """What a unit is counted as; `not comparable` where incidents cannot bear it out."""
    text = unit.casefold()
    for pattern, what, types, words in _UNITS:
        if re.search(pattern, text):
            return Measure(what, types, words)
    return Measure(NOT_COMPARABLE, frozenset(), "a unit that is not known")

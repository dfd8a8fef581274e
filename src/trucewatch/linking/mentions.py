"""A mention taken apart: the bare name, and what class words and points of the compass beside it say."""

from __future__ import annotations

import re
from dataclasses import replace

from trucewatch.linking.cues import site_word
from trucewatch.linking.gazetteers import Gazetteer
from trucewatch.linking.gazetteers.press import capital_of
from trucewatch.linking.surroundings import state_of_adjective
from trucewatch.terms.places import PlaceMention

# Class words by the feature classes they agree with.
_HINTS: dict[str, frozenset[str]] = {
    "P": frozenset(
        [
            "city",
            "town",
            "village",
            "hamlet",
            "settlement",
            "capital",
            "port",
            "suburb",
            "neighbourhood",
            "neighborhood",
            "quarter",
            "locality",
            "community",
        ]
    ),
    "A": frozenset(
        [
            "province",
            "governorate",
            "state",
            "oblast",
            "raion",
            "district",
            "subdistrict",
            "county",
            "prefecture",
            "department",
            "municipality",
            "country",
        ]
    ),
    "S": frozenset(
        ["camp", "airport", "airbase", "base", "crossing", "hospital", "dam", "post", "barracks", "checkpoint"]
    ),
    "T": frozenset(
        ["mountain", "mount", "mountains", "hill", "hills", "plain", "island", "jabal", "plateau", "heights"]
    ),
    "H": frozenset(["river", "lake", "sea", "bay", "gulf", "canal"]),
    "R": frozenset(["road", "highway", "motorway", "route"]),
}
_BARE = frozenset(
    [
        "city",
        "town",
        "village",
        "villages",
        "towns",
        "district",
        "subdistrict",
        "province",
        "governorate",
        "region",
        "area",
        "areas",
        "countryside",
        "suburb",
        "suburbs",
        "outskirts",
        "neighbourhood",
        "neighborhood",
        "quarter",
        "oblast",
        "raion",
        "county",
        "department",
        "municipality",
        "front",
        "axis",
        "sector",
        "pocket",
        "zone",
        "enclave",
        "hills",
        "of",
        "the",
    ]
)
_COMPASS = re.compile(r"^(?:(north|south)[- ]?)?(?:(east|west))?(?:ern)?$|^(north|south)(?:ern)?$")
# Sites that are called after the place they lie in or by.
_SITES = re.compile(
    r" (?:(?:refugee|displacement|idp|military|army|air|international|border|central|oil|gas|bus|train|railway) )*"
    r"(?:camps?|airports?|airfield|airbase|base|air ?port|terminal|square|roads?|street|highway|bridge|hotel|park|"
    r"prison|hospital|mosque|church|cathedral|school|university|market|crossing|checkpoint|fields?|dam|refinery|"
    r"station|palace|museum|barracks|port|harbour|harbor|factory|plant|border|triangle|gate|pass|valley|island)$",
    re.IGNORECASE,
)
_SET_IN = re.compile(r"^.*[^\W\d_] (?:in|near|outside|of|north of|south of|east of|west of) (?=[A-ZÀ-Ý])")
_CAPITAL = re.compile(r"^(.+?)(?:['’]s)? capital(?: city)?$", re.IGNORECASE)
_HELD = re.compile(r"-(?:held|controlled|occupied|run)$")
_NUMBER = re.compile(r"-\d+$")  # "Zolote-4" is a part of Zolote
_ROAD_BETWEEN = re.compile(
    r"^(?P<a>[A-ZÀ-Þ][\w' ]{2,}\w) ?[-–] ?(?P<b>[A-ZÀ-Þ][\w' ]{2,}\w)"
    r"(?: (?:international )?(?:road|highway|motorway))?$"
)
_CENTRAL = frozenset(["central", "greater", "rural", "inner", "downtown", "old"])


def feature_of_hint(hint: str | None) -> str | None:
    """The feature class letter that a class word stands for, or None."""
    word = (hint or "").lower().removesuffix("s")
    return next((feature for feature, words in _HINTS.items() if word in words or f"{word}s" in words), None)


def taken_apart(mention: PlaceMention) -> PlaceMention:
    """The mention with class words and compass points of its name moved into `kind_hint`, `relation` and `bearing`.

    "eastern Idlib countryside" becomes "Idlib" with relation `direction` and bearing "E". A name that is nothing but
    such words stays as it is.
    """
    owner, apart, thing = mention.name.replace("’s ", "'s ").rpartition("'s ")
    if apart:  # "Mariupol's city hall": a thing in a place
        return replace(mention, name=thing, relation="part", within=(*mention.within, owner))
    words = [w for w in mention.name.split() if not _HELD.search(w)] or mention.name.split()
    words[-1] = _NUMBER.sub("", words[-1])
    bearing, hint, relation = mention.bearing, mention.kind_hint, mention.relation
    while len(words) > 1 and (_compass(words[0]) or words[0].lower() in _CENTRAL or words[0].lower() in _BARE):
        head = words.pop(0)
        if (points := _compass(head)) and relation == "in":
            if head.lower().endswith("ern"):
                relation, bearing = "direction", points
            else:  # "East Aleppo" is a part of a city, "eastern Aleppo" mostly of a province
                relation, hint = "part", hint or "city"
        elif head.lower() in _BARE - {"the", "of"}:
            hint = hint or head.lower()
    while len(words) > 1 and words[-1].lower() in _BARE:
        tail = words.pop().lower()
        if tail in ("countryside", "outskirts", "suburbs") and relation == "in":
            relation = "countryside" if tail != "outskirts" else tail
        hint = hint or (None if tail == "of" else tail)
    name = " ".join(words)
    hint = hint or site_word(name)
    return replace(mention, name=name, bearing=bearing, kind_hint=hint, relation=relation)


def taken_apart_if_unknown(mention: PlaceMention, gazetteer: Gazetteer) -> PlaceMention:
    """The mention as it is where its whole name is known exactly ("Eastern Ghouta"), else taken apart."""
    if any(f.grade == "exact" for f in gazetteer.find(mention.name)):
        return mention
    if (owner := _CAPITAL.match(mention.name)) and (name := _capital(owner[1], gazetteer)):
        return replace(mention, name=name, kind_hint="capital")
    ends = _ROAD_BETWEEN.match(mention.name)
    if ends and all(any(f.grade == "exact" for f in gazetteer.find(ends[end])) for end in "ab"):
        return replace(mention, others=(ends["a"], ends["b"]), relation="along")
    return taken_apart(mention)


def _capital(owner: str, gazetteer: Gazetteer) -> str | None:
    """The capital of the country that "Syrian" or "Syria" names."""
    states = [state_of_adjective(owner, gazetteer), *(f for f in gazetteer.find(owner) if f.grade == "exact")]
    return next((capital_of(f.country) for f in states if f is not None and f.kind.startswith("PCL")), None)


def site_of(mention: PlaceMention) -> PlaceMention | None:
    """The place that a site nobody knows is called after or said to lie in, as a part of it; None where none is named.

    "Handarat camp" lies by Handarat, "airbase in Latakia" in Latakia, "Damascus airport" somewhere by Damascus.
    """
    name = mention.name
    for bare in (_SET_IN.sub("", name), _SITES.sub("", name)):
        if bare != name and bare[:1].isupper():
            return taken_apart(replace(mention, name=bare, relation="near", kind_hint=None, bearing=None))
    return None


def _compass(word: str) -> str:
    found = _COMPASS.match(word.lower())
    if not found or not word:
        return ""
    return "".join(part[0].upper() for part in found.groups() if part)

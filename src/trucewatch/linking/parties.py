"""Parties as the text itself completes them, and places that were taken for parties.

Reading cuts names short now and then: "forces" of "Regime forces", "Units" of "Units of the Syrian Arab Army". What
stands beside the name in the text is looked up with it; nothing is taken from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from trucewatch.linking.descriptions import describe
from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Gazetteer
from trucewatch.terms.accounts import Account, Party
from trucewatch.terms.actors import Actor
from trucewatch.terms.heads import names_nobody
from trucewatch.terms.registries import Registry, fold_actor
from trucewatch.terms.spans import Span

NEAR_KM = 60.0  # a settlement so near the incident is the place of that name and no group called after it
_BEFORE = re.compile(r"(?:[^\W\d_][\w'’-]*[ ]){1,3}$")
_OWNER = re.compile(r"[ ]of[ ](?:the[ ])?([A-Z][\w'’-]*(?:[ ][A-Z][\w'’-]*){0,4})")
_ACCUSING = re.compile(r"\b(?:accus|blam)\w+[ ](?:the[ ])?$", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:in|near|from|at|inside|across|around|outside|over)[ ]$", re.IGNORECASE)  # "in Syria forces"
_OF = re.compile(r"[ ](?:of|for)[ ]\w+ing\b")


def known(name: str, registry: Registry, on: str | None) -> Actor | None:
    """The actor of the registry that the name means on that day, by its names or as a description."""
    return registry.resolve(name, on) or describe(name, registry, on)


def completed(party: Party, text: str, registry: Registry, on: str | None) -> Party:
    """The party with the words beside it in the text, where they make it one that the registry knows; else as it is.

    "forces" with "Regime" before it, "Units" with "of the Syrian Arab Army" after it, and the tail of a registry's
    name that the text has in full elsewhere.
    """
    span = party.span
    if span is None or text[span.start : span.end] != party.name:
        return party
    if names_nobody(party.name):
        before = _BEFORE.search(text[max(0, span.start - 60) : span.start])
        words = before.group().split() if before else []
        for n in range(len(words)):
            wider = " ".join([*words[n:], party.name])
            start = span.end - len(wider)
            if _WHERE.search(text[:start][-12:]) or text[start : span.end] != wider:
                continue
            if (actor := known(wider, registry, on)) is not None:
                return Party(wider, Span(start, span.end), actor.actor_id)
        owner = _OWNER.match(text, span.end)
        if owner is not None and (actor := known(owner.group(1), registry, on)) is not None:
            return Party(text[span.start : owner.end()], Span(span.start, owner.end()), actor.actor_id)
        return party
    tail = f" {fold_actor(party.name)}"
    if len(tail.split()) > 1:
        wholes = [name for name in registry.names() if fold_actor(name).endswith(tail) and name in text]
        found = {actor.actor_id for name in wholes if (actor := registry.resolve(name, on)) is not None}
        if len(found) == 1:
            return replace(party, actor_id=found.pop())
    return party


def accused_before(account: Account, text: str, registry: Registry, on: str | None) -> Party | None:
    """The doer of "accused X of shelling ..." where the account begins with X; None where it is not told so."""
    start = account.span.start
    if not _ACCUSING.search(text[max(0, start - 24) : start]):
        return None
    for name in sorted(registry.names(), key=len, reverse=True):
        if text.startswith(name, start) and _OF.match(text, start + len(name)):
            actor = registry.resolve(name, on)
            return Party(name, Span(start, start + len(name)), actor.actor_id) if actor else None
    return None


def is_place(party: Party, account: Account, gazetteer: Gazetteer | None) -> bool:
    """True for a name that nobody in the registry bears and that is the name of a settlement near the incident.

    Countries and capitals stand for their governments and are left as they are.
    """
    if gazetteer is None or party.actor_id is not None or not any(c.isupper() for c in party.name):
        return False
    around = [(p.lat, p.lon) for p in account.places if p.lat is not None and p.lon is not None]
    if not around:
        return False
    found = [f for f in gazetteer.find(party.name) if f.grade == "exact" and f.feature == "P" and f.kind != "PPLC"]
    return any(km_between(lat, lon, f.lat, f.lon) <= NEAR_KM for f in found for lat, lon in around)


def without_places(
    parties: Sequence[Party], account: Account, gazetteer: Gazetteer | None
) -> tuple[tuple[Party, ...], tuple[str, ...]]:
    """The parties that are no places, and the names of those that are."""
    places = tuple(p.name for p in parties if is_place(p, account, gazetteer))
    return tuple(p for p in parties if p.name not in places), places

"""Descriptions of actors: "Russian warplanes", "regime artillery", "Turkish troops", "Idlib's HTS fighters"."""

from __future__ import annotations

from trucewatch.terms.actors import Actor
from trucewatch.terms.registries import Registry, fold_actor

# What stands for the force it belongs to. Folded.
_ARMS = frozenset(
    [
        "aircraft",
        "airforce",
        "airplanes",
        "artillery",
        "army",
        "armed",
        "bomber",
        "bombers",
        "drone",
        "drones",
        "fighter",
        "fighters",
        "fighting",
        "force",
        "forces",
        "fire",
        "gunmen",
        "gunners",
        "helicopter",
        "helicopters",
        "infantry",
        "jet",
        "jets",
        "men",
        "militants",
        "military",
        "militia",
        "militiamen",
        "mortars",
        "navy",
        "personnel",
        "plane",
        "planes",
        "positions",
        "rocket",
        "rockets",
        "shelling",
        "sniper",
        "snipers",
        "soldier",
        "soldiers",
        "tank",
        "tanks",
        "troop",
        "troops",
        "unit",
        "units",
        "warplane",
        "warplanes",
        "warship",
        "warships",
        "air",
        "ground",
        "special",
        "allied",
        "elements",
        "convoy",
        "convoys",
        "guards",
        "patrol",
        "patrols",
        "command",
        "ministry",
        "defence",
        "defense",
        "of",
        "the",
        "and",
        "s",
        "its",
        "government",
        "authorities",
        "state",
        "security",
    ]
)
_OTHERS = frozenset(
    [
        "backed",
        "supported",
        "affiliated",
        "allied",
        "linked",
        "aligned",
        "loyal",
        "pro",
        "anti",
        "former",
        "opposed",
        "against",
        "ex",
        "led",
    ]
)
_ENDINGS = (
    ("ian", ""),
    ("ian", "e"),
    ("n", ""),
    ("i", ""),
    ("ese", ""),
    ("ish", "ey"),
    ("ish", "iye"),
    ("", "istan"),
    ("", ""),
)


def describe(name: str, registry: Registry, on: str | None) -> Actor | None:
    """The one actor of the registry that the description means on that day, or None.

    Words for men and arms are taken off; what is left must be a name, or the adjective of a state's name. For a state
    its army is meant where the registry has exactly one that belongs to it. "Turkish-backed groups" is not Turkey.
    """
    words = [w for w in fold_actor(name).split() if w != "s"]
    if any(w in _OTHERS for w in words):
        return None
    bare = [w for w in words if w not in _ARMS]
    armed = len(bare) < len(words)
    if not bare:
        return None
    actor = registry.resolve(" ".join(bare), on)
    for ending, to in _ENDINGS if actor is None else ():
        if len(bare) == 1 and bare[0].endswith(ending):
            actor = registry.resolve(bare[0][: len(bare[0]) - len(ending)] + to, on)
        if actor is not None:
            break
    if actor is None or actor.kind != "state" or not armed or {"government", "ministry"} & set(words):
        return actor
    armies = [a for a in registry if a.kind == "army" and actor.actor_id in registry.groups(a.actor_id, on)]
    return armies[0] if len(armies) == 1 else actor

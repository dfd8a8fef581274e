"""Who an agreement binds: names, aliases and members of its actors, matched to the names incidents give."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from trucewatch.judging.schemas import ActorForm, AgreementForm, MemberForm
from trucewatch.terms.registries import Registry, fold_actor

Role = Literal["party", "guarantor", "bound", "exempt", "not_bound"]
GROUPS: dict[str, tuple[Role, ...]] = {
    "parties": ("party",),
    "guarantors": ("guarantor",),
    "bound": ("party", "bound"),
    "all": ("party", "guarantor", "bound"),
    "exempt": ("exempt",),
}
# What may stand behind a name without changing who is meant: "Russian warplanes" are Russia's.
_ARMS = frozenset(
    {
        "force", "forces", "troop", "troops", "army", "armies", "military", "militaries", "soldier", "soldiers",
        "fighter", "fighters", "militia", "militias", "militant", "militants", "warplane", "warplanes", "jet",
        "jets", "aircraft", "airplane", "airplanes", "plane", "planes", "helicopter", "helicopters", "gunship",
        "gunships", "drone", "drones", "uav", "uavs", "artillery", "tank", "tanks", "rocket", "rockets",
        "mortar", "mortars", "unit", "units", "gunner", "gunners", "sniper", "snipers", "air", "ground",
        "naval", "navy", "police", "armed", "aviation", "command", "battalion", "brigade", "convoy", "patrol",
        "patrols", "group", "groups", "side", "regime", "government",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What a name is under an agreement: keys of the actors it may mean; empty where it is none of them.

    `known` is True where the name is somebody's, be it of the agreement or of the registry. `why` says how it matched.
    """

    keys: frozenset[str]
    known: bool
    why: str


@dataclass(frozen=True, slots=True)
class _Name:
    key: str
    since: str | None
    until: str | None

    def holds(self, on: str | None) -> bool:
        if on is None:
            return True
        return (self.since is None or self.since <= on) and (self.until is None or on[: len(self.until)] <= self.until)


class Roster:
    """The actors of one agreement by every name the file gives them. Nothing in it changes after it is made."""

    def __init__(self, form: AgreementForm) -> None:
        self.roles: dict[str, Role] = {}
        self.forms: dict[str, ActorForm] = {}
        self._names: dict[str, list[_Name]] = defaultdict(list)
        self._ids: dict[str, list[_Name]] = defaultdict(list)
        self.dated = False  # True where a name or membership holds for a time only
        rows: list[tuple[Role, tuple[ActorForm, ...]]] = [
            ("party", form.parties), ("guarantor", form.guarantors), ("bound", form.bound),
            ("exempt", form.exempt), ("not_bound", form.not_bound),
        ]  # fmt: skip
        for role, actors in rows:
            for actor in actors:
                # a state may be party and guarantor at once; its first role is kept, its names are joined
                self.roles.setdefault(actor.name, role)
                self.forms.setdefault(actor.name, actor)
                for named in (actor, *actor.members):
                    self._add(actor.name, named)

    def _add(self, key: str, named: MemberForm) -> None:
        entry = _Name(key, named.since, named.until)
        self.dated = self.dated or bool(named.since or named.until)
        for name in (named.name, *named.aliases):
            self._names[fold_actor(name)].append(entry)
        if named.actor_id:
            self._ids[named.actor_id].append(entry)

    def known(self) -> list[str]:
        """Every name a term may use for its bearers, groups among them."""
        return sorted([*self.roles, *GROUPS])

    def knows(self, name: str) -> bool:
        """True for an actor's name or a group of actors."""
        return name in self.roles or name in GROUPS

    def keys(self, names: tuple[str, ...]) -> frozenset[str]:
        """The actors meant by names and groups."""
        out = {name for name in names if name in self.roles}
        for name in names:
            out.update(key for key, role in self.roles.items() if role in GROUPS.get(name, ()))
        return frozenset(out)

    def exempt(self, side: Literal["actor", "target"]) -> frozenset[str]:
        """The actors exempt as doers, or as targets."""
        return frozenset(
            key for key, actor in self.forms.items()
            if self.roles[key] == "exempt" and side in getattr(actor, "applies_to", ())
        )  # fmt: skip

    def standing(self, name: str, actor_id: str | None, on: str | None, registry: Registry | None) -> Standing:
        """What a name means on an ISO day: by the agreement's own names first, then through the registry."""
        folded = fold_actor(name)
        own = self._match(folded, on)
        if own:
            return Standing(own, True, f"'{name}' is named in the agreement")
        if registry is not None:
            actor = registry.get(actor_id) or registry.resolve(name, on)
            if actor is not None:
                keys: set[str] = set()
                for group_id in registry.groups(actor.actor_id, on):
                    keys |= {n.key for n in self._ids.get(group_id, ()) if n.holds(on)}
                    group = registry.get(group_id)
                    for label in (group.name, *(a.name for a in group.aliases)) if group else ():
                        keys |= self._match(fold_actor(label), on)
                how = f"'{name}' is {actor.name} in the registry"
                return Standing(frozenset(keys), actor.kind != "unknown", how)
        if actor_id is not None and actor_id in self._ids:
            return Standing(frozenset(n.key for n in self._ids[actor_id] if n.holds(on)), True, f"by its id {actor_id}")
        bare = self._bare(folded, on)
        if bare:
            return Standing(bare, True, f"'{name}' without the words for arms and troops")
        return Standing(
            frozenset(), False, f"'{name}' is not in the agreement" + (" or the registry" if registry else "")
        )

    def _match(self, folded: str, on: str | None) -> frozenset[str]:
        return frozenset(n.key for n in self._names.get(folded, ()) if n.holds(on))

    def _bare(self, folded: str, on: str | None) -> frozenset[str]:
        words = folded.split()
        while len(words) > 1 and words[-1] in _ARMS:
            words.pop()
            found = self._match(" ".join(words), on)
            if found:
                return found
        return frozenset()

"""The registry of a dossier: actors with dated aliases, memberships and sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Alias:
    """A name an actor goes or went by, for a time (ISO, None open). `kind`: name, short, formerly, description."""

    name: str
    since: str | None = None
    until: str | None = None
    kind: str = "name"


@dataclass(frozen=True, slots=True)
class Membership:
    """That an actor belongs to or is backed by another, for a time. `relation`: member, part, backed, allied."""

    of: str
    relation: str = "member"
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor of the registry. `kind`: state, army, group, coalition, civilian, body, person, media, unknown."""

    actor_id: str
    name: str
    kind: str = "group"
    aliases: tuple[Alias, ...] = ()
    memberships: tuple[Membership, ...] = ()
    side: str | None = None
    note: str | None = None


class ActorNames(Protocol):
    """What reading may ask about names of actors: made by linking, handed in by running."""

    def is_actor(self, name: str) -> bool:
        """True where the registry knows the name."""
        ...

    def names(self) -> Sequence[str]:
        """Every name and alias."""
        ...

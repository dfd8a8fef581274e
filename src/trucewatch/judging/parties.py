"""Who did what to whom in an incident, as one agreement sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from trucewatch.judging.rosters import Roster
from trucewatch.terms.accounts import Party
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import Registry

Standing = Literal["bound", "exempt", "not bound", "unknown"]


@dataclass(frozen=True, slots=True)
class Casting:
    """One name in its part: `keys` are the agreement's actors it may mean, empty where it is none of them."""

    name: str
    keys: frozenset[str]
    exempt: bool
    known: bool
    why: str


@dataclass(frozen=True, slots=True, eq=False)  # one object per cast, made by `Casts`: compared by identity
class Cast:
    """The actors and targets of an incident. `rival` is True where accounts name different doers."""

    actors: tuple[Casting, ...]
    targets: tuple[Casting, ...]
    rival: bool
    sides: tuple[tuple[str, str], ...]  # (key, side) of the agreement's actors

    def standing(self, actor: Casting, bearers: frozenset[str], exemptions: bool) -> Standing:
        """How the actor stands to a term with these bearers."""
        bound = bool(actor.keys & bearers)
        if exemptions and actor.exempt:
            return "unknown" if bound else "exempt"
        if bound:
            return "bound"
        return "not bound" if actor.keys or actor.known else "unknown"

    def opponents(self, bearers: frozenset[str]) -> list[Casting]:
        """In a clash whose targets are not told: those who are not on the side of the bound actors.

        Everybody, where bound actors of two sides take part: then they are each other's opponents.
        """
        sides = dict(self.sides)
        bound = [a for a in self.actors if a.keys & bearers]
        if len({sides.get(key, key) for a in bound for key in a.keys & bearers}) > 1:
            return list(self.actors)
        return [a for a in self.actors if a not in bound]


class Casts:
    """Casts incidents under one agreement; every name is looked up once a day it is told of."""

    def __init__(self, roster: Roster, registry: Registry | None) -> None:
        self.roster, self.registry = roster, registry
        self._exempt = roster.exempt("actor")
        self._sides = tuple(sorted((key, form.side or key) for key, form in roster.forms.items()))
        self._known: dict[tuple[str, str | None, str | None], Casting] = {}
        self._casts: dict[tuple[object, ...], Cast] = {}

    def __call__(self, incident: Incident) -> Cast:
        """The cast of an incident, names resolved on its first day."""
        time = incident.time
        on = (time.earliest or time.latest) if time else None
        day = on[:10] if on and (self.registry is not None or self.roster.dated) else None
        actors = tuple((a.name, a.actor_id) for a in incident.actors)
        targets = tuple((t.name, t.actor_id) for t in incident.targets)
        key = (actors, targets, incident.contested, day)
        found = self._casts.get(key)
        if found is None:
            found = self._casts[key] = Cast(
                self._group(incident.actors, day), self._group(incident.targets, day), incident.contested, self._sides
            )
        return found

    def _group(self, parties: Sequence[Party], on: str | None) -> tuple[Casting, ...]:
        return tuple(self.casting(p.name, p.actor_id, on) for p in parties)

    def casting(self, name: str, actor_id: str | None, on: str | None) -> Casting:
        """What a name is under the agreement on a day."""
        key = (name, actor_id, on)
        if key not in self._known:
            standing = self.roster.standing(name, actor_id, on, self.registry)
            exempt = bool(standing.keys & self._exempt)
            self._known[key] = Casting(name, standing.keys, exempt, standing.known, standing.why)
        return self._known[key]

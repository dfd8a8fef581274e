"""What accounts from one or more reports tell of: a reversible cluster, with why its accounts belong together."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.terms.accounts import Party
from trucewatch.terms.counts import Count
from trucewatch.terms.places import Place
from trucewatch.terms.times import Interval


@dataclass(frozen=True, slots=True)
class Feature:
    """One named comparison of two accounts: the two values and what it adds to the score (negative speaks against)."""

    name: str
    left: str
    right: str
    weight: float


@dataclass(frozen=True, slots=True)
class Link:
    """That two accounts tell of one incident, with the score (0 to 1) and the features it is made of."""

    left_id: str
    right_id: str
    score: float
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who first said it. Ten papers quoting one observatory are one. `side` is its alignment, None if not stated."""

    origin_id: str
    name: str
    kind: str  # speaker, source, copy_group
    account_ids: tuple[str, ...]
    side: str | None = None
    reliability: str = "F"


@dataclass(frozen=True, slots=True)
class TollClaim:
    """A figure with who says it."""

    what: str  # killed, injured
    count: Count
    account_id: str
    origin_id: str


@dataclass(frozen=True, slots=True)
class TollRange:
    """Low, best and high of one kind of toll over all accounts; None means nobody gives a figure."""

    what: str
    low: int | None
    best: int | None
    high: int | None
    claims: tuple[TollClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """A cluster of accounts and what they say together.

    `accused` are the actors any account names, `actor_sets` keep rival attributions apart by origin. `contested` is
    True where origins name different doers or one denies it. `breach_called` lists the accounts that call it a breach.
    """

    incident_id: str
    account_ids: tuple[str, ...]
    type: str
    reality: str
    time: Interval | None
    places: tuple[Place, ...]
    actors: tuple[Party, ...]
    targets: tuple[Party, ...]
    tolls: tuple[TollRange, ...]
    origins: tuple[Origin, ...]
    links: tuple[Link, ...] = ()
    contested: bool = False
    denied_by: tuple[str, ...] = ()  # statement or account ids
    breach_called: tuple[str, ...] = ()
    episode_id: str | None = None
    confidence: float | None = None
    killed: Count | None = None
    injured: Count | None = None

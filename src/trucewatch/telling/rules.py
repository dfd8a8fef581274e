"""Counting rules: what counts as one. Each is a named, documented function from an incident to what it adds.

A rule gives ticks. A tick has a key and a number: within a cell of the ledger, ticks with the same key are one thing
and are counted once, with the greatest number; different keys add up. So a rule that counts "the same actors, type,
place and day once" gives those four as its key, and no order of incidents changes a count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trucewatch.telling.tellings import NOT_TOLD, Telling
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import fold_actor

FIRE = frozenset({"armed_clash", "shelling", "airstrike", "drone_strike", "gunfire"})
DEADLY_FAMILIES = frozenset({"battle", "remote", "direct"})


@dataclass(frozen=True, slots=True)
class Tick:
    """What an incident adds to a cell. `told` is False where the number was not in the text and one is assumed."""

    key: tuple[str, ...]
    n: int = 1
    told: bool = True


Counter = Callable[[Incident, Telling], tuple[Tick, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A counting rule. `unit` is what a count is a number of."""

    rule_id: str
    label: str
    unit: str
    definition: str
    count: Counter


def incident(incident: Incident, telling: Telling) -> tuple[Tick, ...]:
    """Each incident is one, however many places, weapons or dead it has."""
    return (Tick((incident.incident_id,)),)


_UNITS = "explosion|burst|shot|round|shell|rocket|missile|projectile|mortar|bomb|raid|strike|grenade|bullet|impact"
_WORDS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
# "nine mortar rounds" is a figure; "two soldiers in rocket fire" and "two men shot dead" are not: the unit is in the
# plural from two on, and no preposition or conjunction stands between.
_BETWEEN = r"(?:(?!(?:and|as|at|by|from|in|of|on|or|to|when|while|with)\b)[\w-]+\s+){0,2}?"
_FIGURE = re.compile(
    rf"\b(?:(?:one|1)\s+{_BETWEEN}(?:{_UNITS})|(?P<n>\d{{1,4}}|{'|'.join(_WORDS)})\s+{_BETWEEN}(?:{_UNITS})e?s)\b", re.I
)


def figures_of_fire(text: str) -> int | None:
    """The explosions, bursts, shots and rounds a text gives, summed over its phrases; None where it gives none."""
    found = [(match["n"] or "one").lower() for match in _FIGURE.finditer(text)]
    return sum(int(n) if n.isdigit() else _WORDS.index(n) + 1 for n in found) if found else None


def smm_observation(incident: Incident, telling: Telling) -> tuple[Tick, ...]:
    """Each explosion, burst or shot the text gives is one, as the OSCE monitors in Ukraine counted.

    Only incidents of fire and bombs count. The greatest figure any account gives is taken; where no account gives one,
    the incident counts as one and the count is marked as assumed: the true number is not known and is not smaller.
    """
    if incident.type not in FIRE | {"bombing"}:
        return ()
    given = [n for account in telling.quotes(incident) if (n := figures_of_fire(account.quote)) is not None]
    if not given or max(given) < 1:
        return (Tick((incident.incident_id,), 1, told=False),)
    return (Tick((incident.incident_id,), max(given)),)


def firing_case(incident: Incident, telling: Telling) -> tuple[Tick, ...]:
    """Fire from one side at one place on one day is one case, as armistice and line-of-control commissions count.

    Artillery, air, drone and small-arms fire and exchanges count; planted bombs, assaults and arrests do not. The
    number of rounds does not matter, nor does a change of weapon in the course of the day.
    """
    if incident.type not in FIRE:
        return ()
    doers = _doers(incident, telling)
    return tuple(Tick((doers, place, _day(incident))) for place in _places(incident))


def acled_like(incident: Incident, telling: Telling) -> tuple[Tick, ...]:
    """The same actors, event type, place and day is one, as ACLED codes atomic events.

    Types without a code in ACLED do not count. An incident told of several places counts once at each. An incident
    that may lie on several days is put on the first, as ACLED's coders do with a period. Undated or unplaced ones stay
    apart, each by itself.
    """
    known = incident_types().get(incident.type)
    if known is None or known.acled is None:
        return ()
    doers = _doers(incident, telling)
    return tuple(Tick((doers, known.acled, place, _day(incident))) for place in _places(incident))


def ucdp_like(incident: Incident, telling: Telling) -> tuple[Tick, ...]:
    """Each violent incident with at least one death is one, as UCDP's georeferenced events.

    The best estimate decides; where there is none, the low one. No figure is not zero, but it does not count either.
    """
    known = incident_types().get(incident.type)
    if known is None or not known.violent or known.family not in DEADLY_FAMILIES | {"property", "control"}:
        return ()
    for toll in incident.tolls:
        if toll.what == "killed" and (toll.best if toll.best is not None else toll.low or 0) >= 1:
            return (Tick((incident.incident_id,)),)
    return ()


def site_day(incident: Incident, telling: Telling) -> tuple[Tick, ...]:
    """Each place hit on a day is one: five villages shelled on one day are five, one village shelled twice is one."""
    known = incident_types().get(incident.type)
    if known is None or not known.violent:
        return ()
    return tuple(Tick((place, _day(incident))) for place in _places(incident))


def _doers(incident: Incident, telling: Telling) -> str:
    keys = sorted({telling.actor_key(party) for party in incident.actors})
    return "+".join(keys) or NOT_TOLD


def _places(incident: Incident) -> list[str]:
    """Keys of the places; one of the incident's own where no place is told, so that unknowns are never merged."""
    names = {place.place_id or fold_actor(place.name) for place in incident.places}
    return sorted(names) or [f"?{incident.incident_id}"]


def _day(incident: Incident) -> str:
    time = incident.time
    day = (time.earliest or time.latest) if time else None
    return day or f"?{incident.incident_id}"


def _rule(count: Counter, label: str, unit: str) -> Rule:
    definition = " ".join((count.__doc__ or "").split())
    return Rule(count.__name__, label, unit, definition, count)


RULES: Mapping[str, Rule] = {
    rule.rule_id: rule
    for rule in (
        _rule(incident, "Incidents", "incidents"),
        _rule(smm_observation, "Observations (SMM-like)", "observations"),
        _rule(firing_case, "Cases of firing", "cases"),
        _rule(acled_like, "Events (ACLED-like)", "events"),
        _rule(ucdp_like, "Deadly events (UCDP-like)", "deadly events"),
        _rule(site_day, "Site-days", "site-days"),
    )
}


def rule_named(rule_id: str) -> Rule:
    """The rule of that id. Raises SettingsError naming the known ones."""
    if rule_id not in RULES:
        raise SettingsError("unknown-rule", unknown_name("counting rule", rule_id, RULES), todo="Choose one of them.")
    return RULES[rule_id]

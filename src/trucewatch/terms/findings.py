"""One incident held against one term, with its grounds: never a bare verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["yes", "no", "undetermined"]

OUTCOMES = (
    "breach_if_true", "consistent", "outside_area", "outside_period", "actor_not_bound", "actor_exempt",
    "not_the_act", "undetermined", "contested_reading",
)  # fmt: skip
BELIEFS = ("alleged", "single_origin", "corroborated", "admitted", "contested", "refuted", "verified")
OBLIGATION_STATES = ("pending", "due", "partly_met", "met", "overdue", "obstructed", "disputed")


@dataclass(frozen=True, slots=True)
class Test:
    """One question put to an incident: verdict, probability of yes, values compared, and what would decide it.

    `name`: in_force, act, bearer, area, exception, reality. `compared` are (label, value) pairs in words.
    """

    name: str
    verdict: Verdict
    probability: float
    compared: tuple[tuple[str, str], ...] = ()
    account_ids: tuple[str, ...] = ()
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One incident held against one term. `probability` is of a breach if the telling is true; belief stands apart.

    `reliability` (A-F) and `credibility` (1-6) are the Admiralty code, shown beside the belief and mixed into nothing.
    """

    finding_id: str
    incident_id: str
    agreement_id: str
    agreement_version: str
    term_id: str
    outcome: str
    probability: float
    tests: tuple[Test, ...]
    missing: tuple[str, ...] = ()
    reading: str | None = None  # the named branch of a contested reading
    belief: str = "alleged"
    accused: tuple[str, ...] = ()  # actor ids or names of the bearers found
    account_ids: tuple[str, ...] = ()
    reliability: str = "F"
    credibility: str = "6"


@dataclass(frozen=True, slots=True)
class Evidence:
    """An incident that counts for or against a duty having been met."""

    incident_id: str
    weighs: Literal["for", "against", "obstructs"]
    why: str
    earliest: str | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty under watch. `due` is an ISO date or date-time, None if the agreement states none."""

    obligation_id: str
    agreement_id: str
    term_id: str
    title: str
    bearers: tuple[str, ...]
    state: str
    due: str | None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    as_of: str | None = None
    days_left: int | None = None
    history: tuple[tuple[str, str], ...] = field(default=())  # (ISO date, state)
    late_days: int | None = None  # whole days by which it was met late; None where it is not met or no date is due

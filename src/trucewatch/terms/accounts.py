"""What reading finds in one report: accounts, statements and tallies, each grounded in a quote."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.terms.counts import Count
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval


@dataclass(frozen=True, slots=True)
class Maker:
    """What made a value: module, version and the hash of the settings it ran with."""

    module: str
    version: str
    settings: str


@dataclass(frozen=True, slots=True)
class Party:
    """An actor or target as the text names it. `actor_id` is set by linking; None means not resolved."""

    name: str
    span: Span | None = None
    actor_id: str | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """One link of the chain of who says so. `kind` is `named`, `unnamed`, `document`, `media` or `collective`."""

    name: str
    span: Span | None = None
    kind: str = "named"
    verb: str | None = None  # said, claimed, denied ...


@dataclass(frozen=True, slots=True)
class Toll:
    """A figure of people with who they were, as the text has it ("three children")."""

    count: Count
    what: str  # killed, injured, missing, abducted, displaced
    who: str | None = None
    span: Span | None = None
    running: bool = False  # a total that goes beyond this incident


@dataclass(frozen=True, slots=True)
class Account:
    """One report's telling of one incident: the atom.

    `said_by` is the chain, the nearest to the reader last cited first: ("activists", "the ministry") reads "activists
    told that the ministry had said"; the first who said it is the last. Empty where the narrator tells it. `time` is
    None where the text does not allow one. `killed` and `injured` are None where the text gives no figure.
    `places` holds mentions until linking has located them. `confidence` (0 to 1) is calibrated: of accounts at 0.8,
    eight in ten would be found by an annotator. `retellings` are other spans of the report that tell of the same.
    """

    account_id: str
    report_id: str
    type: str
    quote: str
    span: Span
    reality: str
    time: Interval | None
    places: tuple[Place, ...]
    actors: tuple[Party, ...]
    targets: tuple[Party, ...]
    killed: Count | None
    injured: Count | None
    said_by: tuple[Speaker, ...]
    breach: bool
    maker: Maker
    trigger: Span | None = None
    confidence: float | None = None
    tolls: tuple[Toll, ...] = ()
    retellings: tuple[Span, ...] = ()
    made_by: tuple[tuple[str, str], ...] = ()  # (field, part) pairs: which part of the reader made the value


@dataclass(frozen=True, slots=True)
class Statement:
    """What a party says beyond telling of an incident."""

    statement_id: str
    report_id: str
    kind: str
    speaker: Party | None
    quote: str
    span: Span
    about: Party | None
    maker: Maker
    time: Interval | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """A count over a period that somebody claims. `parts` are its own named parts; `cumulative` a running total."""

    tally_id: str
    report_id: str
    count: Count
    unit: str
    accused: tuple[Party, ...]
    since: str | None
    until: str | None
    said_by: tuple[Speaker, ...]
    quote: str
    span: Span
    maker: Maker
    cumulative: bool | None = None
    parts: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """An issue of the run: a code, what it is about, and an example in words. Rows, not log lines."""

    code: str
    subject_id: str | None
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class ReportReading:
    """All that was read from one report, with the doubts that arose."""

    report: Report
    accounts: tuple[Account, ...] = ()
    statements: tuple[Statement, ...] = ()
    tallies: tuple[Tally, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def unlocated(mention: PlaceMention) -> Place:
    """The mention as a place that has not been looked up yet."""
    return Place(name=mention.name, span=mention.span, mention=mention)

"""What a bulletin says, before it has a form: rows of words and figures, and the hash over all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from trucewatch.telling.bulletins.entries import Duty, Entry, Said, duties_of, entries_of, said_by
from trucewatch.telling.changes import Errata
from trucewatch.telling.coverage import SideShare, ZoneDays, parity, window, zone_days
from trucewatch.telling.ledgers import Book, Ledger, Rankings, book_of
from trucewatch.telling.rules import rule_named
from trucewatch.telling.tallies import Check, check_tallies
from trucewatch.telling.tellings import Telling
from trucewatch.terms.ids import content_hash

FORMAT = 2  # of the contents: goes up when the same telling gives other words


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure: the number as shown, what it is of, and what bounds it."""

    shown: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A bulletin's contents. `hash` is SHA-256 over all but the errata: equal contents have equal hashes anywhere.

    `since` and `until` are the ISO days asked for, None for an open end; `as_of` is the cut-off.
    """

    title: str
    as_of: str
    since: str | None
    until: str | None
    rule_id: str
    rule_label: str
    rule_definition: str
    figures: tuple[Figure, ...]
    entries: tuple[Entry, ...]
    ledger: Ledger
    rankings: Rankings
    tallies: tuple[Check, ...]
    duties: tuple[Duty, ...]
    statements: tuple[Said, ...]
    zones: tuple[ZoneDays, ...]
    sides: tuple[SideShare, ...]
    agreements: tuple[tuple[str, str, str | None, str | None], ...]  # id, title, since, until
    credits: tuple[str, ...]
    errata: Errata | None = None  # of the bulletin before; None where this is the first
    hash: str = ""


def make_bulletin(
    telling: Telling,
    *,
    rule: str = "incident",
    since: str | None = None,
    until: str | None = None,
    errata: Errata | None = None,
) -> Bulletin:
    """The bulletin of a telling that was cut to its window. Raises SettingsError for an unknown rule."""
    counting = rule_named(rule)
    entries, book = entries_of(telling), book_of(telling)
    span = window(telling)
    bulletin = Bulletin(
        title=telling.title,
        as_of=telling.as_of,
        since=since,
        until=until,
        rule_id=rule,
        rule_label=counting.label,
        rule_definition=counting.definition,
        figures=_figures(telling, entries, book, rule),
        entries=entries,
        ledger=book.ledger(rule),
        rankings=book.rankings(),
        tallies=check_tallies(telling),
        duties=duties_of(telling),
        statements=said_by(telling),
        zones=zone_days(telling, since or span[0], until or span[1]) if span else (),
        sides=parity(telling),
        agreements=tuple((a.agreement_id, a.title, a.since, a.until) for a in telling.agreements),
        credits=_credits(telling),
    )
    # corrections are told beside the contents: a bulletin that tells the same as the one before has the same hash
    return replace(bulletin, hash=content_hash({"format": FORMAT, "contents": bulletin}), errata=errata)


def _figures(telling: Telling, entries: tuple[Entry, ...], book: Book, rule: str) -> tuple[Figure, ...]:
    counting = rule_named(rule)
    counted = book.total(rule)
    beliefs = Counter(entry.belief for entry in entries if entry.standing in ("breach", "undetermined"))
    told = [entry for entry in entries if entry.reality == "asserted"]
    low = sum(entry.killed_low or 0 for entry in told)
    high = sum(entry.killed_high or entry.killed_low or 0 for entry in told)
    states = Counter(duty.state for duty in telling.obligations)
    nowhere = sum(not entry.located for entry in told)
    others = len(entries) - len(told)
    more = f"; {others} more denied, planned or threatened" if others else ""
    n_sources = len({r.source for r in telling.reports if r.source})
    return (
        Figure(str(len(told)), "incidents told", f"in {len(telling.reports)} reports of {n_sources} sources{more}"),
        Figure(
            str(counted.certain),
            f"alleged breaches ({counting.unit})",
            f"{counted.expected:.1f} expected, {counted.possible} at most; breaches if the tellings are true",
        ),
        Figure(
            str(beliefs["corroborated"] + beliefs["admitted"]),
            "of them corroborated or admitted",
            f"{beliefs['contested']} contested, {beliefs['verified']} verified by a person",
        ),
        Figure(
            f"{low}–{high}" if low != high else str(low), "deaths told of", "lowest to highest telling, all incidents"
        ),
        Figure(
            str(states["overdue"]),
            "duties overdue",
            f"{states['met']} met, {states['partly_met']} partly, {states['disputed']} disputed",
        ),
        Figure(str(nowhere), "without a place on the map", "listed below the map, counted everywhere"),
    )


def _credits(telling: Telling) -> tuple[str, ...]:
    names = sorted({source for agreement in telling.agreements for source in agreement.sources})
    return tuple(names)

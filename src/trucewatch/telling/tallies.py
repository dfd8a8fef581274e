"""Claimed against documented: each tally beside what the ledger holds for the same accused, unit and window."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from trucewatch.telling.rules import site_day
from trucewatch.telling.tellings import NOT_ALIGNED, Telling
from trucewatch.telling.units import NOT_COMPARABLE, Measure, measure_of
from trucewatch.terms.accounts import Tally
from trucewatch.terms.incidents import Incident, Origin
from trucewatch.terms.registries import fold_actor

UNDATED = "9999"  # sorts after every day
VERDICTS = {  # each in the words a reader sees
    "covered": "what is documented reaches the claim",
    "partly_covered": "some of the claim is documented",
    "uncovered": "nothing of the claim is documented",
    "impossible": "the claim contradicts itself or another of the same speaker",
    "not_comparable": "nothing here can be held against the claim",
}


@dataclass(frozen=True, slots=True)
class Documented:
    """What incidents bear out. `high` None where a telling is open upwards; `incident_ids` sorted."""

    low: int
    high: int | None
    incident_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason a tally cannot stand as claimed. `code`: parts, falls or window."""

    code: str
    what: str
    other_id: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One tally held against the ledger.

    `covered`: what is documented reaches the claim. `partly_covered`: some of it. `uncovered`: nothing is documented.
    `impossible`: the claim contradicts itself or another of the same speaker (`faults` say how). `not_comparable`: no
    incident counts its unit. `share` is documented over claimed (0 to 1), None where not comparable. What is not
    documented here may still have happened: the ledger knows only what its reports tell. `remarks` are in words what a
    reader must know of the claim and what is no fault of it: parts that do not make up the whole.
    """

    tally_id: str
    claimant: str
    side: str
    accused: tuple[str, ...]
    since: str | None
    until: str | None
    counted_as: str
    claimed_min: int | None
    claimed_max: int | None
    everyone: Documented | None
    own: Documented | None
    share: float | None
    verdict: str
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...] = ()


def check_tallies(telling: Telling, only: Collection[str] | None = None) -> tuple[Check, ...]:
    """Every tally checked, in the order of `in_order`; with `only`, those of these ids, held against all others."""
    rows = in_order(telling)
    wanted = [tally for tally in rows if only is None or tally.tally_id in only]
    faults = {tally.tally_id: _parts(tally) + _against_others(tally, rows, telling) for tally in wanted}
    return tuple(_check(tally, faults[tally.tally_id], telling) for tally in wanted)


def in_order(telling: Telling) -> list[Tally]:
    """The tallies in the order of publication and place in the report."""
    return sorted(telling.tallies, key=lambda t: (_published(t, telling), t.report_id, t.span.start, t.tally_id))


def needs_of(tally: Tally, telling: Telling) -> tuple[frozenset[str], str, str | None] | None:
    """The types, the first and the last ISO day of incidents that can bear the tally out; None where none can."""
    measure, (since, until) = _measure(tally), window_of(tally, telling)
    return None if since is None or measure.what == NOT_COMPARABLE else (measure.types, since, until)


def claimant_of(tally: Tally, telling: Telling) -> str:
    """Who claims it: the first who said it, else the source of the report, else `not told`."""
    for speaker in reversed(tally.said_by):
        # "the group said" names nobody: the publisher stands for it
        if speaker.name[:1].isupper() or telling.registry.is_actor(speaker.name):
            return speaker.name
    report = telling.report.get(tally.report_id)
    return (report.source if report else None) or "not told"


def claim_in_words(low: int | None, high: int | None) -> str:
    """What is claimed, as a reader says it; a bound that is None is open."""
    if low is None and high is None:
        return "no figure"
    if low == high:
        return f"{low:,}"
    if high is None:
        return f"at least {low:,}"
    return f"up to {high:,}" if low is None else f"{low:,}–{high:,}"


def span_in_words(documented: Documented) -> str:
    """What is documented, as a reader says it."""
    low, high = documented.low, documented.high
    return f"{low:,}" if high == low else f"{low:,} or more" if high is None else f"{low:,}–{high:,}"


def window_of(tally: Tally, telling: Telling) -> tuple[str | None, str | None]:
    """The days the tally covers; an open end is the day its report was published."""
    published = _published(tally, telling)
    return tally.since, tally.until or (published if published != UNDATED else None)


def _check(tally: Tally, faults: tuple[Fault, ...], telling: Telling) -> Check:
    measure = _measure(tally)
    since, until = window_of(tally, telling)
    claimant = claimant_of(tally, telling)
    side = telling.side_of_origin(Origin("", claimant, "speaker", ()))
    if side == NOT_ALIGNED:
        report = telling.report.get(tally.report_id)
        source = telling.source_of(report) if report else None
        side = (source.side("*") if source else None) or NOT_ALIGNED
    accused = tuple(dict.fromkeys(telling.actor_key(party) for party in tally.accused))
    everyone = own = None
    if since is None:
        # everything ever told of would bear out a claim that names no beginning
        measure = Measure(NOT_COMPARABLE, frozenset(), "the claim names no beginning")
    if measure.what != NOT_COMPARABLE:
        matched = [i for i in telling.incidents if _fits(i, measure, accused, since, until, telling)]
        everyone = _document(matched, measure, telling, None)
        own = _document(matched, measure, telling, (claimant, side))
    share = _share(tally, everyone)
    return Check(
        tally.tally_id, claimant, side, accused, since, until, measure.in_words, tally.count.min, tally.count.max,
        everyone, own, share, _verdict(share, faults), faults, _shortfall(tally),
    )  # fmt: skip


def _measure(tally: Tally) -> Measure:
    return measure_of(f"{tally.unit} {'' if len(tally.unit) > 4 else tally.quote}")


def _fits(
    incident: Incident,
    measure: Measure,
    accused: Sequence[str],
    since: str | None,
    until: str | None,
    telling: Telling,
) -> bool:
    """True where the incident may count: its type, one of the accused or a part of it, and a day in the window."""
    if incident.type not in measure.types or incident.reality != "asserted":
        return False
    time = incident.time
    if time is None or (time.earliest or time.latest) is None:
        return False
    first, last = time.earliest or time.latest, time.latest or time.earliest
    if (since and last and last < since) or (until and first and first > until):
        return False
    if not accused:
        return True
    doers = {telling.actor_key(party) for party in incident.actors}
    return any(telling.groups_of(doer, first) & set(accused) for doer in doers)


def _document(
    incidents: Sequence[Incident], measure: Measure, telling: Telling, only: tuple[str, str] | None
) -> Documented:
    """What these incidents bear out; with `only`, what the claimant or its side told itself."""
    rows = [i for i in incidents if only is None or _told_by(i, *only, telling)]
    ids = tuple(sorted(i.incident_id for i in rows))
    if measure.what == "incidents":
        return Documented(len(rows), len(rows), ids)
    if measure.what == "site_days":
        n = len({tick.key for i in rows for tick in site_day(i, telling)})
        return Documented(n, n, ids)
    low, high = 0, 0
    for incident in rows:
        toll = next((t for t in incident.tolls if t.what == measure.what), None)
        if toll is not None:
            low += toll.low or 0
            high += next((n for n in (toll.high, toll.best, toll.low) if n is not None), 0)
    return Documented(low, high, ids)


def _told_by(incident: Incident, claimant: str, side: str, telling: Telling) -> bool:
    name = fold_actor(claimant)
    return any(
        fold_actor(origin.name) == name or (side != NOT_ALIGNED and telling.side_of_origin(origin) == side)
        for origin in incident.origins
    )


def _share(tally: Tally, documented: Documented | None) -> float | None:
    claimed = tally.count.min if tally.count.min is not None else tally.count.max
    if documented is None or claimed is None:
        return None
    if claimed == 0:
        return 1.0 if documented.low == 0 else 0.0
    most = documented.high if documented.high is not None else documented.low
    return round(min(1.0, most / claimed), 3)


def _verdict(share: float | None, faults: tuple[Fault, ...]) -> str:
    if faults:
        return "impossible"
    if share is None:
        return "not_comparable"
    return "covered" if share >= 1 else "partly_covered" if share > 0 else "uncovered"


def _parts(tally: Tally) -> tuple[Fault, ...]:
    total = sum(tally.parts)
    low, high = tally.count.min, tally.count.max
    if len(tally.parts) < 2 or low is None or high is None or total <= high:
        return ()
    claimed = str(high) if low == high else f"{low} to {high}"
    summed = " + ".join(str(part) for part in tally.parts)
    return (Fault("parts", f"its parts {summed} come to {total}, more than the {claimed} claimed"),)


def _shortfall(tally: Tally) -> tuple[str, ...]:
    """How far the parts fall short of the whole: no fault, since a text may name only some of them."""
    total, low = sum(tally.parts), tally.count.min
    if len(tally.parts) < 2 or low is None or total >= low:
        return ()
    summed = " + ".join(str(part) for part in tally.parts)
    claimed = f"the {low}" if low == tally.count.max else f"the at least {low}"
    return (f"its parts {summed} come to {total}, {low - total} fewer than {claimed} claimed: the rest is not told",)


def _against_others(tally: Tally, rows: Sequence[Tally], telling: Telling) -> tuple[Fault, ...]:
    """Where the same speaker counts more in a window than in a longer one that holds it; both bear the fault."""
    out: dict[str, Fault] = {}  # by its words: a claim repeated in several reports is one contradiction
    for other in rows:
        if other.tally_id != tally.tally_id and _alike(tally, other, telling):
            what = _contradiction(tally, other, telling) or _contradiction(other, tally, telling)
            if what:
                out.setdefault(what[1], Fault(*what, other.tally_id))
    return tuple(sorted(out.values(), key=lambda f: (f.code, f.other_id or "")))


def _contradiction(inner: Tally, outer: Tally, telling: Telling) -> tuple[str, str] | None:
    """Code and words where the inner window lies in the outer one and counts more than the outer allows."""
    (since, until), (o_since, o_until) = window_of(inner, telling), window_of(outer, telling)
    more, fewer = inner.count.min, outer.count.max
    if since is None or until is None or o_since is None or o_until is None or more is None or fewer is None:
        return None
    if not (o_since <= since and until <= o_until and (o_since, o_until) != (since, until) and more > fewer):
        return None
    code = "falls" if o_since == since else "window"
    return code, f"{more} from {since} to {until}, but only {fewer} in the longer {o_since} to {o_until}"


def _alike(left: Tally, right: Tally, telling: Telling) -> bool:
    """True where both claim the same: same speaker, same measure, same accused."""
    if telling.key_of(claimant_of(left, telling)) != telling.key_of(claimant_of(right, telling)):
        return False
    if measure_of(left.unit) != measure_of(right.unit) or fold_actor(left.unit) != fold_actor(right.unit):
        return False
    accused = [{telling.actor_key(p) for p in tally.accused} for tally in (left, right)]
    places = [{fold_actor(p.name) for p in tally.places} for tally in (left, right)]
    return accused[0] == accused[1] and places[0] == places[1]


def _published(tally: Tally, telling: Telling) -> str:
    report = telling.report.get(tally.report_id)
    return report.published[:10] if report and report.published else UNDATED

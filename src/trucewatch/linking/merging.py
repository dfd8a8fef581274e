"""What the accounts of one incident say together: type, days, places, parties, and who stands against whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers.folding import loose
from trucewatch.linking.origins import FirstTeller, gathered
from trucewatch.linking.sketches import names_of, ordinal
from trucewatch.linking.tolls import as_count, toll_ranges
from trucewatch.terms.accounts import Account, Party, Statement
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident, Link, Origin
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry, fold_actor
from trucewatch.terms.times import Interval

_VAGUE = ("attack", "killing", "violation")
_REALITIES = ("asserted", "denied", "planned", "threatened", "hypothetical")
_DENIAL_REACH = 800  # code points between an account and a denial of it in one report


def told_together(
    accounts: Sequence[Account],
    links: Sequence[Link],
    tellers: Mapping[str, FirstTeller],
    denials: Sequence[Statement],
    registry: Registry,
    convention: str,
) -> Incident:
    """The incident that these accounts tell of. Its id is made from the smallest account id, so that it lasts while
    that account does; a merge keeps the smaller of two ids."""
    rows = sorted(accounts, key=lambda a: a.account_id)
    ids = tuple(a.account_id for a in rows)
    origins = gathered(tellers, ids)
    origin_of = {account_id: (o.origin_id, o.reliability) for o in origins for account_id in o.account_ids}
    tolls = toll_ranges(rows, origin_of, convention)
    actors, targets = _parties([a.actors for a in rows]), _parties([a.targets for a in rows])
    denied_by = tuple(sorted({a.account_id for a in rows if a.reality == "denied"} | _denying(rows, denials, registry)))
    asserted = any(a.reality == "asserted" for a in rows)
    confidences = [a.confidence for a in rows if a.confidence is not None]
    return Incident(
        incident_id=make_id("incident", seed=ids[0]),
        account_ids=ids,
        type=_type(rows),
        reality=min((a.reality for a in rows), key=_rank),
        time=_time([a.time for a in rows if a.time is not None]),
        places=_places(rows),
        actors=actors,
        targets=targets,
        tolls=tolls,
        origins=origins,
        links=tuple(links),
        contested=(asserted and bool(denied_by)) or _rival(rows, origins, registry),
        denied_by=denied_by,
        breach_called=tuple(a.account_id for a in rows if a.breach),
        confidence=max(confidences) if confidences else None,
        killed=as_count(tolls, "killed"),
        injured=as_count(tolls, "injured"),
    )


def _rank(reality: str) -> int:
    return _REALITIES.index(reality) if reality in _REALITIES else len(_REALITIES)


def _type(rows: Sequence[Account]) -> str:
    """The type most accounts give, one that says how it was done before one that does not."""
    counted = Counter(a.type for a in rows)
    return min(counted, key=lambda t: (t in _VAGUE, -counted[t], t))


def _time(times: Sequence[Interval]) -> Interval | None:
    """The days every account allows; where they contradict each other, all days that any gives."""
    bounded = [t for t in times if t.earliest is not None and t.latest is not None]
    if not bounded:
        return min(times, key=lambda t: (t.earliest or "", t.latest or ""), default=None)
    finest = min(
        bounded, key=lambda t: (_length(t), t.from_time is None, t.earliest or "", t.latest or "", t.text or "")
    )
    first = max(t.earliest for t in bounded if t.earliest)
    last = min(t.latest for t in bounded if t.latest)
    if first <= last:
        return replace(finest, earliest=first, latest=last, span=None)
    first = min(t.earliest for t in bounded if t.earliest)
    last = max(t.latest for t in bounded if t.latest)
    return Interval(first, last, "period" if len(bounded) > 2 else finest.precision, finest.anchor, finest.text)


def _length(time: Interval) -> int:
    first, last = ordinal(time.earliest or ""), ordinal(time.latest or "")
    return 10_000 if first is None or last is None else last - first


def _places(rows: Sequence[Account]) -> tuple[Place, ...]:
    """Each place once, those most accounts name first; a wide one goes where a narrow one lies in it."""
    by_key: dict[str, list[Place]] = {}
    for account in rows:
        for place in account.places:
            key = f"{place.place_id}|{place.radius_m}" if place.place_id else f"?{loose(place.name)}"
            by_key.setdefault(key, []).append(place)
    order = sorted(by_key.items(), key=lambda item: (-len(item[1]), item[0]))
    first = [replace(places[0], span=None) for _, places in order]
    return tuple(p for p in first if not any(_holds(p, q) for q in first if q is not p))


def _holds(wide: Place, narrow: Place) -> bool:
    if wide.lat is None or wide.lon is None or narrow.lat is None or narrow.lon is None:
        return False
    reach, own = wide.radius_m or 0.0, narrow.radius_m or 0.0
    return reach > 2 * own and 1000 * km_between(wide.lat, wide.lon, narrow.lat, narrow.lon) <= reach


def _parties(lists: Sequence[Sequence[Party]]) -> tuple[Party, ...]:
    counted: Counter[str] = Counter()
    shown: dict[str, Party] = {}
    for parties in lists:
        for party in parties:
            key = party.actor_id or fold_actor(party.name)
            counted[key] += 1
            shown.setdefault(key, replace(party, span=None))
    return tuple(shown[key] for key in sorted(counted, key=lambda k: (-counted[k], k)))


def _rival(rows: Sequence[Account], origins: Sequence[Origin], registry: Registry) -> bool:
    """True where two origins each name doers and none of the one's is, or belongs with, one of the other's."""
    by_id = {a.account_id: a for a in rows if a.type != "armed_clash"}  # a clash has two sides as doers
    sets = []
    for origin in origins:
        named = frozenset(n for i in origin.account_ids if i in by_id for n in names_of(by_id[i].actors))
        resolved = {n for n in named if n in registry}
        if resolved and resolved == named:  # a name nobody knows may be another word for a known one
            sets.append(frozenset(g for n in named for g in registry.coalition(n, None)))
    return any(not a & b for a, b in combinations(sets, 2))


def _denying(rows: Sequence[Account], denials: Sequence[Statement], registry: Registry) -> set[str]:
    """Denials by one of those accused, in a report that tells of it, near where it does."""
    accused = {name for a in rows for name in names_of(a.actors)}
    accused |= {group for name in accused if name in registry for group in registry.groups(name, None)}
    out = set()
    for statement in denials:
        if statement.speaker is None or not names_of([statement.speaker]) & accused:
            continue
        spans = [a.span for a in rows if a.report_id == statement.report_id]
        if any(
            statement.span.start - s.end < _DENIAL_REACH and s.start - statement.span.end < _DENIAL_REACH for s in spans
        ):
            out.add(statement.statement_id)
    return out

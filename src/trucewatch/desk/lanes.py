"""Statements on a timeline, a lane for each party: who threatened, denied, demanded or promised what, and when."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from trucewatch.desk.agreements import days_of
from trucewatch.judging.agreements import Agreement
from trucewatch.store.filters import Filters, statements_where
from trucewatch.store.models import StatementRow
from trucewatch.terms.codebooks import values
from trucewatch.terms.registries import Registry

WIDTH, LEFT, LANE = 960.0, 190.0, 46.0
MOST_LANES = 12
MOST_COLUMNS = 60  # days are pooled so that there are at most so many columns
STEP = 14.0  # marks of one column stand so far apart
# One shape for each kind, drawn around 0,0: the colour says it again and is never the only sign.
SHAPES = {
    "threat": "M0-6L6 5H-6Z",
    "denial": "M-5-5L5 5M5-5L-5 5",
    "demand": "M0-6L6 0L0 6L-6 0Z",
    "commitment": "M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z",
    "accusation": "M-5-5H5V5H-5Z",
    "responsibility": "M-5-2H5V2H-5Z",
    "rejection": "M-6 5L0-6L6 5M-3 1H3",
    "prediction": "M0-3A3 3 0 1 1 0 3A3 3 0 1 1 0-3Z",
}
OTHERS = "all others"
NOT_TOLD = "speaker not told"


@dataclass(frozen=True, slots=True)
class Mark:
    """Some statements of one kind by one party within one column. `address` shows them in the list."""

    x: float
    y: float
    kind: str
    shape: str
    n: int
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A party with its marks; `y` is the middle of its lane."""

    party: str
    n: int
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Lanes, most statements first, in a box of `width` by `height`; ticks and the agreements' days as (x, words)."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    kinds: tuple[tuple[str, str, str, int], ...]  # kind, label, shape, how many
    height: float
    n_undated: int
    width: float = WIDTH


def timeline_of(wanted: Filters, registry: Registry, agreements: Sequence[Agreement]) -> Timeline | None:
    """The timeline of the statements wanted by the day they were made, else published; None where none is dated."""
    rows = StatementRow.objects.filter(statements_where(wanted)).exclude(state="rejected").order_by("pk")
    told, n_undated = [], 0
    for kind, speaker, earliest, published in rows.values_list("kind", "speaker", "earliest", "report__published"):
        made = _day(earliest) or _day(published)
        if made is None:
            n_undated += 1
            continue
        told.append((_party(speaker, registry, made.isoformat()), kind, made))
    if not told:
        return None
    first, last = min(d for *_, d in told), max(d for *_, d in told)
    step = -(-((last - first).days + 1) // MOST_COLUMNS)
    n_columns = -(-((last - first).days + 1) // step)
    width = (WIDTH - LEFT) / n_columns

    def x_of(day: date) -> float:
        return round(LEFT + width * ((day - first).days // step + 0.5), 1)

    by_party = Counter(party for party, _, _ in told)
    known = {party for party in by_party if registry.resolve(party, last.isoformat())}
    shown = sorted(by_party, key=lambda party: (-by_party[party], party not in known, party))[:MOST_LANES]
    heaps: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for party, kind, made in told:
        heaps[party if party in shown else OTHERS][(made - first).days // step, kind] += 1
    order = [*shown, *([OTHERS] if OTHERS in heaps else [])]
    lanes = tuple(
        Lane(
            party,
            sum(heaps[party].values()),
            LANE * (i + 0.5),
            tuple(_marks(party, heaps[party], LANE * (i + 0.5), first, step, width)),
        )
        for i, party in enumerate(order)
    )
    kinds = Counter(kind for _, kind, _ in told)
    return Timeline(
        lanes,
        tuple((x_of(day), day.strftime("%Y-%m")) for day in _months(first, last)),
        tuple((x_of(day), words) for day, words in days_of(agreements) if first <= day <= last),
        tuple((k, values("statement_kinds")[k].label, SHAPES[k], kinds[k]) for k in SHAPES if kinds[k]),
        LANE * len(lanes) + 24,
        n_undated,
    )


def _day(text: str | None) -> date | None:
    """The day of an ISO date or date-time; None where there is none, or only a month or a year."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _party(speaker: str | None, registry: Registry, day: str) -> str:
    if not speaker:
        return NOT_TOLD
    found = registry.resolve(speaker, day)
    return found.name if found else speaker


def _marks(
    party: str, heap: Counter[tuple[int, str]], middle: float, first: date, step: int, width: float
) -> Iterable[Mark]:
    columns: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for (column, kind), n in sorted(heap.items(), key=lambda item: (item[0][0], list(SHAPES).index(item[0][1]))):
        columns[column].append((kind, n))
    for column, kinds in columns.items():
        since = first + timedelta(days=column * step)
        until = since + timedelta(days=step - 1)
        days = since.isoformat() if step == 1 else f"{since} to {until}"
        apart = min(STEP, (LANE - STEP) / max(1, len(kinds) - 1))
        for i, (kind, n) in enumerate(kinds):
            y = round(middle + (i - (len(kinds) - 1) / 2) * apart, 1)
            label = f"{party}, {days}: {values('statement_kinds')[kind].label.lower()}"
            label += f" ({n} times)" if n > 1 else ""
            asked = urlencode({"kind": kind, "since": since.isoformat(), "until": until.isoformat()})
            yield Mark(round(LEFT + width * (column + 0.5), 1), y, kind, SHAPES[kind], n, label, asked)


def _months(first: date, last: date) -> list[date]:
    """The first of each month between, thinned to a dozen."""
    out, day = [], first.replace(day=1)
    while day <= last:
        out.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    every = -(-len(out) // 12)
    return [d for d in out[::every] if d >= first] or [first]

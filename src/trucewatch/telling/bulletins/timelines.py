"""The timeline of a bulletin: incidents by day or week, with the agreement's dates marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trucewatch.telling.bulletins.entries import STANDINGS, Entry
from trucewatch.telling.tellings import AgreementSheet

WIDTH, LEFT, RIGHT, BASE, TOP = 960.0, 34.0, 14.0, 236.0, 92.0
MOST_BARS = 62  # above this many days, bars are weeks
MOST_TICKS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A stacked part: how many incidents of one standing lie in the bar's days."""

    x: float
    y: float
    width: float
    height: float
    standing: str
    n: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A date of an agreement; `row` (0 is the highest) keeps the words of neighbours apart."""

    x: float
    label: str
    day: str
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything the drawing needs, in pixels. `unit` is day or week; `undated` are in no bar."""

    width: float
    height: float
    base: float
    top: float
    left: float
    unit: str
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    days: tuple[Tick, ...]
    counts: tuple[Tick, ...]
    undated: int
    spread: int


def draw_timeline(
    entries: Sequence[Entry], agreements: Sequence[AgreementSheet], since: str | None, until: str | None
) -> Timeline | None:
    """The timeline; None where nothing is dated. An incident of more days than a bar holds stands in its first."""
    told = [e for e in entries if e.reality == "asserted"]
    dated = [(e, day) for e in told if (day := e.earliest or e.latest) is not None]
    if not dated:
        return None
    first = date.fromisoformat(since or min(day for _, day in dated))
    last = max(date.fromisoformat(until or max(day for _, day in dated)), first)
    days = (last - first).days + 1
    unit = 1 if days <= MOST_BARS else 7
    if unit == 7:
        first -= timedelta(first.weekday())
        days = (last - first).days + 1
    n_bars = -(-days // unit)
    step = (WIDTH - LEFT - RIGHT) / n_bars
    heaps: dict[int, Counter[str]] = {}
    for entry, day in dated:
        n = min(max((date.fromisoformat(day) - first).days // unit, 0), n_bars - 1)
        heaps.setdefault(n, Counter())[entry.standing] += 1
    most = max(sum(heap.values()) for heap in heaps.values())
    high = (BASE - TOP) / most
    bars = [bar for n in sorted(heaps) for bar in _stack(heaps[n], n, first, unit, step, high)]
    span_px = step * n_bars

    def x_of(day: date) -> float:
        return round(LEFT + (day - first).days / (n_bars * unit) * span_px, 1)

    every = max(1, -(-most // 5))
    counts = tuple(Tick(round(BASE - n * high, 1), str(n)) for n in range(0, most + 1, every))
    spread = sum(
        1 for e, _ in dated if e.earliest and e.latest
        and (date.fromisoformat(e.latest) - date.fromisoformat(e.earliest)).days >= unit
    )  # fmt: skip
    return Timeline(
        WIDTH, BASE + 34, BASE, TOP, LEFT, "day" if unit == 1 else "week", tuple(bars),
        tuple(_marks(agreements, first, last, x_of)), tuple(_ticks(first, last, x_of)), counts,
        len(told) - len(dated), spread,
    )  # fmt: skip


def _stack(heap: Counter[str], n: int, first: date, unit: int, step: float, high: float) -> list[Bar]:
    out, y = [], BASE
    start = first + timedelta(n * unit)
    label = start.isoformat() if unit == 1 else f"week of {start.isoformat()}"
    gap = 1.0 if step < 12 else 2.0
    for standing in STANDINGS:
        if count := heap.get(standing, 0):
            height = count * high
            y -= height
            out.append(
                Bar(
                    round(LEFT + n * step + gap / 2, 1), round(y, 1), round(step - gap, 1), round(height, 1),
                    standing, count, label,
                )
            )  # fmt: skip
    return out


def _marks(agreements: Sequence[AgreementSheet], first: date, last: date, x_of: Callable[[date], float]) -> list[Mark]:
    by_day: dict[str, list[str]] = {}
    for agreement in agreements:
        for day, label in agreement.marks:
            if first.isoformat() <= day <= last.isoformat():
                by_day.setdefault(day, []).append(label)
    ends = [-1e9] * 4
    out = []
    for day in sorted(by_day):
        x = x_of(date.fromisoformat(day))
        words = "; ".join(dict.fromkeys(by_day[day]))
        short = words if len(words) <= 96 else words[:95] + "…"
        width = 5.6 * len(short) + 8
        anchor = "end" if x + width > WIDTH - 4 else "start"
        left = x - width if anchor == "end" else x
        row = next((r for r, end in enumerate(ends) if left > end), len(ends) - 1)
        ends[row] = left + width + 6
        out.append(Mark(x, short, day, 16.0 + 18 * row, anchor))
    return out


def _ticks(first: date, last: date, x_of: Callable[[date], float]) -> list[Tick]:
    """A label every few days of a short period, else at the first of months; few enough that words keep apart."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    if len(days) <= MOST_BARS:
        every = next(n for n in (1, 2, 7, 14) if len(days) / n <= MOST_TICKS)
        return [Tick(x_of(d), f"{d.day} {d:%b}" + (f" {d.year}" if d == first else "")) for d in days[::every]]
    months = [day for day in days if day.day == 1]
    return [Tick(x_of(d), f"{d:%b %Y}") for d in months[:: -(-len(months) // MOST_TICKS)]]

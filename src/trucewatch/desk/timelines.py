"""Bars by day and the figures beside a list: one pass over the incidents, kept while nothing changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from trucewatch.desk.agreements import agreements_of, days_of
from trucewatch.store.filters import Filters, incidents_where
from trucewatch.store.models import IncidentRow
from trucewatch.store.states import State, state_of_store

WIDTH, HEIGHT, MOST_BARS = 720.0, 96.0, 180


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: from day to day (ISO, both included), its number, and where it stands in a box of 720 by 96.

    `within` says whether it overlaps the period asked for.
    """

    since: str
    until: str
    n: int
    x: float
    width: float
    y: float
    height: float
    within: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """How many incidents filters leave: in all, without a point, without any date, and by earliest ISO day."""

    total: int
    n_unlocated: int
    n_undated: int
    by_day: Mapping[str, int]


def figures_of(wanted: Filters, state: State | None = None) -> Figures:
    """The figures as the store stands now; `state` is how it stands, where that has just been asked for."""
    return _counted(settings.TRUCEWATCH_FOLDER, state or state_of_store(), wanted)


def bars_of(wanted: Filters, dateless: str, state: State | None = None) -> SafeString:
    """The bars as a piece of a page; `dateless` is the query string of the page without what says which days."""
    days = tuple(days_of(agreements_of(settings.TRUCEWATCH_FOLDER)))
    return _drawn(settings.TRUCEWATCH_FOLDER, state or state_of_store(), wanted, dateless, days)


def day_bars(wanted: Filters, state: State | None = None) -> list[Bar]:
    """Bars over the dated incidents by earliest day; days are pooled so that there are at most 180 bars.

    The period asked for is marked, it does not cut the axis: what lies outside stays in sight to be chosen next.
    """
    by_day = figures_of(replace(wanted, since=None, until=None, undated=False), state).by_day
    days = {date.fromisoformat(day): n for day, n in by_day.items()}
    if not days:
        return []
    first, last = min(days), max(days)
    span = (last - first).days + 1
    step = -(-span // MOST_BARS)
    bins: dict[int, int] = {}
    for day, n in days.items():
        bins[(day - first).days // step] = bins.get((day - first).days // step, 0) + n
    most, n_bins = max(bins.values()), -(-span // step)
    width = WIDTH / n_bins
    bars = []
    for at, n in sorted(bins.items()):
        since = (first + timedelta(days=at * step)).isoformat()
        until = min(last, first + timedelta(days=at * step + step - 1)).isoformat()
        height = round(HEIGHT * n / most, 2)
        within = until >= (wanted.since or "") and since <= (wanted.until or "9999")
        shape = (round(at * width, 2), round(max(1.0, width - 1), 2), round(HEIGHT * (1 - n / most), 2), height)
        bars.append(Bar(since, until, n, *shape, within))
    return bars


@lru_cache(maxsize=256)
def _drawn(
    folder: Path, state: State, wanted: Filters, dateless: str, days: tuple[tuple[date, str], ...]
) -> SafeString:
    bars = day_bars(wanted, state)
    context = {"bars": bars, "dateless": dateless, "marks": marks_on(bars, days)}
    return render_to_string("desk/bars.html", context)


def marks_on(bars: list[Bar], days: Sequence[tuple[date, str]]) -> list[tuple[float, str, str]]:
    """(x, ISO day, words) of those days that lie within the bars, each at the beginning of its day."""
    if not bars:
        return []
    first, last = date.fromisoformat(bars[0].since), date.fromisoformat(bars[-1].until)
    step = max((date.fromisoformat(bar.until) - date.fromisoformat(bar.since)).days + 1 for bar in bars)
    n_bins = -(-((last - first).days + 1) // step)
    return [
        (round(WIDTH * (day - first).days / (n_bins * step), 2), day.isoformat(), told)
        for day, told in days
        if first <= day <= last
    ]


@lru_cache(maxsize=512)
def _counted(folder: Path, state: State, wanted: Filters) -> Figures:
    no_date = Q(earliest=None, latest=None)
    rows = (
        IncidentRow.objects.filter(incidents_where(wanted))
        .values_list("earliest")
        .annotate(n=Count("pk"), unlocated=Count("pk", filter=Q(lat=None)), undated=Count("pk", filter=no_date))
        .order_by("earliest")
    )
    counted = list(rows)
    return Figures(
        sum(n for _, n, _, _ in counted),
        sum(unlocated for *_, unlocated, _ in counted),
        sum(undated for *_, undated in counted),
        {day: n for day, n, _, _ in counted if day},
    )

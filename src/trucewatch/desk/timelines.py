"""Bars by day, drawn by the server: the same figures stand in the table below them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from trucewatch.store.models import IncidentRow

WIDTH, HEIGHT, MOST_BARS = 720.0, 96.0, 180


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: from day to day (ISO, both included), its number, and where it stands in a box of 720 by 96."""

    since: str
    until: str
    n: int
    x: float
    width: float
    y: float
    height: float


def day_bars(rows: QuerySet[IncidentRow]) -> list[Bar]:
    """Bars over the dated incidents by earliest day; days are pooled so that there are at most 180 bars."""
    counted = rows.exclude(earliest=None).values_list("earliest").annotate(n=Count("pk")).order_by("earliest")
    days = {date.fromisoformat(day): n for day, n in counted if day}
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
    return [
        Bar(
            since=(first + timedelta(days=at * step)).isoformat(),
            until=min(last, first + timedelta(days=at * step + step - 1)).isoformat(),
            n=n,
            x=round(at * width, 2),
            width=round(max(1.0, width - 1), 2),
            y=round(HEIGHT * (1 - n / most), 2),
            height=round(HEIGHT * n / most, 2),
        )
        for at, n in sorted(bins.items())
    ]

"""How fast findings are made: 100,000 incidents against 20 terms on one core. Floor: 60 s (docs/evaluation.md).

    python eval/judging.py [--incidents 100000] [--floor 60]

Incidents are made by a fixed rule: every third lies near the edge of an area, every fifth has two candidate places,
every seventh a time around the entry into force, so that the slow paths are among them. Exit code 1 above the floor.
"""

from __future__ import annotations

import argparse
import gc
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from trucewatch.judging.agreements import load_agreement
from trucewatch.judging.judges import Judge
from trucewatch.terms.accounts import Party
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Candidate, Place
from trucewatch.terms.times import Interval

FOLDER = Path(__file__).parents[1] / "agreements"
FILES = ("idlib-2018-09-17", "idlib-2020-01-12", "idlib-2020-03-05", "lebanon-israel-2024-11-26")
TYPES = ("shelling", "airstrike", "patrol", "armed_clash", "gunfire", "withdrawal", "drone_strike", "negotiation")
ACTORS = (
    "Syrian army",
    "Russian warplanes",
    "HTS",
    "opposition",
    "unidentified gunmen",
    "Turkish army",
    "SDF",
    "Israel",
)
TARGETS = ("civilians", "HTS", "village", "Turkish army", "")


def incidents(n: int) -> Iterator[Incident]:
    """The first n incidents of the rule."""
    for i in range(n):
        # the golden ratio spreads points evenly over the box without chance
        lat, lon = 35.3 + (i * 0.6180339887 % 1) * 0.9, 36.0 + (i * 0.7548776662 % 1) * 1.1
        radius = (0.0, 500.0, 2000.0, 8000.0)[i % 4]
        if i % 3 == 0:
            lat, lon = 35.814 + 0.054 * math.copysign(1, i % 2 - 0.5), 36.2 + (i * 0.31 % 0.6)
        place = Place(f"p{i}", None, lat, lon, radius, place_id="a")
        if i % 5 == 0:
            options = (Candidate("a", "A", lat, lon, radius, 0.7), Candidate("b", "B", lat + 0.3, lon, radius, 0.3))
            place = Place(f"p{i}", None, lat, lon, radius, "a", options)
        day = f"2020-{1 + i % 9:02d}-{1 + i % 28:02d}"
        when = Interval(day, day)
        if i % 7 == 0:
            when = Interval(f"2020-03-05T23:{i % 60:02d}", f"2020-03-06T00:{i % 60:02d}", "minute")
        target = TARGETS[i % 5]
        yield Incident(
            f"inc_{i:024x}", (), TYPES[i % 8], "asserted", when, (place,), (Party(ACTORS[i // 3 % 8]),),
            (Party(target),) if target else (), (), (),
        )  # fmt: skip


def main() -> int:
    """Prints the figures; 1 where the floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--floor", type=float, default=60.0)
    options = parser.parse_args()
    agreements = [load_agreement(FOLDER / f"{name}.yaml") for name in FILES]
    n_terms = sum(len(a.terms) for a in agreements)
    rows = list(incidents(options.incidents))
    judge = Judge(agreements)
    gc.freeze()  # the made-up incidents all live at once, which a stream of real ones never does
    begun, own = time.perf_counter(), time.process_time()
    outcomes = Counter(finding.outcome for finding in judge.stream(rows))
    wall, spent = time.perf_counter() - begun, time.process_time() - own
    print(f"{len(rows):,} incidents x {n_terms} terms = {outcomes.total():,} findings")
    print(
        f"{wall:.1f} s on the clock, {spent:.1f} s of one processor, {outcomes.total() / spent:,.0f} findings a second"
    )
    for outcome, n in sorted(outcomes.items()):
        print(f"  {outcome:18} {n:>9,}")
    return int(spent * 20 / n_terms > options.floor)


if __name__ == "__main__":
    sys.exit(main())

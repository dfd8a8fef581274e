"""Tolls by convention: low, best and high of what origins say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_accounts import account

from trucewatch.linking.tolls import as_count, toll_ranges
from trucewatch.terms.accounts import Account, Toll
from trucewatch.terms.counts import Count
from trucewatch.terms.errors import SettingsError

Figures = list[tuple[str, Count | None]]  # of (origin and grade such as "wire B", what it says)
Range = tuple[int | None, int | None, int | None]


def toll(figures: Figures, convention: str) -> Range | None:
    accounts: list[Account] = []
    origins = {}
    for number, (origin, count) in enumerate(figures):
        made = replace(account(f"r{number}"), killed=count)
        accounts.append(made)
        name, _, grade = origin.partition(" ")
        origins[made.account_id] = (name, grade or "F")
    found = toll_ranges(accounts, origins, convention)
    assert toll_ranges(accounts[::-1], origins, convention) == found
    return (found[0].low, found[0].best, found[0].high) if found else None


def n(low: int | None, high: int | None = -1) -> Count:
    return Count(low, low if high == -1 else high)


@pytest.mark.parametrize(
    ("figures", "ucdp", "acled", "airwars"),
    [
        # two origins against one; the same origin in three papers is one
        ([("a", n(5)), ("b", n(9)), ("c", n(9))], (5, 9, 9), (5, 5, 9), (5, None, 9)),
        ([("a", n(5)), ("a", n(5)), ("a", n(5)), ("b", n(9)), ("c", n(9))], (5, 9, 9), (5, 5, 9), (5, None, 9)),
        # one against one: the more reliable, else the lower
        ([("a F", n(5)), ("b B", n(9))], (5, 9, 9), (5, 5, 9), (5, None, 9)),
        ([("a", n(5)), ("b", n(9))], (5, 5, 9), (5, 5, 9), (5, None, 9)),
        # bodies found later: an origin stands by its highest figure
        ([("a", n(3)), ("a", n(7)), ("b", n(7))], (3, 7, 7), (3, 7, 7), (3, None, 7)),
        # bounds: "at least 8", "up to 20", and a range
        ([("a", n(8, None))], (8, 8, 8), (8, 8, 8), (8, None, 8)),
        ([("a", n(None, 20))], (None, 20, 20), (None, 20, 20), (None, None, 20)),
        ([("a", n(4, 6)), ("b", n(5))], (4, 4, 6), (4, 4, 6), (4, None, 6)),
        # zero is a figure, silence is none
        ([("a", n(0)), ("b", None)], (0, 0, 0), (0, 0, 0), (0, None, 0)),
        ([("a", None), ("b", None)], None, None, None),
        ([("a", n(None, None))], None, None, None),
    ],
)
def test_ranges_by_convention(figures: Figures, ucdp: Range, acled: Range, airwars: Range) -> None:
    assert [toll(figures, name) for name in ("ucdp", "acled", "airwars")] == [ucdp, acled, airwars]


def test_a_running_total_is_not_this_incidents_toll() -> None:
    total = replace(account("r1"), killed=n(120), tolls=(Toll(n(120), "killed", running=True),))
    own = replace(account("r2"), killed=n(3))
    origins = {total.account_id: ("a", "F"), own.account_id: ("b", "F")}
    (found,) = toll_ranges([total, own], origins)
    assert (found.low, found.best, found.high) == (3, 3, 3)
    assert [claim.account_id for claim in found.claims] == [own.account_id]


def test_every_figure_keeps_its_speaker_and_nobodys_figure_is_no_count() -> None:
    rows = [replace(account("r1"), killed=n(3)), replace(account("r2"), injured=n(4))]
    ranges = toll_ranges(rows, {rows[0].account_id: ("a", "F"), rows[1].account_id: ("b", "F")})
    assert [(r.what, [c.origin_id for c in r.claims]) for r in ranges] == [("killed", ["a"]), ("injured", ["b"])]
    assert as_count(ranges[:1], "injured") is None and as_count(ranges, "injured") == n(4)


def test_an_unknown_convention_is_named_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="airwars"):
        toll_ranges([], {}, "airwar")

"""Linking that goes on, and linking in windows, against linking all at once."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from made_accounts import account, reading

from trucewatch.linking.blocks import Cell, day_cells, pairs, time_of
from trucewatch.linking.episodes import with_episodes
from trucewatch.linking.frontiers import Frontier, Windows, reach_together
from trucewatch.linking.incidents import Constraints, Known, Linker, LinkSettings, in_order
from trucewatch.linking.regathering import Former, marks_of, regather
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.actors import Actor
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.registries import Registry
from trucewatch.terms.spans import Span

LINKER = Linker(LinkSettings(), Registry([Actor("army", "Army", "army"), Actor("rebels", "Rebels")]))
IDS = {"Army": "army", "Rebels": "rebels"}
PLACES = [
    Place("Saraqib", Span(0, 1), 35.864, 36.806, 2500.0, "p:1"),
    Place("al-Bara", Span(0, 1), 35.685, 36.536, 1300.0, "p:2"),
    Place("Nayrab", Span(0, 1), 35.880, 36.780, 900.0, "p:3"),
    "Nowhere",
]


def archive(seed: int, n: int = 30, crowd: bool = False) -> list[ReportReading]:
    """Reports dated well, badly and not at all, and copies of others; with `crowd` all of one day and town."""
    rng = random.Random(seed)
    out = []
    for number in range(n):
        rows = []
        for k in range(rng.randint(1, 3)):
            day = 1 if crowd else rng.randint(1, 9)
            length = rng.choice((0, 0, 0, 0, 2, 14))
            rows.append(
                account(
                    f"r{number}", k, rng.choice(("shelling", "airstrike", "attack")),
                    day=f"2020-03-{day:02}" if crowd or rng.random() < 0.85 else None,
                    until=f"2020-03-{day + (0 if crowd else length):02}",
                    places=() if rng.random() < 0.1 else (PLACES[0] if crowd else rng.choice(PLACES),),
                    actors=rng.choice(((), ("Army",), ("Rebels",))), ids=IDS, killed=rng.choice((None, 2, 3, 9)),
                    quote=rng.choice(("shells hit the market", "a second strike hit the bakery", "the market was hit")),
                )
            )  # fmt: skip
        about = {"duplicate_of": f"r{rng.randrange(n)}"} if rng.random() < 0.2 else {}
        published = None if rng.random() < 0.1 else f"2020-03-{rng.randint(10, 20)}"
        out.append(reading(f"r{number}", *rows, published=published, **about))
    return out


def some_rules(readings: Sequence[ReportReading], seed: int) -> Constraints:
    rng = random.Random(seed)
    ids = [a.account_id for r in readings for a in r.accounts]
    draw = [(rng.choice(ids), rng.choice(ids)) for _ in range(6)]
    apart = [pair for pair in draw if pair[0] != pair[1]]
    return Constraints(tuple(apart[:3]), tuple(apart[3:]))


class Grown:
    """Reports that come and go, linked on from change to change, all in memory."""

    def __init__(self, rules: Constraints | None = None) -> None:
        self.rules = rules or Constraints()
        self.readings: dict[str, ReportReading] = {}
        self.known: dict[str, Known] = {}
        self.told: dict[str, Incident] = {}

    @property
    def incidents(self) -> list[Incident]:
        return with_episodes(in_order(self.told.values()))

    def put(self, readings: Iterable[ReportReading], gone: Iterable[str] = ()) -> set[str]:
        """Gives the accounts that were gathered anew."""
        fresh = {r.report.report_id: r for r in readings}
        changed = fresh.keys() | set(gone)
        size = -1
        while size != len(changed):  # who first told a copy depends on its original
            size = len(changed)
            changed |= {k for k, r in {**self.readings, **fresh}.items() if r.report.duplicate_of in changed}
        out = {k: one for k, one in self.known.items() if one.account.report_id in changed}
        beside = self.mates(out)
        self.known = {k: one for k, one in self.known.items() if k not in out}
        self.readings = {k: r for k, r in {**self.readings, **fresh}.items() if k not in set(gone)}
        reports = {k: r.report for k, r in self.readings.items()}
        come = {
            one.account.account_id: one
            for key in changed & self.readings.keys()
            for one in LINKER.known(self.readings[key], reports)
        }
        self.known |= come
        self.told = {k: i for k, i in self.told.items() if not out.keys() & set(i.account_ids)}
        sketches = [one.sketch for one in out.values()]
        former = [Former(s.account_id, s.first, s.last, marks_of(s)) for s in sketches]
        incidents, reached = regather(LINKER, self, come, beside & self.known.keys(), former, self.rules)
        self.told = {k: i for k, i in self.told.items() if not reached & set(i.account_ids)}
        self.told |= {i.incident_id: i for i in incidents}
        return reached

    def in_days(self, cells: Collection[Cell], but: Set[str]) -> Iterator[Known]:
        for key, one in self.known.items():
            if key not in but and set(day_cells(one.sketch.first, one.sketch.last)) & set(cells):
                yield one

    def of_ids(self, account_ids: Collection[str]) -> Iterator[Known]:
        yield from (self.known[key] for key in account_ids if key in self.known)

    def mates(self, account_ids: Collection[str]) -> set[str]:
        return {a for i in self.told.values() if set(i.account_ids) & set(account_ids) for a in i.account_ids}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_one_by_one_in_any_order_is_as_all_at_once(seed: int, crowd: bool, ruled: bool, rng: random.Random) -> None:
    readings = archive(seed, crowd=crowd)
    rules = some_rules(readings, seed) if ruled else Constraints()
    whole = LINKER(readings, rules)
    rng.shuffle(readings)
    grown = Grown(rules)
    while readings:
        grown.put(readings[: (n := rng.randint(1, 6))])
        del readings[:n]
    assert grown.incidents == whole


def test_a_block_that_grows_too_large_is_split_as_all_at_once() -> None:
    readings = archive(3, n=60, crowd=True)
    grown = Grown()
    for one in readings:
        grown.put([one])
    assert grown.incidents == LINKER(readings)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.randoms(use_true_random=False))
def test_what_is_taken_away_or_read_anew_leaves_no_trace(seed: int, crowd: bool, rng: random.Random) -> None:
    readings, other = archive(seed, crowd=crowd), archive(seed + 1, crowd=crowd)
    grown = Grown()
    grown.put(readings)
    gone = {r.report.report_id for r in rng.sample(readings, 10)}
    grown.put([], gone)
    anew = [r for r in rng.sample(other, 8) if r.report.report_id not in gone]
    grown.put(anew)
    now = {r.report.report_id: r for r in readings if r.report.report_id not in gone}
    now |= {r.report.report_id: r for r in anew}
    assert grown.incidents == LINKER(list(now.values()))


def test_a_report_touches_only_what_it_can_touch() -> None:
    grown = Grown()
    grown.put(archive(5))
    far = account("late", 0, day="2021-01-01", places=(PLACES[0],), ids=IDS)
    assert grown.put([reading("late", far)]) == {far.account_id}
    near = replace(far, account_id="acc_later", report_id="later")
    assert grown.put([reading("later", near)]) == {far.account_id, near.account_id}
    assert any(i.account_ids == tuple(sorted((far.account_id, near.account_id))) for i in grown.incidents)


def in_windows(readings: Sequence[ReportReading], days: int, rules: Constraints) -> list[Incident]:
    """As an archive is linked: each window by itself, and only what reaches over its edges carried on."""
    windows, out = Windows(days), []
    reports = {r.report.report_id: r.report for r in readings}
    known = {k.account.account_id: k for r in readings for k in LINKER.known(r, reports)}
    numbers = {key: windows.of(k.sketch.first, k.sketch.last) for key, k in known.items()}
    joined = reach_together({key: (own[0], own[-1]) for key, own in numbers.items()}, rules.must_link)
    carried = Frontier(LINKER, rules)

    def reach(k: Known) -> tuple[int, int]:
        return joined.get(k.account.account_id) or windows.reach(k)

    for number in sorted({n for own in numbers.values() for n in own}):
        inside = {key: k for key, k in known.items() if number in numbers[key]}
        begin, end = windows.span(number)
        chosen = pairs((k.sketch for k in inside.values()), lambda key, b=begin, e=end: b <= time_of(key[1]) < e)
        scores = LINKER.compared(inside, chosen)
        part = Frontier(LINKER, rules)
        part.add(inside, scores)
        out += part.close(lambda k, n=number: reach(k) == (n, n))
        carried.add(part.known, part.scores)
        out += carried.close(lambda k, n=number: reach(k)[1] <= n)
    assert not carried.known
    return out


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9), st.booleans())
def test_windows_of_any_length_give_what_linking_at_once_gives(seed: int, days: int, ruled: bool) -> None:
    readings = archive(seed)
    rules = some_rules(readings, seed) if ruled else Constraints()
    whole = [replace(i, episode_id=None) for i in LINKER(readings, rules)]
    found = in_windows(readings, days, rules)
    assert sorted(found, key=lambda i: i.incident_id) == sorted(whole, key=lambda i: i.incident_id)


def test_a_window_holds_only_what_reaches_over_its_edge() -> None:
    windows = Windows(10)
    begin = 10 * (737500 // 10)
    assert windows.of(begin, begin + 3) == [begin // 10]
    assert windows.of(begin + 9, begin + 9) == [begin // 10, begin // 10 + 1]
    assert windows.of(None, None) == [-1] and windows.span(-1) == (-1, 0)

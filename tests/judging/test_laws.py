"""What must hold whatever the numbers: wider is never outside, less known is never more certain, order is nothing."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from truces import at_north_m, either, incident, term, truce

from trucewatch.judging.agreements import Agreement
from trucewatch.judging.judges import Judge
from trucewatch.judging.moments import iso, minutes
from trucewatch.terms.findings import Finding
from trucewatch.terms.incidents import Incident

START = minutes("2021-05-01T00:01")[0]
OUTSIDE = {"outside_area", "outside_period"}
CERTAIN = {"breach_if_true", "outside_area", "outside_period"}
metres = st.floats(-12_000, 12_000, allow_nan=False)
radii = st.sampled_from([0.0, 10.0, 500.0, 3_000.0, 20_000.0])
errors = st.sampled_from([0, 50, 1_000, 4_000])
offsets = st.integers(-3_000, 3_000)


@cache
def judge(width_m: int = 5000, days: int = 30, excepted: tuple[str, ...] = (), error_m: int = 0) -> Judge:
    with tempfile.TemporaryDirectory() as folder:
        return Judge([_agreement(Path(folder), width_m, days, excepted, error_m)])


def _agreement(folder: Path, width_m: int, days: int, excepted: tuple[str, ...], error_m: int) -> Agreement:
    exceptions = [{"id": "x", "text": "Left out.", "acts": list(excepted)}] if excepted else []
    until = {"at": f"2021-05-{1 + days:02d}T00:00", "zone": "Africa/Nairobi"} if days < 31 else None
    error = {"error_m": error_m} if error_m else {}
    return truce(
        folder,
        areas={"corridor": {"corridor": {"line": "road", "each_side_m": width_m}, **error}},
        terms=[term(exceptions=exceptions, **({"period": {"until": until}} if until else {}))],
    )


def one(who: Judge, case: Incident) -> Finding:
    return who([case])[0]


@given(metres, radii, offsets, st.integers(0, 5000), errors)
@settings(max_examples=150, deadline=None)
def test_a_wider_area_or_a_longer_period_never_turns_a_breach_into_outside(
    north: float, radius: float, offset: int, spread: int, error: int
) -> None:
    case = incident(at_north_m(north, radius), earliest=iso(START + offset), latest=iso(START + offset + spread))
    if one(judge(3000, 2, error_m=error), case).outcome == "breach_if_true":
        assert one(judge(9000, 2, error_m=error), case).outcome == "breach_if_true"
        assert one(judge(3000, 31, error_m=error), case).outcome == "breach_if_true"


@given(metres, radii, errors)
@settings(max_examples=120, deadline=None)
def test_a_wider_area_never_makes_inside_less_likely(north: float, radius: float, error: int) -> None:
    case = incident(at_north_m(north, radius))
    narrow, wide = (
        next(t for t in one(judge(w, 31, error_m=error), case).tests if t.name == "area") for w in (3000, 9000)
    )
    assert wide.probability >= narrow.probability - 1e-6
    assert not (narrow.verdict == "yes" and wide.verdict != "yes")


@given(metres, st.sampled_from(["shelling", "gunfire", "airstrike"]))
@settings(max_examples=60, deadline=None)
def test_a_weaker_exception_never_turns_a_breach_into_anything_else(north: float, type_: str) -> None:
    case = incident(at_north_m(north), type_=type_)
    if one(judge(5000, 31, ("shelling", "gunfire")), case).outcome == "breach_if_true":
        assert one(judge(5000, 31, ("shelling",)), case).outcome == "breach_if_true"
        assert one(judge(5000, 31), case).outcome == "breach_if_true"


@given(metres, radii, st.floats(1, 15_000), errors)
@settings(max_examples=150, deadline=None)
def test_a_larger_disc_never_makes_an_open_place_certain(north: float, radius: float, more: float, error: int) -> None:
    who = judge(error_m=error)
    if one(who, incident(at_north_m(north, radius))).outcome == "undetermined":
        assert one(who, incident(at_north_m(north, radius + more))).outcome == "undetermined"


@given(metres, radii, errors, errors)
@settings(max_examples=150, deadline=None)
def test_a_larger_error_of_the_edge_never_makes_an_open_place_certain(
    north: float, radius: float, error: int, other: int
) -> None:
    case = incident(at_north_m(north, radius))
    if one(judge(error_m=min(error, other)), case).outcome == "undetermined":
        assert one(judge(error_m=max(error, other)), case).outcome == "undetermined"


@given(metres, radii, errors)
@settings(max_examples=80, deadline=None)
def test_what_is_open_names_what_would_decide_it(north: float, radius: float, error: int) -> None:
    finding = one(judge(error_m=error), incident(at_north_m(north, radius)))
    if finding.outcome == "undetermined":
        words = "; ".join(finding.missing)
        assert radius or "position" not in words  # a point is known exactly: only the edge can be known better
        assert error or "really runs" not in words
        assert "position" in words or "really runs" in words


@given(offsets, st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 4000))
@settings(max_examples=150, deadline=None)
def test_a_longer_interval_never_makes_an_open_time_certain(offset: int, spread: int, before: int, after: int) -> None:
    first, last = START + offset, START + offset + spread
    if one(judge(), incident(earliest=iso(first), latest=iso(last))).outcome == "undetermined":
        wider = incident(earliest=iso(first - before), latest=iso(last + after))
        assert one(judge(), wider).outcome == "undetermined"


@given(metres, metres, st.floats(0.05, 0.9))
@settings(max_examples=80, deadline=None)
def test_another_candidate_never_makes_an_open_place_certain(first: float, second: float, weight: float) -> None:
    if one(judge(), incident(either((first, 0.5), (second, 0.5)))).outcome == "undetermined":
        three = either((first, 0.5 * weight), (second, 0.5 * weight), (0.0, 1 - weight))
        assert one(judge(), incident(three)).outcome == "undetermined"


@given(st.permutations(range(8)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_incidents_does_not_matter(order: list[int]) -> None:
    cases = [
        incident(at_north_m(1500.0 * i, 700.0), name=f"i{i}", actors=("North",) if i % 2 else ("gunmen",))
        for i in range(8)
    ]
    plain = {f.finding_id: f for f in judge()(cases)}
    assert {f.finding_id: f for f in judge()([cases[i] for i in order])} == plain


@given(metres, radii, offsets, errors)
@settings(max_examples=80, deadline=None)
def test_the_probability_agrees_with_the_outcome(north: float, radius: float, offset: int, error: int) -> None:
    finding = one(judge(error_m=error), incident(at_north_m(north, radius), earliest=iso(START + offset)))
    if finding.outcome in OUTSIDE:
        assert finding.probability == 0.0
    elif finding.outcome == "breach_if_true":
        assert finding.probability == 1.0
    else:
        assert 0.0 < finding.probability < 1.0
    assert bool(finding.missing) == (finding.outcome not in CERTAIN)

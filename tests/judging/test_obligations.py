from __future__ import annotations

from pathlib import Path

import pytest
from truces import at_north_m, incident, term, truce

from trucewatch.judging.agreements import Agreement
from trucewatch.judging.courses import course_of
from trucewatch.judging.obligations import track
from trucewatch.terms.findings import Obligation
from trucewatch.terms.incidents import Incident


def duty(folder: Path, *, deadline: object = "2021-05-10", **evidence: object) -> Agreement:
    rule = {
        "for": ["withdrawal"],
        "against": ["fortification"],
        "obstructs": ["access_restriction"],
        "in_words": "posts left",
    }
    limit = {"deadline": {"at": deadline}} if deadline else {}
    return truce(folder, terms=[term(modality="shall", acts=["withdrawal"], evidence={**rule, **evidence}, **limit)])


def state(
    agreement: Agreement, incidents: list[Incident], as_of: str, courses: dict[str, str] | None = None
) -> Obligation:
    return track([agreement], incidents, as_of, courses=courses)[0]


def left(day: str, name: str = "w", **rest: object) -> Incident:
    return incident(type_="withdrawal", earliest=day, name=name, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2021-04-29", "pending"), ("2021-05-02", "due"), ("2021-05-10", "due"), ("2021-05-11", "overdue")],
)
def test_without_evidence_time_alone_moves_it(tmp_path: Path, as_of: str, expected: str) -> None:
    assert state(duty(tmp_path), [], as_of).state == expected


def test_met_in_time(tmp_path: Path) -> None:
    found = state(duty(tmp_path), [left("2021-05-10")], "2021-06-01")
    assert (found.state, found.late_days) == ("met", 0)
    assert [s for _, s in found.history] == ["due", "met"]


def test_met_late_keeps_the_days_it_was_overdue(tmp_path: Path) -> None:
    found = state(duty(tmp_path), [left("2021-05-14")], "2021-06-01")
    assert (found.state, found.late_days) == ("met", 4)
    assert found.history == (("2021-04-30", "due"), ("2021-05-11", "overdue"), ("2021-05-14", "met"))


def test_what_is_not_yet_known_does_not_count(tmp_path: Path) -> None:
    assert state(duty(tmp_path), [left("2021-05-14")], "2021-05-13").state == "overdue"


def test_an_interval_across_the_deadline_leaves_lateness_open(tmp_path: Path) -> None:
    found = state(duty(tmp_path), [left("2021-05-09", latest="2021-05-12")], "2021-06-01")
    assert found.state == "met"
    assert "whether it was done before the deadline" in found.missing


def test_part_of_what_is_needed(tmp_path: Path) -> None:
    agreement = duty(tmp_path, needed=2)
    one, two = left("2021-05-05", "a"), left("2021-05-08", "b")
    assert state(agreement, [one], "2021-05-06").state == "partly_met"
    assert state(agreement, [one], "2021-05-11").state == "overdue"
    assert state(agreement, [two, one], "2021-05-11").state == "met"


def test_obstructed_until_it_is_done(tmp_path: Path) -> None:
    block = incident(type_="access_restriction", earliest="2021-05-04", name="o", actors=("gunmen",))
    agreement = duty(tmp_path)
    assert state(agreement, [block], "2021-05-05").state == "obstructed"
    assert state(agreement, [block, left("2021-05-06")], "2021-05-07").state == "met"


@pytest.mark.parametrize("against", [
    incident(type_="fortification", earliest="2021-05-12", name="x"),
    incident(type_="withdrawal", earliest="2021-05-12", name="x", reality="denied"),
])  # fmt: skip
def test_disputed_where_some_say_otherwise(tmp_path: Path, against: Incident) -> None:
    assert state(duty(tmp_path), [left("2021-05-05"), against], "2021-06-01").state == "disputed"


@pytest.mark.parametrize("other", [
    left("2021-05-05", actors=("Neighbour",)),
    incident(at_north_m(50_000), type_="withdrawal", earliest="2021-05-05"),
    left("2021-05-05", reality="planned"),
    left("2021-04-01"),
])  # fmt: skip
def test_what_is_no_evidence(tmp_path: Path, other: Incident) -> None:
    assert state(duty(tmp_path), [other], "2021-05-06").state == "due"


def test_evidence_of_unknown_doers_counts_and_says_so(tmp_path: Path) -> None:
    found = state(duty(tmp_path), [left("2021-05-05", actors=())], "2021-05-06")
    assert found.state == "met"
    assert "who did it" in found.missing


def test_a_continuing_duty_follows_the_latest_evidence(tmp_path: Path) -> None:
    agreement = duty(tmp_path, continuing=True)
    rows = [left("2021-05-05", "a"), left("2021-05-08", "b"), left("2021-05-12", "c")]
    courses = {"b": "cut_short", "c": "called_off"}
    states = [state(agreement, rows, day, courses).state for day in ("2021-05-06", "2021-05-09", "2021-05-13")]
    assert states == ["met", "partly_met", "obstructed"]


def test_a_duty_to_be_done_again_lapses(tmp_path: Path) -> None:
    agreement = duty(tmp_path, every_days=7)
    assert state(agreement, [left("2021-05-05")], "2021-05-12").state == "met"
    found = state(agreement, [left("2021-05-05")], "2021-05-20")
    assert found.state == "overdue"
    assert found.history[-1] == ("2021-05-13", "overdue")


def test_order_does_not_matter(tmp_path: Path) -> None:
    rows = [left("2021-05-05", "a"), left("2021-05-05", "b"), incident(type_="access_restriction", name="o")]
    agreement = duty(tmp_path, needed=2)
    assert state(agreement, rows, "2021-07-01") == state(agreement, rows[::-1], "2021-07-01")


@pytest.mark.parametrize(
    ("quote", "course"),
    [
        ("A joint patrol was cut short near Nayrab after protesters blocked the road.", "cut_short"),
        ("The joint patrol was called off.", "called_off"),
        ("Turkish and Russian forces held their 12th joint patrol.", "held"),
    ],
)
def test_how_a_patrol_went(quote: str, course: str) -> None:
    assert course_of([quote]) == course
    assert course_of([]) is None

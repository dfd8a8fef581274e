"""From answers to an outcome, by a fixed precedence that is documented in docs/ideas/findings.md.

1. `in_force` no: `outside_period`.
2. `act` no or `reality` no: `not_the_act`.
3. `bearer` no: `actor_exempt` where a doer is exempt, else `actor_not_bound`.
4. `area` no: `outside_area`.
5. `exception` yes: `actor_exempt` where it rests on who was hit or who did it, else `consistent`.
6. Anything undetermined: `undetermined`, with what would decide it.
7. A prohibition: `breach_if_true`. A duty or a permission: `consistent`.

One definite no decides, whatever else is open: it needs no probability. Readings that disagree on whether there is a
breach make `contested_reading`.
"""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.terms.findings import Test


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of one branch, with the probability of a breach if the telling is true."""

    outcome: str
    probability: float
    missing: tuple[str, ...]


def decide(tests: tuple[Test, ...], modality: str, exempt_doer: bool) -> Answer:
    """The outcome of the six tests in the order in_force, act, bearer, area, exception, reality."""
    in_force, act, bearer, area, exception, reality = tests
    if in_force.verdict == "no":
        return Answer("outside_period", 0.0, ())
    if act.verdict == "no" or reality.verdict == "no":
        return Answer("not_the_act", 0.0, ())
    if bearer.verdict == "no":
        return Answer("actor_exempt" if exempt_doer else "actor_not_bound", 0.0, ())
    if area.verdict == "no":
        return Answer("outside_area", 0.0, ())
    if exception.verdict == "yes":
        of_actors = any(label == "exempt" and value != "circumstances" for label, value in exception.compared)
        return Answer("actor_exempt" if of_actors else "consistent", 0.0, ())
    chance = 0.0
    if modality == "shall_not":
        chance = in_force.probability * act.probability * bearer.probability * area.probability * reality.probability
        chance = round(chance * (1 - exception.probability), 6)
    if any(t.verdict == "undetermined" for t in tests):
        missing = dict.fromkeys(t.missing or t.name for t in tests if t.verdict == "undetermined")
        return Answer("undetermined", chance, tuple(missing))
    return Answer("breach_if_true" if modality == "shall_not" else "consistent", chance, ())


def combine(answers: list[tuple[str, Answer]]) -> tuple[Answer, str | None]:
    """One answer from the branches (name, answer), the term as written first; and what each said where they differ.

    The probability is the mean of the branches where they are at odds: nobody has said which of them holds.
    """
    written = answers[0][1]
    if len(answers) == 1:
        return written, None
    outcomes = {a.outcome for _, a in answers}
    if len(outcomes) == 1:
        return written, None
    said = "; ".join(f"{name}: {a.outcome}" for name, a in answers)
    if "breach_if_true" in outcomes:
        chance = round(sum(a.probability for _, a in answers) / len(answers), 6)
        names = " or ".join(name for name, _ in answers)
        others = [m for _, a in answers for m in a.missing]
        return Answer(
            "contested_reading", chance, tuple(dict.fromkeys([f"which reading holds: {names}", *others]))
        ), said
    if "undetermined" in outcomes and written.outcome != "undetermined":
        return next(a for _, a in answers if a.outcome == "undetermined"), said
    return written, said

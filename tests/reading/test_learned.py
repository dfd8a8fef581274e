"""The learned part, run with the weights that come with the product."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from trucewatch.reading.guesses import PASSAGES, REALITIES, ROLES, STATUSES
from trucewatch.reading.learned import LearnedPart, distances, weights_folder
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import ModelMissing

pytestmark = pytest.mark.model

SHELLED = (
    "Government artillery shelled the town of Orlik on Tuesday, killing four people, the Civil Relief Service said.\n\n"
    "The shelling, which also wounded seven, came a day after a truce was signed in the capital."
)
QUIET = "The central bank kept its main rate at five per cent and said that inflation would fall next year."


@pytest.fixture(scope="module")
def part() -> LearnedPart:
    return LearnedPart()


def test_a_shelling_is_found_on_its_own_words(part: LearnedPart) -> None:
    (guess,) = part([SHELLED])
    best = {t.type: t for t in sorted(guess.triggers, key=lambda t: t.prob * t.status("account"))}
    assert "shell" in best["shelling"].span.of(SHELLED)
    assert best["shelling"].prob > 0.5
    assert best["agreement"].span.of(SHELLED) == "signed"


def test_roles_lie_where_the_text_names_them(part: LearnedPart) -> None:
    (guess,) = part([SHELLED])
    trigger = next(t for t in guess.triggers if "shelled" in t.span.of(SHELLED))
    places = [fill.span.of(SHELLED) for fill in trigger.filling("place")]
    assert any("Orlik" in place for place in places)


def test_a_report_of_something_else_has_no_likely_account(part: LearnedPart) -> None:
    (guess,) = part([QUIET])
    assert all(trigger.prob * trigger.status("account") < 0.3 for trigger in guess.triggers)


def test_every_span_is_of_whole_words_of_the_text(part: LearnedPart) -> None:
    (guess,) = part([SHELLED])
    spans = [t.span for t in guess.triggers] + [p.span for p in guess.passages]
    spans += [role.span for t in guess.triggers for role in t.roles]
    assert spans
    for span in spans:
        assert 0 <= span.start < span.end <= len(SHELLED)
        assert not (SHELLED[span.start - 1 : span.start].isalnum() and SHELLED[span.start].isalnum())
        assert not (SHELLED[span.end - 1].isalnum() and SHELLED[span.end : span.end + 1].isalnum())


def test_names_and_probabilities_are_those_promised(part: LearnedPart) -> None:
    (guess,) = part([SHELLED])
    for trigger in guess.triggers:
        assert {name for name, _ in trigger.types} <= set(incident_types())
        assert sum(prob for _, prob in trigger.types) <= trigger.prob + 0.002
        assert [name for name, _ in trigger.statuses] == list(STATUSES)
        assert [name for name, _ in trigger.realities] == list(REALITIES)
        assert sum(prob for _, prob in trigger.statuses) == pytest.approx(1.0, abs=0.001)
        assert {role.role for role in trigger.roles} <= set(ROLES)
    assert {kind for passage in guess.passages for kind, _ in passage.kinds} <= set(PASSAGES)


def test_pairs_name_triggers_in_order(part: LearnedPart) -> None:
    (guess,) = part([SHELLED])
    assert all(0 <= i < j < len(guess.triggers) and 0.02 <= prob <= 1.0 for i, j, prob in guess.pairs)
    assert guess.same(0, 0) == 1.0


def test_the_same_text_gets_the_same_guess_beside_any_other(part: LearnedPart) -> None:
    assert part([SHELLED, QUIET])[0] == part([QUIET, SHELLED])[1] == LearnedPart()([SHELLED])[0]


def test_the_letter_case_of_a_text_does_not_matter(part: LearnedPart) -> None:
    lower, upper = part([SHELLED.lower(), SHELLED.upper()])
    assert [t.span for t in lower.triggers] == [t.span for t in upper.triggers]


def test_a_long_report_is_read_to_its_end(part: LearnedPart) -> None:
    text = QUIET + "\n\n"
    text = text * 40 + SHELLED
    (guess,) = part([text])
    assert any(
        t.type == "shelling" and t.prob > 0.5 and t.span.start > len(text) - len(SHELLED) for t in guess.triggers
    )
    assert len({t.span for t in guess.triggers}) == len(guess.triggers)


def test_an_empty_text_gives_an_empty_guess(part: LearnedPart) -> None:
    assert part(["", " \n"])[1].triggers == ()


def test_titles_must_be_as_many_as_texts(part: LearnedPart) -> None:
    with pytest.raises(ValueError, match="zip"):
        part([SHELLED, QUIET], ["only one"])


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    copy = tmp_path / "weights"
    copy.mkdir()
    names = json.loads((weights_folder() / "manifest.json").read_text("utf-8"))["files"]
    for name in ("manifest.json", *names):
        shutil.copyfile(weights_folder() / name, copy / name)
    with (copy / "pairs.onnx").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelMissing) as caught:
        LearnedPart(copy)
    assert caught.value.code == "weights-changed"
    assert "pairs.onnx" in caught.value.what


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        LearnedPart(tmp_path)
    assert caught.value.code == "weights-missing"


def test_distances_tell_before_from_after() -> None:
    assert distances([(2, 4)], 6).tolist() == [[3, 1, 0, 0, 2, 4]]

"""Near-duplicates: copies, light edits, excerpts and what only looks like one."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.linking.buckets import Buckets
from trucewatch.linking.duplicates import DuplicateSettings, Match, NearDuplicates
from trucewatch.linking.signatures import Signature, sign
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

STORY = (
    "Government forces shelled the villages of Tal Amara and Kafr Lusin on Monday evening, killing two farmers and "
    "wounding five others, the civil defence said. Rescue workers pulled a family from under a house that a rocket "
    "had struck. A spokesman for the army denied that its units had fired and said that armed groups on the other "
    "side of the line had attacked its posts with mortars. The truce that both guarantors signed last week obliges "
    "the sides to hold their fire along the whole line of contact from midnight. Residents said that drones had been "
    "over the valley since the morning. A joint patrol that was to pass on the road on Tuesday has been called off."
)
OTHER = (
    "The two foreign ministers met in the capital on Wednesday to talk about the return of prisoners and remains. "
    "After four hours they said that lists of names had been exchanged and that the next round would be held within "
    "ten days. Aid agencies asked for a crossing to be opened so that flour and medicine could reach the north before "
    "the winter, and a convoy of twelve lorries is waiting at the border with permits that run out on Friday."
)


def report(name: str, text: str, skipped: tuple[Span, ...] = ()) -> Report:
    return Report(name, name, None, None, None, "en", None, text, "", skipped=skipped)


def flagged(*texts: str) -> list[str | None]:
    """What each text is a copy of, the texts being named a, b, c in order."""
    return [r.duplicate_of for r in NearDuplicates().flag([report("abcdefgh"[n], t) for n, t in enumerate(texts)])]


def edited(text: str, share: float, seed: int = 1) -> str:
    """The text with that share of its words replaced."""
    chance = random.Random(seed)
    return " ".join(word if chance.random() >= share else f"word{chance.randrange(10**6)}x" for word in text.split())


def test_the_same_words_are_a_copy_with_similarity_one() -> None:
    copies = NearDuplicates().flag([report("a", STORY), report("b", STORY.upper().replace(",", " –"))])
    assert [(r.duplicate_of, r.similarity) for r in copies] == [(None, None), ("a", 1.0)]


def test_another_story_is_no_copy() -> None:
    assert flagged(STORY, OTHER) == [None, None]


@pytest.mark.parametrize(
    "copy",
    [
        edited(STORY, 0.03),
        edited(STORY, 0.08),
        "AMARA (Agency) - " + STORY + " (Reporting by the desk; editing by the night shift)",
        STORY.replace("two farmers", "three farmers").replace("the civil defence said", "according to rescuers"),
        STORY[: len(STORY) * 2 // 3],
        ". ".join(reversed(STORY.split(". "))),
        STORY + " " + OTHER[:200],
    ],
    ids=[
        "3 in 100 words",
        "8 in 100 words",
        "agency frame",
        "toll updated",
        "cut",
        "sentences moved",
        "story appended",
    ],
)
def test_light_edits_and_syndication_are_found(copy: str) -> None:
    assert flagged(OTHER, STORY, copy)[2] == "b"


def test_an_excerpt_of_a_longer_text_is_found() -> None:
    assert flagged(f"{STORY} {OTHER}", STORY) == [None, "a"]


def test_two_fillings_of_one_form_are_no_copies() -> None:
    form = (
        "In the past {} hours the monitors recorded {} breaches in the north and {} in the south, {} of them by heavy "
        "weapons, against {} and {} the day before. The patrols of the mission passed on {} of {} routes as planned. "
        "The centre for reconciliation held talks with the elders of {} villages and handed out {} parcels of food."
    )
    assert flagged(form.format(*range(24, 34)), form.format(*range(50, 60))) == [None, None]


def test_skipped_spans_do_not_count() -> None:
    frame = "Share this story with your friends and sign up to the morning letter of our desk. " * 6
    both = [report(n, frame + text, (Span(0, len(frame)),)) for n, text in (("a", STORY), ("b", OTHER))]
    assert [r.duplicate_of for r in NearDuplicates().flag(both)] == [None, None]


def test_texts_in_scripts_without_blanks_are_compared() -> None:
    text = "政府军周一晚上炮击了两个村庄造成两名农民死亡五人受伤民防部门说救援人员从被火箭击中的房屋下救出一家人"
    assert flagged(
        text, text.replace("周一", "星期一"), "外交部长们星期三在首都会晤讨论交换囚犯和遗体问题并约定十天内再次会谈"
    ) == [
        None,
        "a",
        None,
    ]


def test_texts_without_words_are_no_copies_of_each_other() -> None:
    assert flagged("...", "!!!", "") == [None, None, None]


def test_a_copy_is_held_against_what_is_known_already() -> None:
    known = NearDuplicates()
    known.add(sign([report("a", STORY)]))
    assert known.flag([report("b", edited(STORY, 0.03))])[0].duplicate_of == "a"


def test_a_report_known_already_is_no_copy_of_itself_or_of_later_ones() -> None:
    known = NearDuplicates()
    reports = [report("a", STORY), report("b", STORY)]
    assert known.flag(reports) == known.flag(reports)
    assert len(known) == 2


def test_the_most_similar_comes_first_and_of_equals_the_earliest() -> None:
    known = NearDuplicates()
    known.add(sign([report("far", edited(STORY, 0.1)), report("a", STORY), report("b", STORY)]))
    matches = known.query(sign([report("c", STORY)]))[0]
    assert [m.report_id for m in matches] == ["a", "b", "far"]
    assert matches[0] == Match("a", 1.0)


def test_settings_decide_how_much_must_be_shared() -> None:
    strict = NearDuplicates(DuplicateSettings(shared=0.95, contained=1.1))
    assert strict.flag([report("a", STORY), report("b", edited(STORY, 0.05))])[1].duplicate_of is None


def test_a_signature_survives_its_bytes() -> None:
    signature = sign([report("a", STORY + " 4 of 17 on 5 March")])[0]
    assert Signature.unpack("a", signature.pack()) == signature
    with pytest.raises(ValueError, match="bytes"):
        Signature.unpack("a", signature.pack()[1:])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=12), st.integers(1, 5))
def test_batches_do_not_matter(texts: Sequence[str], size: int) -> None:
    reports = [report(str(n), text) for n, text in enumerate(texts)]
    at_once, in_parts = NearDuplicates(), NearDuplicates()
    parts = [r for at in range(0, len(reports), size) for r in in_parts.flag(reports[at : at + size])]
    assert at_once.flag(reports) == parts


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_signature_that_survives_its_bytes(text: str) -> None:
    signature = sign([report("a", text)])[0]
    assert Signature.unpack("a", signature.pack()) == signature


def test_the_estimate_is_near_the_share_of_shingles() -> None:
    chance = random.Random(3)
    words = [f"w{n}" for n in range(4000)]
    for kept in (900, 1000, 1100):
        left = [chance.choice(words) for _ in range(1200)]
        right = left[:kept] + [chance.choice(words) for _ in range(1200 - kept)]
        known = NearDuplicates(DuplicateSettings(shared=0.1, contained=2.0))
        known.add(sign([report("a", " ".join(left))]))
        matches = known.query(sign([report("b", " ".join(right))]))[0]
        share = (kept - 2) / (2 * 1198 - (kept - 2))
        assert abs(matches[0].similarity - share) < 0.12


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), max_size=30), st.integers(1, 7))
def test_buckets_find_every_earlier_row_that_shares_a_key(rows: list[list[int]], size: int) -> None:
    keys = np.array(rows, dtype=np.uint32).reshape(-1, 2)
    buckets = Buckets(2)
    for at in range(0, len(keys), size):
        buckets.add(keys[at : at + size])
    found = buckets.pairs(keys, np.arange(len(keys), dtype=np.int32), at_most=100).tolist()
    assert found == [[q, r] for q in range(len(rows)) for r in range(q) if (keys[q] == keys[r]).any()]


def test_a_text_that_all_quote_costs_no_more_than_the_bound() -> None:
    keys = np.zeros((500, 1), dtype=np.uint32)
    buckets = Buckets(1)
    buckets.add(keys)
    assert len(buckets.pairs(keys[:1], np.array([500], dtype=np.int32), at_most=24)) == 24

"""Figures of killed and injured."""

from __future__ import annotations

import pytest

from trucewatch.reading.mentions.figures import find_figures, number_of


def told(text: str) -> dict[str, tuple[int | None, int | None]]:
    return {f.what: (f.count.min, f.count.max) for f in find_figures(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shells killed four people and wounded 11.", {"killed": (4, 4), "injured": (11, 11)}),
        ("At least 38 people were killed and 12 wounded.", {"killed": (38, None), "injured": (12, 12)}),
        ("The raid left five dead and more than 20 injured.", {"killed": (5, 5), "injured": (21, None)}),
        ("Up to 30 fighters were killed.", {"killed": (None, 30)}),
        ("No casualties were reported.", {"killed": (0, 0), "injured": (0, 0)}),
        ("Dozens were killed and several wounded.", {}),
        ("Twenty-one soldiers were injured.", {"injured": (21, 21)}),
        ("Seven people, including two children, were hurt.", {"injured": (7, 7)}),
        ("The strike killed a mechanic.", {"killed": (1, 1)}),
        ("1,200 people died.", {"killed": (1200, 1200)}),
    ],
)
def test_a_figure_keeps_the_bounds_the_text_gives_it(text: str, expected: dict[str, tuple[int, int]]) -> None:
    assert told(text) == expected


def test_a_total_of_the_war_is_marked_as_running() -> None:
    assert [f.running for f in find_figures("The war has killed 6,200 people.")] == [True]


def test_a_figure_stands_where_its_span_says() -> None:
    text = "Officials said mortar fire killed 14 people."
    [figure] = find_figures(text, offset=100)
    assert text[figure.span.start - 100 : figure.span.end - 100] == "14"


@pytest.mark.parametrize(
    ("words", "number"), [("three hundred", 300), ("forty-two", 42), ("a thousand", 1000), ("some", None)]
)
def test_number_words_are_read(words: str, number: int | None) -> None:
    assert number_of(words) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Officers said the blast killed three people and wounded 27.", {"killed": (3, 3), "injured": (27, 27)}),
        ("More than two dozen people died.", {"killed": (25, None)}),
        ("Nearly 300 people were killed.", {"killed": (None, 300)}),
    ],
)
def test_a_word_of_harm_goes_with_its_own_figure(text: str, expected: dict[str, tuple[int, int]]) -> None:
    assert told(text) == expected

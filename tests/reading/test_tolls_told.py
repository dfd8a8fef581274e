"""What the parse adds up of the killed and injured."""

from __future__ import annotations

import pytest
from parsing import context_of

from trucewatch.reading.tolls import figures_in

pytestmark = pytest.mark.model


def told(text: str) -> set[tuple[str, int | None, int | None]]:
    return {(f.what, f.count.min, f.count.max) for f in figures_in(context_of(text), 0)}


@pytest.mark.parametrize(
    ("text", "toll"),
    [
        ("The shell killed six civilians and five soldiers.", ("killed", 11, 11)),
        ("At least two guards and three drivers were killed.", ("killed", 5, None)),
        ("The mayor and his driver were killed near the bridge.", ("killed", 2, 2)),
        ("The two nurses were shot dead at the gate.", ("killed", 2, 2)),
        ("He was killed in an ambush on Friday.", ("killed", 1, 1)),
        ("The murder of a judge shocked the town.", ("killed", 1, 1)),
        ("The blast wounded a teacher and two pupils.", ("injured", 3, 3)),
    ],
)
def test_those_told_of_in_parts_are_added_up(text, toll):
    assert toll in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "The army's killing of villagers was condemned.",
        "They were killed on the road.",
        "The strike left 100,000 people without power.",
        "Several soldiers and a driver were killed.",
    ],
)
def test_no_toll_is_made_of_people_whose_number_is_not_told(text):
    assert told(text) == set()

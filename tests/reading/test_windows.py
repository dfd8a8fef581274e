"""Windows answer for every piece of a text exactly once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.reading.windows import cuts


@given(st.integers(1, 5000), st.integers(60, 400), st.integers(0, 50))
def test_every_piece_is_answered_for_once_and_by_a_window_that_sees_it(n: int, room: int, overlap: int) -> None:
    answered: list[int] = []
    for begin, end, first, last in cuts(n, room, overlap):
        assert 0 <= begin <= first <= last <= end <= n
        assert end - begin <= room
        answered.extend(range(first, last))
    assert answered == list(range(n))


def test_a_piece_at_a_border_has_context_on_both_sides() -> None:
    runs = cuts(700, 380, 96)
    for (_, end, _, last), (begin, _, first, _) in pairwise(runs):
        assert last == first
        assert end - last >= 40
        assert first - begin >= 40

"""A report cut into windows of word pieces for the learned part, with the code points each piece stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

LENGTH = 512  # pieces a window holds at most, title and the three special pieces included
OVERLAP = 128  # pieces two neighbouring windows share, so that no trigger lacks context on both sides
TITLE_PIECES = 40  # of a title that does not stand in the text


@dataclass(frozen=True, slots=True)
class Window:
    """Word pieces of one run of a report. Arrays have one row a piece.

    `starts` and `ends` are half-open code points of the text, -1 for special pieces and for the title. `segments` is
    1 for the text and 0 for what stands before it. `first` and `last` bound the pieces (half-open, of this window)
    that this window answers for; pieces outside are answered by a neighbour that sees more around them.
    """

    ids: npt.NDArray[np.int64]
    segments: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    first: int
    last: int

    def __len__(self) -> int:
        return len(self.ids)


class Windower:
    """Cuts texts into windows with the tokenizer of the weights (a Hugging Face `tokenizer.json`)."""

    def __init__(self, tokenizer: Path, length: int = LENGTH, overlap: int = OVERLAP) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cls = self._id("[CLS]")
        self._sep = self._id("[SEP]")
        self._length, self._overlap = length, overlap

    def _id(self, token: str) -> int:
        found: int = self._tokenizer.token_to_id(token)
        return found

    def __call__(self, text: str, title: str | None = None) -> list[Window]:
        """Windows that between them answer for every piece once, in order; empty for a text without pieces."""
        pieces = self._tokenizer.encode(text, add_special_tokens=False)
        if not pieces.ids:
            return []
        head: list[int] = []
        if title and title.strip() and not text.lstrip().startswith(title.strip()[:60]):
            head = self._tokenizer.encode(title, add_special_tokens=False).ids[:TITLE_PIECES]
        prefix = [self._cls, *head, *([self._sep] if head else [])]
        ids, offsets = pieces.ids, np.array(pieces.offsets, dtype=np.int64)
        return [
            self._window(prefix, ids, offsets, begin, end, first, last)
            for begin, end, first, last in cuts(len(ids), self._length - len(prefix) - 1, self._overlap)
        ]

    def _window(
        self,
        prefix: list[int],
        ids: Sequence[int],
        offsets: npt.NDArray[np.int64],
        begin: int,
        end: int,
        first: int,
        last: int,
    ) -> Window:
        at = len(prefix)
        rows = np.full((at + end - begin + 1, 2), -1, dtype=np.int64)
        rows[at:-1] = offsets[begin:end]
        segments = np.zeros(len(rows), dtype=np.int64)
        segments[at:] = 1
        window = np.array([*prefix, *ids[begin:end], self._sep], dtype=np.int64)
        return Window(window, segments, rows[:, 0], rows[:, 1], at + first - begin, at + last - begin)


def cuts(n: int, room: int, overlap: int) -> list[tuple[int, int, int, int]]:
    """Runs (begin, end, first, last) over n pieces: begin to end is seen, first to last is answered for.

    All runs have about the same length, so that no last window is left with a few pieces and no context.
    """
    if n <= room:
        return [(0, n, 0, n)]
    count = -(-(n - overlap) // (room - overlap))
    step = (n - room) / (count - 1)
    begins = [round(step * k) for k in range(count)]
    out = []
    for k, begin in enumerate(begins):
        first = 0 if k == 0 else (begin + begins[k - 1] + room) // 2
        last = n if k == count - 1 else (begins[k + 1] + begin + room) // 2
        out.append((begin, begin + room, first, last))
    return out

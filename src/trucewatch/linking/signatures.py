"""Signatures of texts: 300 bytes from which the share of shingles two texts have in common can be estimated.

Shingles are runs of three words without case and punctuation. The minima are those of one-permutation hashing with
optimal densification (Shrivastava, ICML 2017), cut to 16 bits (Li and König, WWW 2010): one pass over the text instead
of one per hash function, and two equal bits in 65,536 by chance.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from trucewatch.terms.reports import Report

Hashes = npt.NDArray[np.uint64]

N_MINIMA = 128
N_NUMBERS = 16
SHINGLE = 3
_EMPTY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_NO_NUMBER = 0xFFFF
# Scripts that put no blanks between words: every letter counts as a word.
_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORDS = re.compile(f"[{_ALONE}]|[^\\W_{_ALONE}]+")
_PACKED = struct.Struct(f"<QI{N_NUMBERS}H")
_CACHED_WORDS = 2_000_000  # about 200 MB; beyond it the cache starts anew


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a text to compare it by. `exact` is a hash of its words; `numbers` of its distinct figures.

    `minima` holds N_MINIMA little-endian 16-bit values, `numbers` the N_NUMBERS smallest hashes in rising order.
    """

    report_id: str
    exact: int
    n_shingles: int
    minima: bytes
    numbers: tuple[int, ...]

    def pack(self) -> bytes:
        """The signature without the id as bytes of a fixed length, to be stored beside the report."""
        padded = (*self.numbers, *([_NO_NUMBER] * (N_NUMBERS - len(self.numbers))))
        return _PACKED.pack(self.exact, self.n_shingles, *padded) + self.minima

    @classmethod
    def unpack(cls, report_id: str, packed: bytes) -> Signature:
        """The signature that `pack` wrote. Raises ValueError where the length is another."""
        if len(packed) != _PACKED.size + 2 * N_MINIMA:
            raise ValueError(f"a signature has {_PACKED.size + 2 * N_MINIMA} bytes, not {len(packed)}")
        exact, n_shingles, *numbers = _PACKED.unpack_from(packed)
        kept = tuple(number for number in numbers if number != _NO_NUMBER)
        return cls(report_id, exact, n_shingles, packed[_PACKED.size :], kept)


class _WordHashes(dict[str, int]):
    """64-bit hashes of words, computed once each."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _CACHED_WORDS:
            self.clear()
        value = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")
        self[word] = value
        return value


_HASHES = _WordHashes()


def sign(reports: Sequence[Report]) -> list[Signature]:
    """A signature per report, over its text without the skipped spans."""
    hashes: list[Hashes] = []
    numbers: list[tuple[int, ...]] = []
    for report in reports:
        words = _WORDS.findall(_body(report).casefold())
        hashes.append(np.array(list(map(_HASHES.__getitem__, words)), dtype=np.uint64))
        numbers.append(_numbers(words))
    shingles = [_shingles(of_words) for of_words in hashes]
    return [
        Signature(report.report_id, _exact(of_words), _n_distinct(found), row.tobytes(), figures)
        for report, of_words, found, row, figures in zip(
            reports, hashes, shingles, _minima(shingles), numbers, strict=True
        )
    ]


def _body(report: Report) -> str:
    if not report.skipped:
        return report.text
    parts, at = [], 0
    for span in report.skipped:
        parts.append(report.text[at : span.start])
        at = span.end
    return " ".join([*parts, report.text[at:]])


def _shingles(words: Hashes) -> Hashes:
    """The hashes of the runs of words in their order; a text of one or two words is one run."""
    if not len(words):
        return words
    n = max(len(words) - SHINGLE + 1, 1)
    out = np.zeros(n, dtype=np.uint64)
    for offset in range(min(SHINGLE, len(words))):
        out = out * np.uint64(0x9E3779B97F4A7C15) + words[offset : offset + n]
    return _mix(out)


def _n_distinct(shingles: Hashes) -> int:
    rising = np.sort(shingles)
    return int(np.count_nonzero(rising[1:] != rising[:-1])) + min(len(rising), 1)


def _mix(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64: every bit of the input moves half of the output's."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _exact(words: Hashes) -> int:
    return int.from_bytes(blake2b(words.tobytes(), digest_size=8).digest(), "little")


def _numbers(words: Sequence[str]) -> tuple[int, ...]:
    """The smallest 16-bit hashes of the distinct figures."""
    return tuple(sorted({_HASHES[word] % _NO_NUMBER for word in filter(str.isdecimal, words)})[:N_NUMBERS])


def _minima(texts: Sequence[Hashes]) -> npt.NDArray[np.uint16]:
    """One row per text: the smallest hash in each bin; an empty bin borrows one that is not, the same for all texts."""
    table = np.full((len(texts), N_MINIMA), _EMPTY, dtype=np.uint64)
    if texts:
        rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
        values = np.concatenate(texts)
        np.minimum.at(table, (rows, (values % np.uint64(N_MINIMA)).astype(np.intp)), values >> np.uint64(7))
    has_any = (table != _EMPTY).any(axis=1)
    for lenders in _LENDERS:
        empty = (table == _EMPTY) & has_any[:, None]
        if not empty.any():
            break
        table = np.where(empty, table[:, lenders], table)
    return (table & np.uint64(0xFFFF)).astype("<u2")


def _lenders() -> npt.NDArray[np.intp]:
    """In round k, bin i may borrow from `lenders[k, i]`: fixed, so that two texts borrow alike."""
    rounds = np.arange(4 * N_MINIMA, dtype=np.uint64)[:, None] * np.uint64(N_MINIMA) + np.arange(
        N_MINIMA, dtype=np.uint64
    )
    drawn = (_mix((rounds + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)) % np.uint64(N_MINIMA)).astype(np.intp)
    # the last rounds go through every bin in turn, so that none stays empty
    turns = (np.arange(N_MINIMA)[None, :] + np.arange(1, N_MINIMA)[:, None]) % N_MINIMA
    return np.concatenate([drawn, turns])


_LENDERS = _lenders()

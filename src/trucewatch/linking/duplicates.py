"""Near-duplicates: which reports are copies, light edits or excerpts of one seen before. Flagged, never dropped.

MinHash with locality-sensitive hashing: 48 bands of 4 minima find 95 in 100 pairs that share half of their shingles,
practically all that share two thirds, and hardly any that share a tenth. What is found is compared by all 128 minima.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from trucewatch.linking.buckets import Buckets
from trucewatch.linking.signatures import N_MINIMA, N_NUMBERS, Signature, sign
from trucewatch.terms.reports import Report

_N_BANDS = 48
_PER_BAND = 4
# Each minimum is in one of the first 32 bands; every second one is in one more, beside others than in the first.
_IN_BANDS = np.concatenate([np.arange(N_MINIMA), np.arange(0, N_MINIMA, 2).reshape(4, -1).T.ravel()])
_BATCH = 2_000  # reports; the arrays of one batch take about 50 MB
_MIXERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class DuplicateSettings:
    """What counts as a copy.

    `shared` is the least share (0 to 1) of all shingles of both texts; `contained` that of the shorter text's own, from
    `excerpt_shingles` on, so that an excerpt of a longer text is found. Where two texts give four figures or more
    between them and share less than `figures` of these, they are two fillings of one form (a daily bulletin) and no
    copies. `bucket` bounds the work for a text that very many reports share.
    """

    shared: float = 0.4  # 442 real reports on like subjects share under 0.1; 10 in 100 words changed leave 0.57
    contained: float = 0.8
    excerpt_shingles: int = 30
    figures: float = 0.34
    bucket: int = 24


@dataclass(frozen=True, slots=True)
class Match:
    """A report that an earlier one resembles. `similarity` is the share of shingles (1 for the same words)."""

    report_id: str
    similarity: float


class NearDuplicates:
    """Every signature added so far, to be asked for copies: about 900 bytes a report, near-linear in time.

    The answer depends on what was added before, in its order; adding an id again changes nothing.
    """

    def __init__(self, settings: DuplicateSettings | None = None) -> None:
        self._settings = settings or DuplicateSettings()
        self._rows: dict[str, int] = {}
        self._ids: list[str] = []
        self._signatures = _Columns()
        self._bands = Buckets(_N_BANDS)

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, signatures: Iterable[Signature]) -> None:
        """All of them are known now."""
        fresh: dict[str, Signature] = {}
        for signature in signatures:
            if signature.report_id not in self._rows:
                fresh.setdefault(signature.report_id, signature)
        for report_id in fresh:
            self._rows[report_id] = len(self._ids)
            self._ids.append(report_id)
        added = list(fresh.values())
        for start in range(0, len(added), _BATCH):
            batch = added[start : start + _BATCH]
            self._bands.add(_band_keys(self._signatures.extend(batch)))

    def query(self, signatures: Sequence[Signature]) -> list[tuple[Match, ...]]:
        """For each, the known reports it is a copy of, the most similar first, of equals the one added first.

        A signature whose id is known is held against those added before it only.
        """
        out: list[tuple[Match, ...]] = []
        for start in range(0, len(signatures), _BATCH):
            out.extend(self._query(signatures[start : start + _BATCH]))
        return out

    def sharing(self, report_ids: Iterable[str]) -> set[str]:
        """The known reports whose answer depends on these, themselves among them: what shares a band with one."""
        rows = np.array(sorted(self._rows[key] for key in report_ids), dtype=np.intp)
        keys = _band_keys(self._signatures.minima[: len(self._ids)])
        found = np.zeros(len(self._ids), dtype=bool)
        found[rows] = True
        for band in range(_N_BANDS):
            found |= np.isin(keys[:, band], keys[rows, band])
        return {self._ids[row] for row in np.flatnonzero(found)}

    def flag(self, reports: Sequence[Report]) -> list[Report]:
        """The reports in their order, copies with `duplicate_of` and `similarity` set; all of them are known now."""
        out: list[Report] = []
        for start in range(0, len(reports), _BATCH):
            batch = reports[start : start + _BATCH]
            signatures = sign(batch)
            self.add(signatures)
            for report, matches in zip(batch, self._query(signatures), strict=True):
                best = matches[0] if matches else None
                out.append(replace(report, duplicate_of=best.report_id, similarity=best.similarity) if best else report)
        return out

    def _query(self, signatures: Sequence[Signature]) -> list[tuple[Match, ...]]:
        own = _Columns()
        own.extend(signatures)
        before = np.array([self._rows.get(s.report_id, len(self._ids)) for s in signatures], dtype=np.int32)
        pairs = self._bands.pairs(_band_keys(own.minima), before, self._settings.bucket)
        shared = own.shared_with(self._signatures, pairs)
        found: list[list[tuple[float, int]]] = [[] for _ in signatures]
        for (query, row), share in zip(pairs.tolist(), shared.tolist(), strict=True):
            if self._is_copy(own, query, row, share):
                same = own.exact[query] == self._signatures.exact[row]
                found[query].append((-1.0 if same else -min(round(share, 4), 0.9999), row))
        return [tuple(Match(self._ids[row], -minus) for minus, row in sorted(rows)) for rows in found]

    def _is_copy(self, own: _Columns, query: int, row: int, share: float) -> bool:
        known, least = self._signatures, self._settings
        n_own, n_known = int(own.n_shingles[query]), int(known.n_shingles[row])
        if not n_own or not n_known:
            return False
        shorter = min(n_own, n_known)
        in_both = share * (n_own + n_known) / (1 + share)
        excerpt = shorter >= least.excerpt_shingles and in_both >= least.contained * shorter
        return (share >= least.shared or excerpt) and (
            _figures_shared(own.numbers[query], known.numbers[row], excerpt) >= least.figures
        )


class _Columns:
    """Signatures in columns that grow by half: a row costs its bytes and no object."""

    def __init__(self) -> None:
        self.n = 0
        self.exact = np.empty(0, dtype=np.uint64)
        self.n_shingles = np.empty(0, dtype=np.uint32)
        self.minima = np.empty((0, N_MINIMA), dtype=np.uint16)
        self.numbers: list[tuple[int, ...]] = []

    def extend(self, signatures: Sequence[Signature]) -> npt.NDArray[np.uint16]:
        """Adds them and returns the minima of these rows."""
        stop = self.n + len(signatures)
        if stop > len(self.exact):
            room = max(stop, len(self.exact) * 3 // 2)
            self.exact = _grown(self.exact, room)
            self.n_shingles = _grown(self.n_shingles, room)
            self.minima = _grown(self.minima, room)
        self.exact[self.n : stop] = [s.exact for s in signatures]
        self.n_shingles[self.n : stop] = [s.n_shingles for s in signatures]
        packed = b"".join(s.minima for s in signatures)
        self.minima[self.n : stop] = np.frombuffer(packed, dtype="<u2").reshape(-1, N_MINIMA)
        self.numbers.extend(s.numbers for s in signatures)
        start, self.n = self.n, stop
        return self.minima[start:stop]

    def shared_with(self, other: _Columns, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The estimated share of shingles of each pair (row here, row there)."""
        out = np.empty(len(pairs))
        for start in range(0, len(pairs), 50_000):
            part = pairs[start : start + 50_000]
            equal = self.minima[part[:, 0]] == other.minima[part[:, 1]]
            out[start : start + len(part)] = equal.mean(axis=1)
        return out


def _grown(column: npt.NDArray[Any], room: int) -> npt.NDArray[Any]:
    out = np.zeros((room, *column.shape[1:]), dtype=column.dtype)
    out[: len(column)] = column
    return out


def _band_keys(minima: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
    """One 32-bit key per row and band. A text without words shares its keys with the like, and is no copy of any."""
    bands = minima[:, _IN_BANDS].reshape(-1, _N_BANDS, _PER_BAND).astype(np.uint64)
    mixed = np.zeros(bands.shape[:2], dtype=np.uint64)
    for at in range(_PER_BAND):
        mixed = (mixed ^ bands[:, :, at]) * (_MIXERS[at] << np.uint64(16) | np.uint64(1))
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _figures_shared(left: tuple[int, ...], right: tuple[int, ...], excerpt: bool) -> float:
    """The share of figures in both, 1 where there are fewer than four; for an excerpt that of the shorter list."""
    both, either = set(left) & set(right), set(left) | set(right)
    if len(either) < 4:
        return 1.0
    if len(left) == N_NUMBERS or len(right) == N_NUMBERS:
        # the lists are cut: only what lies below the cut of both can be compared
        cut = min(left[-1] if len(left) == N_NUMBERS else 0xFFFF, right[-1] if len(right) == N_NUMBERS else 0xFFFF)
        both, either = {n for n in both if n <= cut}, {n for n in either if n <= cut}
    if excerpt:
        return len(both) / max(min(len(left), len(right)), 1) if min(len(left), len(right)) else 1.0
    return len(both) / len(either)

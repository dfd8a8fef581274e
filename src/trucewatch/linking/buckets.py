"""Buckets of equal keys over millions of rows, in sorted arrays: 8 bytes a key, no object per row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.int32]


class Buckets:
    """For each of some bands, which rows have a key; rows are numbered in the order of adding.

    Sorted segments whose sizes at least double, the newest merged into the older as it grows: adding n rows costs
    about n log n in all, and looking one up costs log n searches.
    """

    def __init__(self, n_bands: int) -> None:
        self._n_bands = n_bands
        self._n_rows = 0
        self._segments: list[tuple[Keys, Rows]] = []

    def add(self, keys: Keys) -> None:
        """Adds rows. `keys` has the shape (rows, bands)."""
        if not len(keys):
            return
        rows = np.arange(self._n_rows, self._n_rows + len(keys), dtype=np.int32)
        self._n_rows += len(keys)
        self._segments.append(_sorted(np.ascontiguousarray(keys.T), np.tile(rows, (self._n_bands, 1))))
        while len(self._segments) > 1 and self._segments[-1][0].shape[1] * 2 > self._segments[-2][0].shape[1]:
            newer, older = self._segments.pop(), self._segments.pop()
            keys_of_both = np.concatenate([older[0], newer[0]], axis=1)
            self._segments.append(_sorted(keys_of_both, np.concatenate([older[1], newer[1]], axis=1)))

    def pairs(self, keys: Keys, before: Rows, at_most: int) -> npt.NDArray[np.int64]:
        """The pairs (query, row), distinct and sorted, that share a key in a band with `row < before[query]`.

        Of every bucket only the first `at_most` rows are looked at, so that a text that a million reports quote costs
        no more than another; which rows these are depends on their order alone, not on how they were added.
        """
        found: list[npt.NDArray[np.int64]] = []
        left = np.full((self._n_bands, len(keys)), at_most)
        for all_keys, all_rows in self._segments:
            for band in range(self._n_bands):
                wanted = keys[:, band]
                start = np.searchsorted(all_keys[band], wanted, "left")
                stop = np.searchsorted(all_keys[band], wanted, "right")
                n_each = np.minimum(stop - start, left[band])
                left[band] -= n_each
                queries = np.repeat(np.arange(len(keys)), n_each)
                if not len(queries):
                    continue
                within = np.arange(len(queries)) - np.repeat(np.cumsum(n_each) - n_each, n_each)
                rows = all_rows[band][np.repeat(start, n_each) + within]
                earlier = rows < before[queries]
                found.append((queries[earlier].astype(np.int64) << 32) | rows[earlier].astype(np.int64))
        if not found:
            return np.empty((0, 2), dtype=np.int64)
        joined = np.unique(np.concatenate(found))
        return np.stack([joined >> 32, joined & 0xFFFF_FFFF], axis=1)


def _sorted(keys: Keys, rows: Rows) -> tuple[Keys, Rows]:
    """Both by key within each band; rows of one key stay in their order."""
    order = np.argsort(keys, axis=1, kind="stable")
    return np.take_along_axis(keys, order, axis=1), np.take_along_axis(rows, order, axis=1)

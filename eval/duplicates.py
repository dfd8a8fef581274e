"""Measures near-duplicate search: time, memory, precision and recall on planted copies.

    python eval/duplicates.py --reports 1000000

A synthetic archive of distinct reports (Zipfian words, 60 to 400 a report), into which copies of known kinds are
planted (one in ten), and forms filled anew, which are no copies (one in fifty). Prints one JSON object. The same seed
gives the same archive; times are those of the machine.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import click
import numpy as np

from trucewatch.linking.duplicates import NearDuplicates
from trucewatch.terms.reports import Report

N_WORDS = 60_000
KINDS = ("same", "edit_2", "edit_5", "edit_10", "edit_15", "frame", "cut_third", "cut_half", "moved", "form")
FRAME_HEAD = "CAPITAL (Agency) The following report was carried by our partner on the day and is given here in full"
FRAME_TAIL = "Reporting by the desk in the capital editing by the night shift all times are local"


@dataclass
class Archive:
    """A stream of planted reports. `kind` and `of` hold, per row, what was planted and the row it was made from."""

    n: int
    seed: int

    def __post_init__(self) -> None:
        """Draws the vocabulary."""
        self.kind: list[str | None] = []
        self.of: list[int | None] = []
        self._chance = random.Random(self.seed)
        self._draw = np.random.default_rng(self.seed)
        self._words = np.array([_spelled(n) for n in range(N_WORDS)])
        weights = 1 / np.arange(1, N_WORDS + 1) ** 0.9
        self._cumulated = np.cumsum(weights / weights.sum())
        self._recent: list[tuple[int, list[str]]] = []

    def batches(self, size: int) -> Iterator[list[Report]]:
        """The reports in order."""
        for start in range(0, self.n, size):
            yield [_report(row, " ".join(self._next(row))) for row in range(start, min(start + size, self.n))]

    def _next(self, row: int) -> list[str]:
        chance = self._chance.random()
        if self._recent and chance < 0.12:
            of, words = self._chance.choice(self._recent)
            kind = "form" if chance < 0.02 else self._chance.choice(KINDS[:-1])
            self.kind.append(kind)
            self.of.append(of)
            return self._changed(words, kind)
        words = self._fresh(self._chance.randint(60, 400))
        self.kind.append(None)
        self.of.append(None)
        # copies come within days: they are made of the last 20,000 originals
        if len(self._recent) < 20_000:
            self._recent.append((row, words))
        else:
            self._recent[self._chance.randrange(20_000)] = (row, words)
        return words

    def _fresh(self, n: int) -> list[str]:
        words = self._words[np.searchsorted(self._cumulated, self._draw.random(n)).clip(max=N_WORDS - 1)].tolist()
        # figures, as reports have them: about one word in 25
        return [str(self._chance.randrange(1, 400)) if self._chance.random() < 0.04 else word for word in words]

    def _changed(self, words: list[str], kind: str) -> list[str]:
        if kind.startswith("edit_"):
            share = int(kind.removeprefix("edit_")) / 100
            return [self._fresh(1)[0] if self._chance.random() < share else word for word in words]
        if kind == "frame":
            return [*FRAME_HEAD.split(), *words, *FRAME_TAIL.split()]
        if kind == "cut_third":
            return words[: len(words) * 2 // 3]
        if kind == "cut_half":
            return words[: len(words) // 2]
        if kind == "moved":
            parts = [words[at : at + 25] for at in range(0, len(words), 25)]
            self._chance.shuffle(parts)
            return [word for part in parts for word in part]
        if kind == "form":
            return [str(self._chance.randrange(1, 400)) if word.isdecimal() else word for word in words]
        return words


def _spelled(number: int) -> str:
    """A made-up word: the commoner, the shorter."""
    out = ""
    while not out or number:
        number, letter = divmod(number, 80)
        out += "bdfgklmnprstvzjh"[letter // 5] + "aeiou"[letter % 5]
    return out


def _report(row: int, text: str) -> Report:
    return Report(f"rep_{row:024x}", str(row), None, None, None, "en", None, text, "")


@click.command()
@click.option("--reports", "n_reports", default=100_000, show_default=True, help="How many reports to make.")
@click.option("--batch", default=2_000, show_default=True)
@click.option("--seed", default=7, show_default=True)
def main(n_reports: int, batch: int, seed: int) -> None:
    """Plants copies in an archive of that size and prints what is found of them."""
    archive, known = Archive(n_reports, seed), NearDuplicates()
    before = _peak_mb()
    found: list[int | None] = []
    seconds = cpu = 0.0
    for reports in archive.batches(batch):
        started, started_cpu = time.perf_counter(), time.process_time()
        flagged = known.flag(reports)
        seconds += time.perf_counter() - started
        cpu += time.process_time() - started_cpu
        found.extend(int(r.duplicate_of[4:], 16) if r.duplicate_of else None for r in flagged)
    root = _roots(archive)
    planted, right = Counter[str](), Counter[str]()
    wrong = 0
    for row, match in enumerate(found):
        kind = archive.kind[row]
        copy = kind is not None and kind != "form"
        if kind is not None:
            planted[kind] += 1
        if match is None:
            right["form"] += kind == "form"
        elif copy and root[match] == root[row]:
            right[str(kind)] += 1
        elif root[match] != root[row]:
            wrong += 1
    n_copies = sum(n for kind, n in planted.items() if kind != "form")
    n_right = sum(n for kind, n in right.items() if kind != "form")
    n_flagged = sum(match is not None for match in found)
    print(
        json.dumps(
            {
                "reports": n_reports,
                "seconds": round(seconds, 1),
                "cpu_seconds": round(cpu, 1),
                "reports_per_cpu_second": round(n_reports / cpu),
                "peak_mb_above_start": round(_peak_mb() - before),
                "planted_copies": n_copies,
                "flagged": n_flagged,
                "precision": round(n_right / n_flagged, 4) if n_flagged else None,
                "recall": round(n_right / n_copies, 4) if n_copies else None,
                "recall_by_kind": {k: round(right[k] / planted[k], 4) for k in KINDS[:-1] if planted[k]},
                "forms_left_alone": round(right["form"] / planted["form"], 4) if planted["form"] else None,
                "flagged_unrelated": wrong,
            },
            indent=2,
        )
    )


def _roots(archive: Archive) -> list[int]:
    """The group of each row. A form filled anew founds one: what a copy was made from is never a copy itself."""
    return [
        row if archive.of[row] is None or archive.kind[row] == "form" else int(archive.of[row] or 0)
        for row in range(archive.n)
    ]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

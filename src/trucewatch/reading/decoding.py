"""From numbers over word pieces to guesses over code points: runs, spans and calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from trucewatch.reading.guesses import PASSAGES, REALITIES, ROLES, STATUSES, PassageGuess, RoleGuess, TriggerGuess
from trucewatch.reading.windows import Window
from trucewatch.terms.spans import Span

Floats = npt.NDArray[np.float32]
Run = tuple[int, int]
SPEAKER, ABOUT = ROLES.index("speaker"), len(ROLES)
LEAST_ROLE = 0.25  # pieces under this do not carry on a run
LEAST_SHOWN = 0.01
MOST_RUNS = 60


@dataclass(frozen=True, slots=True)
class Marks:
    """What the manifest of the weights fixes: their types and the least to report."""

    types: tuple[str, ...]
    least_trigger: float
    least_passage: float

    @classmethod
    def of(cls, manifest: dict[str, Any]) -> Marks:
        """The marks that a manifest fixes."""
        return cls(tuple(manifest["types"]), manifest["least_trigger"], manifest["least_passage"])


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    out: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return out


def sigmoid(logits: Floats) -> Floats:
    """Probabilities, element by element."""
    out: Floats = (1.0 / (1.0 + np.exp(-np.clip(logits, -40.0, 40.0)))).astype(logits.dtype)
    return out


def shown(prob: float | np.floating[Any]) -> float:
    """A probability to four decimals, so that the last bits of a float do not reach an output."""
    return round(float(prob), 4)


def trigger_runs(alarms: Floats, window: Window, cells: Sequence[Run], least: float) -> list[tuple[Run, Floats]]:
    """Runs of pieces that may be triggers, whole words only, with the mean over their pieces of each type and of none.

    `cells` are the words of the window. A run ends where the likeliest type changes; a continued word ("##ed") goes
    with its beginning.
    """
    if not cells:
        return []
    hot = 1.0 - alarms[:, -1] >= least
    kinds = alarms[:, :-1].argmax(axis=-1)
    found: list[Run] = []
    for at in np.flatnonzero(np.logical_or.reduceat(hot[: cells[-1][1]], _firsts(cells))).tolist():
        first, last = cells[at]
        best = first + int(alarms[first:last, :-1].max(axis=-1).argmax())
        if found and found[-1][1] == first and kinds[best] == kinds[found[-1][0]]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    kept = [run for run in found if window.first <= run[0] < window.last]
    if len(kept) > MOST_RUNS:  # a window of nothing but alarms would cost seconds
        kept.sort(key=lambda run: (float(alarms[run[0] : run[1], -1].min()), run))
        kept = sorted(kept[:MOST_RUNS])
    return [(run, alarms[run[0] : run[1]][hot[run[0] : run[1]]].mean(axis=0)) for run in kept]


def passage_runs(told: Floats, window: Window, cells: Sequence[Run], least: float) -> list[tuple[Run, Floats]]:
    """Runs of at least three words that may be statements or tallies, with the mean of each kind and of none.

    Gaps of up to two words are closed. A run belongs to the window that answers for its middle.
    """
    if not cells:
        return []
    share = 1.0 - told[:, -1]
    kinds = told[:, :-1].argmax(axis=-1)
    runs: list[tuple[Run, int]] = []  # (pieces, number of words)
    before = 0
    sums = np.add.reduceat(share[: cells[-1][1]], _firsts(cells))
    sizes = np.array([last - first for first, last in cells], dtype=share.dtype)
    for at in np.flatnonzero(sums / sizes >= least).tolist():
        first, last = cells[at]
        gap = at - before - 1
        if runs and gap <= 2 and kinds[first] == kinds[runs[-1][0][1] - 1]:
            runs[-1] = ((runs[-1][0][0], last), runs[-1][1] + gap + 1)
        else:
            runs.append(((first, last), 1))
        before = at
    out = []
    for (first, last), n_words in runs:
        if n_words >= 3 and window.first <= (first + last) // 2 < window.last:
            out.append(((first, last), told[first:last].mean(axis=0)))
    return out


def _firsts(cells: Sequence[Run]) -> list[int]:
    return [first for first, _ in cells]


def words(window: Window, text: str) -> list[Run]:
    """Runs of pieces of the text that stand for one word: pieces that touch and are letters or digits on both sides."""
    out: list[Run] = []
    ended, reached = -1, -1  # the piece after the last one, and where that ended in the text
    for at, (here, end) in enumerate(zip(window.starts.tolist(), window.ends.tolist(), strict=True)):
        if here < 0:
            continue
        if ended == at and reached == here and text[here - 1].isalnum() and text[here].isalnum():
            out[-1] = (out[-1][0], at + 1)
        else:
            out.append((at, at + 1))
        ended, reached = at + 1, end
    return out


def span(window: Window, run: Run) -> Span:
    """The code points of a run of pieces."""
    return Span(int(window.starts[run[0]]), int(window.ends[run[1] - 1]))


def ranked(names: tuple[str, ...], probs: Floats) -> tuple[tuple[str, float], ...]:
    """Names with their probabilities, the likeliest first; the first stays, the others where they reach LEAST_SHOWN."""
    order = np.argsort(-probs, kind="stable")
    kept = [n for rank, n in enumerate(order) if rank == 0 or probs[n] >= LEAST_SHOWN]
    return tuple((names[n], shown(probs[n])) for n in kept)


def trigger(
    window: Window, run: Run, share: Floats, facts: Floats, filled: Sequence[Sequence[RoleGuess]], marks: Marks
) -> TriggerGuess:
    """The guess about one trigger. Types are the mean of what the pieces and the whole run say."""
    n_types = len(marks.types)
    cut = np.cumsum([n_types, len(STATUSES), len(REALITIES)])
    types, statuses, realities, breach = np.split(facts, cut)
    prob = 1.0 - float(share[-1])
    mixed = (share[:-1] / max(prob, 1e-6) + softmax(types)) / 2.0
    status = softmax(statuses)
    reality = softmax(realities)
    roles = [guess for column in range(len(ROLES)) for guess in filled[column]]
    return TriggerGuess(
        span(window, run),
        shown(prob),
        ranked(marks.types, prob * mixed),
        tuple((name, shown(p)) for name, p in zip(STATUSES, status, strict=True)),
        tuple((name, shown(p)) for name, p in zip(REALITIES, reality, strict=True)),
        shown(sigmoid(breach)[0]),
        tuple(sorted(roles, key=lambda guess: (guess.span, guess.role))),
    )


def passage(window: Window, run: Run, share: Floats, filled: Sequence[Sequence[RoleGuess]]) -> PassageGuess:
    """The guess about one statement or tally."""
    by_prob = [
        tuple(sorted(filled[column], key=lambda guess: (-guess.prob, guess.span))) for column in (SPEAKER, ABOUT)
    ]
    kinds = ranked(PASSAGES, share[:-1])
    return PassageGuess(span(window, run), shown(1.0 - float(share[-1])), kinds, by_prob[0], by_prob[1])


def fillers(window: Window, cells: Sequence[Run], logits: Floats) -> list[list[list[RoleGuess]]]:
    """Runs of whole words that fill the roles of each run asked about: one list a run and role, in order of the text.

    `logits` are (runs x pieces x roles x 2): lies in such a run, begins one. The last of the roles is `about`. The
    probability of a run is the mean over its pieces of lying in one.
    """
    names = (*ROLES, "about")
    out: list[list[list[RoleGuess]]] = [[[] for _ in names] for _ in logits]
    probs = sigmoid(logits[:, : cells[-1][1]].transpose(0, 2, 3, 1))
    inside = np.ascontiguousarray(probs[:, :, 0])
    firsts = _firsts(cells)
    on = np.maximum.reduceat(inside, firsts, axis=-1) >= LEAST_ROLE
    starts = np.maximum.reduceat(probs[:, :, 1], firsts, axis=-1) >= 0.5
    runs: list[tuple[int, int, int, int]] = []  # asked, role, first, last piece
    before = (-1, -1, -2)
    for asked, role, at in np.argwhere(on).tolist():
        first, last = cells[at]
        if (asked, role, at - 1) == before and (names[role] == "quote" or not starts[asked, role, at]):
            runs[-1] = (*runs[-1][:3], last)
        else:
            runs.append((asked, role, first, last))
        before = (asked, role, at)
    for asked, role, first, last in runs:
        sure = np.add.reduce(inside[asked, role, first:last]) / (last - first)
        out[asked][role].append(RoleGuess(names[role], span(window, (first, last)), shown(sure)))
    return out

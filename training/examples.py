"""Labels of a report laid over the word pieces of its windows, as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.corpus import ALL_ROLES, TYPES, Labelled
from trucewatch.reading.guesses import PASSAGES, REALITIES
from trucewatch.reading.windows import Window, Windower
from trucewatch.terms.spans import Span

IGNORED = -100


@dataclass(frozen=True, slots=True)
class Run:
    """A labelled run of pieces to ask about: `first` to `last` half-open. IGNORED or NaN mark what is not known.

    `roles` (pieces x roles x 2) is NaN for a role that is not known.
    """

    first: int
    last: int
    type: int
    status: int
    reality: int
    breach: float
    group: int
    passage: bool
    roles: Tensor | None


@dataclass(slots=True)
class Example:
    """A window with its labels. `lower` is filled with the hidden states of the layers that are not trained."""

    report: int
    window: Window
    ids: Tensor
    segments: Tensor
    tags: Tensor
    passages: Tensor
    runs: list[Run]
    background: list[tuple[int, int]]
    lower: Tensor | None = None


def make_examples(reports: Sequence[Labelled], windower: Windower) -> list[Example]:
    """Every window of every report, in order."""
    return [
        make_example(n, report, window)
        for n, report in enumerate(reports)
        for window in windower(report.text, report.title)
    ]


def make_example(number: int, report: Labelled, window: Window) -> Example:
    """One window with the labels that lie in it."""
    pieces = len(window)
    tags = np.full(pieces, len(TYPES))
    tags[window.starts < 0] = IGNORED
    for span in report.unsure:
        first, last = reach(window, span)
        tags[first:last] = IGNORED
    passages = np.full(pieces, len(PASSAGES))
    passages[window.starts < 0] = IGNORED
    runs = []
    for trigger in report.triggers:
        first, last = reach(window, trigger.span)
        if first == last:
            continue
        tags[first:last] = TYPES.index(trigger.type)
        runs.append(
            Run(
                first,
                last,
                TYPES.index(trigger.type),
                IGNORED if trigger.status is None else trigger.status,
                REALITIES.index(trigger.reality) if trigger.reality else IGNORED,
                float("nan") if trigger.breach is None else float(trigger.breach),
                IGNORED if trigger.group is None else trigger.group,
                False,
                role_labels(window, trigger.roles) if trigger.roles else None,
            )
        )
    for passage in sorted(report.passages, key=lambda item: -len(item.span)):
        first, last = reach(window, passage.span)
        if first == last:
            continue
        passages[first:last] = PASSAGES.index(passage.kind)
        roles = role_labels(window, passage.roles)
        runs.append(Run(first, last, IGNORED, IGNORED, IGNORED, float("nan"), IGNORED, True, roles))
    background = [where for span in report.background if (where := reach(window, span))[0] < where[1]]
    return Example(
        number,
        window,
        torch.from_numpy(window.ids),
        torch.from_numpy(window.segments),
        torch.from_numpy(tags),
        torch.from_numpy(passages),
        runs,
        background,
    )


def reach(window: Window, span: Span) -> tuple[int, int]:
    """The pieces (half-open) of a window that overlap a span; equal ends where none does."""
    hit = np.flatnonzero((window.starts >= 0) & (window.starts < span.end) & (window.ends > span.start))
    return (int(hit[0]), int(hit[-1]) + 1) if len(hit) else (0, 0)


def role_labels(window: Window, roles: dict[str, tuple[Span, ...]]) -> Tensor:
    """Which pieces lie in (0) and begin (1) a run of each role; NaN throughout for roles that are not known."""
    out = torch.full((len(window), len(ALL_ROLES), 2), float("nan"))
    for role, spans in roles.items():
        column = ALL_ROLES.index(role)
        out[:, column, :] = 0.0
        for span in spans:
            first, last = reach(window, span)
            if first < last:
                out[first:last, column, 0] = 1.0
                out[first, column, 1] = 1.0
    return out

"""Guesses on reports not trained on: temperatures, figures, and the guesses themselves as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.corpus import TYPES, Labelled
from training.examples import IGNORED, make_examples
from training.exports import export
from training.losses import alarms
from training.measures import figures
from training.nets import Net, start_folder
from trucewatch.reading.guesses import REALITIES, STATUSES, Guess
from trucewatch.reading.learned import LearnedPart
from trucewatch.reading.windows import Windower

HEAT_STEP = 3  # of the reports kept aside, each third is enough to fit a temperature


def summarise(reports: Sequence[Labelled], out: Path, folds: int, fold_of: Callable[[int, int], int]) -> None:
    """`out` holds heats.json, oof.jsonl (a line a report: id, fold, guess) and figures.json.

    Every guess is made by the int8 weights of a net that was not trained on its report. The temperatures of a half
    are fitted on the reports it did not see, one number a head. A half that has not been trained is left out, with
    the reports it would have guessed at; FileNotFoundError where none has.
    """
    guesses: dict[int, Guess] = {}
    gathered: dict[str, list[tuple[Tensor, Tensor]]] = {}
    parts = []
    trained = [fold for fold in range(folds) if (out / f"half-{fold}.pt").is_file()]
    if not trained:
        raise FileNotFoundError(out / "half-0.pt")
    for fold in trained:
        net = Net()
        net.load_state_dict(torch.load(out / f"half-{fold}.pt", weights_only=True))
        net.eval()
        aside = [n for n in range(len(reports)) if fold_of(n, folds) == fold]
        here = gather(net, [reports[n] for n in aside[::HEAT_STEP]])
        for name, pairs in here.items():
            gathered.setdefault(name, []).extend(pairs)
        parts.append((fold, net, aside))
    heats = {name: fit_heat(pairs) for name, pairs in sorted(gathered.items())}
    (out / "heats.json").write_text(json.dumps(heats, indent=1) + "\n", "utf-8")
    for fold, net, aside in parts:
        export(net, out / f"weights-{fold}", heats)
        part = LearnedPart(out / f"weights-{fold}")
        found = part([reports[n].text for n in aside], [reports[n].title for n in aside])
        guesses.update(zip(aside, found, strict=True))
    with (out / "oof.jsonl").open("w", encoding="utf-8") as file:
        for n, guess in sorted(guesses.items()):
            row = {"id": reports[n].name, "fold": fold_of(n, folds), "guess": asdict(guess)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    measured = figures([reports[n] for n in sorted(guesses)], [guesses[n] for n in sorted(guesses)])
    (out / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


def gather(net: Net, reports: Sequence[Labelled]) -> dict[str, list[tuple[Tensor, Tensor]]]:
    """Logits and labels of each head on reports not trained on."""
    out: dict[str, list[tuple[Tensor, Tensor]]] = {}

    def keep(name: str, logits: Tensor, truth: Tensor) -> None:
        known = (truth != IGNORED) if not truth.is_floating_point() else ~truth.isnan()
        if bool(known.any()):
            out.setdefault(name, []).append((logits[known], truth[known]))

    with torch.no_grad():
        for example in make_examples(reports, Windower(start_folder() / "tokenizer.json")):
            hidden, tags, passages = (x[0] for x in net.encoder(example.ids[None], example.segments[None]))
            keep("tags", tags, example.tags)
            keep("passages", passages, example.passages)
            runs = [run for run in example.runs if not run.passage] + alarms(example, tags)
            if not runs:
                continue
            means = torch.stack([hidden[run.first : run.last].mean(0) for run in runs])
            facts = net.heads.facts(means)
            types, statuses, realities, breach = facts.split((len(TYPES), len(STATUSES), len(REALITIES), 1), dim=-1)
            keep("type", types, torch.tensor([run.type for run in runs]))
            keep("status", statuses, torch.tensor([run.status for run in runs]))
            keep("reality", realities, torch.tensor([run.reality for run in runs]))
            keep("breach", breach[:, 0], torch.tensor([run.breach for run in runs]))
            told = [k for k, run in enumerate(runs) if run.group != IGNORED]
            if len(told) > 1:
                i, j = torch.combinations(torch.tensor(told), 2).unbind(1)
                groups = torch.tensor([run.group for run in runs])
                keep("pairs", net.pairs(means[i], means[j]), (groups[i] == groups[j]).float())
    return out


def fit_heat(pairs: Sequence[tuple[Tensor, Tensor]]) -> float:
    """The temperature, out of a grid from 0.5 to 4, with the least cross-entropy."""
    logits, truth = torch.cat([p[0] for p in pairs]), torch.cat([p[1] for p in pairs])

    def loss(heat: float) -> float:
        if truth.is_floating_point():
            return float(F.binary_cross_entropy_with_logits(logits / heat, truth))
        return float(F.cross_entropy(logits / heat, truth))

    grid: list[float] = [round(float(x), 2) for x in np.geomspace(0.5, 4.0, 43)]
    return min(grid, key=lambda heat: (loss(heat), heat))

"""Guesses on reports not trained on: the guesses themselves as JSON Lines, and figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from training.corpus import Labelled
from training.exports import export
from training.measures import figures
from training.nets import Net
from trucewatch.reading.guesses import Guess
from trucewatch.reading.learned import LearnedPart


def summarise(reports: Sequence[Labelled], out: Path, folds: int, fold_of: Callable[[int, int], int]) -> None:
    """`out` holds oof.jsonl (a line a report: id, fold, guess) and figures.json.

    Every guess is made by the int8 weights of a net that was not trained on its report. A fold that has not been
    trained is left out, with the reports it would have guessed at; FileNotFoundError where none has.
    """
    guesses: dict[int, Guess] = {}
    trained = [fold for fold in range(folds) if (out / f"fold-{fold}.pt").is_file()]
    if not trained:
        raise FileNotFoundError(out / "fold-0.pt")
    for fold in trained:
        net = Net()
        net.load_state_dict(torch.load(out / f"fold-{fold}.pt", weights_only=True))
        export(net.eval(), out / f"weights-{fold}", f"all but fold {fold}")
        aside = [n for n in range(len(reports)) if fold_of(n, folds) == fold]
        found = LearnedPart(out / f"weights-{fold}")(
            [reports[n].text for n in aside], [reports[n].title for n in aside]
        )
        guesses.update(zip(aside, found, strict=True))
    with (out / "oof.jsonl").open("w", encoding="utf-8") as file:
        for n, guess in sorted(guesses.items()):
            row = {"id": reports[n].name, "fold": fold_of(n, folds), "guess": asdict(guess)}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    measured = figures([reports[n] for n in sorted(guesses)], [guesses[n] for n in sorted(guesses)])
    (out / "figures.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")

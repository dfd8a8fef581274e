"""Trains the learned part and measures it: `python -m training.train --corpus FOLDER --out FOLDER`.

Two nets are each trained on one half of the reports and guess at the other half; that gives the figures, the
temperatures and, for whoever trains on top of the guesses, guesses on reports not trained on. The net that ships goes
on with all reports from where the first of them was after its first phase. The same corpus, seed, number of threads
and versions give the same weights. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from training.corpus import Labelled, load_corpus
from training.examples import Example, make_examples
from training.exports import export
from training.foldings import summarise
from training.losses import losses
from training.nets import Net, start_folder
from trucewatch.reading.windows import Windower

SEED = 20201
FOLDS = 2
STEPS = ("first-0", "half-0", "first-1", "half-1", "whole", "guesses", "weights")
WINDOWS_A_STEP = 4
WARM_SHARE = 0.1
ENCODER_RATE, HEAD_RATE = 2e-4, 1e-3
log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of training. The embeddings and the first `frozen` layers are not trained: their output is kept.

    `epochs` are run of the `planned` ones over which the learning rate rises and falls.
    """

    frozen: int
    epochs: int
    planned: int


# First with most of the encoder, then with its upper third, at half the time an epoch.
FIRST = (Phase(2, 2, 7),)
THEN = (Phase(4, 4, 4),)


def fold_of(number: int, folds: int) -> int:
    """The fold that the n-th report of the corpus is kept aside in; neighbours of a source fall into different ones."""
    return number % folds


def train(
    reports: Sequence[Labelled], phases: Sequence[Phase], start: Path | None = None, checkpoint: Path | None = None
) -> Net:
    """A net trained on all the reports, from published weights or from a state that was saved (`start`).

    `checkpoint` is rewritten after every epoch.
    """
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)
    net = Net()
    if start is not None:
        net.load_state_dict(torch.load(start, weights_only=True))
    examples = make_examples(reports, Windower(start_folder() / "tokenizer.json"))
    for phase in phases:
        run_phase(net, examples, phase, checkpoint)
    return net.eval()


def run_phase(net: Net, examples: list[Example], phase: Phase, checkpoint: Path | None) -> None:
    """The net has gone through one phase."""
    rng = random.Random(SEED + phase.frozen)
    torch.manual_seed(SEED + phase.frozen)
    keep_lower(net, examples, phase.frozen)
    encoder = [p for layer in net.encoder.layers[phase.frozen :] for p in layer.parameters()]
    taken = {id(p) for p in encoder} | {id(p) for p in net.encoder.embeddings.parameters()}
    taken |= {id(p) for layer in net.encoder.layers[: phase.frozen] for p in layer.parameters()}
    heads = [p for p in net.parameters() if id(p) not in taken]
    groups = [{"params": encoder, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = phase.planned * -(-len(examples) // WINDOWS_A_STEP)
    warm = max(1, round(WARM_SHARE * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / warm, max(0.02, (steps - n) / max(1, steps - warm)))
    )
    order = list(range(len(examples)))
    began = time.monotonic()
    for epoch in range(phase.epochs):
        rng.shuffle(order)
        sums: dict[str, float] = {}
        for at in range(0, len(order), WINDOWS_A_STEP):
            for number in order[at : at + WINDOWS_A_STEP]:
                parts = window_losses(net, examples[number], phase.frozen)
                (torch.stack(list(parts.values())).sum() / WINDOWS_A_STEP).backward()
                for name, value in parts.items():
                    sums[name] = sums.get(name, 0.0) + float(value.detach())
            torch.nn.utils.clip_grad_norm_(encoder + heads, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad(set_to_none=True)
            if at % 80 == 0:
                log.info("epoch %d window %d of %d, %.0f s", epoch, at, len(order), time.monotonic() - began)
        means = {name: round(value / len(order), 4) for name, value in sorted(sums.items())}
        log.info("epoch %d done, %.0f s, %s", epoch, time.monotonic() - began, json.dumps(means))
        if checkpoint is not None:
            torch.save(net.state_dict(), checkpoint)


def keep_lower(net: Net, examples: Sequence[Example], frozen: int) -> None:
    """Fills in what the layers that are not trained make of each window (half precision)."""
    net.eval()
    with torch.no_grad():
        for example in examples:
            example.lower = net.encoder.lower(example.ids[None], example.segments[None], frozen).half()
    net.train()


def window_losses(net: Net, example: Example, frozen: int) -> dict[str, torch.Tensor]:
    """The losses of one window."""
    if example.lower is None:
        raise ValueError("keep_lower has not run")
    below = net.encoder.dropout(example.lower.float())
    hidden, tags, passages = net.encoder.upper(below, frozen)
    return losses(net, example, hidden[0], tags[0], passages[0])


def main(argv: Sequence[str] | None = None) -> int:
    """Trains the halves, lets them guess, trains the whole, and writes weights, guesses and figures into `--out`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of train-*.jsonl and retellings-*.jsonl")
    parser.add_argument("--out", type=Path, required=True, help="folder for nets, weights, guesses and figures")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", choices=STEPS, help="this step alone, those before it done")
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    reports = load_corpus(args.corpus)
    for fold in range(FOLDS):
        others = [r for n, r in enumerate(reports) if fold_of(n, FOLDS) != fold]
        first, half = args.out / f"first-{fold}.pt", args.out / f"half-{fold}.pt"
        if args.only in (None, f"first-{fold}"):
            train(others, FIRST, None, first)
        if args.only in (None, f"half-{fold}"):
            train(others, THEN, first, half)
    if args.only in (None, "whole"):
        train(reports, THEN, args.out / "first-0.pt", args.out / "whole.pt")
    if args.only in (None, "guesses"):
        summarise(reports, args.out, FOLDS, fold_of)
    if args.only in (None, "weights"):
        net = Net()
        net.load_state_dict(torch.load(args.out / "whole.pt", weights_only=True))
        export(net, args.out / "weights", json.loads((args.out / "heats.json").read_text("utf-8")), "whole corpus")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

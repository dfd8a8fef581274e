"""Trains the learned part and measures it: `python -m training.train --corpus FOLDER --out FOLDER`.

Four nets are each trained on three quarters of the reports and guess at the fourth; that gives the figures and, for the
scorers that are fitted on top, guesses on reports not trained on. The net that ships is trained on all of them in the
same way. The same corpus, seed, number of threads and versions give the same weights. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from collections.abc import Sequence
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
FOLDS = 4
STEPS = (*(f"fold-{fold}" for fold in range(FOLDS)), "whole", "guesses", "weights")
EPOCHS, WINDOWS_A_STEP = 10, 4
WARM_SHARE = 0.1
# Tried on one fold without our own reports (2026-11-25): six epochs at 1e-4 found less than eight at 1.5e-4 by 0.05,
# fourteen more by 0.02, with roles filled better by 0.05; fourteen with a twelfth of the words masked less than without
# by 0.03. One run each, on some 390 accounts: differences of 0.02 may be chance.
ENCODER_RATE, HEAD_RATE = 1.5e-4, 1e-3
log = logging.getLogger("training")


def fold_of(number: int, folds: int) -> int:
    """The fold that the n-th report of the corpus is kept aside in; neighbours of a source fall into different ones."""
    return number % folds


def train(reports: Sequence[Labelled], checkpoint: Path | None = None) -> Net:
    """A net trained on all the reports, from the published weights. `checkpoint` is rewritten after every epoch."""
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)
    net = Net()
    examples = make_examples(reports, Windower(start_folder() / "tokenizer.json"))
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
    keep_embedded(net, examples)
    encoder = [p for layer in net.encoder.layers for p in layer.parameters()]
    taken = {id(p) for p in encoder} | {id(p) for p in net.encoder.embeddings.parameters()}
    heads = [p for p in net.parameters() if id(p) not in taken]
    groups = [{"params": encoder, "lr": ENCODER_RATE}, {"params": heads, "lr": HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * -(-len(examples) // WINDOWS_A_STEP)
    warm = max(1, round(WARM_SHARE * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / warm, max(0.02, (steps - n) / max(1, steps - warm)))
    )
    order = list(range(len(examples)))
    began = time.monotonic()
    for epoch in range(EPOCHS):
        rng.shuffle(order)
        sums: dict[str, float] = {}
        for at in range(0, len(order), WINDOWS_A_STEP):
            for number in order[at : at + WINDOWS_A_STEP]:
                parts = window_losses(net, examples[number])
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
    return net.eval()


def keep_embedded(net: Net, examples: Sequence[Example]) -> None:
    """Fills in what the embeddings, which are not trained, make of each window (half precision)."""
    net.eval()
    with torch.no_grad():
        for example in examples:
            example.lower = net.encoder.lower(example.ids[None], example.segments[None], 0).half()
    net.train()


def window_losses(net: Net, example: Example) -> dict[str, torch.Tensor]:
    """The losses of one window."""
    if example.lower is None:
        raise ValueError("keep_embedded has not run")
    below = net.encoder.dropout(example.lower.float())
    with torch.autocast("cpu", dtype=torch.bfloat16):  # a quarter less time on processors that multiply in it
        hidden, tags, passages = net.encoder.upper(below, 0)
    return losses(net, example, hidden[0].float(), tags[0].float(), passages[0].float())


def main(argv: Sequence[str] | None = None) -> int:
    """Trains the folds and the whole, lets the folds guess, and writes weights, guesses and figures into `--out`."""
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
        if args.only in (None, f"fold-{fold}"):
            train([r for n, r in enumerate(reports) if fold_of(n, FOLDS) != fold], args.out / f"fold-{fold}.pt")
    if args.only in (None, "whole"):
        train(reports, args.out / "whole.pt")
    if args.only in (None, "guesses"):
        summarise(reports, args.out, FOLDS, fold_of)
    if args.only in (None, "weights"):
        net = Net()
        net.load_state_dict(torch.load(args.out / "whole.pt", weights_only=True))
        export(net, args.out / "weights", "the corpus and our own reports")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

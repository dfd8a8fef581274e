"""What training lowers: one sum over the questions that the labels of a window answer."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from training.corpus import TYPES
from training.examples import IGNORED, Example, Run
from training.nets import Net
from trucewatch.reading.guesses import REALITIES, STATUSES
from trucewatch.reading.learned import distances

WEIGHTS = {
    "tags": 12.0,
    "passages": 3.0,
    "type": 0.7,
    "status": 1.0,
    "reality": 0.5,
    "breach": 0.5,
    "roles": 1.0,
    "pairs": 0.7,
}
FALSE_ALARM = 0.15  # a piece that the tagger gives at least this much and no label has is asked about as background
MOST_ALARMS = 16  # of those, a window
N_TYPES, N_STATUSES, N_REALITIES = len(TYPES), len(STATUSES), len(REALITIES)


def losses(net: Net, example: Example, hidden: Tensor, tags: Tensor, passages: Tensor) -> dict[str, Tensor]:
    """The weighted loss of each question; questions that no label of the window answers are left out."""
    out = {}
    if bool((example.tags != IGNORED).any()):
        out["tags"] = F.cross_entropy(tags, example.tags, ignore_index=IGNORED)
        out["passages"] = F.cross_entropy(passages, example.passages, ignore_index=IGNORED)
    runs = example.runs + alarms(example, tags.detach())
    if runs:
        out.update(run_losses(net, example, hidden, runs))
    return {name: WEIGHTS[name] * value for name, value in out.items()}


def alarms(example: Example, tags: Tensor) -> list[Run]:
    """Runs to learn as background: those the tagger takes for triggers at this point, and annotated hard negatives."""
    alarm = 1.0 - tags.softmax(-1)[:, -1]
    alarm[example.tags != N_TYPES] = 0.0  # labelled, unsure or not of the text
    found: list[tuple[float, int, int]] = []
    hot = (alarm > FALSE_ALARM).tolist()
    first = None
    for at, on in enumerate([*hot, False]):
        if on and first is None:
            first = at
        elif not on and first is not None:
            found.append((float(alarm[first:at].max()), first, at))
            first = None
    for low, high in example.background:
        at = low + int(alarm[low:high].argmax())
        if float(alarm[at]) > 0.0 and not any(a <= at < b for _, a, b in found):
            found.append((1.0 + float(alarm[at]), at, at + 1))
    found.sort(key=lambda item: (-item[0], item[1]))
    status, nan = STATUSES.index("background"), float("nan")
    return [Run(a, b, IGNORED, status, IGNORED, nan, IGNORED, False, None) for _, a, b in found[:MOST_ALARMS]]


def run_losses(net: Net, example: Example, hidden: Tensor, runs: list[Run]) -> dict[str, Tensor]:
    """The losses of what is asked about runs."""
    n = len(example.window)
    spread = torch.zeros(len(runs), n)
    for k, run in enumerate(runs):
        spread[k, run.first : run.last] = 1.0 / (run.last - run.first)
    means = spread @ hidden
    facts = net.heads.facts(means)
    out = {}
    cut = (N_TYPES, N_STATUSES, N_REALITIES, 1)
    types, statuses, realities, breach = facts.split(cut, dim=-1)
    for name, logits, wanted in (
        ("type", types, [run.type for run in runs]),
        ("status", statuses, [run.status for run in runs]),
        ("reality", realities, [run.reality for run in runs]),
    ):
        target = torch.tensor(wanted)
        if bool((target != IGNORED).any()):
            out[name] = F.cross_entropy(logits, target, ignore_index=IGNORED)
    truth = torch.tensor([run.breach for run in runs])
    known = ~truth.isnan()
    if bool(known.any()):
        out["breach"] = F.binary_cross_entropy_with_logits(breach[known, 0], truth[known])
    labelled = [k for k, run in enumerate(runs) if run.roles is not None]
    if labelled:
        gold = torch.stack([run.roles for run in runs if run.roles is not None])
        apart = torch.from_numpy(distances([(runs[k].first, runs[k].last) for k in labelled], n))
        kind = torch.tensor([int(runs[k].passage) for k in labelled])
        logits = net.heads.roles(hidden, means[labelled], apart, kind).view(gold.shape)
        seen = ~gold.isnan() & torch.from_numpy(example.window.starts >= 0)[None, :, None, None]
        out["roles"] = F.binary_cross_entropy_with_logits(logits[seen], gold[seen], reduction="sum") / (
            20.0 * len(labelled)
        )
    told = [k for k, run in enumerate(runs) if run.group != IGNORED]
    if len(told) > 1:
        i, j = torch.combinations(torch.tensor(told), 2).unbind(1)
        groups = torch.tensor([run.group for run in runs])
        same = (groups[i] == groups[j]).float()
        out["pairs"] = F.binary_cross_entropy_with_logits(net.pairs(means[i], means[j]), same)
    return out

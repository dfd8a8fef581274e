"""A small linear model read from a file: features by name, one weight a class, softmax over the classes."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trucewatch.reading.guesses import PassageGuess
from trucewatch.terms.errors import ModelMissing
from trucewatch.terms.spans import Span

_LEAST_GUESSED = (0.1, 0.25, 0.5, 0.75)
NONE = "none"  # the class of what is not to be read


@dataclass(frozen=True, slots=True)
class Weights:
    """`classes` in the order of every row of `table`; `bias` one value a class. Unknown features weigh nothing."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    table: Mapping[str, tuple[float, ...]]

    def weigh(self, features: Collection[str]) -> dict[str, float]:
        """The probability of each class; they sum to 1. The order of the features does not matter."""
        sums = list(self.bias)
        for feature in sorted(set(features)):
            row = self.table.get(feature)
            if row is not None:
                sums = [a + b for a, b in zip(sums, row, strict=True)]
        top = max(sums)
        powers = [math.exp(s - top) for s in sums]
        total = sum(powers)
        return {name: power / total for name, power in zip(self.classes, powers, strict=True)}


@cache
def load_weights(name: str, *, guessed: bool = False) -> Weights:
    """The shipped weights of that name; with `guessed`, those made with the learned part on.

    Raises ModelMissing where the file is not in the package."""
    name = f"{name}_guessed" if guessed else name
    path = files("trucewatch.reading") / "weights" / f"{name}.json"
    if not path.is_file():
        raise ModelMissing(
            "weights-missing", f"no weights '{name}'", where=str(path), todo="Run eval/weigh.py to make them."
        )
    raw = json.loads(path.read_text("utf-8"))
    return Weights(tuple(raw["classes"]), tuple(raw["bias"]), {k: tuple(v) for k, v in raw["weights"].items()})


def guessed_features(passages: Sequence[PassageGuess], span: Span) -> frozenset[str]:
    """What the learned part guesses of a passage, as features: the kinds of runs that share half of the shorter.

    They weigh only in weights that were made with guesses (eval/weigh.py --guesses).
    """
    found: set[str] = set()
    for guess in passages:
        if share_half(guess.span, span):
            kinds = ((kind, least) for kind, prob in guess.kinds for least in _LEAST_GUESSED if prob >= least)
            found.update(f"guess:{kind}:{least}" for kind, least in kinds)
    return frozenset(found)


def share_half(a: Span, b: Span) -> bool:
    """True where two runs share at least half of the shorter."""
    return 2 * (min(a.end, b.end) - max(a.start, b.start)) >= min(len(a), len(b))

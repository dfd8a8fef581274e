"""A small linear model read from a file: features by name, one weight a class, softmax over the classes."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trucewatch.terms.errors import ModelMissing

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
def load_weights(name: str) -> Weights:
    """The shipped weights of that name. Raises ModelMissing where the file is not in the package."""
    path = files("trucewatch.reading") / "weights" / f"{name}.json"
    if not path.is_file():
        raise ModelMissing(
            "weights-missing", f"no weights '{name}'", where=str(path), todo="Run eval/weigh.py to make them."
        )
    raw = json.loads(path.read_text("utf-8"))
    return Weights(tuple(raw["classes"]), tuple(raw["bias"]), {k: tuple(v) for k, v in raw["weights"].items()})

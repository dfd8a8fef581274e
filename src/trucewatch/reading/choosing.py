"""Choices between what the text offers for a field: named features, shipped weights, probabilities."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trucewatch.terms.errors import ModelMissing

_FILE = "weights/choices.json"
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """Weights of named features (log-odds) for one field, with the thresholds that were best on reports kept aside.

    `threshold` is the least probability of a value that is taken, `ratio` its least part of that of the best value.
    """

    weights: Mapping[str, float]
    threshold: float
    ratio: float

    def prob(self, features: Features) -> float:
        """The probability (0 to 1) that one value is right, whatever the others are."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self._log_odds(features)))))

    def best(self, options: Iterable[Features]) -> tuple[int, float]:
        """The index of the likeliest of the options, the first of equals, and its share of the probability (0 to 1)."""
        odds = [self._log_odds(features) for features in options]
        top = max(odds)
        return odds.index(top), 1.0 / math.fsum(math.exp(v - top) for v in odds)

    def taken(self, options: Sequence[Features]) -> list[int]:
        """The indexes of the values to take, the likeliest first."""
        probs = [self.prob(features) for features in options]
        order = sorted(range(len(probs)), key=lambda k: (-probs[k], k))
        least = max(self.threshold, self.ratio * max(probs, default=0.0))
        return [k for k in order if probs[k] >= least]

    def _log_odds(self, features: Features) -> float:
        get = self.weights.get
        # fsum: the order of the features must not reach the last bit of a probability
        return math.fsum(get(name, 0.0) * value for name, value in features.items())


Choices = Mapping[str, Choice]


@cache
def shipped_choices() -> Choices:
    """The choices that ship, by field. Raises ModelMissing where they are not in the package."""
    path = files("trucewatch.reading") / _FILE
    if not path.is_file():
        todo = "Make them with: python -m training.scorers"
        raise ModelMissing("choices-missing", "the weights of the fields are not installed", where=str(path), todo=todo)
    book = json.loads(path.read_text("utf-8"))
    return {field: Choice(part["weights"], part["threshold"], part["ratio"]) for field, part in book.items()}

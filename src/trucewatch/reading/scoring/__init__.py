"""Small calibrated scorers over named features: what rules and the learned part say, weighed on annotated reports."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from trucewatch.terms.errors import ModelMissing

_FILE = "scorers.json"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of named features (log-odds) and the threshold that was best on reports kept aside while it was made."""

    weights: Mapping[str, float]
    threshold: float

    def prob(self, features: Mapping[str, float]) -> float:
        """The probability (0 to 1) of what the scorer was trained for; features without a weight weigh nothing."""
        z = sum(self.weights.get(name, 0.0) * value for name, value in sorted(features.items()))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True, slots=True)
class Scorers:
    """The scorers of the reader.

    `incident`: a word tells of an incident of the report, first or again. `pair`: two words tell of one incident.
    `account`: a word is where an annotator would put the account. `place`: a place named near an account is its own.
    `placeless`: an account has no place that the text names. `confidence`: an account is one that an annotator has too;
    it sets right how sure `account` is of it, and its threshold is that of the reader.
    """

    incident: Scorer
    pair: Scorer
    account: Scorer
    place: Scorer
    placeless: Scorer
    confidence: Scorer


PARTS = tuple(field.name for field in fields(Scorers))


def scorers_of(book: Mapping[str, Any]) -> Scorers:
    """The scorers that a file of weights holds."""

    def made(part: Mapping[str, Any]) -> Scorer:
        return Scorer(part["weights"], part["threshold"])

    return Scorers(*(made(book[name]) for name in PARTS))


@cache
def shipped_scorers() -> Scorers:
    """The scorers that come with the product. Raises ModelMissing where they do not."""
    path = files("trucewatch.reading") / "weights" / _FILE
    if not path.is_file():
        todo = "Make it with: python -m training.scorers"
        raise ModelMissing("scorer-missing", "no scorers of accounts are installed", where=str(path), todo=todo)
    return scorers_of(json.loads(path.read_text("utf-8")))

"""What the learned part of the reader guesses about one report: triggers, passages, and which tell of one act."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from trucewatch.terms.spans import Span

STATUSES = ("account", "retelling", "background")
REALITIES = ("asserted", "denied", "threatened", "planned", "hypothetical")
ROLES = ("actor", "target", "place", "time", "speaker", "killed", "injured", "quote")
PASSAGES = (
    "accusation",
    "denial",
    "responsibility",
    "threat",
    "demand",
    "commitment",
    "rejection",
    "prediction",
    "tally",
)


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """A run of the text that fills a role of a trigger. `role` is one of ROLES; `prob` is calibrated, 0 to 1.

    `quote` is the run that tells the account, as an annotator would cut it.
    """

    role: str
    span: Span
    prob: float


@dataclass(frozen=True, slots=True)
class TriggerGuess:
    """A word or short phrase that may name an incident.

    `types` are (type, probability) pairs, the likeliest first, those under 0.01 left out; they sum to at most `prob`,
    the probability that the span names an incident at all. `statuses` are the probabilities of account, retelling
    (of an account elsewhere in the report) and background, in that order, and sum to 1; `realities` go by REALITIES
    and sum to 1; `breach` is the probability that the text calls it a breach. `roles` by start, then role.
    """

    span: Span
    prob: float
    types: tuple[tuple[str, float], ...]
    statuses: tuple[tuple[str, float], ...]
    realities: tuple[tuple[str, float], ...]
    breach: float
    roles: tuple[RoleGuess, ...]

    @property
    def type(self) -> str:
        """The likeliest type."""
        return self.types[0][0]

    def status(self, name: str) -> float:
        """The probability of one status; KeyError for a name that is not in STATUSES."""
        return dict(self.statuses)[name]

    def filling(self, role: str) -> tuple[RoleGuess, ...]:
        """The runs that fill one role, the likeliest first."""
        found = [guess for guess in self.roles if guess.role == role]
        return tuple(sorted(found, key=lambda guess: (-guess.prob, guess.span)))


@dataclass(frozen=True, slots=True)
class PassageGuess:
    """A run of text that may be a statement of one of the eight kinds, or a tally. `kinds` like `TriggerGuess.types`.

    `speakers` and `abouts` are runs that name who says it and who or what it is aimed at, the likeliest first.
    """

    span: Span
    prob: float
    kinds: tuple[tuple[str, float], ...]
    speakers: tuple[RoleGuess, ...]
    abouts: tuple[RoleGuess, ...]


@dataclass(frozen=True)
class Guess:
    """All that the learned part says of one report.

    `triggers` in order of the text; `pairs` are (i, j, probability that triggers i and j tell of one incident) with
    i < j, for all pairs of triggers that have at least 0.02. `passages` in order of the text.
    """

    triggers: tuple[TriggerGuess, ...] = ()
    pairs: tuple[tuple[int, int, float], ...] = ()
    passages: tuple[PassageGuess, ...] = ()

    def same(self, i: int, j: int) -> float:
        """The probability that triggers i and j tell of one incident; 0 where it is under 0.02, 1 for i = j."""
        if i == j:
            return 1.0
        return self._same.get((min(i, j), max(i, j)), 0.0)

    @cached_property
    def _same(self) -> dict[tuple[int, int], float]:
        return {(i, j): prob for i, j, prob in self.pairs}

"""Candidates seen beside one another: which tell of one incident, and which of those is where the account stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import Guess
from trucewatch.reading.scoring import Scorer, Scorers
from trucewatch.reading.scoring.acts import features_of
from trucewatch.reading.scoring.pairs import by_means, pair_features, worth_comparing

_UNGUESSED = -5.0  # log-odds of an account where the learned part saw no trigger
_TOLD_ROLES = ("actor", "target", "place", "time", "speaker", "killed", "injured")
SAME = 0.6  # probability from which two candidates tell of one incident; best of 0.4 to 0.7 (2026-11-25)


@dataclass(frozen=True, slots=True)
class Tellings:
    """What is known of the candidates of one report, by their index.

    `features` are those of each candidate by itself, `same` (n x n) the probabilities that two tell of one incident
    (0 on the diagonal), `incident` that each tells of an incident of this report at all.
    """

    features: tuple[dict[str, float], ...]
    same: npt.NDArray[np.float64]
    incident: tuple[float, ...]

    def mates(self, k: int) -> tuple[int, ...]:
        """The other candidates that likely tell of the incident of candidate k, the likeliest first."""
        row = self.same[k]
        return tuple(sorted((int(j) for j in np.flatnonzero(row >= SAME)), key=lambda j: (-row[j], j)))


def weigh_tellings(
    context: ReportContext, candidates: Sequence[Candidate], guess: Guess, incident: Scorer, pair: Scorer
) -> Tellings:
    """The candidates of a report, each weighed by itself and against the others."""
    features = tuple(features_of(context, candidates, guess))
    same = np.zeros((len(candidates), len(candidates)))
    for i, j in worth_comparing(candidates, guess):
        one = by_means(context, candidates[i], candidates[j])
        prob = 1.0 if one else pair.prob(pair_features(context, candidates[i], candidates[j], guess))
        same[i, j] = same[j, i] = prob
    return Tellings(features, same, tuple(incident.prob(f) for f in features))


def account_features(candidates: Sequence[Candidate], tellings: Tellings) -> list[dict[str, float]]:
    """The features of every candidate, with how it stands to those that tell of its incident and to its sentence."""
    told = np.array(tellings.incident)
    sure = [f.get("guess", 0.0) * f.get("guess_account", 0.0) for f in tellings.features]
    out = []
    for k, own in enumerate(tellings.features):
        row = tellings.same[k]
        rivals = row * told
        f = {
            **own,
            "told_before": float(rivals[:k].max(initial=0.0)),
            "told_after": float(rivals[k + 1 :].max(initial=0.0)),
            "told_often": float(min(4.0, rivals.sum())),
            "n_mates": float(min(6, (row >= SAME).sum())) / 6,
            "n_mates_before": float(min(6, (row[:k] >= SAME).sum())) / 6,
            "incident": float(told[k]),
            "incident_margin": float(told[k] - rivals.max(initial=0.0)),
            "report_incidents": min(10.0, sum(sure)) / 10,
            "report_rank": sum(other > sure[k] for other in sure) / 10,
        }
        if k and row[:k].max(initial=0.0) >= SAME:
            f.update(_against(candidates, tellings, k, int(np.argmax(row[:k]))))
        mates = [int(j) for j in np.flatnonzero(row >= SAME)]
        f.update(_among(candidates, tellings, k, mates) if mates else {"alone": 1.0})
        f.update(_beside(candidates, tellings, k))
        out.append(f)
    return out


def _against(candidates: Sequence[Candidate], tellings: Tellings, k: int, j: int) -> dict[str, float]:
    """What candidate k tells more or less than an earlier one, j, of the same incident."""
    mine, theirs = candidates[k], candidates[j]
    return {
        "mate_in_sentence": float(mine.act.sentence == theirs.act.sentence),
        "mate_in_title": tellings.features[j].get("in_title", 0.0),
        "more_places": float(len(mine.places) - len(theirs.places)),
        "more_figures": float(len(mine.figures) - len(theirs.figures)),
        "longer": tellings.features[k]["length"] - tellings.features[j]["length"],
    }


def _among(candidates: Sequence[Candidate], tellings: Tellings, k: int, mates: Sequence[int]) -> dict[str, float]:
    """How candidate k stands among all that tell of its incident: the first, the fullest, the likeliest of them."""
    mine, features = candidates[k], tellings.features

    def ahead(value: Callable[[int], float]) -> float:
        return value(k) - max(value(j) for j in mates)

    fuller = ahead(lambda j: _filled(candidates[j]))
    longer = ahead(lambda j: len(candidates[j].quote) / 150)
    return {
        "fuller_of_all": fuller,
        "fullest": float(fuller >= 0),
        "longer_of_all": longer,
        "longest": float(longer >= 0),
        "account_ahead": ahead(lambda j: features[j].get("guess_account", 0.0)),
        "logit_ahead": ahead(lambda j: features[j].get("guess_logit", _UNGUESSED)),
        "first_told": float(k < min(mates)),
        "first_in_text": float(
            not features[k].get("in_title") and not any(j < k and not features[j].get("in_title") for j in mates)
        ),
        "places_ahead": ahead(lambda j: len(candidates[j].places)),
        "figures_ahead": ahead(lambda j: len(candidates[j].figures)),
        "dated_ahead": ahead(lambda j: float(candidates[j].time is not None)),
        "doer_ahead": ahead(lambda j: float(bool(candidates[j].roles.agents))),
        "mate_beside": float(any(candidates[j].act.sentence == mine.act.sentence for j in mates)),
    }


def _beside(candidates: Sequence[Candidate], tellings: Tellings, k: int) -> dict[str, float]:
    """How candidate k stands among the others of its sentence, whatever they tell of."""
    others = [j for j, c in enumerate(candidates) if j != k and c.act.sentence == candidates[k].act.sentence]
    accounts = [tellings.features[j].get("guess_account", 0.0) for j in others]
    return {
        "sentence_best": max((tellings.incident[j] for j in others), default=0.0),
        "sentence_others": min(5, len(others)) / 5,
        "sentence_ahead": tellings.features[k].get("guess_account", 0.0) - max(accounts, default=0.0),
    }


def _filled(c: Candidate) -> float:
    """How much of who, whom, where, when and with what toll the clause of a candidate tells, as the guess has it."""
    if c.learned is None:
        return 0.0
    inside = [fill for fill in c.learned.roles if c.quote.start <= fill.span.start < c.quote.end]
    return sum(max((fill.prob for fill in inside if fill.role == role), default=0.0) for role in _TOLD_ROLES)


def account_probs(candidates: Sequence[Candidate], tellings: Tellings, account: Scorer) -> list[float]:
    """The probability of each candidate to be where an annotator would put an account."""
    return [account.prob(f) for f in account_features(candidates, tellings)]


def weigh(
    context: ReportContext, candidates: Sequence[Candidate], guess: Guess, scorers: Scorers
) -> tuple[Tellings, list[float]]:
    """The tellings of a report and the probability of each to be where an account stands."""
    tellings = weigh_tellings(context, candidates, guess, scorers.incident, scorers.pair)
    return tellings, account_probs(candidates, tellings, scorers.account)


def clusters_of(tellings: Tellings, probs: Sequence[float]) -> list[list[int]]:
    """Candidates of one incident together, the likeliest account of each first; the likeliest incidents first."""
    clusters: list[list[int]] = []
    for k in sorted(range(len(probs)), key=lambda k: (-probs[k], k)):
        home = next((cluster for cluster in clusters if tellings.same[cluster[0], k] >= SAME), None)
        if home is not None:
            home.append(k)
        else:
            clusters.append([k])
    return clusters


def confidence_of(confidence: Scorer, prob: float) -> float:
    """How many of a hundred accounts like it are right, from the probability that was put together for it (0 to 1)."""
    prob = min(max(prob, 1e-4), 1 - 1e-4)
    return confidence.prob({"bias": 1.0, "logit": math.log(prob / (1 - prob))})

"""What annotated accounts teach about each field, and the fit: which of the options the text offers are right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from training.gold import Gold
from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import castings_of
from trucewatch.reading.choosing import Choice, Choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.datings import datings_of
from trucewatch.reading.sayings import sayings_of
from trucewatch.reading.scoring.tellings import Tellings
from trucewatch.reading.tolls import Tolling, tollings_of
from trucewatch.telling.scores import EMPTY_WORDS, bounds, folded
from trucewatch.terms.accounts import Speaker
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.times import Interval

MIN_SEEN = 5  # a feature seen in fewer options has no weight
LEAST = 0.02  # a weight nearer to nothing is left out
Options = list[Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Case:
    """The options of one field of one account and which are right. `weight` is less than 1 for a case told twice."""

    report: str
    options: Options
    right: frozenset[int]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Field:
    """How a field is learned: several values may be right, or one is. The numbers are cross-validated (2026-11-25)."""

    several: bool
    ridge: float
    threshold: float
    ratio: float


FIELDS = {
    "actors": Field(True, 4.0, 0.25, 0.5),
    "targets": Field(True, 4.0, 0.25, 0.5),
    "time": Field(False, 8.0, 0.0, 0.0),
    "said_by": Field(False, 4.0, 0.0, 0.0),
    "killed": Field(False, 4.0, 0.0, 0.0),
    "injured": Field(False, 4.0, 0.0, 0.0),
}


def alike(a: str, b: str) -> bool:
    """True where two names share the words that carry meaning; whole words, unlike the scorer: "us" is not Damascus."""
    x, y = set(folded(a).split()), set(folded(b).split())
    if not x or not y or x <= y or y <= x:
        return bool(x and y)
    x, y = x - EMPTY_WORDS, y - EMPTY_WORDS
    return bool(x and y) and len(x & y) / min(len(x), len(y)) >= 0.5


def days_of(time: Interval | None) -> tuple[str | None, str | None] | None:
    """What the scorer compares of a time."""
    return None if time is None else (time.earliest, time.latest)


def count_of(tolling: Tolling) -> tuple[int | None, int | None] | None:
    """What the scorer compares of a toll."""
    return None if tolling.figure is None else (tolling.figure.count.min, tolling.figure.count.max)


def said_alike(name: str | None, speakers: Sequence[Speaker]) -> bool:
    """True where a chain ends with the speaker of that name, or nobody is named and the narrator speaks."""
    if not name or not speakers:
        return not name and not speakers
    return alike(name, speakers[-1].name)


def cases_of(
    report: str, context: ReportContext, gold: dict[str, Any], cluster: Sequence[Candidate]
) -> dict[str, list[Case]]:
    """What one annotated account teaches of each field: with its retellings, and without them at less weight."""
    out: dict[str, list[Case]] = {field: [] for field in FIELDS}
    told = [(list(cluster[1:]), 0.6), ([], 0.6)] if len(cluster) > 1 else [([], 1.0)]
    for others, weight in told:
        castings = castings_of(context, cluster[0], others)
        for field in ("actors", "targets"):
            right = [k for k, c in enumerate(castings) if any(alike(n, c.mention.name) for n in gold[field])]
            out[field].append(Case(report, [c.features for c in castings], frozenset(right), weight))
        datings = datings_of(context, cluster[0], others)
        days = bounds(gold["date"], "earliest", "latest")
        right = [k for k, d in enumerate(datings) if days_of(d.time) == days]
        out["time"].append(Case(report, [d.features for d in datings], frozenset(right), weight))
        sayings = sayings_of(context, cluster[0], others)
        right = [k for k, s in enumerate(sayings) if said_alike(gold["said_by"], s.speakers)]
        out["said_by"].append(Case(report, [s.features for s in sayings], frozenset(right), weight))
        if not incident_types()[gold["type"]].violent:
            continue
        for what in ("killed", "injured"):
            tollings = tollings_of(context, what, cluster[0], others)
            count = bounds(gold[what], "min", "max")
            right = [k for k, t in enumerate(tollings) if count_of(t) == count]
            out[what].append(Case(report, [t.features for t in tollings], frozenset(right), weight))
    return out


def fit(field: Field, cases: Sequence[Case]) -> Choice:
    """The weights that make the right options likely, by L-BFGS on the ridge-penalised likelihood."""
    cases = [c for c in cases if c.options and (field.several or c.right)]
    rows = [f for c in cases for f in c.options]
    seen = Counter(name for f in rows for name in f)
    names = sorted(n for n, k in seen.items() if k >= MIN_SEEN)
    at = {n: k for k, n in enumerate(names)}
    cells = [(r, at[n], v) for r, f in enumerate(rows) for n, v in f.items() if n in at]
    r, c, v = zip(*cells, strict=True)
    x = csr_matrix((v, (r, c)), shape=(len(rows), len(names)))
    loss = _several(cases) if field.several else _one(cases)
    ridge = np.full(len(names), field.ridge)
    ridge[at["bias"]] = 1e-3 if field.several else field.ridge

    def objective(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = loss(x @ w)
        return value + 0.5 * float((ridge * w * w).sum()), x.T @ slope + ridge * w

    found = minimize(objective, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    weights = {n: round(float(w), 3) for n, w in zip(names, found.x, strict=True) if abs(w) >= LEAST}
    return Choice(weights, field.threshold, field.ratio)


def _several(cases: Sequence[Case]) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    y = np.array([float(k in c.right) for c in cases for k in range(len(c.options))])
    weight = np.array([c.weight for c in cases for _ in c.options])

    def loss(z: np.ndarray) -> tuple[float, np.ndarray]:
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        return -float((weight * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))).sum()), weight * (p - y)

    return loss


def _one(cases: Sequence[Case]) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    sizes = np.array([len(c.options) for c in cases])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(cases)), sizes)
    y = np.array([float(k in c.right) / len(c.right) for c in cases for k in range(len(c.options))])
    weight = np.array([c.weight for c in cases for _ in c.options])

    def loss(z: np.ndarray) -> tuple[float, np.ndarray]:
        top = np.maximum.reduceat(z, starts)
        raised = np.exp(z - top[group])
        total = np.add.reduceat(raised, starts)
        p = raised / total[group]
        return -float((weight * y * (z - (top + np.log(total))[group])).sum()), weight * (p - y)

    return loss


def fit_choices(golds: Sequence[Gold], beside: Sequence[Tellings]) -> Choices:
    """The choices of every field, fitted on these reports."""
    cases: dict[str, list[Case]] = {field: [] for field in FIELDS}
    for gold, tellings in zip(golds, beside, strict=True):
        for k, index in enumerate(gold.accounts):
            if gold.stands[k] and index is not None:
                cluster = [gold.candidates[k], *(gold.candidates[m] for m in tellings.mates(k))]
                found = cases_of(gold.name, gold.context, gold.row["accounts"][index], cluster)
                for field, more in found.items():
                    cases[field] += more
    return {name: fit(field, cases[name]) for name, field in FIELDS.items()}

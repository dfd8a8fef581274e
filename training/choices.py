"""Fits the choices of the fields of an account on candidates that annotators put an account on."""

from __future__ import annotations

from collections.abc import Sequence

from eval.train_choices import FIELDS, Case, cases_of, fit
from training.gold import Gold
from trucewatch.reading.choosing import Choices
from trucewatch.reading.scoring.tellings import Tellings


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

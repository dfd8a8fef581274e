"""Candidates of the reader laid over annotated reports: which account each tells of, and where an account stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.corpus import within
from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import Guess
from trucewatch.terms.spans import Span


@dataclass(frozen=True, slots=True)
class Gold:
    """One report as read and as annotated.

    `accounts` gives for each candidate the index of the account it tells of, first or again, None for none of them;
    `stands` whether it is the candidate, one an account and of its type, where the annotator put the account.
    """

    name: str
    row: dict[str, Any]
    context: ReportContext
    guess: Guess
    candidates: list[Candidate]
    accounts: list[int | None]
    stands: list[bool]


def load_rows(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def gold_of(
    row: dict[str, Any],
    retellings: Sequence[dict[str, Any]],
    context: ReportContext,
    guess: Guess,
    candidates: list[Candidate],
) -> Gold:
    """The labels of the candidates of one report."""
    text = row["text"]
    triggers: list[tuple[Span, int]] = []
    for index, account in enumerate(row["accounts"]):
        quote = within(text, account["quote"], None)
        if quote and (span := within(text, account.get("trigger") or "", quote)):
            triggers.append((span, index))
    for again in retellings:
        quote = within(text, again["quote"], None, again.get("start"))
        if quote and again["trigger"] and (span := within(text, again["trigger"], quote)):
            triggers.append((span, again["account"]))
    accounts = [_told_by(context, c, triggers) for c in candidates]
    stands = [False] * len(candidates)
    for index, account in enumerate(row["accounts"]):
        quote = within(text, account["quote"], None)
        if quote is None:
            continue
        trigger = within(text, account.get("trigger") or "", quote) or quote
        fit = []
        for k, c in enumerate(candidates):
            at = context.doc[c.act.token].idx
            if c.type == account["type"] and quote.start <= at < quote.end:
                fit.append((not trigger.start <= at < trigger.end, k))
        if fit:
            stands[min(fit)[1]] = True
            if accounts[min(fit)[1]] is None:
                accounts[min(fit)[1]] = index
    return Gold(row["id"], row, context, guess, candidates, accounts, stands)


def _told_by(context: ReportContext, c: Candidate, triggers: Sequence[tuple[Span, int]]) -> int | None:
    runs = [Span(t.idx, t.idx + len(t)) for t in (context.doc[i] for i in c.act.tokens)]
    return next((index for span, index in triggers if any(run.overlaps(span) for run in runs)), None)


def place_names(gold: Gold, k: int) -> list[str]:
    """The places an annotator gave the account that candidate k stands for."""
    index = gold.accounts[k]
    return [place["name"] for place in gold.row["accounts"][index]["places"]] if index is not None else []

"""How often each field of an account is read right where its trigger and type are given: the fields apart from finding.

Used by choices.py. The learned part takes no part: it was trained on the same reports.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.tokens import DocBin

from eval.read_corpus import account_row
from trucewatch.reading.accounts import make_account
from trucewatch.reading.candidates import Candidate, find_candidates
from trucewatch.reading.choosing import Choices
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.lexicons import english_lexicon
from trucewatch.reading.guesses import REALITIES, STATUSES, Guess, TriggerGuess
from trucewatch.reading.passages import break_lines
from trucewatch.reading.readers import Reader
from trucewatch.reading.scoring import shipped_scorers
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

Read = tuple[dict[str, Any], ReportContext, dict[str, Any], list[Candidate], Choices]
_NAMES = ("places", "actors", "targets")  # right from half of the names on
ROW = ("reality", "date", "actors", "killed", "injured")  # with the places, what an analyst's row needs


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def trigger_at(text: str, item: dict[str, Any]) -> Span | None:
    """Where the trigger of an account or retelling stands in the text; None where it cannot be found."""
    at = item["start"] if isinstance(item.get("start"), int) else text.find(item["quote"])
    if at < 0 or not item.get("trigger"):
        return None
    end = at + len(item["quote"])
    found = text.find(item["trigger"], at, end)
    return Span(found, found + len(item["trigger"])) if found >= 0 else None


def guessed(span: Span, kind: str, guess: Guess | None = None) -> TriggerGuess:
    """A trigger as the learned part would hand it over, certain of itself; the rest is as it guessed, if it did."""
    first = tuple((s, float(s == STATUSES[0])) for s in STATUSES)
    over = [t for t in guess.triggers if t.span.overlaps(span)] if guess is not None else []
    if over:
        best = max(over, key=lambda t: (t.prob, -t.span.start))
        return dataclasses.replace(best, span=span, prob=1.0, types=((kind, 1.0),), statuses=first)
    return TriggerGuess(
        span, 1.0, ((kind, 1.0),), first, tuple((r, float(r == REALITIES[0])) for r in REALITIES), 0, ()
    )


def contexts_of(reader: Reader, reports: Sequence[Report], cache: Path | None) -> Iterator[ReportContext]:
    """The parsed reports; parses are kept in the cache folder where one is given."""
    for report in reports:
        name = hashlib.sha256(report.text.encode()).hexdigest()[:20]
        kept = cache / f"{name}.spacy" if cache else None
        if kept and kept.exists():
            (doc,) = DocBin().from_disk(kept).get_docs(reader._parser.nlp.vocab)
        else:
            doc = next(reader._parser([break_lines(reader._parser.make_doc(report.text))], 1))
            if kept:
                DocBin(
                    attrs=["HEAD", "DEP", "TAG", "POS", "LEMMA", "SENT_START", "SPACY", "ENT_TYPE", "ENT_IOB"],
                    docs=[doc],
                ).to_disk(kept)
        yield reader._context(report, doc)


def given(
    context: ReportContext, row: dict[str, Any], told: list[dict[str, Any]], guess: Guess | None = None
) -> Iterator[tuple[dict[str, Any], list[Candidate]]]:
    """Each annotated account with the candidate its trigger makes, and those of its retellings behind it."""
    text = context.report.text
    triggers: list[tuple[TriggerGuess, int]] = []
    for k, account in enumerate(row["accounts"]):
        if (span := trigger_at(text, account)) is not None:
            triggers.append((guessed(span, account["type"], guess), k))
    for again in told:
        if (span := trigger_at(text, again)) is not None:
            triggers.append((guessed(span, row["accounts"][again["account"]]["type"], guess), again["account"]))
    by_account: dict[int, list[Candidate]] = {}
    for trigger, k in triggers:  # one at a time: two accounts may share their trigger
        found = find_candidates(context, english_lexicon(), Guess((trigger,)))
        c = next((c for c in found if c.guess == 0), None)
        if c is not None:
            learned = c.learned if trigger.roles else None
            by_account.setdefault(k, []).append(dataclasses.replace(c, learned=learned, guess=None, type=trigger.type))
    for k, account in enumerate(row["accounts"]):
        if k in by_account:
            yield account, by_account[k]


def load_scorer(path: Path) -> Any:
    """The scorer of the annotated reports, a script outside the project, as a module."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def figures_of(scorer: Any, read: Iterable[Read], shown: str | None = None) -> dict[str, float]:
    """The share of accounts in which each field is right, as the scorer counts, and in which the whole row is."""
    right: Counter[str] = Counter()
    n = 0
    for row, context, gold, cluster, choices in read:
        made = account_row(make_account(context, cluster[0], cluster[1:], 1.0, shipped_scorers(), choices))
        ok = {k: v == 1 or (v >= 0.5 and k in _NAMES) for k, v in scorer.fields(gold, made).items()}
        right.update(name for name, fine in ok.items() if fine)
        right["row but for places"] += all(ok[name] for name in ROW)
        right["row"] += all(ok[name] for name in (*ROW, "places"))
        n += 1
        if shown and not ok[shown]:
            show(shown, row, gold, made, context, cluster[0])
    return {name: count / n for name, count in right.items()}


def show(
    field: str, row: dict[str, Any], gold: dict[str, Any], made: dict[str, Any], context: ReportContext, c: Candidate
) -> None:
    """Print one wrong value with its sentence and the one before it."""
    first = context.sentences[max(0, c.act.sentence - 1)][0]
    last = context.sentences[c.act.sentence][1]
    words = context.span(first, last).of(context.report.text).replace("\n", " ")
    print(f"[{row['id']} {row['published']}] {gold['type']} <{gold['trigger']}>")
    print(f"  gold {gold[field]}\n  made {made[field]}\n  {words}")

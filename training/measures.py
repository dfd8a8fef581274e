"""Figures of guesses against labels: accounts, triggers, roles, pairs, passages, and how far probabilities hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from training.corpus import OWN, Labelled, Trigger
from trucewatch.reading.guesses import ROLES, Guess, TriggerGuess
from trucewatch.terms.spans import Span

OVERLAP = 0.4  # of the shorter quote, as in the scorer of the annotation guide
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
Claim = tuple[str, Span, float]


def figures(reports: Sequence[Labelled], guesses: Sequence[Guess]) -> dict[str, Any]:
    """All figures, over the reports of the corpus and by group of sources; the project's own are a group apart."""
    groups = sorted({report.group for report in reports})
    both = list(zip(reports, guesses, strict=True))
    out: dict[str, Any] = {"all": group_figures([row for row in both if row[0].group != OWN])}
    out.update({group: group_figures([row for row in both if row[0].group == group]) for group in groups})
    return out


def group_figures(both: Sequence[tuple[Labelled, Guess]]) -> dict[str, Any]:
    """The figures over some reports."""
    found = {str(least): found_figures(both, least) for least in THRESHOLDS}
    return {
        "reports": len(both),
        "found": found,
        "triggers": trigger_figures(both),
        "roles": role_figures(both),
        "pairs": pair_figures(both),
        "passages": passage_figures(both),
        "reliability": reliability(both),
    }


def claims(guess: Guess, least: float) -> list[Claim]:
    """Accounts read from a guess with no other knowledge: (type, quote, probability).

    A trigger counts where its share of account reaches `least`; of those that likely tell of one incident and share a
    type, the likeliest stays. The quote is the guessed one, else the trigger.
    """
    order = sorted(range(len(guess.triggers)), key=lambda n: (-account_share(guess.triggers[n]), n))
    kept: list[int] = []
    for n in order:
        trigger = guess.triggers[n]
        if account_share(trigger) < least:
            break
        if not any(guess.same(n, m) >= 0.5 and guess.triggers[m].type == trigger.type for m in kept):
            kept.append(n)
    return [(guess.triggers[n].type, quote_of(guess.triggers[n]), account_share(guess.triggers[n])) for n in kept]


def account_share(trigger: TriggerGuess) -> float:
    """The probability that a trigger is where an annotator would put an account."""
    return trigger.prob * trigger.status("account")


def quote_of(trigger: TriggerGuess) -> Span:
    """The likeliest quote that holds the trigger, else the trigger itself."""
    quotes = [fill.span for fill in trigger.filling("quote") if fill.span.overlaps(trigger.span)]
    return quotes[0] if quotes else trigger.span


def matched(claimed: Sequence[Claim], gold: Sequence[tuple[str, Span]]) -> int:
    """How many pairs of the same type and overlapping quotes there are, one to one, the best overlaps first."""
    rows = sorted(
        (-share(quote, span), i, j)
        for i, (kind, quote, _) in enumerate(claimed)
        for j, (wanted, span) in enumerate(gold)
        if kind == wanted and share(quote, span) >= OVERLAP
    )
    left: set[int] = set()
    right: set[int] = set()
    for _, i, j in rows:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left)


def share(a: Span, b: Span) -> float:
    """The part of the shorter span that both hold."""
    return max(0, min(a.end, b.end) - max(a.start, b.start)) / max(1, min(len(a), len(b)))


def rates(hit: int, claimed: int, gold: int) -> dict[str, float]:
    """Precision, recall and F1, to three decimals; 0 where there is nothing to divide by."""
    p, r = hit / claimed if claimed else 0.0, hit / gold if gold else 0.0
    f1 = 2 * p * r / (p + r) if p + r else 0.0
    return {"precision": round(p, 3), "recall": round(r, 3), "f1": round(f1, 3), "gold": gold}


def found_figures(both: Sequence[tuple[Labelled, Guess]], least: float) -> dict[str, float]:
    """Accounts found (type and quote) at one threshold."""
    hit = claimed = gold = 0
    for report, guess in both:
        read = claims(guess, least)
        hit += matched(read, report.accounts)
        claimed, gold = claimed + len(read), gold + len(report.accounts)
    return rates(hit, claimed, gold)


def lined_up(report: Labelled, guess: Guess) -> list[tuple[Trigger, TriggerGuess]]:
    """Labelled triggers with the likeliest guess that overlaps each."""
    out = []
    for trigger in report.triggers:
        over = [g for g in guess.triggers if g.span.overlaps(trigger.span)]
        if over:
            out.append((trigger, max(over, key=lambda g: (g.prob, -g.span.start))))
    return out


def trigger_figures(both: Sequence[tuple[Labelled, Guess]]) -> dict[str, Any]:
    """Detection at 0.5 whatever the status; shares of right type, status, reality and breach where detected."""
    hit = claimed = gold = 0
    right = {"type": [0, 0], "status": [0, 0], "reality": [0, 0], "not_asserted": [0, 0], "breach": [0, 0]}

    def count(name: str, is_right: bool) -> None:
        right[name][0] += is_right
        right[name][1] += 1

    for report, guess in both:
        sure = [g for g in guess.triggers if g.prob >= 0.5 and not any(g.span.overlaps(u) for u in report.unsure)]
        hit += sum(any(g.span.overlaps(t.span) for t in report.triggers) for g in sure)
        claimed += len(sure)
        gold += len(report.triggers)
        for trigger, seen in lined_up(report, guess):
            count("type", seen.type == trigger.type)
            if trigger.status is not None:
                best = max(("account", "retelling"), key=lambda name: seen.status(name))
                count("status", best == ("account", "retelling")[trigger.status])
            if trigger.status == 0:
                best = max(seen.realities, key=lambda item: item[1])[0]
                count("reality", best == trigger.reality)
                if trigger.reality != "asserted":
                    count("not_asserted", best == trigger.reality)
                count("breach", (seen.breach >= 0.5) == bool(trigger.breach))
    shares = {name: round(a / b, 3) if b else None for name, (a, b) in right.items()}
    return {"detection": rates(hit, claimed, gold), "right": shares}


def role_figures(both: Sequence[tuple[Labelled, Guess]], least: float = 0.5) -> dict[str, Any]:
    """Labelled spans of each role that a read one overlaps, over detected triggers whose role is known.

    A span read in two pieces counts twice as read and once as found.
    """
    sums = {role: [0, 0, 0] for role in ROLES}
    for report, guess in both:
        for trigger, seen in lined_up(report, guess):
            for role, spans in trigger.roles.items():
                read = [fill.span for fill in seen.filling(role) if fill.prob >= least]
                sums[role][0] += sum(any(a.overlaps(b) for a in read) for b in spans)
                sums[role][1] += len(read)
                sums[role][2] += len(spans)
    return {role: rates(*found) for role, found in sums.items()}


def pair_figures(both: Sequence[tuple[Labelled, Guess]]) -> dict[str, float]:
    """Pairs of labelled triggers that tell of one incident, at 0.5."""
    hit = claimed = gold = 0
    for report, guess in both:
        place = {seen: n for n, seen in enumerate(guess.triggers)}
        known = [(t.group, place[seen]) for t, seen in lined_up(report, guess) if t.group is not None]
        for i, (left, a) in enumerate(known):
            for right, b in known[i + 1 :]:
                if a == b:
                    continue
                said, told = guess.same(a, b) >= 0.5, left == right
                hit, claimed, gold = hit + (said and told), claimed + said, gold + told
    return rates(hit, claimed, gold)


def passage_figures(both: Sequence[tuple[Labelled, Guess]]) -> dict[str, Any]:
    """Statements and tallies by kind and overlapping quote, at 0.5."""
    sums = {"statement": [0, 0, 0], "tally": [0, 0, 0]}
    for report, guess in both:
        for name in sums:
            gold = [(p.kind, p.span) for p in report.passages if (p.kind == "tally") == (name == "tally")]
            read = [
                (p.kinds[0][0], p.span, p.prob)
                for p in guess.passages
                if p.prob >= 0.5 and (p.kinds[0][0] == "tally") == (name == "tally")
            ]
            found = (matched(read, gold), len(read), len(gold))
            sums[name] = [a + b for a, b in zip(sums[name], found, strict=True)]
    return {name: rates(*found) for name, found in sums.items()}


def reliability(both: Sequence[tuple[Labelled, Guess]]) -> list[dict[str, float]]:
    """By tenths of the account share of triggers: how many, their mean share, and the part that annotators have."""
    bins: list[list[float]] = [[0, 0.0, 0.0] for _ in range(10)]
    for report, guess in both:
        gold = [t.span for t in report.triggers if t.status == 0]
        for trigger in guess.triggers:
            said = account_share(trigger)
            cell = bins[min(9, int(said * 10))]
            cell[0] += 1
            cell[1] += said
            cell[2] += any(trigger.span.overlaps(span) for span in gold)
    return [
        {"triggers": n, "said": round(said / n, 3) if n else 0.0, "true": round(true / n, 3) if n else 0.0}
        for n, said, true in bins
    ]

"""Single pages beside the bulletin, of the same pieces and style: the ledger, the counting rules, the tallies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.telling.bulletins.entries import Entry, entries_of
from trucewatch.telling.bulletins.pages import matrix_of, shared, template
from trucewatch.telling.ledgers import ALL, Ledger, Rankings, make_ledger, rank_by_rule
from trucewatch.telling.ranks import leaders, rank_rows, rules_of
from trucewatch.telling.rules import RULES
from trucewatch.telling.tallies import VERDICTS, Check, claim_in_words, span_in_words
from trucewatch.telling.tellings import Telling


def ledger_page(ledger: Ledger, telling: Telling) -> str:
    """The ledger as one HTML page: totals as bars, who accuses whom, and every cell open to its quotes.

    The matrix is never grouped; the tables by accuser below it are, as the ledger is.
    """
    whole = ledger if ledger.by == ALL else make_ledger(telling, ledger.rule_id)
    return template("ledger_page.html").render(
        kicker="Ledger of alleged breaches",
        title=telling.title,
        as_of=telling.as_of,
        ledger=ledger,
        whole=whole,
        assumed=any(cell.assumed for cell in whole.cells),
        totals=rank_rows(rank_by_rule(telling, [ledger.rule_id])) if whole.cells else (),
        rule=RULES[ledger.rule_id],
        entries={entry.incident_id: entry for entry in entries_of(telling)},
        **matrix_of(whole),
        **shared(telling),
    )


def rules_page(rankings: Rankings, telling: Telling) -> str:
    """Every counting rule side by side as one HTML page, with a mark where a rank changes with the rule."""
    return template("rules_page.html").render(
        kicker="Alleged breaches by counting rule",
        title=telling.title,
        as_of=telling.as_of,
        ranked=rank_rows(rankings),
        ranked_rules=[RULES[rule] for rule in rules_of(rankings)],
        n_moved=len(rankings.moved),
        leaders=leaders(rankings),
        **shared(telling),
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a claim. `low` and `high` are parts of the greatest figure of the claim (0 to 1)."""

    kind: str
    label: str
    low: float
    high: float
    shown: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A tally as the page shows it; no bars where it names no figure."""

    check: Check
    unit: str
    quote: str
    words: str
    bars: tuple[Bar, ...]
    entries: tuple[Entry, ...]

    @property
    def ranges(self) -> bool:
        """True where a bar has a lowest and a highest figure."""
        return any(bar.low < bar.high for bar in self.bars)


def tallies_page(checks: Sequence[Check], telling: Telling) -> str:
    """The tallies as one HTML page: what is claimed beside what is documented, as bars and in words."""
    entries = entries_of(telling)
    tallies = {tally.tally_id: tally for tally in telling.tallies}
    found = Counter(check.verdict for check in checks)
    claims = [
        Claim(
            check,
            tallies[check.tally_id].unit,
            " ".join(tallies[check.tally_id].quote.split()),
            VERDICTS[check.verdict],
            _bars(check),
            tuple(e for e in entries if check.everyone and e.incident_id in check.everyone.incident_ids),
        )
        for check in checks
    ]
    return template("tallies_page.html").render(
        kicker="Claimed and documented",
        title=telling.title,
        as_of=telling.as_of,
        claims=claims,
        verdicts=[(verdict, found[verdict]) for verdict in VERDICTS if found[verdict]],
        **shared(telling),
    )


def _bars(check: Check) -> tuple[Bar, ...]:
    """The claim, all origins and the claimant's side, to one scale; empty where nothing can be compared."""
    if check.everyone is None or check.own is None or (check.claimed_min is None and check.claimed_max is None):
        return ()
    claimed = (check.claimed_min or 0, check.claimed_max if check.claimed_max is not None else check.claimed_min or 0)
    rows = [("claimed", "Claimed", *claimed, claim_in_words(check.claimed_min, check.claimed_max))]
    for kind, label, found in (
        ("everyone", "Documented, all origins", check.everyone),
        ("own", "Documented, own side", check.own),
    ):
        rows.append((kind, label, found.low, found.high if found.high is not None else found.low, span_in_words(found)))
    most = max(high for _, _, _, high, _ in rows) or 1
    return tuple(Bar(kind, label, low / most, high / most, shown) for kind, label, low, high, shown in rows)

"""Tolls of an incident: low, best and high over all who give a figure; nobody's figure is not zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trucewatch.terms.accounts import Account
from trucewatch.terms.counts import Count
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.incidents import TollClaim, TollRange
from trucewatch.terms.sources import RELIABILITY

KINDS = ("killed", "injured")
CONVENTIONS = ("ucdp", "acled", "airwars")


def toll_ranges(
    accounts: Sequence[Account], origins: Mapping[str, tuple[str, str]], convention: str = "ucdp"
) -> tuple[TollRange, ...]:
    """One range for each kind that anybody gives a figure for.

    `origins` maps account ids to (origin id, reliability). Low and high are the outer figures of all. For the best, an
    origin that gives several figures counts once, with its highest: tolls rise as bodies are found. Running totals are
    left out.

    - `ucdp`: best is the figure most origins give, among equals the more reliable origin's, then the lower (UCDP GED
      codebook: the most reliable, else the most supported estimate).
    - `acled`: best is the lowest figure of any origin (ACLED codebook: the most conservative estimate).
    - `airwars`: as `ucdp` but best is left open, since the method publishes a range and no best estimate.
    """
    if convention not in CONVENTIONS:
        raise SettingsError("toll-convention", unknown_name("counting convention", convention, CONVENTIONS))
    out = []
    for what in KINDS:
        claims = claims_of(what, accounts, origins)
        if claims:
            out.append(_range(what, claims, dict(origins.values()), convention))
    return tuple(out)


def claims_of(what: str, accounts: Sequence[Account], origins: Mapping[str, tuple[str, str]]) -> tuple[TollClaim, ...]:
    """Every figure given of that kind that is this incident's own, by account id."""
    rows = []
    for account in sorted(accounts, key=lambda a: a.account_id):
        count = account.killed if what == "killed" else account.injured
        if count is None or not count.known or _is_running(what, count, account):
            continue
        rows.append(TollClaim(what, count, account.account_id, origins[account.account_id][0]))
    return tuple(rows)


def _is_running(what: str, count: Count, account: Account) -> bool:
    return any(t.running and t.what == what and t.count == count for t in account.tolls)


def _range(what: str, claims: Sequence[TollClaim], grades: Mapping[str, str], convention: str) -> TollRange:
    lows = [c.count.min for c in claims if c.count.min is not None]
    highs = [c.count.max if c.count.max is not None else c.count.min for c in claims]
    ends = [h for h in highs if h is not None]
    low = min(lows) if lows else None
    high = max(ends) if ends else None
    given: dict[str, int] = {}  # by each origin
    for claim in claims:
        figure = claim.count.min if claim.count.min is not None else claim.count.max
        if figure is not None:
            given[claim.origin_id] = max(figure, given.get(claim.origin_id, figure))
    votes: dict[int, set[str]] = {}
    for origin_id, figure in given.items():
        votes.setdefault(figure, set()).add(origin_id)

    def preference(figure: int) -> tuple[int, int, int]:
        grade = min(RELIABILITY.index(grades.get(o, "F")) for o in votes[figure])
        return (-len(votes[figure]), grade, figure)

    best = min(votes, key=preference) if votes else None
    if convention == "acled":
        best = min(votes) if votes else None
    elif convention == "airwars":
        best = None
    return TollRange(what, low, best, high, tuple(claims))


def as_count(ranges: Sequence[TollRange], what: str) -> Count | None:
    """Low and high of one kind as a count, None where nobody gives a figure."""
    found = next((r for r in ranges if r.what == what), None)
    return None if found is None else Count(found.low, found.high)

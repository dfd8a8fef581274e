"""Where each accused stands under every counting rule, side by side, and how far it moves from the first rule."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.telling.ledgers import Rankings, Standing


@dataclass(frozen=True, slots=True)
class Rank:
    """An accused under one rule. `share` is its expected count over the greatest under this rule (0 to 1).

    `up` is how many ranks it stands higher than under the first rule; negative is lower, 0 the same. It is 0 where the
    rule counts nothing of it, here or first: those share a last place that says nothing. `rank` is 0 for who is not
    named.
    """

    rank: int
    certain: int
    expected: float
    share: float
    up: int

    @property
    def counted(self) -> bool:
        """True where the rule counts anything of it."""
        return self.expected > 0


@dataclass(frozen=True, slots=True)
class RankRow:
    """One accused with its rank under each rule, in the order of the rules."""

    accused: str
    ranks: tuple[Rank, ...]


def rules_of(rankings: Rankings) -> tuple[str, ...]:
    """The rules that were compared, in their order."""
    return tuple(dict.fromkeys(standing.rule_id for standing in rankings.standings))


def rank_rows(rankings: Rankings) -> tuple[RankRow, ...]:
    """A row per accused, first under the first rule first; equal ranks by key, who is not named in the given order."""
    held = {(s.accused, s.rule_id): s for s in rankings.standings}
    rules = rules_of(rankings)
    most = {rule: max(s.expected for s in rankings.standings if s.rule_id == rule) for rule in rules}
    given = {s.accused: n for n, s in reversed(list(enumerate(rankings.standings)))}
    named = sorted((a for a in given if held[a, rules[0]].rank), key=lambda a: (held[a, rules[0]].rank, a))
    accused = [*named, *sorted((a for a in given if not held[a, rules[0]].rank), key=lambda a: given[a])]
    return tuple(
        RankRow(a, tuple(_rank(held[a, rule], held[a, rules[0]], most[rule]) for rule in rules)) for a in accused
    )


def _rank(here: Standing, first: Standing, most: float) -> Rank:
    up = first.rank - here.rank if here.expected > 0 and first.expected > 0 else 0
    return Rank(here.rank, here.certain, here.expected, here.expected / most if most else 0.0, up)


def leaders(rankings: Rankings) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who stands first, each with the rules under which it does; more than one where the rule decides it."""
    found: dict[str, list[str]] = {}
    for standing in rankings.standings:
        if standing.rank == 1 and standing.expected > 0:
            found.setdefault(standing.accused, []).append(standing.rule_id)
    return tuple((accused, tuple(rules)) for accused, rules in found.items())

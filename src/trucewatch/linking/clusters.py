"""Accounts gathered into incidents: the surest links first, and never against what forbids it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Constraints:
    """What people decided: pairs of account ids that belong together, and pairs that do not.

    They win over every score. Where two decisions contradict each other, the one that keeps apart holds.
    """

    must_link: tuple[Pair, ...] = ()
    cannot_link: tuple[Pair, ...] = ()


def gather(
    members: Mapping[str, str], scores: Mapping[Pair, float], constraints: Constraints, threshold: float, veto: float
) -> list[tuple[str, ...]]:
    """Groups of account ids, each sorted, in the order of their first; every account is in exactly one.

    `members` maps each account to its report: accounts of one report were told as different incidents, so only people
    can join them. Two groups join where at least half of the pairs between them were compared, their mean score reaches
    `threshold` and none lies below `veto`. The result does not depend on the order in which anything is given: links
    are taken by score and then by id.
    """
    groups = _Groups(members, constraints)
    for pair in sorted({_ordered(p) for p in constraints.must_link}):
        if pair[0] in members and pair[1] in members:
            groups.join(*pair, by_people=True)
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for (left, right), score in scores.items():
        near[left][right] = near[right][left] = score
    strong = [(-score, *_ordered(pair)) for pair, score in scores.items() if score >= threshold]
    for _, left, right in sorted(strong):
        if groups.joinable(left, right) and _agree(groups.of(left), groups.of(right), near, threshold, veto):
            groups.join(left, right)
    return groups.all()


def _agree(
    a: Sequence[str], b: Sequence[str], near: Mapping[str, Mapping[str, float]], threshold: float, veto: float
) -> bool:
    other = set(b)
    known = [near[left][right] for left in a for right in sorted(other & near[left].keys())]
    # pairs that share no block lie days or many kilometres apart: groups that meet in few pairs are a chain of days
    if 2 * len(known) < len(a) * len(b):
        return False
    return min(known) >= veto and sum(known) / len(known) >= threshold


class _Groups:
    def __init__(self, members: Mapping[str, str], constraints: Constraints) -> None:
        self._group = {member: member for member in members}
        self._in: dict[str, list[str]] = {member: [member] for member in members}
        self._reports = {member: {report} for member, report in members.items()}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for left, right in constraints.cannot_link:
            self._apart[left].add(right)
            self._apart[right].add(left)

    def of(self, member: str) -> list[str]:
        return self._in[self._group[member]]

    def joinable(self, left: str, right: str, *, by_people: bool = False) -> bool:
        a, b = self._group[left], self._group[right]
        if a == b or (not by_people and self._reports[a] & self._reports[b]):
            return False
        return not any(self._apart[m] & set(self._in[b]) for m in self._in[a] if m in self._apart)

    def join(self, left: str, right: str, *, by_people: bool = False) -> None:
        if not self.joinable(left, right, by_people=by_people):
            return
        a, b = sorted((self._group[left], self._group[right]), key=lambda g: (-len(self._in[g]), g))
        for member in self._in.pop(b):
            self._group[member] = a
            self._in[a].append(member)
        self._reports[a] |= self._reports.pop(b)

    def all(self) -> list[tuple[str, ...]]:
        return sorted(tuple(sorted(members)) for members in self._in.values())


def _ordered(pair: Pair) -> Pair:
    return pair if pair[0] <= pair[1] else (pair[1], pair[0])

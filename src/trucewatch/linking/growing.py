"""Linking that goes on: a report that is added, changed or taken away touches only what it can touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from trucewatch.linking.blocks import Key, keys, pairs_within
from trucewatch.linking.clusters import Constraints, Pair
from trucewatch.linking.comparisons import score
from trucewatch.linking.episodes import with_episodes
from trucewatch.linking.frontiers import chains_of
from trucewatch.linking.incidents import Known, Linker, in_order
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.incidents import Incident


class GrowingIncidents:
    """The incidents of the readings put in so far: always those of all at once, in whatever order they came.

    Kept are the blocks with their pairs and the scores, so that only pairs of blocks that changed are compared and only
    chains of strong scores that changed are gathered and told anew.
    """

    def __init__(self, linker: Linker, constraints: Constraints | None = None) -> None:
        self._linker, self._rules = linker, constraints or Constraints()
        self._readings: dict[str, ReportReading] = {}
        self._copies: dict[str, set[str]] = defaultdict(set)  # of an original: the reports that say they repeat it
        self._known: dict[str, Known] = {}
        self._blocks: dict[Key, set[str]] = defaultdict(set)
        self._pairs: dict[Key, frozenset[Pair]] = {}
        self._n_blocks: dict[Pair, int] = {}
        self._near: dict[str, dict[str, float]] = defaultdict(dict)
        self._incidents: dict[str, Incident] = {}
        self._incident_of: dict[str, str] = {}
        self._joined: dict[str, set[str]] = defaultdict(set)
        for left, right in self._rules.must_link:
            self._joined[left].add(right)
            self._joined[right].add(left)

    @property
    def incidents(self) -> list[Incident]:
        """By first day, then id, with their episodes."""
        return with_episodes(in_order(self._incidents.values()))

    def put(self, readings: Iterable[ReportReading]) -> frozenset[str]:
        """The reports are read so now, in place of what was known of them; gives the ids of accounts told anew."""
        fresh = {r.report.report_id: r for r in readings}
        return self._change(fresh, set(fresh))

    def remove(self, report_ids: Iterable[str]) -> frozenset[str]:
        """The reports are gone; gives the ids of accounts told anew."""
        return self._change({}, set(report_ids) & self._readings.keys())

    def _change(self, fresh: Mapping[str, ReportReading], report_ids: set[str]) -> frozenset[str]:
        copies = self._copies_of(report_ids) - report_ids
        again = {**fresh, **{c: self._readings[c] for c in copies}}  # who first told a copy depends on its original
        touched, blocks = self._forget(report_ids | copies)
        self._readings.update(again)
        for reading in again.values():
            if reading.report.duplicate_of:
                self._copies[reading.report.duplicate_of].add(reading.report.report_id)
        reports = {key: reading.report for key, reading in self._readings.items()}
        added: set[str] = set()
        for reading in again.values():
            for known in self._linker.known(reading, reports):
                key = known.account.account_id
                self._known[key] = known
                added.add(key)
                for block in keys(known.sketch):
                    self._blocks[block].add(key)
                    blocks.add(block)
        for block in blocks:
            touched |= self._compare(block, added)
        return self._regather(touched | added)

    def _copies_of(self, report_ids: Iterable[str]) -> set[str]:
        """The reports that go back to any of these, through copies of copies."""
        out: set[str] = set()
        todo = list(report_ids)
        while todo:
            fresh = {c for c in self._copies.get(todo.pop(), ()) if c in self._readings} - out
            out |= fresh
            todo += fresh
        return out

    def _forget(self, report_ids: Iterable[str]) -> tuple[set[str], set[Key]]:
        """What lay beside the accounts of these reports, and the blocks they were in."""
        beside: set[str] = set()
        blocks: set[Key] = set()
        for report_id in report_ids:
            old = self._readings.pop(report_id, None)
            if old is None:
                continue
            if old.report.duplicate_of:
                self._copies[old.report.duplicate_of].discard(report_id)
            for account in old.accounts:
                key = account.account_id
                for block in keys(self._known.pop(key).sketch):
                    self._blocks[block].discard(key)
                    self._keep(block, frozenset(p for p in self._pairs.get(block, ()) if key not in p))
                    blocks.add(block)
                if (incident := self._incident_of.get(key)) is not None:
                    beside |= set(self._drop(incident))
        return {key for key in beside if key in self._known}, blocks

    def _keep(self, block: Key, pairs: frozenset[Pair]) -> tuple[frozenset[Pair], frozenset[Pair]]:
        """The block has these pairs now; gives those that no other block had, and those that no block has any more."""
        before = self._pairs.get(block, frozenset())
        if pairs:
            self._pairs[block] = pairs
        else:
            self._pairs.pop(block, None)
        new, gone = set(), set()
        for pair in pairs - before:
            self._n_blocks[pair] = self._n_blocks.get(pair, 0) + 1
            if self._n_blocks[pair] == 1:
                new.add(pair)
        for pair in before - pairs:
            self._n_blocks[pair] -= 1
            if not self._n_blocks[pair]:
                del self._n_blocks[pair]
                gone.add(pair)
        for left, right in gone:
            self._near[left].pop(right, None)
            self._near[right].pop(left, None)
        return frozenset(new), frozenset(gone)

    def _compare(self, block: Key, added: Collection[str]) -> set[str]:
        """The block has the pairs it should have; gives the old accounts that may be gathered otherwise now.

        A block that has grown too large is split, so a new account can part two old ones: no score of theirs, then. A
        weak score with an added account touches nobody else: what is in one chain with it is found by the strong ones.
        """
        members = self._blocks[block]
        if not members:
            del self._blocks[block]
        sketches = {key: self._known[key].sketch for key in members}
        new, gone = self._keep(block, frozenset(pairs_within(block, sorted(members), sketches)))
        touched = {key for pair in gone for key in pair if key in self._known}
        for left, right in new:
            found = self._near[left][right] = self._near[right][left] = score(sketches[left], sketches[right])
            if found >= self._linker.settings.threshold or not (left in added or right in added):
                touched |= {left, right}
        return touched

    def _regather(self, touched: set[str]) -> frozenset[str]:
        """Every chain with a touched account is gathered and told anew."""
        threshold = self._linker.settings.threshold
        reached, todo = set(touched), list(touched)
        while todo:
            key = todo.pop()
            strong = {o for o, s in self._near.get(key, {}).items() if s >= threshold}
            joined = {o for o in self._joined.get(key, ()) if o in self._known}
            together = set(self._incidents[i].account_ids) if (i := self._incident_of.get(key)) is not None else set()
            for other in (strong | joined | together) - reached:
                reached.add(other)
                todo.append(other)
        for key in reached:
            if (old := self._incident_of.get(key)) is not None:
                self._drop(old)
        scores = {(a, b): s for a in reached for b, s in self._near.get(a, {}).items() if a < b and b in reached}
        ties = [pair for pair, s in scores.items() if s >= threshold]
        ties += [p for p in self._rules.must_link if p[0] in reached and p[1] in reached]
        for chain in chains_of(reached, ties):
            members = {key: self._known[key] for key in chain}
            own = {(a, b): s for a in chain for b, s in self._near.get(a, {}).items() if a < b and b in members}
            for group in self._linker.gathered(members, own, self._rules):
                incident = self._linker.told(group, members, own)
                self._incidents[incident.incident_id] = incident
                self._incident_of.update(dict.fromkeys(group, incident.incident_id))
        return frozenset(reached)

    def _drop(self, incident_id: str) -> tuple[str, ...]:
        gone = self._incidents.pop(incident_id, None)
        if gone is None:
            return ()
        for key in gone.account_ids:
            self._incident_of.pop(key, None)
        return gone.account_ids

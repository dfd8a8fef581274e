"""Accounts of all reports to incidents: blocked, compared, gathered, and told as one with who says what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from trucewatch.linking.blocks import pairs
from trucewatch.linking.clusters import Constraints, Pair, gather
from trucewatch.linking.comparisons import explain, score
from trucewatch.linking.episodes import with_episodes
from trucewatch.linking.merging import told_together
from trucewatch.linking.origins import FirstTeller, Origins
from trucewatch.linking.sketches import Sketch, sketch
from trucewatch.linking.tolls import CONVENTIONS
from trucewatch.terms.accounts import Account, ReportReading, Statement
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.incidents import Incident, Link
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source

__all__ = ["Constraints", "Known", "LinkSettings", "Linker", "in_order", "original_of"]


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """`threshold`: mean score from which two groups join. `veto`: a single score below it forbids joining.

    `convention`: how tolls are reconciled (see `tolls.toll_ranges`). Measured on the link files and the synthetic
    archive, November 2026.
    """

    threshold: float = 0.6
    veto: float = 0.08
    convention: str = "ucdp"

    def __post_init__(self) -> None:
        if not 0.0 <= self.veto <= self.threshold <= 1.0:
            raise SettingsError(
                "link-thresholds", f"veto {self.veto} and threshold {self.threshold} are not 0 <= v <= t <= 1"
            )
        if self.convention not in CONVENTIONS:
            raise SettingsError("toll-convention", unknown_name("counting convention", self.convention, CONVENTIONS))


@dataclass(frozen=True, slots=True)
class Known:
    """An account with all that linking needs of it: how it is compared, who first told it, its report's denials."""

    account: Account
    sketch: Sketch
    teller: FirstTeller
    denials: tuple[Statement, ...]


class Linker:
    """Gathers accounts into incidents. A pure function of readings and constraints; their order does not matter.

    The steps can be had one by one, for archives that are linked window by window and for dossiers that grow.
    """

    def __init__(self, settings: LinkSettings, registry: Registry, sources: Sequence[Source] = ()) -> None:
        self.settings, self._registry = settings, registry
        self._origins = Origins(sources, registry)

    def __call__(self, readings: Sequence[ReportReading], constraints: Constraints | None = None) -> list[Incident]:
        """Every account in exactly one incident; the incidents by first day, then id."""
        return self.linked(self.all_known(readings), constraints or Constraints())

    def all_known(self, readings: Sequence[ReportReading]) -> dict[str, Known]:
        """The accounts of all these readings by id."""
        reports = {r.report.report_id: r.report for r in readings}
        return {k.account.account_id: k for r in readings for k in self.known(r, reports)}

    def linked(self, known: Mapping[str, Known], rules: Constraints) -> list[Incident]:
        """The incidents of these accounts with their episodes; by first day, then id."""
        scores = self.compared(known, pairs(k.sketch for k in known.values()))
        groups = self.gathered(known, scores, rules)
        return with_episodes(in_order(self.told(group, known, scores) for group in groups))

    def known(self, reading: ReportReading, reports: Mapping[str, Report]) -> list[Known]:
        """The accounts of a reading; `reports` by id hold the original of a copy."""
        report, original = reading.report, original_of(reading.report, reports)
        if original is not None:
            report = replace(report, duplicate_of=original.report_id)
        denials = tuple(s for s in reading.statements if s.kind == "denial")
        out = []
        for account in reading.accounts:
            teller = self._origins.first_teller(account, report, original)
            out.append(Known(account, sketch(account, report, self._registry, teller.key), teller, denials))
        return out

    def compared(self, known: Mapping[str, Known], chosen: Iterable[Pair]) -> dict[Pair, float]:
        """The score of each of these pairs."""
        return {(left, right): score(known[left].sketch, known[right].sketch) for left, right in chosen}

    def gathered(
        self, known: Mapping[str, Known], scores: Mapping[Pair, float], rules: Constraints
    ) -> list[tuple[str, ...]]:
        """Groups of ids, each one incident."""
        reports_of = {key: k.account.report_id for key, k in known.items()}
        return gather(reports_of, scores, rules, self.settings.threshold, self.settings.veto)

    def told(self, group: Sequence[str], known: Mapping[str, Known], scores: Mapping[Pair, float]) -> Incident:
        """What a group tells together, with why its accounts belong together. It is in no episode yet."""
        links = tuple(
            Link(left, right, round(scores[left, right], 4), explain(known[left].sketch, known[right].sketch))
            for at, left in enumerate(group)
            for right in group[at + 1 :]
            if (left, right) in scores
        )
        accounts = [known[key].account for key in group]
        denials = {known[key].account.report_id: known[key].denials for key in group}
        denied = [s for report_id in sorted(denials) for s in denials[report_id]]
        tellers = {key: known[key].teller for key in group}
        return told_together(accounts, links, tellers, denied, self._registry, self.settings.convention)


def original_of(report: Report, reports: Mapping[str, Report]) -> Report | None:
    """The report this one goes back to, through copies of copies; None where it is no copy, or of one not there."""
    found, seen = report, {report.report_id}
    while (key := found.duplicate_of) is not None and key in reports and key not in seen:
        seen.add(key)
        found = reports[key]
    return None if found is report else found


def in_order(incidents: Iterable[Incident]) -> list[Incident]:
    """By first day, the undated last, then by id."""
    return sorted(incidents, key=lambda i: ((i.time.earliest if i.time else None) or "9999", i.incident_id))

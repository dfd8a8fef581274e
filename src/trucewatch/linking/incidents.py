"""Accounts of all reports to incidents: blocked, compared, gathered, and told as one with who says what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.linking.blocks import pairs
from trucewatch.linking.clusters import Constraints, gather
from trucewatch.linking.comparisons import explain, score
from trucewatch.linking.episodes import with_episodes
from trucewatch.linking.merging import told_together
from trucewatch.linking.origins import Origins
from trucewatch.linking.sketches import sketch
from trucewatch.linking.tolls import CONVENTIONS
from trucewatch.terms.accounts import Account, ReportReading, Statement
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.incidents import Incident, Link
from trucewatch.terms.registries import Registry
from trucewatch.terms.sources import Source

__all__ = ["Constraints", "LinkSettings", "Linker"]


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """`threshold`: mean score from which two groups join. `veto`: a single score below it forbids joining.

    `convention`: how tolls are reconciled (see `tolls.toll_ranges`). Measured on the link files and the synthetic
    archive, November 2026.
    """

    threshold: float = 0.5
    veto: float = 0.08
    convention: str = "ucdp"

    def __post_init__(self) -> None:
        if not 0.0 <= self.veto <= self.threshold <= 1.0:
            raise SettingsError(
                "link-thresholds", f"veto {self.veto} and threshold {self.threshold} are not 0 <= v <= t <= 1"
            )
        if self.convention not in CONVENTIONS:
            raise SettingsError("toll-convention", unknown_name("counting convention", self.convention, CONVENTIONS))


class Linker:
    """Gathers accounts into incidents. A pure function of readings and constraints; their order does not matter."""

    def __init__(self, settings: LinkSettings, registry: Registry, sources: Sequence[Source] = ()) -> None:
        self._settings, self._registry = settings, registry
        self._origins = Origins(sources, registry)

    def __call__(self, readings: Sequence[ReportReading], constraints: Constraints | None = None) -> list[Incident]:
        """Every account in exactly one incident; the incidents by first day, then id."""
        reports = {r.report.report_id: r.report for r in readings}
        accounts: dict[str, Account] = {a.account_id: a for r in readings for a in r.accounts}
        denials: dict[str, list[Statement]] = {
            r.report.report_id: [s for s in r.statements if s.kind == "denial"] for r in readings
        }
        tellers = {}
        for key, account in accounts.items():
            report = reports.get(account.report_id)
            original = reports.get(report.duplicate_of) if report and report.duplicate_of else None
            tellers[key] = self._origins.first_teller(account, report, original)
        sketches = {
            key: sketch(a, reports.get(a.report_id), self._registry, tellers[key].key) for key, a in accounts.items()
        }
        scores = {(a.account_id, b.account_id): score(a, b) for a, b in pairs(list(sketches.values()))}
        rules = constraints or Constraints()
        reports_of = {key: a.report_id for key, a in accounts.items()}
        groups = gather(reports_of, scores, rules, self._settings.threshold, self._settings.veto)
        out = []
        for group in groups:
            links = tuple(
                Link(left, right, round(scores[left, right], 4), explain(sketches[left], sketches[right]))
                for at, left in enumerate(group)
                for right in group[at + 1 :]
                if (left, right) in scores
            )
            told = [accounts[key] for key in group]
            denied = [s for report_id in sorted({a.report_id for a in told}) for s in denials.get(report_id, ())]
            out.append(told_together(told, links, tellers, denied, self._registry, self._settings.convention))
        dated = sorted(out, key=lambda i: ((i.time.earliest if i.time else None) or "9999", i.incident_id))
        return with_episodes(dated)

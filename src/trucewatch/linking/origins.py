"""Who first said it: the last of the chain of speakers, else the group of copies, else the source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trucewatch.terms.accounts import Account
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Origin
from trucewatch.terms.registries import Registry, fold_actor
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source


@dataclass(frozen=True, slots=True)
class FirstTeller:
    """Who an account goes back to. `key` is the same wherever the same teller is quoted."""

    key: str
    name: str
    kind: str  # speaker, source, copy_group
    side: str | None
    reliability: str


class Origins:
    """Finds the first teller of any account; what is quoted of one body by ten papers is one origin."""

    def __init__(self, sources: Sequence[Source], registry: Registry) -> None:
        self._registry = registry
        self._sources: dict[str, Source] = {}
        for source in sources:
            for name in (source.source_id, source.name, *source.aliases):
                self._sources.setdefault(fold_actor(name), source)

    def first_teller(self, account: Account, report: Report | None, original: Report | None = None) -> FirstTeller:
        """The teller of an account; `original` is the report that `report` is a copy of, where it is one.

        Unnamed speakers ("activists", "a source") cannot be told apart between papers, so they count as their paper's
        own: each paper's activists are one origin, and the activists of two papers are two.
        """
        first_report = original or report
        published_by = first_report.source if first_report else None
        group = report.duplicate_of or report.report_id if report else account.report_id
        first = account.said_by[-1] if account.said_by else None
        if first is not None and fold_actor(first.name):
            if first.kind == "unnamed":
                at = fold_actor(published_by or "") or group
                side = self._side(published_by)
                return FirstTeller(f"unnamed {fold_actor(first.name)} via {at}", first.name, "speaker", side, "F")
            return self._named(first.name, "speaker", account, report)
        if published_by:
            return self._named(published_by, "copy_group" if original else "source", account, report)
        return FirstTeller(f"text {group}", report.name if report else group, "source", None, "F")

    def _named(self, name: str, kind: str, account: Account, report: Report | None) -> FirstTeller:
        source = self._sources.get(fold_actor(name))
        on = (account.time.latest if account.time else None) or (report.published if report else None)
        actor = self._registry.resolve(name, on)
        if source is not None:
            return FirstTeller(f"source {source.source_id}", source.name, kind, self._side(name), source.reliability)
        if actor is not None:
            return FirstTeller(f"actor {actor.actor_id}", actor.name, kind, actor.side, "F")
        return FirstTeller(f"name {fold_actor(name)}", name, kind, None, "F")

    def _side(self, name: str | None) -> str | None:
        """The side a source takes everywhere, or under every agreement alike; None where none or several are stated."""
        source = self._sources.get(fold_actor(name or ""))
        if source is None:
            return None
        sides = {side for _, side in source.alignment}
        return source.side("*") or (sides.pop() if len(sides) == 1 else None)


def gathered(tellers: Mapping[str, FirstTeller], account_ids: Iterable[str]) -> tuple[Origin, ...]:
    """The origins of an incident, those with most accounts first."""
    by_key: dict[str, list[str]] = defaultdict(list)
    for account_id in sorted(account_ids):
        by_key[tellers[account_id].key].append(account_id)
    out = []
    for key, members in by_key.items():
        teller = tellers[members[0]]
        # however different papers came by it, the kind nearest to the first teller is the one to show
        kinds = {tellers[m].kind for m in members}
        kind = next(k for k in ("speaker", "source", "copy_group") if k in kinds)
        name = min(tellers[m].name for m in members)
        out.append(Origin(make_id("origin", key=key), name, kind, tuple(members), teller.side, teller.reliability))
    return tuple(sorted(out, key=lambda o: (-len(o.account_ids), o.name, o.origin_id)))

"""A part of a telling: one agreement, some types of incident, one place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trucewatch.telling.tellings import Telling, label_of
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import fold_actor


@dataclass(frozen=True, slots=True)
class Selection:
    """What to tell of: an agreement's id, ids of types, words in the name of a place. Empty means everything."""

    agreement: str | None = None
    types: tuple[str, ...] = ()
    place: str | None = None

    @property
    def narrow(self) -> bool:
        """True where anything is left out."""
        return bool(self.agreement or self.types or self.place)

    @property
    def words(self) -> str:
        """What is told of, in words; empty where it is everything."""
        kinds = ", ".join(label_of(t).lower() for t in self.types)
        parts = (self.agreement, kinds, f"at {self.place}" if self.place else None)
        return "; ".join(part for part in parts if part)


def selected(telling: Telling, selection: Selection) -> Telling:
    """The telling of that selection alone.

    Tallies are left out: what somebody counted everywhere cannot be held against a part. Statements stay whole. With a
    place, incidents without one are left out as well, so whoever shows the result must name the selection.
    """
    if not selection.narrow:
        return telling
    incidents = tuple(i for i in telling.incidents if _in(i, selection))
    kept = {i.incident_id for i in incidents}
    told = {a for i in incidents for a in i.account_ids}
    accounts = tuple(a for a in telling.accounts if a.account_id in told)
    resting = {a.report_id for a in accounts} | {s.report_id for s in telling.statements}
    agreement = selection.agreement
    return replace(
        telling,
        incidents=incidents,
        findings=tuple(f for f in telling.findings if f.incident_id in kept and agreement in (None, f.agreement_id)),
        obligations=tuple(o for o in telling.obligations if agreement in (None, o.agreement_id)),
        agreements=tuple(a for a in telling.agreements if agreement in (None, a.agreement_id)),
        accounts=accounts,
        tallies=(),
        reports=tuple(r for r in telling.reports if r.report_id in resting),
    )


def _in(incident: Incident, selection: Selection) -> bool:
    if selection.types and incident.type not in selection.types:
        return False
    wanted = fold_actor(selection.place or "")
    return not wanted or any(wanted in fold_actor(place.name) for place in incident.places)

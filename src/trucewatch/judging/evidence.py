"""Which incidents speak for a duty having been done, against it, or of it being obstructed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trucewatch.judging.agreements import Agreement, Term
from trucewatch.judging.discs import discs, lie, measure
from trucewatch.judging.moments import moment_on, window
from trucewatch.judging.parties import Casts
from trucewatch.judging.periods import inside
from trucewatch.judging.questions import branches
from trucewatch.terms.codebooks import types_of
from trucewatch.terms.findings import Evidence, Test
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import Registry


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of evidence. `first` is the earliest minute it may be of, `known` the minute by which it had happened.

    `whole` is False for what was begun and cut short. `missing` is what is open about its place or bearer.
    """

    evidence: Evidence
    first: int
    known: int
    whole: bool
    missing: str | None

    @property
    def weighs(self) -> str:
        """`for`, `against` or `obstructs`."""
        return self.evidence.weighs


class Docket:
    """Finds the evidence for one duty."""

    def __init__(self, agreement: Agreement, term: Term, registry: Registry | None) -> None:
        self.agreement, self.term = agreement, term
        self._casts = Casts(agreement.roster, registry)
        self._branch = branches(agreement, term, ())[0]
        rule = term.form.evidence
        self._for = types_of(rule.counts_for) if rule else frozenset()
        self._against = types_of(rule.against) if rule else frozenset()
        self._obstructs = types_of(rule.obstructs) if rule else frozenset()

    def items(self, incidents: Sequence[Incident], courses: Mapping[str, str]) -> list[Item]:
        """The evidence among the incidents, ordered by when it was known. What has no date is none."""
        kinds = self._for | self._against | self._obstructs
        rows = [i for i in incidents if i.type in kinds and i.reality in ("asserted", "denied")]
        spots = [tuple(discs(place) for place in i.places) for i in rows]
        boards = measure(self.term.area, spots)
        out: list[Item] = []
        for incident, spot in zip(rows, spots, strict=True):
            when = window(incident.time)
            if when is None or when.start is None or when.end is None or not self._timely(incident):
                continue
            where = lie(self.term.area, incident, spot, when, boards).share
            if where.verdict == "no":
                continue
            doer = self._branch.bearer(self._casts(incident))
            opened = "; ".join(
                m for m in (where.missing, doer.missing if doer.verdict == "undetermined" else None) if m
            )
            for evidence, whole in self._weigh(incident, doer, courses.get(incident.incident_id)):
                out.append(Item(evidence, when.start, when.end, whole, opened or None))
        return sorted(out, key=lambda i: (i.known, i.first, i.evidence.incident_id, i.weighs))

    def _timely(self, incident: Incident) -> bool:
        """False for what surely happened before the duty began or after the agreement ended."""
        when = window(incident.time)
        zone = self.agreement.place_zone
        period = self.term.period or self.agreement.period
        declared = self.agreement.form.declared.at[:10]
        if self.term.period is None and incident.time is not None and (incident.time.earliest or "")[:10] >= declared:
            # a duty may be done between signature and entry into force
            until = self.agreement.period.until
            return (
                until is None
                or when is None
                or when.start is None
                or when.start < moment_on(until, when.offset, zone)[1]
            )
        return inside(period, when, zone).verdict != "no"

    def _weigh(self, incident: Incident, doer: Test, course: str | None) -> list[tuple[Evidence, bool]]:
        at = incident.time.earliest if incident.time else None
        one = incident.incident_id
        if incident.type in self._for:
            if incident.reality == "denied":
                return [(Evidence(one, "against", "told as not having happened", at), True)]
            if doer.verdict == "no":
                return []
            if course == "called_off":
                return [(Evidence(one, "obstructs", f"{incident.type} called off or blocked", at), True)]
            whole = course != "cut_short"
            rows = [(Evidence(one, "for", incident.type if whole else f"{incident.type}, cut short", at), whole)]
            if incident.contested or incident.denied_by:
                rows.append((Evidence(one, "against", "denied, or told otherwise, by another origin", at), True))
            return rows
        if incident.reality == "denied":
            return []
        if incident.type in self._obstructs:
            return [(Evidence(one, "obstructs", incident.type, at), True)]
        return [(Evidence(one, "against", incident.type, at), True)] if doer.verdict != "no" else []

"""Duties under watch: what was due when, what shows that it was done, and how its state changed day by day.

States: `pending` before the duty begins; `due` from then on; `partly_met` where part of what is needed was done;
`met`; `overdue` once the deadline has passed; `obstructed` where the latest evidence is an obstruction; `disputed`
where it was done according to some and not according to others. What is met after the deadline is met, `late_days`
says by how much, and its history keeps the days it was overdue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trucewatch.judging.agreements import Agreement, Term
from trucewatch.judging.evidence import Docket, Item
from trucewatch.judging.moments import DAY_MIN, Moment, iso, minutes, moment_on
from trucewatch.terms.findings import Obligation
from trucewatch.terms.ids import make_id
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import Registry


def track(
    agreements: Sequence[Agreement],
    incidents: Sequence[Incident],
    as_of: str,
    registry: Registry | None = None,
    courses: Mapping[str, str] | None = None,
) -> list[Obligation]:
    """The state of every duty of every agreement on an ISO day (its end) or date-time, in the order of the files.

    Only incidents whose interval has ended by then count; their order does not matter. `courses` says by incident id
    how a patrol, a withdrawal or the like went: `held`, `cut_short` or `called_off` (see `courses.course_of`).
    """
    end = minutes(as_of)[0] + (DAY_MIN if len(as_of) == 10 else 1)
    seen = sorted(incidents, key=lambda i: i.incident_id)
    out = []
    for agreement in agreements:
        for term in agreement.terms:
            if term.form.evidence is not None:
                items = Docket(agreement, term, registry).items(seen, courses or {})
                known = [item for item in items if item.known <= end]
                out.append(_Duty(agreement, term, known).obligation(end, as_of))
    return out


@dataclass(frozen=True)
class _Duty:
    """One duty with its evidence, ordered by when it was known."""

    agreement: Agreement
    term: Term
    items: list[Item]

    @property
    def begins(self) -> int:
        """The minute from which it may be due, on the clock of the place."""
        period = self.term.period
        if period is not None and period.since is not None:
            return self._minute(period.since)[0]
        declared = self.agreement.form.declared
        start = self.agreement.period.since
        first = self._minute(Moment(declared.at, declared.zone, declared.could_be))[0]
        return min(first, self._minute(start)[0]) if start else first

    @property
    def due(self) -> int | None:
        """The minute after the deadline; a deadline that is a day ends with it."""
        return self._minute(self.term.due)[1] if self.term.due else None

    def _minute(self, moment: Moment) -> tuple[int, int]:
        return moment_on(moment, None, self.agreement.place_zone)

    def state(self, at: int) -> str:
        """The state as known just before a minute."""
        if at <= self.begins:
            return "pending"
        rule = self.term.form.evidence
        items = [item for item in self.items if item.known <= at]
        done = [item for item in items if item.weighs == "for"]
        full = [item for item in done if item.whole]
        against = any(item.weighs == "against" for item in items)
        due = self.due
        if rule is not None and (rule.continuing or rule.every_days):
            turn = [item for item in items if item.weighs != "against"]
            if full and rule.every_days and at > full[-1].known + rule.every_days * DAY_MIN:
                return "overdue"
            if turn:
                last = turn[-1]
                if last.weighs == "obstructs":
                    return "obstructed"
                return "disputed" if against else ("met" if last.whole else "partly_met")
        elif rule is not None and len(full) >= rule.needed:
            return "disputed" if against else "met"
        elif items and items[-1].weighs == "obstructs":
            return "obstructed"
        if done and against:
            return "disputed"
        if due is not None and at > due:
            return "overdue"
        return "partly_met" if done else "due"

    def history(self, end: int) -> list[tuple[str, str]]:
        """Every change of state until the minute `end`, each with its ISO date."""
        # a state holds "as known just before" a minute, so the first minute of a change is one later
        steps = [(self.begins + 1, iso(self.begins)[:10])]
        steps += [(item.known, iso(item.known - 1)[:10]) for item in self.items]
        if self.due is not None:
            steps.append((self.due + 1, iso(self.due)[:10]))
        rule = self.term.form.evidence
        if rule is not None and rule.every_days:
            lapses = [
                item.known + rule.every_days * DAY_MIN for item in self.items if item.weighs == "for" and item.whole
            ]
            steps += [(lapse + 1, iso(lapse)[:10]) for lapse in lapses]
        out: list[tuple[str, str]] = []
        for minute, day in sorted(set(steps)):
            if minute <= end:
                state = self.state(minute)
                if not out or out[-1][1] != state:
                    out.append((day, state))
        return out

    def late(self) -> tuple[int | None, str | None]:
        """Whole days by which it was met late, and what is open about that."""
        rule, due = self.term.form.evidence, self.due
        full = [item for item in self.items if item.weighs == "for" and item.whole]
        needed = 1 if rule is None or rule.continuing or rule.every_days else rule.needed
        if due is None or len(full) < needed:
            return None, None
        last = full[needed - 1]
        if last.first >= due:
            return (last.first - due) // DAY_MIN + 1, None
        return 0, ("whether it was done before the deadline" if last.known > due else None)

    def obligation(self, end: int, as_of: str) -> Obligation:
        """The duty as it stands."""
        state = self.state(end)
        late_days, open_late = self.late()
        rule = self.term.form.evidence
        missing = [open_late] if open_late else []
        missing += [item.missing for item in self.items if item.missing]
        if rule is not None and state not in ("met", "pending"):
            missing.append(rule.in_words)
        due = self.due
        return Obligation(
            make_id("obligation", agreement_id=self.agreement.agreement_id, term_id=self.term.term_id),
            self.agreement.agreement_id, self.term.term_id, self.term.title,
            tuple(sorted(self.agreement.roster.keys(self.term.form.bearers))), state,
            self.term.due.clock if self.term.due else None, tuple(item.evidence for item in self.items),
            tuple(dict.fromkeys(missing)), as_of, None if due is None else (due - end) // DAY_MIN,
            tuple(self.history(end)), late_days if state in ("met", "partly_met", "disputed") else None,
        )  # fmt: skip

"""The questions put to an incident under one term, each answered yes, no or undetermined with its grounds.

A `Branch` is a term in one of its readings. Answers depend on few values (the type, the actors, the day), so each is
worked out once and shared between all incidents that have the same: that is what makes judging fast.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from trucewatch.judging.agreements import Agreement, Term, period
from trucewatch.judging.areas import EVERYWHERE, Area
from trucewatch.judging.moments import DAY_MIN, Moment, Window, moment_on
from trucewatch.judging.parties import Cast
from trucewatch.judging.periods import NO_INFORMATION, Period, Share, inside
from trucewatch.judging.schemas import ExceptionForm, ReadingForm
from trucewatch.terms.codebooks import types_of
from trucewatch.terms.findings import Test

_CACHE = 200_000  # answers kept per branch and question before it starts afresh


@dataclass(frozen=True, slots=True)
class Exception_:
    """An exception of a term, ready to ask: None means that it has no such condition."""

    form: ExceptionForm
    acts: frozenset[str] | None
    area: Area | None
    period: Period | None


@dataclass(slots=True)
class Branch:
    """A term in one reading. `name` is None for the term as written."""

    name: str | None
    agreement: Agreement
    term: Term
    acts: frozenset[str]
    bearers: frozenset[str]
    area: Area
    periods: tuple[Period, ...]
    exceptions: tuple[Exception_, ...]
    exemptions: bool
    _answers: dict[tuple[str, Hashable], Test] = field(default_factory=dict, repr=False)
    _together: dict[tuple[str, Cast, Window | None], tuple[Test, Test, Test, Test]] = field(
        default_factory=dict, repr=False
    )
    _accused: dict[Hashable, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def _keep(self, key: tuple[str, Hashable], test: Test) -> Test:
        if len(self._answers) > _CACHE:
            self._answers.clear()
        self._answers[key] = test
        return test

    def answers(
        self, type_: str, cast: Cast, when: Window | None, lies: Callable[[Area], Share]
    ) -> tuple[Test, Test, Test, Test]:
        """What in_force, act, bearer and exception answer; looked up together where the place does not enter them."""
        if self.exceptions and self._by_place:
            return (
                self.in_force(when),
                self.act(type_, cast),
                self.bearer(cast),
                self.exception(type_, cast, when, lies),
            )
        key = (type_, cast, when)
        found = self._together.get(key)
        if found is None:
            if len(self._together) > _CACHE:
                self._together.clear()
            found = self._together[key] = (
                self.in_force(when), self.act(type_, cast), self.bearer(cast), self.exception(type_, cast, when, lies),
            )  # fmt: skip
        return found

    @property
    def _by_place(self) -> bool:
        return any(e.area is not None for e in self.exceptions)

    def in_force(self, when: Window | None) -> Test:
        """Whether agreement and term were in force over the whole interval."""
        key = ("in_force", when)
        return self._answers.get(key) or self._keep(key, self._in_force(when))

    def _in_force(self, when: Window | None) -> Test:
        shares = [inside(p, when, self.agreement.place_zone) for p in self.periods]
        rows = [("time", when.text if when else "not told"), *(("period", p.text()) for p in self.periods)]
        rows += self._deadline(when)
        missing = "; ".join(dict.fromkeys(s.missing for s in shares if s.missing)) or None
        if any(s.verdict == "no" for s in shares):
            return Test("in_force", "no", 0.0, tuple(rows))
        if all(s.verdict == "yes" for s in shares):
            return Test("in_force", "yes", min(s.share for s in shares), tuple(rows))
        return Test("in_force", "undetermined", min(s.share for s in shares), tuple(rows), missing=missing)

    def _deadline(self, when: Window | None) -> list[tuple[str, str]]:
        """The deadline of a duty with how the incident lies to it: a row to show, which decides nothing."""
        due = self.term.due
        if due is None:
            return []
        if when is None or when.start is None or when.end is None:
            return [("deadline", f"{due.text()}: not told whether before or after")]
        first, last = moment_on(due, when.offset, self.agreement.place_zone)
        if when.end <= max(first, last):
            return [("deadline", f"{due.text()}: in time")]
        if when.start < last:
            return [("deadline", f"{due.text()}: open whether in time")]
        days = (when.start - last) // DAY_MIN + 1
        return [("deadline", f"{due.text()}: {days} {'day' if days == 1 else 'days'} late")]

    def act(self, type_: str, cast: Cast) -> Test:
        """Whether the type is one the term speaks of, and what was hit is what it means."""
        key = (type_, cast if self.term.form.targets else None)
        return self._answers.get(key) or self._keep(key, self._act(type_, cast))

    def _act(self, type_: str, cast: Cast) -> Test:
        rows = [("type", type_), ("acts", ", ".join(sorted(self.acts)))]
        if type_ not in self.acts:
            if type_ in ("violation", "attack") and self.acts & types_of(["violent"]):
                return Test("act", "undetermined", NO_INFORMATION, tuple(rows), missing="what was done")
            return Test("act", "no", 0.0, tuple(rows))
        wanted = self.term.form.targets
        if wanted is None:
            return Test("act", "yes", 1.0, tuple(rows))
        roster = self.agreement.roster
        any_of, none_of = roster.keys(wanted.any_of), roster.keys(wanted.none_of)
        rows.append(("targets", ", ".join(t.name for t in cast.targets) or "not told"))
        if any_of and not cast.targets:
            return Test("act", "undetermined", NO_INFORMATION, tuple(rows), missing="who or what was hit")
        if any(t.keys & any_of for t in cast.targets) or not any_of:
            ruled_out = bool(cast.targets) and all(t.keys & none_of for t in cast.targets)
            return Test("act", "no" if ruled_out else "yes", 0.0 if ruled_out else 1.0, tuple(rows))
        if all(t.known for t in cast.targets):
            return Test("act", "no", 0.0, tuple(rows))
        names = ", ".join(t.name for t in cast.targets if not t.known)
        return Test("act", "undetermined", NO_INFORMATION, tuple(rows), missing=f"to whom {names} belongs")

    def bearer(self, cast: Cast) -> Test:
        """Whether somebody bound by the term did it."""
        key = ("bearer", cast)
        return self._answers.get(key) or self._keep(key, self._bearer(cast))

    def _bearer(self, cast: Cast) -> Test:
        rows = tuple(
            ("actor", f"{a.name}: {cast.standing(a, self.bearers, self.exemptions)} ({a.why})") for a in cast.actors
        )
        if not cast.actors:
            return Test("bearer", "undetermined", NO_INFORMATION, (("actor", "not told"),), missing="who did it")
        standings = [cast.standing(a, self.bearers, self.exemptions) for a in cast.actors]
        unknown = [a.name for a, s in zip(cast.actors, standings, strict=True) if s == "unknown"]
        n_bound = standings.count("bound")
        if n_bound == len(standings) or (n_bound and not cast.rival):
            return Test("bearer", "yes", 1.0, rows)
        if not n_bound and not unknown:
            return Test("bearer", "no", 0.0, rows)
        share = (n_bound + NO_INFORMATION * len(unknown)) / len(standings)
        if n_bound:
            return Test(
                "bearer", "undetermined", share, rows, missing="which of the actors named by rival accounts did it"
            )
        return Test(
            "bearer",
            "undetermined",
            NO_INFORMATION,
            rows,
            missing=f"whether {', '.join(unknown)} belongs to a bound party",
        )

    def accused(self, cast: Cast) -> tuple[str, ...]:
        """The agreement's names of the bound doers, sorted."""
        found = self._accused.get(cast)
        if found is None:
            found = self._accused[cast] = tuple(sorted({k for a in cast.actors for k in a.keys & self.bearers}))
        return found

    def exempt_doer(self, cast: Cast) -> bool:
        """True where the doers are not bound because one of them is exempt."""
        return any(cast.standing(a, self.bearers, self.exemptions) == "exempt" for a in cast.actors)

    def exception(self, type_: str, cast: Cast, when: Window | None, lies: Callable[[Area], Share]) -> Test:
        """Whether the agreement exempts what was hit, or an exception of the term covers it.

        Nothing told speaks for an exception: it must be shown, so silence is no, and silence about one of the
        conditions while the others hold is undetermined.
        """
        if not self.exceptions:
            key = ("clash" if type_ == "armed_clash" else "other", cast)
            return self._answers.get(key) or self._keep(key, self._target(type_, cast))
        rows: list[tuple[str, str]] = []
        tests = [self._target(type_, cast)]
        for exception in self.exceptions:
            tests.append(self._apply(exception, type_, cast, when, lies))
        for test in tests:
            rows += test.compared
        if any(t.verdict == "yes" for t in tests):
            return Test("exception", "yes", 1.0, tuple(rows))
        left = 1.0
        for test in tests:
            left *= 1 - test.probability
        missing = "; ".join(t.missing for t in tests if t.missing) or None
        return Test("exception", "undetermined" if missing else "no", 1 - left, tuple(rows), missing=missing)

    def _target(self, type_: str, cast: Cast) -> Test:
        exempt = self.agreement.roster.exempt("target") if self.exemptions else frozenset()
        hit = list(cast.targets) or (cast.opponents(self.bearers) if type_ == "armed_clash" else [])
        names = [t for t in hit if t.keys & exempt]
        if not names:
            return Test("exception", "no", 0.0, (("exempt target", "none named"),))
        rows = tuple(("target", f"{t.name}: {'exempt' if t in names else 'not exempt'}") for t in hit)
        if len(names) == len(hit):
            return Test("exception", "yes", 1.0, (*rows, ("exempt", "target")))
        return Test(
            "exception", "undetermined", NO_INFORMATION, rows,
            missing=f"whether {', '.join(dict.fromkeys(t.name for t in names))} was what was aimed at",
        )  # fmt: skip

    def _apply(
        self, exception: Exception_, type_: str, cast: Cast, when: Window | None, lies: Callable[[Area], Share]
    ) -> Test:
        roster, form = self.agreement.roster, exception.form
        shares: list[Share] = []
        if exception.acts is not None:
            shares.append(_flat(type_ in exception.acts))
        for wanted, given, what in (
            (form.actors, cast.actors, "who did it"),
            (form.targets, cast.targets, "what was hit"),
        ):
            if wanted:
                keys = roster.keys(wanted)
                known = all(c.known for c in given) if given else False
                if any(c.keys & keys for c in given):
                    shares.append(_flat(True))
                else:
                    shares.append(_flat(False) if known else Share("undetermined", NO_INFORMATION, what))
        if exception.period is not None:
            shares.append(inside(exception.period, when, self.agreement.place_zone))
        if exception.area is not None:
            shares.append(lies(exception.area))
        label = ("exception", form.text)
        if any(s.verdict == "no" for s in shares):
            return Test("exception", "no", 0.0, (label,))
        product = 1.0
        for share in shares:
            product *= share.share
        if all(s.verdict == "yes" for s in shares):
            exempts = bool(form.actors or form.targets)
            return Test("exception", "yes", product, (label, ("exempt", "actor" if exempts else "circumstances")))
        return Test(
            "exception", "undetermined", product, (label,), missing="; ".join(s.missing for s in shares if s.missing)
        )


def _flat(holds: bool) -> Share:
    return Share("yes", 1.0) if holds else Share("no", 0.0)


def reality(value: str) -> Test:
    """Whether it is told as having happened: a threat, a plan or a denial is no act."""
    happened = value == "asserted"
    return Test("reality", "yes" if happened else "no", float(happened), (("reality", value),))


def branches(agreement: Agreement, term: Term, ended: tuple[Period, ...]) -> tuple[Branch, ...]:
    """The term as written and in each of its contested readings. `ended` are ends that other agreements put to it."""
    form = term.form
    exceptions = tuple(_exception(agreement, e) for e in form.exceptions)
    own = (agreement.period, *((term.period,) if term.period else ()), *_since_version(agreement, term), *ended)
    written = Branch(
        None, agreement, term, term.acts, agreement.roster.keys(form.bearers), term.area, own, exceptions, True
    )
    return (written, *(_reading(written, reading, ended) for reading in form.readings))


def _since_version(agreement: Agreement, term: Term) -> tuple[Period, ...]:
    """A term that came with a later version holds from the day of that version on."""
    days = {v.version: v.date for v in agreement.form.versions}
    day = days.get(term.form.since_version or "")
    return (Period(Moment(f"{day}T00:00")),) if day else ()


def _exception(agreement: Agreement, form: ExceptionForm) -> Exception_:
    area = None if form.area in (None, EVERYWHERE) else agreement.areas[str(form.area)]
    return Exception_(
        form, types_of(form.acts) if form.acts else None, area, period(form.period) if form.period else None
    )


def _reading(written: Branch, form: ReadingForm, ended: tuple[Period, ...]) -> Branch:
    agreement, term = written.agreement, written.term
    area = written.area
    if form.area is not None:
        area = Area(EVERYWHERE, EVERYWHERE) if form.area == EVERYWHERE else agreement.areas[form.area]
    periods = written.periods
    if form.period is not None:
        # a reading that names a beginning or an end puts it in the place of the one written
        new = period(form.period)
        kept = [p for p in (agreement.period, term.period) if p is not None]
        kept = [Period(None if new.since else p.since, None if new.until else p.until) for p in kept]
        periods = (new, *(p for p in kept if p.since or p.until), *ended)
    return Branch(
        form.name, agreement, term, types_of(form.acts) if form.acts is not None else written.acts,
        agreement.roster.keys(form.bearers) if form.bearers is not None else written.bearers, area, periods,
        tuple(e for e in written.exceptions if e.form.id not in form.without_exceptions), not form.without_exemptions,
    )  # fmt: skip

"""An agreement as it is judged by: read from its file, checked, with areas built and acts resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from trucewatch.judging.areas import EVERYWHERE, Area, build_area
from trucewatch.judging.checks import Miss, area_misses, furthest, least_error_m, line_misses
from trucewatch.judging.marks import Marks, Path_, line_of, path_text, read_yaml
from trucewatch.judging.moments import Moment, shifted
from trucewatch.judging.periods import Period
from trucewatch.judging.rosters import Roster
from trucewatch.judging.schemas import AgreementForm, MomentForm, PeriodForm, TermForm
from trucewatch.judging.shapes import Workshop
from trucewatch.terms.codebooks import types_of
from trucewatch.terms.errors import AgreementError, TrucewatchError, unknown_name


@dataclass(frozen=True, slots=True)
class Term:
    """One provision, ready to judge by. `acts` are type ids; `due` is None where no deadline is stated."""

    term_id: str
    form: TermForm
    acts: frozenset[str]
    area: Area
    period: Period | None
    due: Moment | None

    @property
    def title(self) -> str:
        """Its heading."""
        return self.form.title


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement file, checked. `period` runs from its entry into force to its end, where one is known."""

    agreement_id: str
    title: str
    version: str
    form: AgreementForm
    period: Period
    place_zone: str | None
    terms: tuple[Term, ...]
    areas: dict[str, Area]
    roster: Roster
    path: str

    def term(self, term_id: str) -> Term:
        """The term of that id. Raises AgreementError naming the known ones."""
        for term in self.terms:
            if term.term_id == term_id:
                return term
        raise AgreementError("unknown-term", unknown_name("term", term_id, [t.term_id for t in self.terms]))

    def wording(self, term: Term) -> str:
        """How far a term's wording was held against a text: `yes`, `in part` or `no`.

        In part where some of it rests on general knowledge.
        """
        sources = [s for s in self.form.sources if s.id in term.form.sources]
        if not any(s.read_on for s in sources):
            return "no"
        return "in part" if any(s.kind == "recalled" for s in sources) else "yes"


def load_agreement(path: str | Path) -> Agreement:
    """The agreement of a YAML file.

    Raises AgreementError with file, line, path, what and what to do; where several things are wrong it names them all.
    """
    file = Path(path)
    content, marks = read_yaml(file)
    if not isinstance(content, dict):
        raise AgreementError(
            "agreement-form",
            "is not an agreement: the top must be a mapping with id, title, terms ...",
            where=str(file),
            todo="Begin with the small one in docs/guides/agreements.md.",
        )
    try:
        form = AgreementForm.model_validate(content)
    except ValidationError as error:
        raise _form_error(error, file, marks) from error
    return _Builder(form, file, marks).agreement()


def _form_error(error: ValidationError, file: Path, marks: Marks) -> AgreementError:
    rows = []
    problems = error.errors(include_url=False)
    for problem in problems:
        at: Path_ = tuple(problem["loc"])
        # a list whose items are wrong counts as empty too: only the items are worth naming
        if problem["type"] == "too_short" and any(
            p["loc"][: len(at)] == at and len(p["loc"]) > len(at) for p in problems
        ):
            continue
        if problem["type"] == "extra_forbidden":
            text = f"unknown key '{at[-1]}'"
        elif problem["type"] == "missing":
            text = f"'{at[-1]}' is missing"
        else:
            text = problem["msg"].removeprefix("Value error, ")
        rows.append((line_of(at, marks) or 1, f"{path_text(at)}: {text}"))
    rows.sort()
    more = "".join(f"\n  line {line}: {text}" for line, text in rows[1:])
    return AgreementError(
        "agreement-form",
        rows[0][1] + (f"; and {len(rows) - 1} more:{more}" if more else ""),
        where=f"{file}:{rows[0][0]}",
        todo="The form is explained in docs/guides/agreements.md and docs/reference/agreement-schema.json.",
    )


def moment(form: MomentForm) -> Moment:
    """The moment a form names."""
    return Moment(form.at, form.zone, form.could_be, form.note)


def period(form: PeriodForm) -> Period:
    """The period a form names. Days are whole: "from 15 March" begins with that day, "until 31 March" ends with it."""
    since = moment(form.since) if form.since else None
    until = moment(form.until) if form.until else None
    if since is not None and not since.timed:
        since = replace(since, clock=f"{since.clock}T00:00")
    if until is not None and not until.timed:
        until = shifted(replace(until, clock=f"{until.clock}T00:00"), days=1)
    return Period(since, until)


class _Builder:
    """Turns a checked form into an agreement; errors of meaning name the line, as errors of form do."""

    def __init__(self, form: AgreementForm, file: Path, marks: Marks) -> None:
        self.form, self.file, self.marks = form, file, marks
        self.shop = Workshop(file.parent, form.lines, form.areas)
        self.areas: dict[str, Area] = {}

    def agreement(self) -> Agreement:
        form = self.form
        for name in sorted(form.areas):
            self.area(name, ("areas", name))
        self._check_errors()
        roster = Roster(form)
        self._unique([t.id for t in form.terms], "term", "terms")
        self._unique([s.id for s in form.sources], "source", "sources")
        self._check_sources()
        ends = form.ended.at if form.ended else None
        whole = Period(moment(form.in_effect), moment(ends) if ends else None)
        if ends is not None and ends.at < form.in_effect.at:
            raise self.error("agreement-dates", ("ended", "at"), "ended before it was in effect", "Check both dates.")
        terms = tuple(self._term(i, t, roster) for i, t in enumerate(form.terms))
        return Agreement(
            form.id, form.title, form.version, form, whole, form.place_zone, terms, self.areas, roster, str(self.file)
        )

    def error(self, code: str, at: Path_, what: str, todo: str = "") -> AgreementError:
        line = line_of(at, self.marks)
        return AgreementError(code, f"{path_text(at)}: {what}", where=f"{self.file}:{line or 1}", todo=todo)

    def area(self, name: str, at: Path_) -> Area:
        if name == EVERYWHERE:
            return Area(EVERYWHERE, EVERYWHERE)
        if name not in self.areas:
            try:
                self.areas[name] = build_area(name, self.shop)
            except TrucewatchError as error:
                raise self.error(error.code, at, error.what, error.todo) from error
        return self.areas[name]

    def _unique(self, ids: list[str], kind: str, at: str) -> None:
        for i, one in enumerate(ids):
            if one in ids[:i]:
                raise self.error(f"{kind}-twice", (at, i, "id"), f"{kind} id '{one}' stands twice", "Rename one.")

    def _check_sources(self) -> None:
        known = {s.id for s in self.form.sources}
        for at, name in _source_names(self.form.model_dump(by_alias=True), ()):
            if name not in known:
                raise self.error(
                    "unknown-source", at, unknown_name("source", name, known), "Add it under `sources`, or correct it."
                )

    def _check_errors(self) -> None:
        """No error is stated that is less than what the checks measure."""
        for name in sorted(self.form.lines):
            line = self.form.lines[name]
            self._check_error(line_misses(name, self.shop), line.error_m, ("lines", name))
        for name in sorted(self.form.areas):
            misses = area_misses(self.form.areas[name].checks, self.areas[name])
            self._check_error(misses, self.areas[name].edge_error_m, ("areas", name))

    def _check_error(self, misses: tuple[Miss, ...], stated: float | None, at: Path_) -> None:
        least, worst = least_error_m(misses), furthest(misses)
        if worst is not None and least > (stated or 0.0):
            raise self.error(
                "error-below-checks", (*at, "error_m"),
                f"{'is not stated' if stated is None else f'{stated:.0f} is too little'}: {worst.name} of the checks "
                f"lies {worst.metres:.0f} m off", f"State {least} or more, or mend the drawing.",
            )  # fmt: skip

    def acts(self, names: tuple[str, ...], at: Path_) -> frozenset[str]:
        try:
            return types_of(names)
        except TrucewatchError as error:
            raise self.error(error.code, at, error.what, "Use a type or family of the codebook.") from error

    def _term(self, i: int, form: TermForm, roster: Roster) -> Term:
        at: Path_ = ("terms", i)
        for names, where in _actor_names(form):
            for j, name in enumerate(names):
                if not roster.knows(name):
                    raise self.error(
                        "unknown-actor", (*at, *where, j), unknown_name("actor", name, roster.known()),
                        "Name a party, guarantor, bound, exempt or not_bound actor of this file, or a group of them.",
                    )  # fmt: skip
        for j, exception in enumerate(form.exceptions):
            self.acts(exception.acts, (*at, "exceptions", j, "acts"))
            if exception.area:
                self.area(exception.area, (*at, "exceptions", j, "area"))
        for j, reading in enumerate(form.readings):
            self.acts(reading.acts or (), (*at, "readings", j, "acts"))
            if reading.area:
                self.area(reading.area, (*at, "readings", j, "area"))
            lost = set(reading.without_exceptions) - {e.id for e in form.exceptions}
            if lost:
                raise self.error(
                    "unknown-exception", (*at, "readings", j, "without_exceptions"),
                    unknown_name("exception", min(lost), [e.id for e in form.exceptions]),
                )  # fmt: skip
        if form.evidence:
            for key in ("counts_for", "against", "obstructs"):
                self.acts(getattr(form.evidence, key), (*at, "evidence", "for" if key == "counts_for" else key))
        acts = self.acts(form.acts, (*at, "acts")) - self.acts(form.except_acts, (*at, "except_acts"))
        return Term(
            form.id, form, acts, self.area(form.area, (*at, "area")),
            period(form.period) if form.period else None, self._due(form, (*at, "deadline"), ()),
        )  # fmt: skip

    def _due(self, form: TermForm, at: Path_, seen: tuple[str, ...]) -> Moment | None:
        deadline = form.deadline
        if deadline is None:
            return None
        if deadline.at is not None:
            return moment(deadline.at)
        if form.id in seen:
            raise self.error("deadline-circle", at, f"deadlines name each other: {' -> '.join([*seen, form.id])}")
        after = str(deadline.after)
        if after in ("declared", "in_effect"):
            base: Moment | None = moment(getattr(self.form, after))
        else:
            other = next((t for t in self.form.terms if t.id == after), None)
            base = self._due(other, at, (*seen, form.id)) if other else None
        if base is None:
            raise self.error(
                "deadline-after", (*at, "after"), f"'{after}' is no moment of this agreement",
                "Write `declared`, `in_effect`, or the id of a term with a deadline.",
            )  # fmt: skip
        # days are counted in whole days: "within seven days" from 00:01 ends with the seventh day
        start = base if deadline.hours else Moment(base.clock[:10], base.zone, base.could_be)
        return shifted(start, days=deadline.days, hours=deadline.hours)


def _source_names(value: Any, at: Path_) -> Iterator[tuple[Path_, str]]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "sources" and at and isinstance(child, tuple):
                yield from (((*at, key, i), name) for i, name in enumerate(child))
            else:
                yield from _source_names(child, (*at, key))
    elif isinstance(value, tuple):
        for i, child in enumerate(value):
            yield from _source_names(child, (*at, i))


def _actor_names(form: TermForm) -> list[tuple[tuple[str, ...], Path_]]:
    out: list[tuple[tuple[str, ...], Path_]] = [(form.bearers, ("bearers",))]
    if form.targets:
        out += [(form.targets.any_of, ("targets", "any_of")), (form.targets.none_of, ("targets", "none_of"))]
    for i, exception in enumerate(form.exceptions):
        out += [
            (exception.actors, ("exceptions", i, "actors")),
            (exception.targets, ("exceptions", i, "targets")),
        ]
    out += [(r.bearers, ("readings", i, "bearers")) for i, r in enumerate(form.readings) if r.bearers]
    return out

"""Holds incidents against every term of every agreement and gives findings with their grounds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice, pairwise

from trucewatch.judging.agreements import Agreement, Term, moment
from trucewatch.judging.areas import Area
from trucewatch.judging.beliefs import admiralty, belief
from trucewatch.judging.discs import Board, Disc, Lie, discs, lie, measure
from trucewatch.judging.moments import Moment, Window, window
from trucewatch.judging.outcomes import Answer, combine, decide
from trucewatch.judging.parties import Cast, Casts
from trucewatch.judging.periods import Period, Share
from trucewatch.judging.questions import Branch, branches, reality
from trucewatch.terms.errors import AgreementError
from trucewatch.terms.findings import Finding, Test
from trucewatch.terms.ids import ID_HEX, PREFIXES
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import Registry

BATCH = 5_000  # incidents measured against the areas at once: enough for numpy, little enough for memory


@dataclass(frozen=True, slots=True)
class _Bench:
    """One agreement with its terms' branches."""

    agreement: Agreement
    casts: Casts
    terms: tuple[tuple[Term, tuple[Branch, ...], tuple[str, str]], ...]  # with what stands around the incident in an id


class Judge:
    """Judges incidents against agreements. Pure: a finding depends on agreements, registry and incident alone.

    `decided` are people's decisions on whether an incident is true, by incident id: `verified` or `refuted`.
    """

    def __init__(
        self,
        agreements: Sequence[Agreement],
        registry: Registry | None = None,
        decided: Mapping[str, str] | None = None,
    ) -> None:
        self.registry = registry
        self._decided = dict(decided or {})
        ends = _ends(agreements)
        self._benches = tuple(
            _Bench(
                agreement,
                Casts(agreement.roster, registry),
                tuple(
                    (
                        t,
                        branches(agreement, t, ends.get((agreement.agreement_id, agreement.version, t.term_id), ())),
                        _around(agreement, t),
                    )
                    for t in agreement.terms
                ),
            )
            for agreement in agreements
        )
        self._areas = _areas(self._benches)
        self._realities: dict[str, Test] = {}

    def __call__(self, incidents: Sequence[Incident]) -> list[Finding]:
        """One finding per incident and term, in the order of the incidents, agreements and terms."""
        return list(self.stream(incidents))

    def stream(self, incidents: Iterable[Incident]) -> Iterator[Finding]:
        """As a call, a batch at a time."""
        source = iter(incidents)
        while batch := list(islice(source, BATCH)):
            spots = [tuple(discs(place) for place in incident.places) for incident in batch]
            boards = {id(area): measure(area, spots) for area in self._areas}
            for incident, spot in zip(batch, spots, strict=True):
                yield from self._one(_Scene(incident, spot, window(incident.time), boards))

    def _one(self, scene: _Scene) -> Iterator[Finding]:
        incident = scene.incident
        found = self._realities.get(incident.reality)
        if found is None:
            found = self._realities[incident.reality] = reality(incident.reality)
        quoted = json.dumps(incident.incident_id, ensure_ascii=False)
        for bench in self._benches:
            cast = bench.casts(incident)
            believed = belief(incident, bench.agreement.roster, self._decided.get(incident.incident_id))
            rated = admiralty(incident, believed)
            for term, options, around in bench.terms:
                answers: list[tuple[str, Answer]] = []
                first: tuple[Test, ...] = ()
                for branch in options:
                    tests = scene.ask(branch, cast, found)
                    exempt = tests[2].verdict == "no" and branch.exempt_doer(cast)
                    answers.append((branch.name or "as written", decide(tests, term.form.modality, exempt)))
                    first = first or tests
                answer, said = combine(answers)
                yield Finding(
                    finding_id(around, quoted), incident.incident_id, bench.agreement.agreement_id,
                    bench.agreement.version, term.term_id, answer.outcome, answer.probability, scene.relied(first),
                    answer.missing, said, believed, options[0].accused(cast), incident.account_ids,
                    *rated,
                )  # fmt: skip


class _Scene:
    """One incident while it is judged: its lie to every area is worked out once."""

    __slots__ = ("_boards", "_lies", "_relied", "incident", "spots", "when")

    def __init__(
        self,
        incident: Incident,
        spots: tuple[tuple[Disc, ...], ...],
        when: Window | None,
        boards: dict[int, list[Board]],
    ) -> None:
        self.incident, self.spots, self.when, self._boards = incident, spots, when, boards
        self._lies: dict[int, tuple[Lie, Test]] = {}
        self._relied: dict[int, tuple[Test, Test]] = {}

    def lies(self, area: Area) -> Share:
        """The share of the incident's place in an area."""
        return self._lie(area)[0].share

    def _lie(self, area: Area) -> tuple[Lie, Test]:
        key = id(area)
        found = self._lies.get(key)
        if found is None:
            how = lie(area, self.incident, self.spots, self.when, self._boards.get(key, []))
            share = how.share
            found = self._lies[key] = how, Test("area", share.verdict, share.share, how.compared, missing=share.missing)
        return found

    def ask(self, branch: Branch, cast: Cast, happened: Test) -> tuple[Test, ...]:
        """The six tests of a branch."""
        in_force, act, bearer, exception = branch.answers(self.incident.type, cast, self.when, self.lies)
        return in_force, act, bearer, self._lie(branch.area)[1], exception, happened

    def relied(self, tests: tuple[Test, ...]) -> tuple[Test, ...]:
        """The tests with the accounts they rely on; tests are shared between incidents, so only where there are any."""
        accounts = self.incident.account_ids
        if not accounts:
            return tests
        out = []
        for test in tests:
            pair = self._relied.get(id(test))
            if pair is None:
                # the original is kept beside it: were it freed, another test could take its id
                pair = self._relied[id(test)] = (test, replace(test, account_ids=accounts))
            out.append(pair[1])
        return tuple(out)


def finding_id(around: tuple[str, str], quoted_incident_id: str) -> str:
    """The id of a finding, as `terms.ids.make_id` makes it; written out because millions are made."""
    text = around[0] + quoted_incident_id + around[1]
    return f"{PREFIXES['finding']}_{sha256(text.encode()).hexdigest()[:ID_HEX]}"


def _around(agreement: Agreement, term: Term) -> tuple[str, str]:
    """The canonical JSON of a finding's id before and after the id of the incident."""
    version = json.dumps(agreement.version, ensure_ascii=False)
    return (
        f'{{"agreement_id":{json.dumps(agreement.agreement_id)},"incident_id":',
        f',"kind":"finding","term_id":{json.dumps(term.term_id)},"version":{version}}}',
    )


_TermKey = tuple[str, str, str]  # agreement, version, term


def _ends(agreements: Sequence[Agreement]) -> dict[_TermKey, tuple[Period, ...]]:
    """The periods that other files put to terms: what replaces them ends them, and so does a later version."""
    out: dict[_TermKey, tuple[Period, ...]] = {}
    for later in agreements:
        for row in later.form.replaces:
            at = moment(row.at) if row.at else later.period.since
            for earlier in agreements:
                for term in earlier.terms if earlier.agreement_id == row.agreement else ():
                    if not row.terms or term.term_id in row.terms:
                        _limit(out, earlier, term, Period(until=at))
    for earlier, later in _successions(agreements):
        day = Moment(f"{_dated(later)}T00:00")
        for agreement, limit in ((earlier, Period(until=day)), (later, Period(since=day))):
            for term in agreement.terms:
                _limit(out, agreement, term, limit)
    return out


def _limit(out: dict[_TermKey, tuple[Period, ...]], agreement: Agreement, term: Term, limit: Period) -> None:
    key = (agreement.agreement_id, agreement.version, term.term_id)
    out[key] = (*out.get(key, ()), limit)


def _successions(agreements: Sequence[Agreement]) -> Iterator[tuple[Agreement, Agreement]]:
    """Pairs of versions of one agreement that follow each other by their dates.

    Raises AgreementError where the same version is given twice: which of the two to go by nobody could say.
    """
    for first in dict.fromkeys(a.agreement_id for a in agreements):
        same = sorted((a for a in agreements if a.agreement_id == first), key=_dated)
        for earlier, later in pairwise(same):
            if earlier.version == later.version:
                raise AgreementError(
                    "agreement-twice", f"{first} version {later.version} is given twice", where=later.path,
                    todo="Leave one file out, or give the later one its own version and date.",
                )  # fmt: skip
            yield earlier, later


def _dated(agreement: Agreement) -> str:
    """The ISO day of the version a file holds; the day it was declared where it does not list itself."""
    days = {v.version: v.date for v in agreement.form.versions}
    return days.get(agreement.version, agreement.form.declared.at)[:10]


def _areas(benches: tuple[_Bench, ...]) -> list[Area]:
    """Every area any branch or exception asks about, each once.

    Agreements that succeed each other often draw the same area: their branches then share one, which is measured once.
    """
    seen: dict[tuple[object, ...], Area] = {}
    for bench in benches:
        for _, options, _ in bench.terms:
            for branch in options:
                branch.area = seen.setdefault(branch.area.content(), branch.area)
                for exception in branch.exceptions:
                    if exception.area is not None:
                        seen.setdefault((id(exception.area),), exception.area)
    return list(seen.values())

"""The stages of a dossier, made from its settings, each when it is first needed: models and gazetteers take time."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from trucewatch.running.dossiers import Dossier, EndpointFile
from trucewatch.running.engines.works import ReadingWork, code_hash
from trucewatch.running.sources import load_sources
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.codebooks import types_of
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.ids import content_hash, file_hash
from trucewatch.terms.incidents import Incident
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source

if TYPE_CHECKING:
    from trucewatch.judging.agreements import Agreement
    from trucewatch.running.engines import Work
    from trucewatch.running.relinking import Relinked

Pair = tuple[str, str]


class Stages(Protocol):
    """What the pipeline needs of a dossier. The fingerprints name everything their stage's result depends on."""

    dossier: Dossier

    def of(self, dossier: Dossier) -> Stages:
        """The same stages of that dossier."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names all that the reading of a report depends on."""
        ...

    @property
    def link_fingerprint(self) -> str:
        """Names all that linking depends on, besides the readings."""
        ...

    @property
    def judge_fingerprint(self) -> str:
        """Names all that judging depends on, besides the incidents."""
        ...

    @property
    def reading(self) -> Work[Report, ReportReading]:
        """What an engine does to each batch of reports."""
        ...

    @property
    def registry(self) -> Registry:
        """The actors of the dossier."""
        ...

    @property
    def agreements(self) -> list[Agreement]:
        """The agreements of the dossier."""
        ...

    def sources(self) -> list[Source]:
        """The sources of the dossier."""
        ...

    def duplicates(self, *, anew: bool) -> Mapping[str, tuple[str, float] | None]:
        """Of reports of the store: which earlier one they repeat, and the share of the text they have in common.

        Of those that may repeat another than before, given what has come in since; of all of them with `anew`.
        """
        ...

    def link(self, readings: Sequence[ReportReading], must: Sequence[Pair], cannot: Sequence[Pair]) -> list[Incident]:
        """The incidents these accounts tell of."""
        ...

    def relink(self, report_ids: Collection[str] | None, must: Sequence[Pair], cannot: Sequence[Pair]) -> Relinked:
        """The incidents of the store that a change of these reports can touch; all of them where it is None."""
        ...

    def judge(self, incidents: Sequence[Incident], decided: Mapping[str, str] | None = None) -> list[Finding]:
        """The incidents held against the terms. `decided` are the incident ids that people verified or refuted."""
        ...

    def track(
        self, incidents: Sequence[Incident], as_of: str, readings: Sequence[ReportReading] | None = None
    ) -> list[Obligation]:
        """The duties under watch on that day; the words of accounts are of `readings`, of the store without any."""
        ...


class DossierStages:
    """The real stages of a dossier."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        region = dossier.region
        box = region.box if region else None
        files = tuple(str(path) for path in dossier.gazetteer_files()), _text(dossier.optional_file("actors"))
        around = region.countries if region else (), (box.south, box.west, box.north, box.east) if box else None
        self.work = _asking(dossier.endpoint, files, around) if dossier.endpoint else ReadingWork(*files, *around)

    def of(self, dossier: Dossier) -> DossierStages:
        """The stages of that dossier."""
        return DossierStages(dossier)

    @cached_property
    def fingerprint(self) -> str:
        """Names all that the reading of a report depends on."""
        return self.work.fingerprint()

    @cached_property
    def link_fingerprint(self) -> str:
        """Names all that linking depends on, besides the readings."""
        return content_hash({"reading": self.fingerprint, "sources": self.sources()})

    @cached_property
    def judge_fingerprint(self) -> str:
        """Names all that judging depends on, besides the incidents."""
        from trucewatch.judging.besides import files_beside

        paths = self.dossier.agreement_files()
        files = [file_hash(file) for path in paths for file in (path, *files_beside(path))]
        return content_hash({"code": code_hash("judging"), "agreements": files, "actors": self.work.actors_hash()})

    @property
    def reading(self) -> ReadingWork:
        """What an engine does to each batch of reports."""
        return self.work

    @cached_property
    def registry(self) -> Registry:
        """The actors of the dossier; empty where it names no file."""
        from trucewatch.linking.actors import load_registry

        path = self.dossier.optional_file("actors")
        return load_registry(path) if path else Registry(())

    @cached_property
    def agreements(self) -> list[Agreement]:
        """The agreements of the dossier, in the order of its files."""
        from trucewatch.judging.agreements import load_agreement

        return [load_agreement(path) for path in self.dossier.agreement_files()]

    def sources(self) -> list[Source]:
        """The sources of the dossier."""
        path = self.dossier.optional_file("sources")
        return load_sources(path) if path else []

    def duplicates(self, *, anew: bool) -> Mapping[str, tuple[str, float] | None]:
        """Copies, exact and near."""
        from trucewatch.running.doubles import changed_copies

        return changed_copies(anew=anew)

    def link(self, readings: Sequence[ReportReading], must: Sequence[Pair], cannot: Sequence[Pair]) -> list[Incident]:
        """The incidents these accounts tell of, under what people decided."""
        return link(readings, self.registry, self.sources(), must, cannot)

    def relink(self, report_ids: Collection[str] | None, must: Sequence[Pair], cannot: Sequence[Pair]) -> Relinked:
        """As if all had been linked at once, under what people decided."""
        from trucewatch.linking.clusters import Constraints
        from trucewatch.linking.incidents import Linker, LinkSettings
        from trucewatch.running.relinking import link_reports, link_whole

        linker = Linker(LinkSettings(), self.registry, self.sources())
        rules = Constraints(tuple(must), tuple(cannot))
        return link_whole(linker, rules) if report_ids is None else link_reports(linker, report_ids, rules)

    def judge(self, incidents: Sequence[Incident], decided: Mapping[str, str] | None = None) -> list[Finding]:
        """The incidents held against every agreement of the dossier."""
        from trucewatch.judging.judges import Judge

        return list(Judge(self.agreements, self.registry, decided)(incidents))

    def track(
        self, incidents: Sequence[Incident], as_of: str, readings: Sequence[ReportReading] | None = None
    ) -> list[Obligation]:
        """The duties of every agreement on that day; the words of the accounts tell which patrol was cut short."""
        from trucewatch.judging.courses import course_of
        from trucewatch.judging.obligations import track
        from trucewatch.store.reader import words_of

        evidence = _types_of_evidence(self.agreements)
        acts = [incident for incident in incidents if incident.type in evidence]
        ids = [key for incident in acts for key in incident.account_ids]
        words = words_of(ids) if readings is None else _words(readings)
        told = {i.incident_id: [text for key in i.account_ids for text in words.get(key, ())] for i in acts}
        courses = {key: course for key, texts in told.items() if (course := course_of(texts)) is not None}
        return list(track(self.agreements, incidents, as_of, self.registry, courses))


def _words(readings: Sequence[ReportReading]) -> dict[str, tuple[str, ...]]:
    """As `store.reader.words_of`, of these readings."""
    return {
        a.account_id: (a.quote, *(span.of(reading.report.text) for span in a.retellings))
        for reading in readings
        for a in reading.accounts
    }


def _asking(
    told: EndpointFile,
    files: tuple[tuple[str, ...], str | None],
    around: tuple[tuple[str, ...], tuple[float, float, float, float] | None],
) -> ReadingWork:
    from trucewatch.reading.endpoints import EndpointSettings
    from trucewatch.running.endpoints import KEY, EndpointWork

    key = os.environ.get(KEY) or None
    settings = EndpointSettings(
        told.url, told.model, key, told.timeout_s, price_in=told.price_in, price_out=told.price_out
    )
    return EndpointWork.of(settings, *files, *around)


def _types_of_evidence(agreements: Sequence[Agreement]) -> frozenset[str]:
    """The types that count as evidence of some duty: nothing else needs its words looked at."""
    forms = [term.form.evidence for agreement in agreements for term in agreement.terms if term.form.evidence]
    return types_of([name for form in forms for name in form.counts_for])


def copies(reports: Iterable[Report]) -> dict[str, tuple[str, float]]:
    """Of each report that repeats another: which, and the share they have in common (0 to 1).

    By order of publication, so the later repeats the earlier, whichever came in first.
    """
    from trucewatch.linking.duplicates import NearDuplicates

    in_order = sorted(reports, key=lambda r: (r.published or "9999", r.report_id))
    flagged = NearDuplicates().flag([replace(r, duplicate_of=None, similarity=None) for r in in_order])
    return {r.report_id: (r.duplicate_of, r.similarity or 0.0) for r in flagged if r.duplicate_of}


def link(
    readings: Sequence[ReportReading],
    registry: Registry,
    sources: Sequence[Source] = (),
    must: Sequence[Pair] = (),
    cannot: Sequence[Pair] = (),
) -> list[Incident]:
    """The incidents these accounts tell of."""
    from trucewatch.linking.clusters import Constraints
    from trucewatch.linking.incidents import Linker, LinkSettings

    return list(Linker(LinkSettings(), registry, sources)(readings, Constraints(tuple(must), tuple(cannot))))


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)

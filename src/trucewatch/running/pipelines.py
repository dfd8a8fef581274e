"""The pipeline: reports to readings, incidents, findings and obligations; each step a transaction, done only if needed.

What a step works on is named by a fingerprint that is stored with its result. A run that is killed therefore goes on
where the last transaction ended, and one with nothing new writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from trucewatch.running.areas import areas_of_incidents
from trucewatch.running.endpoints import Meter, unanswered
from trucewatch.running.engines import Engine
from trucewatch.running.ingests import take_in_folder
from trucewatch.running.postings import keep_postings
from trucewatch.running.progresses import Progress, Silent
from trucewatch.running.provenances import files_changed
from trucewatch.running.runs import Record, Stop, end_killed
from trucewatch.running.stages import Stages
from trucewatch.store.clusters import unjudged, write_areas, write_findings, write_incidents
from trucewatch.store.constraints import constraints, decided_incidents
from trucewatch.store.decisions import head
from trucewatch.store.linkings import linked_with, waiting
from trucewatch.store.marks import mark, marked, revision
from trucewatch.store.models import ReportRow
from trucewatch.store.opening import Store
from trucewatch.store.reader import all_incidents, incidents_of
from trucewatch.store.readings import never_read, stored_reports, unread
from trucewatch.store.writer import write_duplicates, write_obligations, write_readings, write_sources
from trucewatch.terms.ids import content_hash
from trucewatch.terms.reports import Report


@dataclass(slots=True)
class Outcome:
    """What a run did. `stopped` where the user asked it to; counts of rows that are new, changed or gone."""

    n_added: int = 0
    n_read: int = 0
    n_accounts_changed: int = 0
    n_incidents_changed: int = 0
    n_findings_changed: int = 0
    n_obligations_changed: int = 0
    stopped: bool = False

    @property
    def changed(self) -> bool:
        """True where anything in the store is different now."""
        return any(value for name, value in asdict(self).items() if name != "stopped")


def run(
    store: Store,
    stages: Stages,
    engine: Engine,
    *,
    batch_size: int = 32,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Outcome:
    """Everything new in the dossier is read, linked, judged and stored.

    Whatever is raised on the way, what was committed before stays, and the next run goes on from there.
    """
    progress = progress if progress is not None else Silent()
    stop = stop if stop is not None else Stop()  # not `or`: a stop that nobody asked for yet is false
    end_killed()  # also where nothing is left to do: a run may be killed after its last piece of work
    record = Record(stages)
    out = Outcome()
    meter = Meter(stages.reading)
    state, error = "failed", None
    try:
        if files_changed(stages):
            _ = record.number  # also where nothing else is to be done: a past moment is told with the files of then
        out.n_added = take_in_folder(store, stages.dossier, progress, record)
        if write_sources(stages.sources()):
            _ = record.number
        _read(stages, engine, batch_size, progress, stop, record, out)
        if not stop:
            _link(stages, progress, record, out)
        if not stop:
            _judge(stages, progress, record, out)
            keep_postings(stages)
        out.stopped = bool(stop)
        state = "stopped" if stop else "done"
    except KeyboardInterrupt:
        state = "stopped"
        raise
    except Exception as problem:
        error = f"{type(problem).__name__}: {problem}"[:2000]
        raise
    finally:
        record.close(state, {**asdict(out), **meter.figures()}, error)
    return out


def _read(
    stages: Stages,
    engine: Engine,
    batch_size: int,
    progress: Progress,
    stop: Stop,
    record: Record,
    out: Outcome,
) -> None:
    """Reports not read with the present settings are read, a batch per transaction, in the order of their ids."""
    fingerprint = stages.fingerprint
    waiting = unread(fingerprint)
    if not waiting:
        return
    progress.begin("Reading", len(waiting))
    for readings in engine.map(stages.reading, _batches(waiting, batch_size, stop)):
        # what an endpoint did not answer for stays unread and is asked about again at the next run; what was read of
        # it before stands until then
        answered = [reading for reading in readings if not unanswered(reading)]
        never = never_read(r.report.report_id for r in readings if unanswered(r))
        failed = [reading for reading in readings if reading.report.report_id in never]
        number = record.number  # a run that asked and got no answer leaves a trace too
        for rows, with_ in ((answered, fingerprint), (failed, "")):
            if rows:
                changes = write_readings(rows, with_, number)
                out.n_accounts_changed += len(changes.added) + len(changes.changed) + len(changes.removed)
        out.n_read += len(answered)
        progress.advance(len(readings))
    progress.end()


def _batches(ids: Sequence[str], size: int, stop: Stop) -> Iterator[list[Report]]:
    for start in range(0, len(ids), size):
        if stop:
            return
        yield stored_reports(ids[start : start + size])


def _link(stages: Stages, progress: Progress, record: Record, out: Outcome) -> None:
    """Incidents are what all accounts of the store tell of now. The result does not depend on how they came in.

    Only what the reports that wait can touch is put together anew; everything where linking itself is another.
    """
    fingerprint = stages.link_fingerprint
    anew = marked("linking") != fingerprint
    if not anew and not waiting(fingerprint):
        return
    _ = record.number
    progress.begin("Linking", None)
    with transaction.atomic():
        write_duplicates(stages.duplicates(anew=anew))
        reports = None if anew else waiting(fingerprint)
        relinked = stages.relink(reports, *constraints())
        changes = write_incidents(relinked.incidents, instead_of=relinked.instead_of)
        out.n_incidents_changed += len(changes.added) + len(changes.changed) + len(changes.removed)
        linked_with(reports, fingerprint)
        mark("linking", fingerprint)
    progress.end()


def _judge(stages: Stages, progress: Progress, record: Record, out: Outcome) -> None:
    """Findings and obligations are those of the present incidents under the present agreements.

    Only incidents that are new or told otherwise are held against the terms.
    """
    as_of = stages.dossier.as_of or last_published()
    own = stages.judge_fingerprint
    fingerprint = content_hash({"on": revision(), "decided": head(), "with": own, "as_of": as_of})
    todo = unjudged(own)
    if marked("judge") == fingerprint and not todo:
        return
    _ = record.number
    progress.begin("Judging", None)
    with transaction.atomic():
        incidents = incidents_of(todo)
        changes = write_findings(stages.judge(incidents, decided_incidents()), todo, own)
        out.n_findings_changed += len(changes.added) + len(changes.changed) + len(changes.removed)
        write_areas(areas_of_incidents(stages.agreements, incidents), todo)
        changes = write_obligations(stages.track(list(all_incidents()), as_of) if as_of else [])
        out.n_obligations_changed += len(changes.added) + len(changes.changed) + len(changes.removed)
        mark("judge", fingerprint)
    progress.end()


def last_published() -> str | None:
    """The day of the newest report: the store knows nothing of later days. None where no report has a date."""
    newest = (
        ReportRow.objects.exclude(published=None).order_by("-published").values_list("published", flat=True).first()
    )
    return newest[:10] if newest else None

"""Reports added at the desk: files laid aside by the request, taken in and read by a process of the server's own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import close_old_connections

from trucewatch.desk.settings import MOST_FILES
from trucewatch.reading.sources import IngestSettings, Limits
from trucewatch.running.dossiers import load_dossier
from trucewatch.running.engines import engine_named
from trucewatch.running.ingests import take_in
from trucewatch.running.pipelines import run
from trucewatch.running.runs import Stop, only_run
from trucewatch.running.stages import DossierStages
from trucewatch.store.models import UploadRow
from trucewatch.store.opening import Store
from trucewatch.store.settings import URL_VARIABLE
from trucewatch.store.writer import write_doubts
from trucewatch.terms.errors import SettingsError, TrucewatchError

FOLDER = "uploads"  # in the dossier; nothing in it is ever served
LIVE = ("waiting", "running", "stopping")
LIMITS = Limits(entries=MOST_FILES, unpacked=500 * 1024 * 1024)
MOST_ISSUES = 100
LOOK_EVERY_S = 1.0
TELL_EVERY_S = 0.5


def lay_aside(
    folder: Path, files: Iterable[UploadedFile[bytes]], *, author: str, source: str | None, published: str | None
) -> UploadRow:
    """The files lie in the dossier under names of ours and wait for the worker. Raises SettingsError for none."""
    given = list(files)
    if not given:
        raise SettingsError("no-files", "no file was chosen", todo="Choose one or more files, then add them.")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    row = UploadRow.objects.create(
        author=author, created_at=now, state="laying", source=source, published=published, n_files=len(given)
    )
    place = folder / FOLDER / str(row.number)
    place.mkdir(parents=True)
    for number, file in enumerate(given, 1):
        name = re.sub(r"[^\w.-]+", "_", Path(file.name or "report").name)[-100:].lstrip(".") or "report"
        with (place / f"{number:03}-{name}").open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
    row.state = "waiting"
    row.save(update_fields=["state"])
    return row


def ask_to_stop(number: int) -> None:
    """The job ends after its present batch; what it has done stays."""
    UploadRow.objects.filter(pk=number, state="waiting").update(state="stopped")
    UploadRow.objects.filter(pk=number, state="running").update(state="stopping")


def ask_to_go_on(number: int) -> None:
    """A job that was stopped or failed waits for the worker again."""
    UploadRow.objects.filter(pk=number, state__in=("stopped", "failed")).update(state="waiting", error=None)


class Told:
    """Progress written into the row of the job, and the stop that somebody asked for read from it."""

    def __init__(self, number: int, parent: int) -> None:
        self.number, self.parent, self.stop = number, parent, Stop()
        self._at, self._n = 0.0, 0

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins."""
        self._n = 0
        UploadRow.objects.filter(pk=self.number).update(stage=stage[:40], n_done=0, n_total=total)
        self._look()

    def advance(self, n: int = 1) -> None:
        """So many more are done; written at most twice a second."""
        self._n += n
        if time.monotonic() - self._at >= TELL_EVERY_S:
            self._look()

    def end(self) -> None:
        """The stage is over."""
        self._look()

    def _look(self) -> None:
        self._at = time.monotonic()
        UploadRow.objects.filter(pk=self.number).update(n_done=self._n)
        orphaned = os.getppid() != self.parent  # the server has ended: the next one goes on from here
        if orphaned or UploadRow.objects.filter(pk=self.number, state="stopping").exists():
            self.stop.requested = True


def work_once(store: Store, parent: int) -> None:
    """The first job that waits is done, stopped or failed; without one nothing happens.

    Whoever holds the dossier's lock is the only one at work, so a job that says it runs was left by a killed worker
    and is taken up again. Raises SettingsError `run-under-way` where a run holds the lock.
    """
    with only_run(store.folder):
        UploadRow.objects.filter(state="stopping").update(state="stopped")
        UploadRow.objects.filter(state="running").update(state="waiting")
        row = UploadRow.objects.filter(state="waiting").order_by("pk").first()
        if row is None or not UploadRow.objects.filter(pk=row.pk, state="waiting").update(state="running"):
            return
        told = Told(row.pk, parent)
        try:
            _work(store, row, told)
        except TrucewatchError as error:
            _end(row.pk, "failed", f"{error.what}. {error.todo}".strip())
        except Exception as error:
            _end(row.pk, "failed", f"{type(error).__name__}: {error}")
            raise


def _work(store: Store, row: UploadRow, told: Told) -> None:
    dossier = load_dossier(store.folder)
    place = store.folder / FOLDER / str(row.pk)
    if place.is_dir():
        settings = IngestSettings(published=row.published, source=row.source, limits=LIMITS)
        taken = take_in(store, [place], settings, told)
        write_doubts(taken.doubts, "ingest")
        issues = [[d.code, Path(d.where).name, d.what] for d in taken.doubts[:MOST_ISSUES]]
        UploadRow.objects.filter(pk=row.pk).update(
            n_new=taken.n_new, n_known=taken.n_known, issues=json.dumps(issues, ensure_ascii=False)
        )
        shutil.rmtree(place)  # the raw bytes lie under their hash now
    out = run(
        store,
        DossierStages(dossier),
        engine_named(None, 1),
        batch_size=dossier.batch_size,
        progress=told,
        stop=told.stop,
    )
    asked = UploadRow.objects.filter(pk=row.pk, state="stopping").exists()
    _end(row.pk, "done" if not out.stopped else "stopped" if asked else "waiting", None)


def _end(number: int, state: str, error: str | None) -> None:
    ended = datetime.now(UTC).isoformat(timespec="seconds")
    UploadRow.objects.filter(pk=number).update(state=state, error=error and error[:2000], ended_at=ended)


def have_uploads_read(folder: Path, url: str | None) -> None:
    """Never ends: looks for jobs and has each done by a process of its own, so that reading never slows a page down."""
    command = [sys.executable, "-m", "trucewatch.desk.working", str(folder)]
    # by the environment and not as an argument: an address may hold a password, and arguments can be read by all
    environment = {**os.environ, **({URL_VARIABLE: url} if url else {})}
    while True:
        close_old_connections()
        if UploadRow.objects.filter(state__in=LIVE).exists():
            subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=environment)
        time.sleep(LOOK_EVERY_S)

"""Reading without a dossier: reports in, annotations out."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from trucewatch.reading.sources import IngestSettings, ingest
from trucewatch.running.annotations import annotation, incident_of
from trucewatch.running.engines import Engine
from trucewatch.running.engines.works import ReadingWork
from trucewatch.running.progresses import Progress
from trucewatch.running.stages import copies, link
from trucewatch.terms.accounts import Doubt, ReportReading
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report

BATCH = 32  # reports per batch


@dataclass(frozen=True, slots=True)
class LooseReadings:
    """The lines to print, one per report in the order they came, and what stood in the way of others."""

    lines: tuple[str, ...]
    doubts: tuple[Doubt, ...]

    def write(self, output: Path | None) -> None:
        """The lines are in the file, which is there whole or not at all, or on standard output."""
        if output is None:
            for line in self.lines:
                sys.stdout.write(line + "\n")
            return
        output.parent.mkdir(parents=True, exist_ok=True)
        part = output.with_name(output.name + ".part")
        part.write_text("".join(line + "\n" for line in self.lines), "utf-8")
        part.replace(output)


def read_loose(
    paths: Sequence[Path],
    settings: IngestSettings,
    work: ReadingWork,
    engine: Engine,
    progress: Progress,
    *,
    linked: bool = True,
) -> LooseReadings:
    """The annotations of every report in these files, in order; with `linked`, accounts carry their incident's id."""
    reports: list[Report] = []
    doubts: list[Doubt] = []
    progress.begin("Taking in", None)
    for found in ingest(paths, settings):
        if isinstance(found, Doubt):
            doubts.append(found)
        else:
            reports.append(found)
            progress.advance()
    progress.end()
    reports = with_copies_flagged(reports)
    readings: list[ReportReading] = []
    progress.begin("Reading", len(reports))
    for done in engine.map(work, (reports[i : i + BATCH] for i in range(0, len(reports), BATCH))):
        readings += done
        progress.advance(len(done))
    progress.end()
    belongs = incident_of(link(readings, registry_of(work))) if linked else {}
    return LooseReadings(tuple(json.dumps(annotation(r, belongs), ensure_ascii=False) for r in readings), tuple(doubts))


def with_copies_flagged(reports: Sequence[Report]) -> list[Report]:
    """The same reports, in order; one that repeats another says which and how nearly."""
    flags = copies(reports)
    out = []
    for report in reports:
        other, share = flags.get(report.report_id, (None, None))
        out.append(replace(report, duplicate_of=other, similarity=share))
    return out


def registry_of(work: ReadingWork) -> Registry:
    """The registry the work names; an empty one where it names none."""
    from trucewatch.linking.actors import load_registry

    return load_registry(Path(work.actors)) if work.actors else Registry(())


@contextmanager
def stdin_as_file(paths: Sequence[str], stdin: BinaryIO) -> Iterator[list[Path]]:
    """The paths, with `-` replaced by a file that holds what standard input gave: JSON Lines, or one text."""
    if "-" not in paths:
        yield [Path(p) for p in paths]
        return
    content = stdin.read()
    ending = "jsonl" if content.lstrip()[:1] == b"{" else "txt"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"stdin.{ending}"
        file.write_bytes(content)
        yield [file if p == "-" else Path(p) for p in paths]

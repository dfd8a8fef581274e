"""A past moment of a dossier: the files its runs were made with then, and in words what cannot be had from then.

Readings and decisions of then are in the store. What is linked, judged and counted from them is made anew, by the code
of today: where that is not the code of then, it is said.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from trucewatch import __version__
from trucewatch.running.dossiers import FILE_NAME, Dossier, load_dossier
from trucewatch.running.provenances import MADE_WITH, made_with, replay_code
from trucewatch.terms.errors import SettingsError, TrucewatchError

if TYPE_CHECKING:
    from trucewatch.running.stages import Stages
    from trucewatch.store.models import RunRow


@dataclass(frozen=True, slots=True)
class Then:
    """The stages of a dossier as its files were at an instant. `read` is False where no run had been made by then.

    `caveats` say in words what is not of that time. `folder` holds the files as long as this is held.
    """

    at: datetime
    stages: Stages
    caveats: tuple[str, ...]
    read: bool = True
    folder: TemporaryDirectory[str] | None = None


def then(stages: Stages, known_at: str) -> Then:
    """The dossier of these stages at that ISO instant; the store is open.

    A file counts from the run that first used it. Raises SettingsError where `known_at` is no instant.
    """
    from trucewatch.store.models import RunRow
    from trucewatch.store.pasts import instant

    at = instant(known_at)
    rows = list(RunRow.objects.order_by("number"))
    begun = [row for row in rows if instant(row.started_at) <= at]
    if not begun:
        return Then(at, stages, ("No run had been made by then: nothing had been read or judged.",), read=False)
    done = [row for row in begun if row.state == "done" and row.ended_at and instant(row.ended_at) <= at]
    use = done[-1] if done else begun[-1]
    caveats = _unfinished(begun[-1], at, use.number)
    made = _made(use)
    if "files" in made:
        return _with_files(at, stages, use.number, made, caveats)
    kept = next((row for row in rows if row.number > use.number and "files" in _made(row)), None)
    before = [row for row in rows if kept is None or row.number < kept.number]
    caveats += _not_kept(use, made, before[-1], kept, stages)
    if kept is None:
        return Then(at, stages, caveats)
    return _with_files(at, stages, kept.number, _made(kept), caveats)


def dossier_at(stages: Stages, known_at: str | None) -> Dossier:
    """The dossier as its file was at that instant: its title and counting rule of then. Today's without an instant."""
    return stages.dossier if known_at is None else then(stages, known_at).stages.dossier


def _made(row: RunRow) -> dict[str, Any]:
    return dict(json.loads(row.figures).get(MADE_WITH, {}))


def _unfinished(last: RunRow, at: datetime, used: int) -> tuple[str, ...]:
    from trucewatch.store.pasts import instant

    told = f"what it had read by then is told as if it had been linked and judged, under the files of run {used}."
    if last.ended_at is None or instant(last.ended_at) > at:
        return (f"Run {last.number} was under way at that moment: {told}",)
    if last.state != "done":
        return (f"Run {last.number} had not come to its end ({last.state}): {told}",)
    return ()


def _with_files(at: datetime, stages: Stages, number: int, made: dict[str, Any], caveats: tuple[str, ...]) -> Then:
    if made["code"] != replay_code():
        caveats += (
            f"Linked, judged and counted by the code of today (version {__version__}, {replay_code()[:12]}), not by "
            f"that of run {number} (version {made['version']}, {made['code'][:12]}).",
        )
    folder = TemporaryDirectory(prefix="trucewatch-past-")
    try:
        past = stages.of(unpack(made["files"], Path(folder.name)))
        _ = past.agreements, past.registry, past.sources()
    except TrucewatchError as error:
        more = f"The files of run {number} cannot be read by this version ({error.what}): those of today are used."
        return Then(at, stages, (*caveats, more))
    return Then(at, past, caveats, folder=folder)


def unpack(files: dict[str, list[list[str]]], folder: Path) -> Dossier:
    """The dossier of these kept files, laid out in the folder as they lay around the dossier's.

    What only reading needs is not there. Raises StoreError where a file is lost, SettingsError where one does not read.
    """
    from trucewatch.store.formers import kept_file

    names = [name for rows in files.values() for name, _ in rows]
    depth = max((name.split("/").count("..") for name in names), default=0)
    own = folder.joinpath(*["above"] * depth).resolve()
    for rows in files.values():
        for name, digest in rows:
            path = Path(os.path.normpath(own / name))
            if not path.is_relative_to(folder.resolve()):
                raise SettingsError("kept-path", f"'{name}' leads out of the folder", where=str(folder))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(kept_file(digest))
    own.mkdir(parents=True, exist_ok=True)
    dossier = load_dossier(own) if (own / FILE_NAME).is_file() else Dossier(name="dossier", folder=own)
    one = {part: rows[0][0] for part, rows in files.items() if part in ("actors", "sources")}
    agreements = tuple(name for name, _ in files.get("agreements", []))
    reading = {"reports": (), "places": None, "gazetteers": (), "endpoint": None}
    told = {"agreements": agreements, "actors": one.get("actors"), "sources": one.get("sources"), **reading}
    return dossier.model_copy(update=told)


def _not_kept(use: RunRow, made: dict[str, Any], last: RunRow, kept: RunRow | None, stages: Stages) -> tuple[str, ...]:
    """What is said of a run made by a version that kept no files: what is used instead, and where it is another."""
    whose = f"run {kept.number}, the first that kept them" if kept else "today"
    if not made:
        return (f"What was used then was not recorded: agreement files, actors and sources are those of {whose}.",)
    out = []
    if _made(last).get("reader") != made["reader"]:
        out.append(f"What run {use.number} had read was not kept: told is what run {last.number} read in its place.")
    now = _made(kept) if kept else made_with(stages)[0]
    after = {Path(name).name: digest for name, digest in now["files"].get("agreements", [])}
    before: dict[str, str] = made["agreements"]
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name):
            continue
        if name not in after:
            out.append(
                f"Agreement file {name} (SHA-256 {before[name][:12]}) was in use in run {use.number} and is gone."
            )
        elif name not in before:
            out.append(f"Agreement file {name} (SHA-256 {after[name][:12]}) was not in use in run {use.number}.")
        else:
            out.append(
                f"Agreement file {name} is that of {whose} (SHA-256 {after[name][:12]}), not that of run {use.number} "
                f"({before[name][:12]})."
            )
    if made["judge"] != now["judge"]:
        out.append(f"The rules of judging, the registry or the areas may not be those of run {use.number}.")
    return tuple(out)

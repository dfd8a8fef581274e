"""What a run is made with, kept with it: versions, fingerprints, and the dossier's own files as they are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trucewatch import __version__
from trucewatch.running.dossiers import FILE_NAME, Dossier
from trucewatch.terms.errors import TrucewatchError

if TYPE_CHECKING:
    from trucewatch.running.stages import Stages

MADE_WITH = "made_with"  # the key of a run's figures


def made_with(stages: Stages) -> tuple[dict[str, Any], list[bytes]]:
    """What names all that a run of these stages is made with, as plain values, and the contents of the files.

    Of each file its path from the dossier's folder and its SHA-256, by what it is to the dossier.
    """
    told, contents = _kept(stages.dossier)
    named = {
        "version": __version__,
        "reader": stages.fingerprint,
        "judge": stages.judge_fingerprint,
        "code": replay_code(),
        "files": told,
    }
    return json.loads(json.dumps(named)), contents


def _kept(dossier: Dossier) -> tuple[dict[str, list[list[str]]], list[bytes]]:
    told: dict[str, list[list[str]]] = {}
    contents: list[bytes] = []
    for part, path in _files(dossier):
        content = path.read_bytes()
        contents.append(content)
        name = Path(os.path.relpath(path, dossier.folder)).as_posix()
        told.setdefault(part, []).append([name, sha256(content).hexdigest()])
    return told, contents


def files_changed(stages: Stages) -> bool:
    """True where the dossier's files are not those that the last run was made with."""
    from trucewatch.store.models import RunRow

    last = RunRow.objects.order_by("-number").values_list("figures", flat=True).first()
    before = json.loads(last).get(MADE_WITH, {}).get("files") if last else None
    return bool(before != _kept(stages.dossier)[0])


def changed_after_run(dossier: Dossier) -> str | None:
    """In a sentence, which files that judging uses are not those of the last whole run; None where all are.

    None too where no run has come to its end, or the last was made by a version that kept no files. The dossier's own
    file does not count: what it says of titles and counting holds at once. The store is open.
    """
    from trucewatch.store.models import RunRow

    last = RunRow.objects.filter(state="done").order_by("-number").first()
    before = json.loads(last.figures).get(MADE_WITH, {}).get("files") if last else None
    if last is None or before is None:
        return None
    day = last.started_at[:10]
    try:
        now = _kept(dossier)[0]
    except (TrucewatchError, OSError) as error:
        return f"The dossier's files cannot be read ({error}); what is shown was judged with those of the run of {day}."
    old, new = (
        {name: sha for part, rows in f.items() if part != "dossier" for name, sha in rows} for f in (before, now)
    )
    names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if not names:
        return None
    were, files = ("was", "file") if len(names) == 1 else ("were", "files")
    return (
        f"{', '.join(names)} {were} changed after the last run of {day}; what is shown was judged with the {files} of "
        "then."
    )


@cache
def replay_code() -> str:
    """A hash over the code that a replay runs anew: all after reading. Word lists are of reading."""
    from trucewatch.running.engines.works import code_hash

    return code_hash("terms", "linking", "judging", "telling", but="lexicon_")


def _files(dossier: Dossier) -> Iterator[tuple[str, Path]]:
    from trucewatch.judging.besides import files_beside

    own = dossier.folder / FILE_NAME
    if own.is_file():
        yield "dossier", own
    seen: set[Path] = set()
    for path in dossier.agreement_files():
        yield "agreements", path
        seen.add(path)
        for beside in files_beside(path):
            if (found := beside.resolve()) not in seen:
                seen.add(found)
                yield "beside", found
    for part in ("actors", "sources"):
        if (file := dossier.optional_file(part)) is not None:
            yield part, file

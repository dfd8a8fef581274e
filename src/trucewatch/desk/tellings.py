"""The telling of the served dossier: made once for each state of the store, not once for each page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from trucewatch.running.tellings import load_telling
from trucewatch.store.decisions import head
from trucewatch.store.models import MarkRow, RunRow
from trucewatch.telling.tellings import Telling


def telling_of(folder: Path) -> Telling:
    """The telling as the store stands now: told by its runs, marks and decisions."""
    run = RunRow.objects.order_by("-pk").values_list("pk", "state").first()
    marks = tuple(MarkRow.objects.order_by("pk").values_list("stage", "fingerprint"))
    return _made(folder, (run, marks, head()))


@lru_cache(maxsize=2)
def _made(folder: Path, state: object) -> Telling:
    return load_telling(folder)

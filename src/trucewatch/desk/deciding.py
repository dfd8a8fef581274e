"""Decisions taken at the desk: in effect at once, with what depends on them linked and judged anew."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from trucewatch.desk.access import allowed, author_of
from trucewatch.running.decidings import decide_and_follow
from trucewatch.running.dossiers import load_dossier
from trucewatch.running.stages import DossierStages
from trucewatch.terms.decisions import Decision


def decide_at_desk(request: HttpRequest, kind: str, subject_id: str, **words: Any) -> Decision:
    """The decision of whoever asks. Takes and raises what `store.decisions.decide` does, but for the author."""
    stages = stages_of(Path(settings.TRUCEWATCH_FOLDER))
    settles = allowed(getattr(request, "role", None), "edit")
    return decide_and_follow(stages, kind, subject_id, author=author_of(request), settles=settles, **words)


def done_words(taken: Decision, kind: str, undo: str) -> str:
    """What whoever decided is told: that it is in effect, or that it waits for another person's word."""
    if taken.kind == "undo":
        return "Undone."
    if taken.kind == "propose":
        return f"Noted: you would {kind} it. A second person reads it before it is in effect. {undo}"
    return f"Done: {taken.kind}. {undo}"


@lru_cache(maxsize=1)
def stages_of(folder: Path) -> DossierStages:
    """The stages of the served dossier, made once: agreements and actors are read when the server first needs them."""
    return DossierStages(load_dossier(folder))

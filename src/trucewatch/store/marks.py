"""What each stage last worked on, and how often what they work on has changed."""

from __future__ import annotations

from trucewatch.store.models import MarkRow


def mark(stage: str, fingerprint: str) -> None:
    """The stage has worked on what that fingerprint stands for. Call it inside the transaction of the work."""
    MarkRow.objects.update_or_create(stage=stage, defaults={"fingerprint": fingerprint})


def marked(stage: str) -> str | None:
    """The fingerprint a stage last worked on, or None."""
    return MarkRow.objects.filter(stage=stage).values_list("fingerprint", flat=True).first()


def revision() -> int:
    """How often reports, readings or incidents have changed."""
    return int(marked("revision") or 0)


def bump() -> None:
    """Reports, readings or incidents have changed."""
    mark("revision", str(revision() + 1))

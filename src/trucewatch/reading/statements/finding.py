"""The statements of a report: passages weighed, the likeliest kind of each, each told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.tokens import Doc

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.statements.frames import Frame, find_frames
from trucewatch.reading.weighings import NONE, load_weights
from trucewatch.terms.accounts import Statement
from trucewatch.terms.ids import make_id
from trucewatch.terms.spans import Span

# Chosen 2026-11-24 from the cross-validated curve of eval/weigh.py, with the dev reports in view as well.
LEAST = 0.30
PLAIN_SHARE = 0.3  # a plain cue needs only this share of it


def find_statements(doc: Doc, context: ReportContext) -> list[Statement]:
    """What parties of the report say beyond telling of an incident, in order of the text.

    `confidence` is the probability of the kind. A passage that repeats another of the same kind and speaker around it
    is left out.
    """
    weights = load_weights("statements")
    weighed = [(weights.weigh(frame.features), frame) for frame in find_frames(doc, context.sentences, context.skipped)]
    return [_statement(doc, context, *row) for row in choose(weighed, weights.classes, LEAST)]


def choose(
    weighed: Sequence[tuple[Mapping[str, float], Frame]], classes: Sequence[str], least: float
) -> list[tuple[float, str, Frame]]:
    """The passages that are statements with at least that probability: how sure, which kind; each told once."""
    likely = []
    for odds, frame in weighed:
        kind = frame.plain or max((k for k in classes if k != NONE), key=lambda k: odds[k])
        if frame.speaker is not None and 1 - odds[NONE] >= (least * PLAIN_SHARE if frame.plain else least):
            likely.append((1 - odds[NONE], kind, frame))
    kept: list[tuple[float, str, Frame]] = []
    for sure, kind, frame in sorted(likely, key=lambda w: (-w[0], w[2].start, w[2].end, w[1])):
        if not any(_same(kind, frame, other_kind, other) for _, other_kind, other in kept):
            kept.append((sure, kind, frame))
    return sorted(kept, key=lambda w: (w[2].start, w[2].end, w[1]))


def _same(kind: str, frame: Frame, other_kind: str, other: Frame) -> bool:
    """True where two candidates tell of one statement: they overlap, and share the kind or nearly the whole passage."""
    shared = min(frame.end, other.end) - max(frame.start, other.start)
    if shared <= 0:
        return False
    shorter = min(frame.end - frame.start, other.end - other.start)
    longer = max(frame.end - frame.start, other.end - other.start)
    return (kind == other_kind and shared >= 0.5 * shorter) or shared >= 0.7 * longer


def _statement(doc: Doc, context: ReportContext, sure: float, kind: str, frame: Frame) -> Statement:
    last = doc[frame.end - 1]
    span = Span(doc[frame.start].idx, last.idx + len(last))
    quote = span.of(context.report.text)
    report_id = context.report.report_id
    speaker = frame.speaker.name if frame.speaker else None
    made = make_id("statement", report=report_id, stance=kind, start=span.start, end=span.end, speaker=speaker)
    return Statement(
        statement_id=made,
        report_id=report_id,
        kind=kind,
        speaker=frame.speaker,
        quote=quote,
        span=span,
        about=frame.about,
        maker=context.maker,
        confidence=round(sure, 4),
    )

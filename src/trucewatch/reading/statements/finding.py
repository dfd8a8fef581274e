"""The statements of a report: passages weighed, the likeliest kind of each, each told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from spacy.tokens import Doc

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import PassageGuess
from trucewatch.reading.statements.frames import Frame, find_frames
from trucewatch.reading.statements.speakers import party_of
from trucewatch.reading.weighings import NONE, guessed_features, load_weights, share_half
from trucewatch.terms.accounts import Party, Statement
from trucewatch.terms.ids import make_id
from trucewatch.terms.spans import Span

# Chosen 2026-11-25 from the cross-validated curve of eval/weigh.py over the training reports.
LEAST = 0.25
ABOUT = 0.3  # learned probability of whom or what it is aimed at; 0.2 to 0.6 are right alike, in 63 of 100
PLAIN_SHARE = 0.2  # a plain cue needs only this share of it: 0.15 to 0.3 gain alike, 1 loses 0.03 of F1


def find_statements(
    doc: Doc, context: ReportContext, passages: Sequence[PassageGuess] | None = None
) -> list[Statement]:
    """What parties of the report say beyond telling of an incident, in order of the text.

    `passages` are what the learned part guesses, None where it is off. `confidence` is that of `choose`: it
    sorts, it is no chance. A passage that repeats another of the same kind around it is left out.
    """
    weights = load_weights("statements", guessed=passages is not None)
    frames = find_frames(doc, context.sentences, context.skipped)
    weighed = [
        (weights.weigh(f.features | guessed_features(passages or (), context.span(f.start, f.end))), f) for f in frames
    ]
    return [_statement(doc, context, passages, *row) for row in choose(weighed, weights.classes, LEAST)]


def choose(
    weighed: Sequence[tuple[Mapping[str, float], Frame]], classes: Sequence[str], least: float
) -> list[tuple[float, str, Frame]]:
    """The passages that are statements, told once each: how sure, which kind, where.

    How sure is the geometric mean of the probabilities that it is a statement at all and that it is one of this kind;
    for a plain cue, whose kind is not in doubt, the first alone.
    """
    likely = []
    for odds, frame in weighed:
        kind = frame.plain or max((k for k in classes if k != NONE), key=lambda k: odds[k])
        if kind == "accusation" and frame.counts_breaches:
            continue
        some = 1 - odds[NONE]
        sure = some if frame.plain else sqrt(some * odds[kind])
        if frame.speaker is not None and sure >= (least * PLAIN_SHARE if frame.plain else least):
            likely.append((sure, kind, frame))
    kept: list[tuple[float, str, Frame]] = []
    for sure, kind, frame in sorted(likely, key=lambda w: (-w[0], w[2].start, w[2].end, w[1])):
        if not any(_same(kind, frame, other_kind, other) for _, other_kind, other in kept):
            kept.append((sure, kind, frame))
    return sorted(kept, key=lambda w: (w[2].start, w[2].end, w[1]))


def _same(kind: str, frame: Frame, other_kind: str, other: Frame) -> bool:
    """True where two candidates tell of one statement: they overlap, and share the kind or nearly the whole passage."""
    shared = min(frame.end, other.end) - max(frame.start, other.start)
    if shared <= 0 or (frame.mutual and other.mutual and frame.speaker != other.speaker):
        return False
    shorter = min(frame.end - frame.start, other.end - other.start)
    longer = max(frame.end - frame.start, other.end - other.start)
    return (kind == other_kind and shared >= 0.5 * shorter) or shared >= 0.7 * longer


def _statement(
    doc: Doc, context: ReportContext, passages: Sequence[PassageGuess] | None, sure: float, kind: str, frame: Frame
) -> Statement:
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
        about=frame.about if passages is None else _about(doc, passages, span, speaker),
        maker=context.maker,
        confidence=round(sure, 4),
    )


def _about(doc: Doc, passages: Sequence[PassageGuess], span: Span, speaker: str | None) -> Party | None:
    """Whom or what the learned part takes the statement to be aimed at; the parse is right in 44 of 100 only."""
    told = [a for p in passages if share_half(p.span, span) for a in p.abouts if a.prob >= ABOUT]
    best = max(told, key=lambda a: (a.prob, -a.span.start), default=None)
    run = doc.char_span(best.span.start, best.span.end, alignment_mode="expand") if best is not None else None
    if run is None or run.root.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM", "DET"):
        return None
    party = party_of(run.root)
    return party if party.name != speaker else None

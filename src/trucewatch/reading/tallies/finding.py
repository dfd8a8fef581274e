"""The tallies of a report: counts over a period that somebody claims, with window, accused and parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spacy.tokens import Doc

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.guesses import PassageGuess
from trucewatch.reading.statements.speakers import party_of, subject_of
from trucewatch.reading.tallies.figures import Counted, find_counted
from trucewatch.reading.weighings import Weights, guessed_features, load_weights
from trucewatch.terms.accounts import Party, Tally
from trucewatch.terms.ids import make_id
from trucewatch.terms.times import Interval

# Chosen 2026-11-25 from the cross-validated curve of eval/weigh.py over the training reports.
LEAST = 0.25
PLAIN = 0.9  # what counted breaches are worth: all but a few are annotated as tallies
_RUNNING = ("so far", "since", "toll to", "in total", "a total of", "to date", "overall")
_OPENS = (":", "(", "–", "—")  # what opens a list of parts
_PERIODS = ("past", "near", "ago", "month", "year", "season", "date", "weekday")


def find_tallies(doc: Doc, context: ReportContext, passages: Sequence[PassageGuess] | None = None) -> list[Tally]:
    """Every count over a period of the report, in order of the text. `confidence` is the probability that it is one.

    `passages` are what the learned part guesses, None where it is off.
    """
    weights = load_weights("tallies", guessed=passages is not None)
    every = list(find_counted(doc, context))
    likely = [
        (confidence_of(weights, found, guessed_features(passages or (), context.span(found.start, found.end))), found)
        for found in every
    ]
    return [_tally(doc, context, sure, found, every) for sure, found in choose(likely, LEAST)]


def choose(likely: Sequence[tuple[float, Counted]], least: float) -> list[tuple[float, Counted]]:
    """The counts that are tallies with at least that probability, in order of the text.

    A figure of the same thing told again, as in a title and below it, is one tally: the surest telling stands, of
    equals the longest.
    """
    kept: dict[tuple[object, ...], tuple[float, Counted]] = {}
    for sure, found in likely:
        if sure < least:
            continue
        noun = found.noun.lemma_.lower() if found.noun is not None and found.outcome is None else None
        key = (found.count, found.outcome, noun, found.at if found.part else None)
        before = kept.get(key)
        if before is None or (before[0], before[1].end - before[1].start) < (sure, found.end - found.start):
            kept[key] = (sure, found)
    return sorted(kept.values(), key=lambda row: row[1].at)


def confidence_of(weights: Weights, found: Counted, guessed: frozenset[str] = frozenset()) -> float:
    """The probability that a count is a tally (0 to 1)."""
    prob = weights.weigh(found.features | guessed)["tally"]
    return max(PLAIN, prob) if found.plain else prob


def _tally(doc: Doc, context: ReportContext, sure: float, found: Counted, every: Sequence[Counted]) -> Tally:
    span = context.span(found.start, found.end)
    window = _window(found, context)
    report = context.report
    made = make_id("tally", report=report.report_id, start=span.start, end=span.end, at=doc[found.at].idx)
    return Tally(
        tally_id=made,
        report_id=report.report_id,
        count=found.count,
        unit=unit_of(found),
        accused=_accused(found),
        since=window.earliest if window else None,
        until=window.latest if window else None,
        said_by=context.speakers_at(found.at),
        quote=span.of(report.text),
        span=span,
        maker=context.maker,
        cumulative=_cumulative(found, doc, window),
        parts=_summed(found, every) or _listed(found, every, doc, context),
        confidence=round(sure, 4),
    )


def unit_of(found: Counted) -> str:
    """What is counted, in words: "civilians killed", "airstrikes", "ceasefire violations"."""
    if found.noun is None:
        return f"people {found.outcome}" if found.outcome else "incidents"
    if found.noun.lemma_.lower() == "time" and found.verb is not None:
        broken = next((c for c in found.verb.children if c.dep_ in ("dobj", "nsubjpass")), None)
        of = f"{broken.text} " if broken is not None and broken.pos_ == "NOUN" else ""
        return f"{of}{_NOUNS.get(found.verb.lemma_.lower(), found.verb.lemma_.lower() + ' times')}"
    before = [
        c for c in found.noun.lefts if c.dep_ in ("amod", "compound", "nmod") and not c.like_num and c.lower_ != "more"
    ]
    name = " ".join([*(c.text for c in before if c.i > found.at), found.noun.text])
    if (
        found.outcome
        and found.outcome != "hit"
        and found.noun.lemma_.lower() not in ("death", "fatality", "casualty", "life")
    ):
        return f"{name} {found.outcome}"
    return f"{name} hit" if found.noun.lemma_.lower() in ("site", "target", "village") else name


_NOUNS = {"violate": "violations", "breach": "breaches", "attack": "attacks", "bomb": "bombings", "shell": "shellings"}


def _accused(found: Counted) -> tuple[Party, ...]:
    """Who is said to have done it: the doer of the verb where that is not what was counted, with those named beside."""
    if found.verb is None or (found.outcome in ("displaced", "missing") and found.verb.tag_ != "VBG"):
        by = None
    else:
        by = subject_of(found.verb)
    if by is None or by.pos_ not in ("NOUN", "PROPN") or by == found.noun:
        return ()
    if any(c.i == found.at or (found.noun is not None and c.i == found.noun.i) for c in by.subtree):
        return ()
    return tuple(party_of(h) for h in (by, *by.conjuncts) if _can_act(h))


def _can_act(head: Any) -> bool:
    """True for a name and for the word for an armed party or a body: no year, war or village is accused."""
    if head.pos_ == "PROPN":
        return head.ent_type_ not in ("DATE", "TIME", "EVENT", "CARDINAL")
    return english_parties().kinds.get(head.lemma_.lower()) in ("armed", "body")


def _window(found: Counted, context: ReportContext) -> Interval | None:
    """The period of the count: one that says since when, else one of the clause, else one of the sentence."""
    index = next((i for i, (s, e) in enumerate(context.sentences) if s <= found.at < e), None)
    if index is None:
        return None
    low, high = context.sentences[index]
    here = [m for m in context.times if low <= m.start < high and m.interval is not None and m.kind in _PERIODS]
    ranked = sorted(
        here,
        key=lambda m: (m.relation != "since", not found.start <= m.start < found.end, abs(m.start - found.at), m.start),
    )
    return ranked[0].interval if ranked else None


def _cumulative(found: Counted, doc: Doc, window: Interval | None) -> bool | None:
    """True for a running total, False for a count that is closed on both sides, None where the text does not say."""
    text = doc[found.at].sent.text.lower()
    if any(cue in text for cue in _RUNNING):
        return True
    return False if window is not None and window.earliest and window.latest else None


def _summed(found: Counted, every: Sequence[Counted]) -> tuple[int, ...]:
    """The exact figures behind this one that add up to it ("497 = 142 + 21 + 228 + 106"), or none.

    Looked for among the next eight figures of the text; two parts at least.
    """
    if found.count.min is None or found.count.min != found.count.max:
        return ()
    after = [c for c in every if c.at > found.at][:8]
    for first in range(len(after)):
        total, parts = 0, []
        for part in after[first:]:
            if part.count.min is None or part.count.min != part.count.max:
                break
            total += part.count.min
            parts.append(part.count.min)
            if total == found.count.min and len(parts) > 1:
                return tuple(parts)
            if total > found.count.min:
                break
    return ()


def _listed(found: Counted, every: Sequence[Counted], doc: Doc, context: ReportContext) -> tuple[int, ...]:
    """The figures a count is broken down into, also where they do not add up to it, or none.

    They stand behind "by" ("20 by the army, 13 by the militia") or in a list that a colon, a bracket or "of which"
    opens in the same sentence. Two parts at least.
    """
    if found.part or found.count.min is None:
        return ()
    by: list[int] = []
    for other in (c for c in every if c.at > found.at):
        if not other.part or other.count.min is None:
            break
        by.append(other.count.min)
    if len(by) > 1:
        return tuple(by)
    end = doc[found.at].sent.end
    opens = next((i for i in range(found.at + 1, end) if doc[i].text in _OPENS or _of_which(doc, i)), end)
    busy = {i for mention in context.times for i in range(mention.start, mention.end)}
    listed: list[int] = []
    for i in range(opens + 1, end):
        if doc[i].text == ")":
            break
        figure = doc[i].text.replace(",", "")
        if figure.isdecimal() and i not in busy and 0 < int(figure) < found.count.min and _is_part(doc, i):
            listed.append(int(figure))
    return tuple(listed) if len(listed) > 1 else ()


def _of_which(doc: Doc, i: int) -> bool:
    return (
        doc[i].lower_ == "of" and i + 1 < len(doc) and doc[i + 1].lower_ in ("which", "them", "whom", "these", "those")
    )


def _is_part(doc: Doc, i: int) -> bool:
    """True where a figure opens a member of a list: behind the opener, a comma, a semicolon, "and" or "which"."""
    before = doc[i - 1].lower_
    return before in _OPENS or before in (",", ";", "and", "which", "them", "whom", "these", "those", "with")

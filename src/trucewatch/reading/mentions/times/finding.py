"""Every phrase of time in a report, in order, with the days it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc

from trucewatch.reading.mentions.times.calendars import Days, number_of, year_of
from trucewatch.reading.mentions.times.phrases import PHRASES, RELATIVE, Anchor, Meaning, Resolver
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval, Precision

_OPENERS = {"since": "since", "until": "until", "till": "until", "by": "until", "before": "before", "after": "after"}
_JOINTS = re.compile(r"\s*(?:,? ?(?:and|to|until|till|through|or)(?: on| from)?|-|–|—)\s*", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:at|around|about|by|before|after|from)\s+(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?"
    r"\s?(?P<half>a\.?m\.?|p\.?m\.?|hours|GMT|local time)?(?!\w)(?!\s*(?:people|km|%))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s?(?:%|people|men|troops|soldiers|civilians|km|gmt|local|hours|deal\b|accord|agreement|\[)", re.IGNORECASE
)
_FUTURE_AUX = {"will", "'ll", "wo", "shall", "would"}
_FUTURE_WORDS = {"plan", "schedule", "expect", "due", "set", "slate", "hope", "intend", "upcoming", "deadline"}
_NOT_RUNNING = {"every", "each", "good", "black", "easter"}


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A phrase of time. `interval` is None where it names no days that can be told.

    `kind`: date, month, weekday, near, ago, past, year, season, relative or vague. `relation`: `at`, or `since`,
    `until`, `before`, `after` where such a word stands in front. `start` and `end` are token offsets, half-open.
    `bare` is the interval of the phrase without the word in front of it ("since June": June alone).
    `shift_days` is set for "two days after ...": what follows the phrase lies that many days from what stands before.
    """

    span: Span
    interval: Interval | None
    kind: str
    relation: str = "at"
    start: int = 0
    end: int = 0
    shift_days: int | None = None
    bare: Interval | None = None


def find_times(doc: Doc, published: str | None) -> list[TimeMention]:
    """Every phrase of time of the report, in order, not overlapping.

    Days are counted from `published` (ISO date or instant); where that is None only phrases that carry their own year
    have an interval. A weekday is the most recent one, the day of publication included, the next one where its clause
    looks ahead. A run ("between 14 and 17 November") is one mention.
    """
    text, of = doc.text, _day_of(published)
    found: list[TimeMention] = []
    previous: Days | None = None
    for match, kind, resolve in _phrases(text):
        span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if span is None or not _meant(match, kind, text):
            continue
        relation = _relation(doc, span.start)
        shift = _shift(match) if resolve is None else None
        if resolve is None:
            meaning = Meaning(None, "day", "text") if shift else _relative(match, previous)
        else:
            meaning = resolve(match, Anchor(of, relation == "until" or _looks_ahead(doc, span.start)))
        bare = interval = _interval(meaning, match, text)
        if interval and relation == "since" and interval.anchor != "text":
            interval = replace(interval, latest=of.isoformat() if of else None, precision="period")
        where = Span(match.start(), match.end())
        found.append(TimeMention(where, interval, kind, relation, span.start, span.end, shift, bare))
        if meaning.days and meaning.precision in ("day", "part_of_day"):
            previous = meaning.days
    return _joined(found, doc, text)


def _day_of(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _phrases(text: str) -> list[tuple[re.Match[str], str, Resolver | None]]:
    """The phrases of the table in the text, in order: the longest where two overlap."""
    hits: list[tuple[re.Match[str], str, Resolver | None]]
    hits = [(m, kind, resolve) for kind, pattern, resolve in PHRASES for m in pattern.finditer(text)]
    hits += [(m, "relative", None) for m in RELATIVE.finditer(text)]
    hits.sort(key=lambda h: (h[0].start() - h[0].end(), h[0].start()))
    kept, taken = [], bytearray(len(text))
    for hit in hits:
        start, end = hit[0].span()
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append(hit)
    return sorted(kept, key=lambda h: h[0].start())


def _meant(match: re.Match[str], kind: str, text: str) -> bool:
    """False for words that only look like a time: "may" and "march" as verbs, "every Friday", "2000 men"."""
    groups = match.groupdict()
    before = re.findall(r"\w+", text[max(0, match.start() - 16) : match.start()].lower())[-1:]
    if kind == "month" and not groups["y"] and not groups["part"] and not groups["which"]:
        name = groups["m"]
        if name.lower() in ("may", "march", "august"):
            return name[0].isupper() and before[:1] in (["in"], ["since"], ["until"], ["by"], ["during"], ["from"])
        return name[0].isupper()
    if kind == "weekday":
        plural_habit = bool(groups["plural"]) and before[:1] in (["on"], ["every"])
        return not plural_habit and not _NOT_RUNNING.intersection(before)
    if kind == "year":
        after = text[match.end() : match.end() + 14]
        counted = _COUNTED.match(after)
        return not counted and before[:1] not in (["at"], ["about"], ["resolution"], ["some"], ["nearly"], ["around"])
    return True


def _relation(doc: Doc, at: int) -> str:
    """The word before the phrase that opens or closes a run, or `at`."""
    for back in (1, 2):
        if at - back < 0:
            break
        found = _OPENERS.get(doc[at - back].lower_)
        if found:
            return found
        if doc[at - back].lower_ not in ("the", "on", "late", "early", "mid", "at", "least", ","):
            break
    return "at"


def _looks_ahead(doc: Doc, at: int) -> bool:
    """True where the verb that the phrase hangs by speaks of what has not happened yet."""
    token = doc[at]
    for _ in range(6):
        if token.pos_ in ("VERB", "AUX") or token.lemma_ in _FUTURE_WORDS:
            words = {c.lower_ for c in token.children if c.dep_ in ("aux", "auxpass")}
            if words & _FUTURE_AUX and "have" not in words:
                return True
            if token.lemma_ in _FUTURE_WORDS:
                return True
            if words - {"to"} or token.tag_ in ("VBD", "VBN", "VBP", "VBZ"):
                return False
        if token.head.i == token.i:
            break
        token = token.head
    return False


def _shift(match: re.Match[str]) -> int | None:
    """Days from what stands before "two days after" to what follows it; None for phrases that need no event."""
    way = (match["way"] or "").lower()
    n = number_of(match["n"]) if match["n"] else None
    if way not in ("after", "before", "following") or n is None:
        return None
    n_days = n * {"day": 1, "week": 7, "month": 30, "year": 365}[match["unit"].lower().rstrip("s")]
    return n_days if way == "before" else -n_days


def _relative(match: re.Match[str], previous: Days | None) -> Meaning:
    """A phrase counted from the time told before it; without days where none was."""
    words = match.group(0).lower()
    if previous is None or previous.first is None:
        return Meaning(None, "day", "text")
    if match["same"] or match["that"]:
        return Meaning(previous, "day", "text")
    unit = next(u for u in ("week", "month", "year", "day") if u in words or u == "day")
    n = number_of(match["n"]) if match["n"] else 1
    if n is None:
        return Meaning(None, "day", "text")
    back = bool(match["prior"]) or match["way"] in ("before", "earlier")
    if unit == "year":
        return Meaning(year_of(previous.first.year + (-n if back else n)), "year", "text")
    n_days = n * {"day": 1, "week": 7, "month": 30}[unit]
    return Meaning(previous.shifted(-n_days if back else n_days), "day" if unit == "day" else "week", "text")


def _interval(meaning: Meaning, match: re.Match[str], text: str) -> Interval | None:
    """The meaning as an interval with the words it was read from, and the hour where one stands beside them."""
    if meaning.days is None:
        return None
    clock = _clock_beside(match, text)
    precision: Precision = "hour" if clock and meaning.precision in ("day", "part_of_day") else meaning.precision
    return Interval(
        earliest=meaning.days.first.isoformat() if meaning.days.first else None,
        latest=meaning.days.last.isoformat() if meaning.days.last else None,
        precision=precision,
        anchor=meaning.anchor,
        text=match.group(0),
        span=Span(match.start(), match.end()),
        from_time=clock,
        to_time=clock,
    )


def _clock_beside(match: re.Match[str], text: str) -> str | None:
    """The hour told right before or after the phrase, as HH:MM."""
    for run in (text[max(0, match.start() - 26) : match.start()], text[match.end() : match.end() + 24]):
        clock = _CLOCK.search(run)
        if clock and (clock["m"] or clock["half"]):
            hour = int(clock["h"])
            half = (clock["half"] or "").lower().replace(".", "")
            hour = hour % 12 + 12 if half == "pm" else 0 if half == "am" and hour == 12 else hour
            return f"{hour % 24:02d}:{clock['m'] or '00'}"
    return None


def _joined(found: list[TimeMention], doc: Doc, text: str) -> list[TimeMention]:
    """Two mentions that are the ends of one run ("from Monday to Wednesday") as one."""
    out: list[TimeMention] = []
    for mention in found:
        last = out[-1] if out else None
        if last and last.interval and mention.interval and _run(last, mention, doc, text):
            joined = replace(
                last.interval,
                latest=mention.interval.latest,
                precision="period",
                text=text[last.span.start : mention.span.end],
                span=Span(last.span.start, mention.span.end),
            )
            whole = Span(last.span.start, mention.span.end)
            out[-1] = TimeMention(whole, joined, last.kind, last.relation, last.start, mention.end, bare=joined)
        else:
            out.append(mention)
    return out


def _run(left: TimeMention, right: TimeMention, doc: Doc, text: str) -> bool:
    gap = text[left.span.end : right.span.start]
    joint = _JOINTS.fullmatch(gap)
    if not joint or left.interval is None or right.interval is None:
        return False
    if not (left.interval.earliest and right.interval.latest and left.interval.earliest < right.interval.latest):
        return False
    opener = doc[left.start - 1].lower_ if left.start else ""
    word = re.sub(r"[^a-z]", "", joint.group(0).lower())
    if opener == "between":
        return word == "and"
    days = left.kind in ("weekday", "date") and right.kind in ("weekday", "date")
    return opener == "from" or (left.kind == right.kind and (word in ("to", "through", "") or (word == "and" and days)))

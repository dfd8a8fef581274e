"""Which days an act may have been on: every reading the text offers, with what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import path_between
from trucewatch.reading.choosing import Choice
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.mentions.times import TimeMention
from trucewatch.reading.passages import title_end
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.times import Interval

_BACK = 3  # sentences before the act whose days may be carried on to it
_AUXES = {"has", "have", "had", "'ve", "will", "would", "could", "may", "might", "is", "are", "was", "were", "be", "to"}
Key = tuple[str | None, str | None]


@dataclass(slots=True)
class Dating:
    """One reading of when the act was (None: the text does not say) with the features that speak for it."""

    time: Interval | None
    features: dict[str, float]


def datings_of(context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> list[Dating]:
    """The readings, each run of days once; the first is None."""
    act = context.doc[c.act.token]
    tense, family = _tense(act), incident_types()[c.type].family
    published = _day(context.report.published)
    end_of_title = title_end(context.report)
    here = "title" if act.idx < end_of_title else "lead" if c.act.sentence <= 2 else "body"
    mentions = list(_mentions(context, c, end_of_title))
    own = [m for m, at in mentions if at == "here"]
    guesses = c.learned.filling("time") if c.learned is not None else ()
    situation = {
        f"tense={tense}",
        f"family={family}",
        f"type={c.type}",
        f"reality={c.reality}",
        f"part={here}",
        f"n_here={min(len(own), 3)}",
        f"published={published is not None}",
        f"n_back={min(len(mentions) - len(own), 2)}",
        f"said={bool(c.speakers)}",
    }
    situation |= _course(context, c, published)
    out: dict[Key, Dating] = {}

    def offer(time: Interval | None, names: set[str]) -> None:
        key = (time.earliest, time.latest) if time is not None else (None, None)
        if key == (None, None):
            time = None
        dating = out.setdefault(key, Dating(time, {"none" if time is None else "some": 1.0}))
        dating.features.update(dict.fromkeys(names, 1.0))

    word = act.lemma_.lower()
    offer(None, {f"none&{s}" for s in situation} | {"bias", f"none&word={word}"})
    if any(m.interval is None and m.shift_days is None for m in own):
        offer(None, {"none&vague_here"})
    if published is not None:
        offer(_published(published, 0), {"published", f"published&word={word}"} | {f"published&{s}" for s in situation})
        offer(_published(published, 1), {"overnight"} | {f"overnight&{s}" for s in situation})
    rule = c.time
    offer(rule, {"rule", f"rule&{tense}", f"rule&{bool(own)}"} | ({f"rule&{s}" for s in situation}))
    for o in others:
        offer(o.time, {"retold", f"retold&{bool(own)}"})
    ranks: dict[str, int] = {}
    told: dict[Key, int] = {}
    for m in context.times:
        if m.interval is not None:
            told[m.interval.earliest, m.interval.latest] = told.get((m.interval.earliest, m.interval.latest), 0) + 1
    for m, at in mentions:
        ranks[at] = ranks.get(at, 0) + 1
        for time, how in _readings(m, published):
            names = {
                f"{how}&at={at}",
                f"{how}&{m.kind}&{m.relation}",
                f"{how}&{m.kind}&{tense}",
                f"{how}&{m.relation}&{family}",
                f"at={at}&{tense}",
                f"at={at}&part={here}",
                f"at={at}&rank={min(ranks[at], 3)}&{how}",
                f"at={at}&n_here={min(len(own), 3)}",
                f"at={at}&family={family}",
                f"{how}&kind={m.kind}&at={at}",
            }
            if at == "here":
                path = path_between(act, context.doc[m.start : m.end].root)
                side = "before" if m.start < act.i else "after"
                names |= {
                    f"path={path}",
                    f"{how}&steps={path.count(' ')}",
                    f"side={side}",
                    f"word={act.lemma_.lower()}&{how}&{m.kind}",
                }
                names.add(f"ups={path.count('^')}&{side}")
                inside = c.act.clause[0] <= m.start < c.act.clause[1]
                names |= {f"inside={inside}", f"inside={inside}&{how}&{m.relation}"}
            if published is not None and time.earliest and time.earliest > published.isoformat():
                names |= {"ahead", f"ahead&{tense}", f"ahead&reality={c.reality}"}
            names.add(f"{how}&told={min(3, told.get((time.earliest, time.latest), 0))}")
            offer(time, names)
            guess = max((r.prob for r in guesses if r.span.overlaps(m.span)), default=0.0)
            if guess:
                dating = out[time.earliest, time.latest]
                for name in ("learned", f"learned&{how}", f"learned&at={at}"):
                    dating.features[name] = max(guess, dating.features.get(name, 0.0))
    out[None, None].features["none&learned"] = max((r.prob for r in guesses), default=0.0)
    return list(out.values())


def _course(context: ReportContext, c: Candidate, published: date | None) -> set[str]:
    """How the report tells its days up to the act: whether any is the day of publication, and which was told last."""
    if published is None:
        return {"course=undated"}
    day = published.isoformat()
    start = context.sentences[c.act.sentence][0]
    days = [(m.start, m.interval) for m in context.times if m.interval is not None]
    today = [at for at, i in days if i.earliest == i.latest == day]
    before = [(at, i) for at, i in days if at < start]
    out = {
        f"n_today={min(3, len(today))}",
        f"n_days={min(4, len(days))}",
        f"length={min(4, len(context.sentences) // 6)}",
    }
    if days:
        out.add(f"first_is_today={days[0][1].earliest == days[0][1].latest == day}")
    if before:
        at, i = before[-1]
        away = c.act.sentence - context.sentence_of[at]
        which = "today" if i.earliest == i.latest == day else "day" if i.earliest == i.latest else "run"
        out |= {f"last={which}", f"last={which}&{min(away, 4)}"}
    else:
        out.add("last=none")
    return out


def date_of(context: ReportContext, c: Candidate, others: Sequence[Candidate], choice: Choice) -> Interval | None:
    """The likeliest reading of when the act was; None where the text does not say."""
    datings = datings_of(context, c, others)
    best, _ = choice.best(d.features for d in datings)
    return datings[best].time


def _mentions(context: ReportContext, c: Candidate, end_of_title: int) -> Iterator[tuple[TimeMention, str]]:
    """The phrases of time that may govern the act, with where they stand; the nearest first."""
    s = c.act.sentence
    start, end = context.sentences[s]
    near = [m for m in context.times if start <= m.start < end]
    for m in sorted(near, key=lambda m: (abs(m.start - c.act.token), m.start)):
        yield m, "here"
    back, at = 0, s - 1
    while at >= 0 and back < _BACK:
        if at not in context.skipped:
            back += 1
            low, high = context.sentences[at]
            for m in reversed([m for m in context.times if low <= m.start < high]):
                yield m, f"back{back}"
        at -= 1
    if s + 1 < len(context.sentences):
        low, high = context.sentences[s + 1]
        for m in context.times:
            if low <= m.start < high:
                yield m, "next"
    last = next((m for m in reversed(context.times) if m.start < start and m.interval), None)
    if last is not None and context.sentence_of[last.start] < s - _BACK:
        yield last, "last"
    first = next((m for m in context.times if m.span.start >= end_of_title), None)
    if first is not None and context.sentence_of[first.start] < s - _BACK:
        yield first, "lead"


def _readings(m: TimeMention, published: date | None) -> Iterator[tuple[Interval, str]]:
    """What a phrase may mean for an act beside it: its days, or a run from or to them."""
    if m.interval is None or m.bare is None:
        return
    yield m.interval, "own"
    bare = m.bare
    if m.relation != "at" and bare != m.interval:
        yield bare, "bare"
    if published is not None and bare.earliest and bare.earliest < published.isoformat():
        yield replace(bare, latest=published.isoformat(), precision="period"), "on"
    if m.relation != "at":
        if bare.latest:
            yield replace(bare, earliest=None, precision="period"), "until"
        if bare.earliest:
            yield replace(bare, latest=None, precision="period"), "from"
    if bare.earliest and bare.earliest == bare.latest and m.kind in ("near", "weekday", "date"):
        eve = date.fromisoformat(bare.earliest) - timedelta(days=1)
        yield replace(bare, earliest=eve.isoformat(), precision="period"), "eve"
        yield replace(bare, earliest=eve.isoformat(), latest=eve.isoformat()), "day_before"


def _published(published: date, back: int) -> Interval:
    first = (published - timedelta(days=back)).isoformat()
    return Interval(first, published.isoformat(), "period" if back else "day", "published")


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _tense(act: Any) -> str:
    """How the act is told: the form of its verb with the auxiliaries before it; `noun` with the form of its verb."""
    verb, lead = act, ""
    if act.pos_ not in ("VERB", "AUX"):
        lead = "noun:"
        verb = next((t for t in act.ancestors if t.pos_ in ("VERB", "AUX")), act)
    words = sorted({t.lower_ for t in verb.children if t.dep_ in ("aux", "auxpass")} & _AUXES)
    return f"{lead}{verb.tag_}:{'+'.join(words)}"

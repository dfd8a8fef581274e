"""Who says that an act was: the narrator or one of those who speak around it, with what speaks for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import path_between
from trucewatch.reading.choosing import Choice
from trucewatch.reading.contexts import Attribution, ReportContext
from trucewatch.reading.passages import title_end
from trucewatch.terms.accounts import Speaker
from trucewatch.terms.codebooks import incident_types

_BACK = 3
# "the agency", "the source": whoever spoke last, by name
_ANAPHORS = {"agency", "group", "source", "organization", "organisation", "monitor", "statement", "outlet", "report"}


@dataclass(frozen=True, slots=True)
class Saying:
    """A chain of speakers (empty: the narrator) with the features that say how likely it answers for the act."""

    speakers: tuple[Speaker, ...]
    features: Mapping[str, float]


def speakers_of(
    context: ReportContext, c: Candidate, others: Sequence[Candidate], choice: Choice
) -> tuple[Speaker, ...]:
    """The likeliest chain of speakers, the nearest to the reader first; empty where the narrator tells it."""
    sayings = sayings_of(context, c, others)
    best, _ = choice.best(s.features for s in sayings)
    return sayings[best].speakers


def sayings_of(context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> list[Saying]:
    """The speakers around an act, each name once; the first option is the narrator."""
    doc, act, s = context.doc, context.doc[c.act.token], c.act.sentence
    part = "title" if act.idx < title_end(context.report) else "lead" if s <= 2 else "body"
    pos = "v" if act.pos_ in ("VERB", "AUX") else "n"
    family = incident_types()[c.type].family
    here = [a for a in context.attributions if context.sentence_of[a.cue] == s and a.speakers]
    covering = [a for a in here if a.scope.start <= act.idx < a.scope.end]
    state = "covered" if covering else "beside" if here else "alone"
    counts: dict[str, int] = {}
    for a in context.attributions:
        for name in {sp.name.lower() for sp in a.speakers}:
            counts[name] = counts.get(name, 0) + 1
    by_name: dict[str, tuple[tuple[Speaker, ...], dict[str, float]]] = {}
    guesses = c.learned.filling("speaker") if c.learned is not None else ()

    def offer(speakers: tuple[Speaker, ...], names: set[str]) -> None:
        last = speakers[-1]
        f = by_name.setdefault(last.name.lower(), (speakers, {"some": 1.0}))[1]
        f.update(dict.fromkeys(names, 1.0))
        f[f"kind={last.kind}"] = f[f"told={min(counts.get(last.name.lower(), 0), 4)}"] = 1.0
        f[f"{state}&told={min(counts.get(last.name.lower(), 0), 4)}"] = 1.0
        f[f"words={min(len(last.name.split()), 4)}"] = 1.0
        guess = max((r.prob for r in guesses if last.span is not None and r.span.overlaps(last.span)), default=0.0)
        f["learned"] = max(guess, f.get("learned", 0.0))
        f["anaphor" if (last.name.lower().split() or [""])[-1] in _ANAPHORS else "full"] = 1.0

    narrow = c.speakers
    if narrow:
        offer(narrow, {"rule", f"rule&part={part}", f"rule&{family}", f"rule&{pos}", f"rule&n={len(covering)}"})
    for a in sorted(here, key=lambda a: (len(a.scope), a.cue)):
        at = "covered" if a in covering else "beside"
        side = "before" if a.cue < act.i else "after"
        path = path_between(act, doc[a.cue])
        names = {f"at={at}", f"at={at}&{side}", f"at={at}&manner={a.manner}", f"path={path}", f"at={at}&{pos}&{side}"}
        names |= {f"at={at}&steps={path.count(' ')}", f"at={at}&quoted={a.quoted}", f"at={at}&{family}"}
        names |= {f"at={at}&relcl={'relcl' in path or 'acl' in path}", f"at={at}&advcl={'advcl' in path}"}
        for speaker in a.speakers:
            offer((speaker,), names | {f"at={at}&last={speaker is a.speakers[-1]}"})
    anaphor = any(sp.name.lower().split()[-1] in _ANAPHORS for a in covering for sp in a.speakers)
    for a, at in _before(context, s):
        whole = a.scope.end >= context.sentence_span(context.sentence_of[a.cue]).end - 2
        names = {f"at={at}&{state}", f"at={at}&anaphor={anaphor}", f"at={at}&whole={whole}&{state}"}
        names |= {
            f"at={at}&quoted={a.quoted}",
            f"at={at}&{family}&{state}",
            f"at={at}&kind={a.speakers[-1].kind}&{anaphor}",
        }
        offer((a.speakers[-1],), names)
    following = [a for a in context.attributions if context.sentence_of[a.cue] == s + 1 and a.speakers]
    for a in following[:1]:
        offer(
            (a.speakers[-1],), {f"at=next&{state}", f"at=next&quoted={a.quoted}", f"at=next&manner={a.manner}&{state}"}
        )
    for o in others:
        if o.speakers:
            offer(o.speakers, {"retold", f"retold&{state}", f"retold&{part}"})
    path = "relcl" if any(t.dep_ in ("relcl", "acl") for t in (act, *act.ancestors)) else "main"
    none = {"bias", f"none&{state}", f"none&part={part}", f"none&{family}&{state}", f"none&{path}&{state}"}
    none |= {f"none&type={c.type}", f"none&{pos}&{state}", f"none&n={min(len(by_name), 4)}", f"none&tag={act.tag_}"}
    none |= {f"none&reality={c.reality}", f"none&n_said={min(4, len(context.attributions))}"}
    narrator = {**dict.fromkeys(none, 1.0), "none&learned": max((r.prob for r in guesses), default=0.0)}
    return [Saying((), narrator), *(Saying(speakers, f) for speakers, f in by_name.values())]


def _before(context: ReportContext, s: int) -> list[tuple[Attribution, str]]:
    """The last to speak in each of the sentences before, the nearest first."""
    out = []
    for step in range(1, _BACK + 1):
        found = [a for a in context.attributions if context.sentence_of[a.cue] == s - step and a.speakers]
        out += [(a, f"back{step}") for a in reversed(found)]
    return out

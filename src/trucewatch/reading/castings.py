"""Who may have done an act or have been hit by it: the parties named around it, with what speaks for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.choosing import Choice
from trucewatch.reading.contexts import ActorMention, ReportContext
from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.actors import mention_for
from trucewatch.reading.passages import title_end
from trucewatch.reading.roles import is_pronoun
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.spans import Span

_BACK = 3  # sentences before the act in which a party may stand that does it
_STEPS = 5  # the longest path between the act and a party that is told apart
_ANAPHORS = {"group", "movement", "organization", "organisation", "side", "country"}
_MODIFIERS = ("compound", "amod", "nmod")
_MAIN = 3  # parties most often told of that are weighed wherever they stand
_NAMING = ("PROPN", "NOUN", "ADJ")
_PARTICLES = {"al", "el", "ash", "ad", "ar", "as", "at", "an", "az"}  # of Arabic names, before a hyphen
_SUBJECTS = ("nsubj", "nsubjpass", "agent")


@dataclass(frozen=True, slots=True)
class Casting:
    """A party with the features that say how likely it plays a role in one act."""

    mention: ActorMention
    features: Mapping[str, float]


def castings_of(context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> list[Casting]:
    """Every party that may play a role in the act of a candidate, each name once, the nearest mention of it."""
    facts = _Facts.of(context, c, others)
    by_name: dict[str, tuple[ActorMention, dict[str, float]]] = {}
    for mention, place in _pool(context, c, facts):
        name = mention.name.lower()
        if name in by_name:
            by_name[name][1][f"also={place}"] = 1.0
        else:
            by_name[name] = mention, _features(context, c, facts, mention, place)
    n = len(by_name)
    nearest: set[str] = set()
    for _, f in by_name.values():
        f["crowd"] = min(n, 10) / 10
        key = f"first_{'armed' if 'kind=armed' in f else 'rest'}"
        if key not in nearest:
            nearest.add(key)
            f[key] = 1.0
    return [Casting(mention, f) for mention, f in by_name.values()]


def cast(doc: Any, castings: Sequence[Casting], choice: Choice, rival: Choice) -> list[ActorMention]:
    """The parties that play a role, in order of the text, with their whole names; of two that overlap the likelier.

    A party that more likely plays the role of the rival choice is left to it.
    """
    kept: list[ActorMention] = []
    options = [c.features for c in castings]
    theirs = {k for k in rival.taken(options) if rival.prob(options[k]) > choice.prob(options[k])}
    for k in choice.taken(options):
        if k in theirs:
            continue
        mention = whole(doc, castings[k].mention)
        if any(len(word) > 2 or word.isupper() for word in mention.name.split()) and not any(
            mention.span.overlaps(other.span) for other in kept
        ):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.span)


def whole(doc: Any, mention: ActorMention) -> ActorMention:
    """The mention with what its name goes on with over hyphens: the parser cuts "Hayat Tahrir al-Sham" in three."""
    start, end = mention.start, mention.end
    if end + 2 < len(doc) and doc[end].lower_ in _PARTICLES and _hyphen(doc, end + 1):
        end += 1
    while end + 1 < len(doc) and _hyphen(doc, end):
        end += 2
    while start >= 2 and _hyphen(doc, start - 1):
        start -= 2
    if doc[start].lower_ in _PARTICLES and end > start + 1:
        while start > doc[start].sent.start and doc[start - 1].pos_ in _NAMING and doc[start - 1].text[:1].isupper():
            start -= 1
    if (start, end) == (mention.start, mention.end):
        return mention
    run = doc[start:end]
    return replace(mention, name=run.text, span=Span(run.start_char, run.end_char), start=start, end=end)


def _hyphen(doc: Any, i: int) -> bool:
    """True for a hyphen that joins the tokens on its two sides without spaces."""
    return bool(doc[i].text == "-" and not doc[i - 1].whitespace_ and not doc[i].whitespace_)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is the same for all parties around one act."""

    family: str
    anaphor: str  # none, some: whether a pronoun or "the group" did it; no: nobody is told to have
    retold: frozenset[int]  # tokens that did it in its retellings
    rehit: frozenset[int]
    speaking: frozenset[int]  # tokens of those who say so
    title_end: int
    counts: Mapping[str, int]

    @classmethod
    def of(cls, context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> _Facts:
        doc = context.doc
        agents = [doc[t] for t in c.roles.agents]
        told = [t for t in agents if not stands_for_another(t)]
        counts: dict[str, int] = {}
        for m in context.actors:
            counts[m.name.lower()] = counts.get(m.name.lower(), 0) + 1
        speaking = frozenset(
            t.i
            for a in context.attributions
            for s in a.speakers
            if s.span is not None and (run := doc.char_span(s.span.start, s.span.end, alignment_mode="expand"))
            for t in run
        )
        return cls(
            incident_types()[c.type].family,
            "no" if not agents else "some" if not told else "none",
            frozenset(t for o in others for t in o.roles.agents),
            frozenset(t for o in others for t in o.roles.patients),
            speaking,
            title_end(context.report),
            counts,
        )


def stands_for_another(token: Any) -> bool:
    """True for pronouns and for "the group", which stand for a party named before."""
    if is_pronoun(token):
        return True
    lefts = list(token.lefts)
    return token.lemma_.lower() in _ANAPHORS and len(lefts) == 1 and lefts[0].lower_ in ("the", "this", "that", "its")


def _pool(context: ReportContext, c: Candidate, facts: _Facts) -> Iterator[tuple[ActorMention, str]]:
    """Parties with where they stand: here (in the sentence of the act, the nearest first), back, retold or title."""
    start, end = context.sentences[c.act.sentence]
    here = [m for m in _mentions(context, start, end, True) if m.head not in c.act.tokens or m.kind == "armed"]
    yield from ((m, "here") for m in sorted(here, key=lambda m: (abs(m.head - c.act.token), m.head)))
    back = 0
    for s in range(c.act.sentence - 1, -1, -1):
        if s in context.skipped:
            continue
        back += 1
        if back > _BACK:
            break
        yield from ((m, f"back{back}") for m in reversed(_mentions(context, *context.sentences[s], False)))
    for t in sorted(facts.retold | facts.rehit):
        m = _mention(context, t)
        if m is not None and not stands_for_another(context.doc[t]):
            yield m, "retold"
    main = sorted(facts.counts, key=lambda name: (-facts.counts[name], name))[:_MAIN]
    for m in reversed(context.actors):
        if m.end <= start and m.name.lower() in main:
            yield m, "main"
    if facts.title_end:
        yield from ((m, "title") for m in context.actors if m.span.end <= facts.title_end)


def _mentions(context: ReportContext, start: int, end: int, wide: bool) -> list[ActorMention]:
    """The parties of a sentence; `wide` takes every noun, else only those that act or have a name."""
    doc = context.doc
    out: list[ActorMention] = []
    taken = -1
    for i in range(start, end):
        token = doc[i]
        if i < taken or not _names_something(token) or stands_for_another(token):
            continue
        known = context.actor_at(i)
        if token.dep_ in _MODIFIERS and token.head.i > i and not (known.head == i if known else _modifies(token)):
            continue
        m = known or mention_for(doc, token)
        doer = m.kind == "armed" or (m.named and m.kind in ("body", "civilian")) or token.pos_ == "PROPN"
        if (wide or doer) and not any(t.span.overlaps(m.span) for t in context.times):
            out.append(m)
            taken = m.end if known is not None else taken
    return out


def _modifies(token: Any) -> bool:
    """True for a party before what it did ("regime air raids", "US troop withdrawal"), not for a part of a name."""
    if token.head.pos_ == "PROPN" or len(token) < 2:
        return False
    return _proper(token) or english_parties().kinds.get(token.lemma_.lower()) in ("armed", "body")


def _names_something(token: Any) -> bool:
    """True for nouns and names; for "Syrian" and "two" only where no noun follows them."""
    if token.pos_ in ("ADJ", "NUM"):
        alone = token.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj")
        return bool(alone) or (token.pos_ == "ADJ" and _proper(token))
    return token.pos_ in ("NOUN", "PROPN") and any(ch.isalnum() for ch in token.text)


def _proper(token: Any) -> bool:
    return bool(token.pos_ == "PROPN" or (token.text[:1].isupper() and token.i > token.sent.start))


def _mention(context: ReportContext, i: int) -> ActorMention | None:
    token = context.doc[i]
    if any(t.span.start <= token.idx < t.span.end for t in context.times):
        return None
    return context.actor_at(i) or (mention_for(context.doc, token) if token.pos_ in ("NOUN", "PROPN", "ADJ") else None)


def _features(context: ReportContext, c: Candidate, facts: _Facts, m: ActorMention, place: str) -> dict[str, float]:
    doc = context.doc
    act = doc[c.act.token]
    head = doc[m.head]
    kind = _kind(context, m)
    pos = "v" if act.pos_ in ("VERB", "AUX") else "n"
    roles = c.roles
    inside = set(range(m.start, m.end)) | {m.head}
    f = {
        "bias": 1.0,
        f"at={place}": 1.0,
        f"kind={kind}": 1.0,
        f"kind={kind}&at={place}": 1.0,
        f"type={c.type}&kind={kind}": 1.0,
        f"dep={head.dep_}": 1.0,
        f"named={m.named}&at={place}": 1.0,
        f"anaphor={facts.anaphor}&at={place}": 1.0,
        f"head={head.lemma_.lower()}": 1.0,
    }
    if inside & set(roles.agents):
        f["agent"] = f[f"agent&{pos}"] = f[f"agent&type={c.type}"] = f[f"agent&kind={kind}"] = 1.0
    if inside & set(roles.patients):
        f["patient"] = f[f"patient&{pos}"] = f[f"patient&type={c.type}"] = f[f"patient&kind={kind}"] = 1.0
    if inside & facts.retold:
        f["retold_agent"] = f[f"retold_agent&{facts.anaphor}"] = 1.0
    if inside & facts.rehit:
        f["retold_patient"] = 1.0
    if inside & facts.speaking:
        f["speaker"] = f[f"speaker&at={place}"] = 1.0
    if m.head in c.act.tokens:
        f["trigger"] = f[f"trigger&type={c.type}"] = 1.0
    if any(t.lower_ in ("the", "these", "those", "this") for t in head.lefts):
        f["definite"] = f[f"definite&at={place}&kind={kind}"] = 1.0
    n = facts.counts.get(m.name.lower(), 0)
    f[f"told={min(n, 3)}"] = 1.0
    if place == "here":
        side = "before" if m.head < act.i else "after"
        path = path_between(act, head)
        gap = abs(m.head - act.i)
        f[f"side={side}"] = f[f"side={side}&{pos}&dep={head.dep_}"] = 1.0
        f[f"gap={0 if gap < 3 else 1 if gap < 6 else 2 if gap < 12 else 3}&{side}"] = 1.0
        f[f"path={pos}:{path}"] = 1.0
        f[f"path={facts.family}:{path}"] = 1.0
        f[f"steps={path.count(' ')}"] = 1.0
        f[f"word={act.lemma_.lower()}&{side}&{head.dep_}"] = 1.0
        f[f"type={c.type}&{side}&{head.dep_}"] = 1.0
        f[f"type={c.type}&{side}&kind={kind}"] = 1.0
        if doc[m.start - 1].lower_ in ("by", "against", "between", "with", "and", "on") and m.start > 0:
            f[f"left={doc[m.start - 1].lower_}&{pos}"] = 1.0
        if head.dep_ in _SUBJECTS:
            f[f"subject_of={head.head.lemma_.lower()}"] = 1.0
        low, high = c.act.clause
        f["in_clause" if low <= m.head < high else "out_clause"] = 1.0
    else:
        role = "subject" if head.dep_ in _SUBJECTS else "other"
        f[f"at={place}&{role}&anaphor={facts.anaphor}"] = 1.0
        f[f"at={place}&{role}&kind={kind}"] = 1.0
        f[f"at={place}&type={c.type}"] = 1.0
        f[f"type={c.type}&{role}"] = 1.0
    f.update(_learned(context, c, m))
    prep = _prep(head)
    if prep:
        f[f"prep={prep}"] = f[f"prep={prep}&{facts.family}"] = 1.0
    return f


def _learned(context: ReportContext, c: Candidate, m: ActorMention) -> dict[str, float]:
    """What the learned part says of a party: this mention of it, or the same name elsewhere."""
    if c.learned is None:
        return {"unguessed": 1.0}
    f: dict[str, float] = {}
    name, text = m.name.lower(), context.report.text
    for role in ("actor", "target", "speaker", "place"):
        found = c.learned.filling(role)
        best = found[0].prob if found else 0.0
        here = max((r.prob for r in found if r.span.overlaps(m.span)), default=0.0)
        named = [(r.span.of(text).lower(), r.prob) for r in found] if role in ("actor", "target") else []
        f[f"learned_{role}"] = here
        f[f"learned_{role}_name"] = max((p for other, p in named if name in other or other in name), default=0.0)
        f[f"learned_{role}_under_best"] = here - best
        f[f"learned_{role}_best"] = best
    return f


def _kind(context: ReportContext, m: ActorMention) -> str:
    name = m.name.lower()
    if name in COUNTRIES:
        return "country"
    if m.kind == "other" or (
        m.kind == "armed" and english_parties().kinds.get(context.doc[m.head].lemma_.lower()) is None
    ):
        if any(p.start <= m.head < p.end for p in context.places):
            return "place"
        if m.kind == "armed":
            return "name"
    return m.kind


def _prep(head: Any) -> str:
    """The preposition a party hangs by, its own or that of what it is joined to."""
    while head.dep_ == "conj" and head.head.i != head.i:
        head = head.head
    if head.dep_ == "pobj":
        return str(head.head.lower_)
    return ""


def path_between(a: Any, b: Any) -> str:
    """The way through the parse from one token to another: `^dep` going up, `dep` going down; `far` beyond five steps.

    Joined parties count as the first of them, prepositions carry their word.
    """
    while b.dep_ == "conj" and b.head.i != b.i and b.head.pos_ in ("NOUN", "PROPN", "ADJ"):
        b = b.head
    ups = [a, *a.ancestors]
    at = {t.i: k for k, t in enumerate(ups)}
    downs = []
    while b.i not in at:
        downs.append(f"{b.dep_}-{b.lower_}" if b.dep_ in ("prep", "agent") else b.dep_)
        if b.head.i == b.i or len(downs) > _STEPS:
            return "far"
        b = b.head
    climbed = [f"^{t.dep_}" for t in ups[: at[b.i]]]
    steps = [*climbed, *reversed(downs)]
    return " ".join(steps) if len(steps) <= _STEPS else "far"

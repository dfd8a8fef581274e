"""The toll of an account: which of the figures around its act, or around a retelling of it, is its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.castings import path_between
from trucewatch.reading.choosing import Choice
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.figures import Figure, find_figures, number_of
from trucewatch.reading.passages import title_end
from trucewatch.reading.roles import conjuncts
from trucewatch.terms.accounts import Toll
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.counts import Count
from trucewatch.terms.spans import Span

_AROUND = 2  # sentences before and after the act
_ENDING = {
    "killed": {"kill", "murder", "assassinate", "execute", "behead", "slay", "martyr", "hang", "decapitate", "die"},
    "injured": {"wound", "injure", "hurt"},
}
_ENDS = {"murder", "assassination", "killing", "death", "execution", "beheading", "slaying", "martyrdom"}
_MANY = {"people", "number", "family", "group", "crew", "police", "couple", "dozen", "pair", "other"}
_ALONE = {"he", "she", "him", "her"}


@dataclass(frozen=True, slots=True)
class Tolling:
    """One figure that may be the toll (None: the text gives none) with the features that speak for it."""

    figure: Figure | None
    features: Mapping[str, float]


def toll_of(
    context: ReportContext, what: str, c: Candidate, others: Sequence[Candidate], choice: Choice
) -> Toll | None:
    """The likeliest toll of one kind (`killed`, `injured`); None where the text gives no figure of this incident."""
    if not incident_types()[c.type].violent:
        return None
    tollings = tollings_of(context, what, c, others)
    best, _ = choice.best(t.features for t in tollings)
    figure = tollings[best].figure
    return Toll(figure.count, what, None, figure.span) if figure is not None else None


def tollings_of(context: ReportContext, what: str, c: Candidate, others: Sequence[Candidate]) -> list[Tolling]:
    """The figures around the act and its retellings, each pair of bounds once; the first option is None."""
    act = context.doc[c.act.token]
    end_of_title = title_end(context.report)
    part = "title" if act.idx < end_of_title else "lead" if c.act.sentence <= 2 else "body"
    by_count: dict[tuple[int | None, int | None], tuple[Figure, dict[str, float]]] = {}
    n_here = 0
    guesses = c.learned.filling(what) if c.learned is not None else ()
    for figure, at in _figures(context, what, c, others, end_of_title):
        n_here += at == "here"
        key = figure.count.min, figure.count.max
        names = _features(context, c, figure, at, part)
        kept = by_count.setdefault(key, (figure, {"some": 1.0}))
        kept[1].update(dict.fromkeys(names, 1.0))
        guess = max((r.prob for r in guesses if r.span.overlaps(figure.span)), default=0.0)
        kept[1]["learned"] = max(guess, kept[1].get("learned", 0.0))
    pos = "v" if act.pos_ in ("VERB", "AUX") else "n"
    none = {"none", "bias", f"none&type={c.type}", f"none&n_here={min(n_here, 3)}", f"none&part={part}", f"none&{pos}"}
    none |= {f"none&word={act.lemma_.lower()}", f"none&n={min(len(by_count), 3)}", f"none&reality={c.reality}"}
    nothing = {**dict.fromkeys(none, 1.0), "none&learned": max((r.prob for r in guesses), default=0.0)}
    return [Tolling(None, nothing), *(Tolling(f, names) for f, names in by_count.values())]


def _figures(
    context: ReportContext, what: str, c: Candidate, others: Sequence[Candidate], end_of_title: int
) -> Iterator[tuple[Figure, str]]:
    """Figures with where they stand, those nearest to the act first."""
    at = context.doc[c.act.token].idx
    s = c.act.sentence
    told: dict[int, str] = {s: "here"}
    for step in range(1, _AROUND + 1):
        told.setdefault(s - step, f"back{step}")
        told.setdefault(s + step, f"next{step}")
    for o in others:
        told.setdefault(o.act.sentence, "retold")
    if end_of_title:
        told.setdefault(0, "title")
    retold = {o.act.sentence for o in others}
    for sentence, where in told.items():
        if not 0 <= sentence < len(context.sentences) or sentence in context.skipped:
            continue
        found = figures_in(context, sentence)
        for f in sorted((f for f in found if f.what == what), key=lambda f: (abs(f.span.start - at), f.span)):
            yield f, where
            if sentence in retold:
                yield f, "retold"


def figures_in(context: ReportContext, sentence: int) -> list[Figure]:
    """The figures of a sentence: those that stand beside the words for death and wounds, and what the parse adds up."""
    start, end = context.sentences[sentence]
    span = context.sentence_span(sentence)
    counted = find_figures(span.of(context.report.text), span.start)
    return [*counted, *_added_up(context.doc, start, end, counted)]


def _added_up(doc: Any, start: int, end: int, counted: Sequence[Figure]) -> Iterator[Figure]:
    """People told of one by one or in parts: "the mayor and his driver were wounded", "six civilians and a soldier"."""
    for i in range(start, end):
        for what, victims in _victims(doc[i]):
            counts = [_how_many(v) for v in victims]
            known = [n for n, _ in counts if n is not None]
            if not victims or len(known) < len(victims):
                continue
            span = Span(victims[0].idx, victims[0].idx + len(victims[0]))
            beside = any(f.what == what and abs(f.span.start - span.start) < 30 for f in counted)
            if beside and (len(victims) == 1 or sum(known) == len(victims)):
                continue
            least = any(at_least for _, at_least in counts)
            yield Figure(what, Count(sum(known), None if least else sum(known)), span, False, len(victims))


def _victims(token: Any) -> Iterator[tuple[str, list[Any]]]:
    """Whom one word tells of as killed or injured: "killed X and Y", "X was shot dead", "the murder of X"."""
    lemma = token.lemma_.lower()
    if token.pos_ == "NOUN" and lemma in _ENDS:
        heads = [t for of in token.children if of.lower_ == "of" for t in of.children if t.dep_ == "pobj"]
        # "Israel's killing of" names who killed
        heads = heads or [t for t in token.children if t.dep_ == "poss" and t.ent_type_ not in ("GPE", "ORG", "NORP")]
        yield "killed", [v for head in heads for v in conjuncts(head)]
    if token.pos_ != "VERB":
        return
    shot_dead = lemma == "shoot" and any(t.lower_ in ("dead", "death") for t in token.subtree)
    for what, lemmas in _ENDING.items():
        if lemma not in lemmas and not (shot_dead and what == "killed"):
            continue
        passive = any(t.dep_ in ("nsubjpass", "auxpass") for t in token.children)
        wanted = ("nsubj",) if lemma == "die" else ("nsubjpass",) if passive else ("dobj",)
        heads = [t for t in token.children if t.dep_ in wanted]
        if not passive and token.dep_ == "acl" and token.tag_ == "VBN":
            heads = [token.head]
        yield what, [v for head in heads for v in conjuncts(head)]


def _how_many(victim: Any) -> tuple[int | None, bool]:
    """How many a victim's words stand for, None where they do not tell, and whether at least so many."""
    numbers = [t for t in victim.children if t.dep_ == "nummod"]
    if not numbers:
        return (1 if _single(victim) else None), False
    n, about = number_of(numbers[0].text), {t.lower_ for t in numbers[0].subtree}
    more = not about.isdisjoint({"more", "over"})
    return (n if n is None else n + more), more or "least" in about


def _single(token: Any) -> bool:
    if token.tag_ == "NNP":
        return token.lemma_.lower() not in english_parties().kinds
    if token.tag_ == "PRP":
        return token.lower_ in _ALONE
    counted = any(t.dep_ == "quantmod" for t in token.children)
    return token.tag_ == "NN" and not counted and token.lemma_.lower() not in _MANY


def _features(context: ReportContext, c: Candidate, f: Figure, at: str, part: str) -> set[str]:
    doc, act = context.doc, context.doc[c.act.token]
    run = doc.char_span(f.span.start, f.span.end, alignment_mode="expand")
    token = run.root if run is not None else act
    bounds = "zero" if f.count.max == 0 else "exact" if f.count.min == f.count.max else "open"
    single = f.count.min == f.count.max == 1
    names = {
        f"at={at}",
        f"at={at}&type={c.type}",
        f"at={at}&part={part}",
        f"at={at}&{bounds}",
        f"at={at}&running={f.running}",
        f"at={at}&single={single}",
        f"at={at}&parts={min(f.parts, 3)}",
    }
    if at == "here":
        low, high = c.act.clause
        side = "before" if token.i < act.i else "after"
        inside = low <= token.i < high
        path = path_between(act, token)
        gap = abs(token.i - act.i)
        names |= {
            f"inside={inside}",
            f"inside={inside}&{side}",
            f"path={path}",
            f"steps={path.count(' ')}&{side}",
            f"ups={path.count('^')}&{side}",
            f"gap={0 if gap < 4 else 1 if gap < 9 else 2 if gap < 18 else 3}&{side}",
            f"here&word={act.lemma_.lower()}",
            f"here&same={token.is_ancestor(act) or act.is_ancestor(token)}",
        }
    return names

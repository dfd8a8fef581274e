"""Phrases that count: the figure with its bounds, what is counted, what became of it and the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from spacy.tokens import Doc, Token

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.mentions.acts import clause_of, governing_verb
from trucewatch.reading.statements.speakers import subject_of
from trucewatch.terms.codebooks import load_codebook
from trucewatch.terms.counts import Count

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_WORDS = {word: n for n, word in enumerate(_ONES)}
_WORDS |= {
    w: 10 * n for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_MANY = {
    "tens of thousands": 20_000, "hundreds of thousands": 200_000, "tens of millions": 20_000_000, "dozens": 24,
    "scores": 40, "hundreds": 200, "thousands": 2000, "millions": 2_000_000,
}  # fmt: skip
_WORD = "|".join(sorted(_WORDS, key=lambda w: (-len(w), w)))
_AT_LEAST = r"at least|at the very least|no fewer than|no less than|not less than|a minimum of"
_OVER = r"more than|over|upwards of|in excess of"
_UP_TO = r"up to|as many as|nearly|almost|close to|as high as|just under|fewer than|less than"
_ABOUT = r"about|around|some|approximately|roughly|an estimated|a total of|another|the|all|only"
_FIGURE = re.compile(
    rf"(?<![\w.,$€£-])(?<!\d:)(?:(?P<least>{_AT_LEAST})|(?P<over>{_OVER})|(?P<upto>{_UP_TO})|(?:{_ABOUT}))?\s?"
    rf"(?:(?:{_ABOUT})\s)?"
    r"(?P<figure>(?P<digits>[1-9]\d{0,2}(?:,\d{2,3})+|(?:0|[1-9]\d*)(?:\.\d+)?(?!\d))(?:\s?(?:-|–|to)\s?(?P<top>\d+(?:,\d{3})*))?"
    r"(?:\s(?P<scale>hundred|thousand|million))?"
    rf"|(?P<many>{'|'.join(_MANY)})"
    rf"|(?P<words>(?:{_WORD})(?:[ -](?:{_WORD}))?(?:\s(?:hundred|thousand|million))?)|three-quarters of a million)"
    r"(?P<more> or more)?(?![\w%°]|-\w|\.\d|:\d|\s?(?:%|percent|per cent|km\b|mm\b|a\.m|p\.m|th\b))",
    re.IGNORECASE,
)


_PARTS_WITHIN = 60  # tokens between a count and a part of it
_BREACHES = {"violation", "breach", "beach", "infringement"}  # "beach": a slip common in the press
_BREAK = {"violate", "breach", "infringe", "break"}


@dataclass(frozen=True, slots=True)
class TallyWords:
    """The lists of the tally lexicon."""

    outcomes: dict[str, str]
    counted: frozenset[str]
    frames: frozenset[str]
    once: frozenset[str]
    units: frozenset[str]


@cache
def english_tallies() -> TallyWords:
    """The shipped English lists; a lemma listed under two outcomes has the first."""
    book = load_codebook("lexicon_en_tallies")
    outcomes: dict[str, str] = {}
    for name, lemmas in book["outcomes"].items():
        for lemma in lemmas:
            outcomes.setdefault(lemma, name)
    return TallyWords(outcomes, *(frozenset(book[name]) for name in ("counted", "frames", "once", "units")))


@dataclass(frozen=True, slots=True)
class Counted:
    """A candidate: the clause (half-open token offsets), the figure, its noun and verb, and what can be weighed."""

    start: int
    end: int
    at: int  # the token of the figure
    count: Count
    noun: Token | None
    verb: Token | None
    outcome: str | None
    features: frozenset[str]
    plain: bool = False  # counted breaches of an accord, or parts of such a count: a tally whatever stands beside it
    part: bool = False  # "20 by the army" after a plain count


def find_counted(doc: Doc, context: ReportContext) -> Iterator[Counted]:
    """Every figure of people, sites or incidents, in order of the text."""
    last: Counted | None = None
    busy = [(t.start, t.end) for t in context.times]
    for match in _FIGURE.finditer(context.report.text):
        span = doc.char_span(match.start("figure"), match.end("figure"), alignment_mode="expand")
        count = count_of(match)
        if span is None or count is None or any(s < span.end and span.start < e for s, e in busy):
            continue
        bare_year = (
            match["digits"]
            and re.fullmatch(r"(?:19|20)\d\d", match["digits"])
            and match.start() == match.start("figure")
        )
        sent = span.root.sent
        if bare_year or sent.start in _skipped_starts(context):
            continue
        found = _counted(doc, span, count, match, context) or _part(doc, span, count, last)
        if found is not None:
            last = found if found.plain else last
            yield found


def count_of(match: re.Match[str]) -> Count | None:
    """The figure with its bounds: "more than 30" is (31, None), "nearly 30" (None, 30), "hundreds" (200, None)."""
    if match["many"]:
        return Count(_MANY[match["many"].lower()], None)
    if match["digits"]:
        n = float(match["digits"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1)
    elif match["words"]:
        parts = re.split(r"[ -]", match["words"].lower())
        n = float(sum(_WORDS.get(p, 0) for p in parts))
        n *= _SCALES.get(parts[-1], 1)
    else:
        n = 750_000
    value = round(n)
    if match["least"] or match["more"] or (match["top"] and match["least"]):
        return Count(value, None)
    if match["over"]:
        return Count(value + 1, None)
    if match["upto"]:
        return Count(None, value)
    if match["top"]:
        top = int(match["top"].replace(",", ""))
        return Count(value, top) if top > value else None
    return Count(value, value)


def _skipped_starts(context: ReportContext) -> frozenset[int]:
    return frozenset(context.sentences[i][0] for i in context.skipped)


def _counted(doc: Doc, span: Any, count: Count, match: re.Match[str], context: ReportContext) -> Counted | None:
    words = english_tallies()
    noun = _noun(span)
    lemma = noun.lemma_.lower() if noun is not None else ""
    if (
        lemma in words.units
        and count.min is not None
        and lemma not in words.counted
        and lemma not in ("village", "member")
    ):
        return None
    head = noun if noun is not None else span.root
    verb = governing_verb(head)
    if verb is None:
        verb = next((a for a in head.ancestors if a.pos_ in ("VERB", "AUX")), None)
    outcome, how = (None, "counted") if lemma in words.counted else _outcome(doc, span, head, verb)
    if outcome is None and lemma not in words.counted:
        return None
    sentence = (head.sent.start, head.sent.end)
    start, end = clause_of(verb if verb is not None else head, sentence)
    start, end = min(start, span.start), max(end, span.end)
    low = count.min if count.min is not None else count.max or 0
    size = f"size:{len(str(low))}"
    bounds = (name for name in ("least", "over", "upto", "many") if match[name])
    features = {
        f"outcome:{outcome}",
        f"how:{how}",
        f"noun:{lemma}",
        f"verb:{verb.lemma_.lower() if verb is not None else ''}",
        f"bound:{next(bounds, 'exact')}",
        size,
        f"{size}:{outcome}",
        f"written:{'word' if match['words'] else 'digits'}",
    }
    plain = lemma in _BREACHES or (lemma == "time" and verb is not None and verb.lemma_.lower() in _BREAK)
    features |= _period(doc, span, head, verb, context)
    return Counted(start, end, span.start, count, noun, verb, outcome, frozenset(features), plain)


def _part(doc: Doc, span: Any, count: Count, last: Counted | None) -> Counted | None:
    """A part of a plain count told before: "20 by the army, 13 by the militia"."""
    follows = last is not None and 0 < span.start - last.at < _PARTS_WITHIN
    if last is None or not follows or span.end >= len(doc) or doc[span.end].lower_ != "by":
        return None
    by = doc[span.end]
    inner = next((c for c in by.children if c.dep_ == "pobj"), None)
    end = inner.i + 1 if inner is not None and inner.i - by.i < 8 else min(by.i + 3, len(doc))
    return replace(
        last, start=span.start, end=end, at=span.start, count=count, features=frozenset({"form:part"}), part=True
    )


def _noun(span: Any) -> Token | None:
    """What the figure counts: the noun it modifies, or the one behind "of"."""
    root: Token = span.root
    of = next(
        (g for c in root.children if c.dep_ == "prep" and c.lower_ == "of" for g in c.children if g.dep_ == "pobj"),
        None,
    )
    if of is not None:
        return of
    if root.dep_ in ("nummod", "quantmod", "amod", "compound", "det", "nmod") and root.head.pos_ in ("NOUN", "PROPN"):
        return root.head
    return None


def _outcome(doc: Doc, span: Any, head: Token, verb: Token | None) -> tuple[str | None, str]:
    """What became of the counted, and by which word: the noun, a word beside it, the verb or one above it."""
    outcomes = english_tallies().outcomes
    if head.lemma_.lower() in outcomes:
        return outcomes[head.lemma_.lower()], "noun"
    for child in head.children:
        if (
            child.dep_ in ("acl", "relcl", "amod", "advcl")
            and child.lemma_.lower() in outcomes
            and child.i >= span.end - 1
        ):
            return outcomes[child.lemma_.lower()], "beside"
    for i in range(span.end, min(span.end + 4, head.sent.end)):
        if doc[i].lower_ in ("dead", "deaths", "killed", "wounded", "injured", "missing", "displaced"):
            return outcomes.get(doc[i].lemma_.lower(), outcomes.get(doc[i].lower_)), "after"
    seen, steps = verb, 0
    while seen is not None and steps < 3:
        if seen.lemma_.lower() in outcomes:
            return outcomes[seen.lemma_.lower()], ("verb", "above", "far")[steps]
        for child in seen.children:
            if child.dep_ in ("acomp", "oprd", "ccomp", "xcomp", "dobj") and child.lemma_.lower() in outcomes:
                return outcomes[child.lemma_.lower()], "complement"
        seen = next((a for a in seen.ancestors if a.pos_ in ("VERB", "AUX")), None)
        steps += 1
    return None, "none"


_LASTING = re.compile(
    r"\b(?:(?P<past>(?:last|past|previous|recent|first)\s(?:\w+\s)?(?:hours|days|weeks|months|years|decades?))"
    r"|(?P<this>this\s(?:week|month|year|summer|spring|winter|autumn))"
    r"|(?P<each>(?:each|every|a|per)\s(?:day|week|month|year)\b)"
    r"|(?P<matter>(?:\w+|\d+)[- ](?:day|week|month|year)s?\b(?!\s(?:old|ago)))"
    r"|(?P<since>since)|(?P<sofar>so far|to date|in total|in all|brought the|bringing the))",
    re.IGNORECASE,
)


def _span_of_time(text: str) -> set[str]:
    """Words for a stretch of time in a sentence, by their sort."""
    return {f"lasting:{match.lastgroup}" for match in _LASTING.finditer(text)}


def _period(doc: Doc, span: Any, head: Token, verb: Token | None, context: ReportContext) -> set[str]:
    """Words that tell a count over a period from the toll of one incident."""
    words = english_tallies()
    sent = head.sent
    lemmas = [t.lemma_.lower() for t in sent]
    text = sent.text.lower()
    found: set[str] = {
        "near:" + doc[i].lemma_.lower() for i in range(span.end, min(span.end + 3, sent.end)) if doc[i].is_alpha
    }
    for mention in context.times:
        if sent.start <= mention.start < sent.end:
            found.add(f"time:{mention.kind}:{mention.relation if mention.relation == 'since' else 'at'}")
            if verb is not None and doc[mention.start] in verb.subtree:
                found.add(f"own_time:{mention.kind}:{mention.relation}")
    found.update(f"frame:{t.lower_}" for t in sent if t.lower_ in words.frames or t.lemma_.lower() in words.frames)
    if any(t.lower_ in words.frames or t.lemma_.lower() in words.frames for t in sent):
        found.add("framed")
    for token in sent:
        if token.lemma_.lower() in words.once and token.tag_ == "NN":
            found.add("once")
            if any(c.lower_ in ("a", "an", "the") for c in token.children):
                found.add("once:article")
        if token.lemma_.lower() in words.once and token.tag_ == "NNS":
            found.add("several")
    for cue in (
        "so far",
        "since",
        "total",
        "toll",
        "separate",
        "already",
        "recent",
        "each",
        "per ",
        "average",
        "estimate",
        "in all",
    ):
        if cue in text:
            found.add(f"cue:{cue.strip()}")
    if any(lemma in ("wound", "injure") for lemma in lemmas):
        found.add("also_injured")
    found |= _span_of_time(text)
    doer = subject_of(verb) if verb is not None else None
    if doer is not None and not any(c.i == span.start for c in doer.subtree):
        found.update({f"doer:{doer.lemma_.lower()}", f"doer_number:{doer.tag_}"})
        if doer.lemma_.lower() in words.once | words.frames:
            found.add(f"doer_act:{doer.tag_}")
    acts = [t for t in sent if t.lemma_.lower() in words.once and t.tag_ == "NNS"]
    if acts and not any(t.lemma_.lower() in words.once and t.tag_ == "NN" for t in sent):
        found.add("acts_plural")
    if verb is not None:
        aux = sorted(c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass"))
        found.add(f"tense:{verb.tag_}:{'+'.join(aux)}")
    index = next((i for i, (s, e) in enumerate(context.sentences) if s <= head.i < e), 0)
    found.add(f"where:{min(index, 5)}")
    nxt = doc[span.end].lower_ if span.end < len(doc) else ""
    if nxt in ("by", "times"):
        found.add(f"then:{nxt}")
    return found

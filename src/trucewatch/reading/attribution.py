"""Who says what: speech verbs with their clause, "according to", quotations, and speakers carried across sentences."""

from __future__ import annotations

from typing import Any

from trucewatch.reading.contexts import Attribution
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.actors import phrase
from trucewatch.reading.roles import conjuncts, is_pronoun, subjects
from trucewatch.terms.accounts import Speaker
from trucewatch.terms.spans import Span

_MEDIA = {"agency", "newspaper", "channel", "television", "tv", "daily", "media", "radio", "website", "outlet", "news"}
_UNNAMED = {
    "source",
    "official",
    "activist",
    "resident",
    "witness",
    "eyewitness",
    "analyst",
    "diplomat",
    "medic",
    "people",
    "police",
    "local",
}
_DOCUMENT = {"statement", "report", "document", "letter", "video", "communique", "post", "tweet", "page"}
# speakers who are told apart by whose they are: "a source at the police command", "the head of the monitors"
_OF_WHAT = {
    "source", "official", "spokesman", "spokeswoman", "spokesperson", "head", "commander", "fighter", "director",
    "resident", "activist", "member", "chief", "division", "force", "unit", "branch", "wing", "movement", "party",
    "observatory", "ministry", "centre", "center", "committee", "network", "council", "office", "army", "government",
}  # fmt: skip
_WHOSE = {"of", "for", "in", "at", "from", "with", "to"}
_CITING = {"quote", "cite"}  # whoever is quoted speaks, not the paper that quotes him
_ISSUED = {"issue", "release", "publish"}
_TITLES = {"mr.", "mrs.", "ms.", "dr.", "gen.", "col.", "president", "general"}


def _speaker(doc: Any, token: Any, verb: str) -> Speaker:
    name = next((c for c in token.children if c.dep_ == "appos" and c.pos_ == "PROPN" and token.pos_ == "NOUN"), None)
    token = name if name is not None else token
    start, end = phrase(doc, token)
    if token.pos_ == "PROPN":
        while start < token.i and doc[start].pos_ != "PROPN":
            start += 1
        while start < token.i and doc[start].lower_ in _TITLES:
            start += 1
    if token.lemma_.lower() in _OF_WHAT:
        end = _whose_end(doc, token, end)
    lemma = token.lemma_.lower()
    kind = (
        "named"
        if token.pos_ == "PROPN"
        else "media"
        if lemma in _MEDIA
        else "unnamed"
        if lemma in _UNNAMED
        else "document"
        if lemma in _DOCUMENT
        else "collective"
    )
    last = doc[end - 1]
    return Speaker(doc[start:end].text, Span(doc[start].idx, last.idx + len(last)), kind, verb)


def _whose_end(doc: Any, token: Any, end: int) -> int:
    """Where a speaker's phrase ends with what follows "of", "at" or "for", without clauses and asides behind it."""
    link = next((c for c in token.children if c.i == end and (c.dep_ == "prep" or c.lower_ in _WHOSE)), None)
    if link is None or link.lower_ not in _WHOSE:
        return end
    last = link.right_edge.i + 1
    aside = (t.i for t in doc[link.i + 1 : last] if t.is_punct or t.dep_ in ("relcl", "acl") or t.tag_ == "WDT")
    stop = next(aside, last)
    return stop if stop > link.i + 1 else end


def _inverted(doc: Any, verb: Any, end: int) -> list[Any]:
    """Whoever stands right behind a verb of speech that has no subject before it ("..., said the ministry")."""
    if any(c.i < verb.i and c.dep_ in ("nsubj", "nsubjpass") for c in verb.children) or verb.i + 1 >= end:
        return []
    first = verb.i + 1
    if doc[first].dep_ not in ("det", "compound", "amod", "poss", "nmod", "dobj", "nsubj", "attr", "nummod", "oprd"):
        return []
    head = doc[first]
    while head.dep_ in ("det", "compound", "amod", "poss", "nmod", "nummod", "case") and head.head.i > head.i:
        head = head.head
    named = head.pos_ == "PROPN" or head.lemma_.lower() in _UNNAMED | _OF_WHAT | _MEDIA
    return [head] if named and head.head.i == verb.i and head.i < end else []


def _scope(verb: Any, sentence: tuple[int, int]) -> tuple[int, int]:
    """Half-open token offsets of what is said: the clause the verb takes, else the sentence it stands in."""
    said = [
        c
        for c in verb.children
        if c.dep_ in ("ccomp", "xcomp", "dobj", "prep", "acl", "advcl") and (c.dep_ == "ccomp" or c.i > verb.i)
    ]
    clauses = [c for c in said if c.dep_ == "ccomp"]
    if clauses:
        low = min(c.left_edge.i for c in clauses)
        high = max(c.right_edge.i for c in clauses)
        return max(sentence[0], low), min(sentence[1], high + 1)
    if verb.dep_ in ("parataxis", "ccomp", "advcl") or verb.i > (sentence[0] + sentence[1]) // 2:
        return sentence
    rest = [c for c in said if c.dep_ in ("dobj", "xcomp", "prep")]
    if rest:
        return verb.i + 1, min(sentence[1], max(c.right_edge.i for c in rest) + 1)
    return sentence


def find_attributions(
    doc: Any, sentences: tuple[tuple[int, int], ...], skipped: frozenset[int]
) -> tuple[Attribution, ...]:
    """Every run of the report that somebody answers for, in order; nested runs carry the whole chain."""
    speech = english_parties().speech
    found: list[Attribution] = []
    last: tuple[Speaker, ...] = ()
    inside_quote = False
    for s, (start, end) in enumerate(sentences):
        if s in skipped:
            continue
        here: list[Attribution] = []
        for i in range(start, end):
            token = doc[i]
            key = token.lemma_.lower()
            if key in speech and token.pos_ == "VERB":
                owners, passive = subjects(token)
                if not owners and key not in _CITING:
                    owners = _inverted(doc, token, end)
                    passive = False
                if passive:
                    owners = [o for c in token.children if c.dep_ == "agent" for p in c.children for o in conjuncts(p)]
                if not owners:
                    continue
                if all(is_pronoun(o) for o in owners):
                    speakers = last[-1:]
                else:
                    speakers = tuple(_speaker(doc, o, key) for o in owners if not is_pronoun(o))[:1]
                if key in _CITING:
                    cited = [c for c in token.children if c.dep_ == "dobj" and not is_pronoun(c)]
                    speakers += tuple(_speaker(doc, c, key) for c in cited[:1])
                low, high = _scope(token, (start, end))
                if not speakers or high <= low:
                    continue
                here.append(_attribution(doc, speakers, low, high, i, key))
                last = speakers
            elif key in _ISSUED and (told := _statement(token)) is not None:
                owners, passive = subjects(token)
                owners = [o for o in owners if not is_pronoun(o)]
                if owners and not passive:
                    speakers = (_speaker(doc, owners[0], key),)
                    here.append(_attribution(doc, speakers, told.i, min(end, told.right_edge.i + 1), i, key))
                    last = speakers
            elif token.lower_ == "according":
                to = next((c for c in token.children if c.dep_ == "prep"), None) or (
                    doc[i + 1] if i + 1 < end else None
                )
                name = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
                if name is not None and not is_pronoun(name):
                    speakers = (_speaker(doc, name, "according"),)
                    here.append(_attribution(doc, speakers, start, end, i, "according"))
                    last = speakers
        text = doc[start:end].text
        opens, closes = text.count("“") + text.count('"') % 2, text.count("”")
        quoted = text.lstrip()[:1] in ("“", '"', "”")
        if not here and last and (inside_quote or quoted):
            here.append(_attribution(doc, last, start, end, start, "quote"))
        inside_quote = opens > closes if not inside_quote else closes <= opens and '"' not in text
        found += here
    return tuple(_chained(found))


def _statement(verb: Any) -> Any | None:
    """The statement that somebody issues, or None where it is something else."""
    return next((c for c in verb.children if c.dep_ == "dobj" and c.lemma_.lower() in _DOCUMENT), None)


def _attribution(doc: Any, speakers: tuple[Speaker, ...], low: int, high: int, cue: int, manner: str) -> Attribution:
    last = doc[high - 1]
    return Attribution(speakers, Span(doc[low].idx, last.idx + len(last)), cue, manner, manner == "quote")


def _chained(found: list[Attribution]) -> list[Attribution]:
    """Each run with the speakers of the wider runs around it put before its own."""
    out = []
    for a in found:
        outer = [
            b for b in found if b is not a and a.scope.within(b.scope) and len(b.scope) > len(a.scope) and b.cue < a.cue
        ]
        chain: tuple[Speaker, ...] = ()
        for b in sorted(outer, key=lambda b: (-len(b.scope), b.cue)):
            chain += tuple(s for s in b.speakers if s.name not in {c.name for c in (*chain, *a.speakers)})
        out.append(Attribution(chain + a.speakers, a.scope, a.cue, a.manner, a.quoted))
    return out

"""Who did it and to whom, read off the parse: passives, nominal acts, conjunctions and light verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.mentions.acts import Act

_RELATIVE = {"who", "that", "which", "whom", "whose"}
_PRONOUNS = {
    "they",
    "it",
    "he",
    "she",
    "them",
    "him",
    "her",
    "we",
    "i",
    "you",
    "one",
    "itself",
    "themselves",
    "himself",
}
_HARM = {
    "hit",
    "kill",
    "strike",
    "target",
    "wound",
    "injure",
    "destroy",
    "rock",
    "shake",
    "leave",
    "damage",
    "ravage",
    "pound",
    "claim",
}
_MUTUAL = {"armed_clash", "negotiation", "agreement", "prisoner_release"}  # every side of these is a doer
_MUTUAL_PREPS = {"between", "among", "with"}
_TO_PREPS = {"against", "on", "upon", "at", "of", "targeting"}


@dataclass(frozen=True, slots=True)
class Roles:
    """Tokens that did the act and that it was done to, each in order; pronouns are kept for others to resolve."""

    agents: tuple[int, ...]
    patients: tuple[int, ...]


def conjuncts(token: Any) -> list[Any]:
    """The token and everything joined to it on the right."""
    out, stack = [], [token]
    while stack:
        t = stack.pop(0)
        out.append(t)
        stack += [c for c in t.children if c.dep_ in ("conj",) and c.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM")]
    return out


def subjects(verb: Any, depth: int = 0) -> tuple[list[Any], bool]:
    """The subject tokens of a verb, its own or the one it shares, and whether the verb is passive."""
    own = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass", "csubj")]
    passive = any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children)
    if own:
        out: list[Any] = []
        for subject in own:
            if subject.lower_ in _RELATIVE and verb.dep_ == "relcl":
                out += [verb.head]
            else:
                out += conjuncts(subject)
        return out, passive
    if depth < 4 and verb.dep_ in ("conj", "xcomp", "advcl", "pcomp") and verb.head.i != verb.i:
        head = verb.head
        if verb.dep_ == "pcomp":
            head = head.head
        if head.pos_ in ("VERB", "AUX"):
            shared, head_passive = subjects(head, depth + 1)
            if verb.dep_ == "conj" and verb.tag_ == "VBN" and head_passive:
                passive = True
            if verb.dep_ == "advcl" and verb.tag_ == "VBN":
                passive = True
            return shared, passive
    if verb.dep_ == "acl" and verb.head.pos_ in ("NOUN", "PROPN"):
        return [verb.head], verb.tag_ == "VBN"
    if verb.dep_ == "relcl":
        return [], passive
    return [], passive


def _by(token: Any) -> list[Any]:
    return [
        o
        for c in token.children
        if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ in ("by", "from"))
        for p in c.children
        if p.dep_ == "pobj" and (c.dep_ == "agent" or c.lower_ == "by")
        for o in conjuncts(p)
    ]


def _objects(verb: Any) -> list[Any]:
    out = [o for c in verb.children if c.dep_ in ("dobj", "dative", "oprd") for o in conjuncts(c)]
    for prep in verb.children:
        if prep.dep_ == "prep" and prep.lower_ in ("on", "at", "against", "upon"):
            out += [o for p in prep.children if p.dep_ == "pobj" for o in conjuncts(p)]
    return out


def _of_verb(verb: Any) -> tuple[list[Any], list[Any]]:
    found, passive = subjects(verb)
    if passive:
        return _by(verb), found
    return found, _objects(verb)


def _of_noun(noun: Any, act: Act, doc: Any) -> tuple[list[Any], list[Any]]:
    agents, patients = _by(noun), []
    p = english_parties()
    first = min(act.tokens)
    inner = [c for t in act.tokens if t != noun.i for c in doc[t].children if c.i < first]
    for child in [*inner, *noun.children]:
        if child.dep_ in ("poss", "compound", "amod", "nmod") and child.i < first:
            if child.pos_ == "PROPN" or child.lemma_.lower() in p.kinds or (child.text[:1].isupper() and child.i > 0):
                agents.append(child)
        elif child.dep_ == "prep" and child.lower_ in _TO_PREPS:
            for obj in child.children:
                if obj.dep_ == "pobj":
                    patients += conjuncts(obj)
        elif child.dep_ == "prep" and child.lower_ in _MUTUAL_PREPS and act.type in _MUTUAL:
            agents += [o for p in child.children if p.dep_ == "pobj" for o in conjuncts(p)]
        elif child.dep_ in ("acl", "relcl") and child.pos_ == "VERB":
            agents += _by(child)
            if child.lemma_.lower() in _HARM and child.tag_ != "VBN":
                patients += _objects(child)
    verb = doc[act.verb] if act.verb is not None else None
    if verb is not None and verb.i != noun.i:
        lemma = verb.lemma_.lower()
        found, passive = subjects(verb)
        is_subject = any(t.i == noun.i for t in found)
        if is_subject and passive:
            agents += _by(verb)
        elif is_subject and lemma in _HARM:
            patients += _objects(verb)
        elif not is_subject and (passive or lemma in p.light_passive):
            patients += found
            agents += _by(verb)
        elif not is_subject and (lemma in p.light_active or noun.dep_ == "dobj"):
            agents += found
    return agents, patients


def find_roles(doc: Any, act: Act) -> Roles:
    """Who did the act and to whom it was done, as tokens, each once and in order of the text."""
    token = doc[act.token]
    if token.pos_ in ("VERB", "AUX"):
        agents, patients = _of_verb(token)
        if act.type in ("armed_clash", "negotiation", "agreement"):
            agents += [
                o
                for c in token.children
                if c.dep_ == "prep" and c.lower_ in ("with", "against")
                for p in c.children
                if p.dep_ == "pobj"
                for o in conjuncts(p)
            ]
    else:
        agents, patients = _of_noun(token, act, doc)
    keep = {t.i for t in patients} - {act.token}
    return Roles(tuple(sorted({t.i for t in agents} - {act.token} - keep)), tuple(sorted(keep)))


def is_pronoun(token: Any) -> bool:
    """True for words that stand for a party named elsewhere."""
    return token.pos_ == "PRON" or token.lower_ in _PRONOUNS

"""Words that may name an incident: matched by lemma, typed by the means told beside them, with their clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trucewatch.reading.english.lexicons import Entry, Lexicon
from trucewatch.reading.english.parties import english_parties

_GAP = 3  # words a verb phrase may have between its own ("took full control")
_CUT = {"conj", "advcl", "ccomp", "parataxis", "cc", "punct", "mark", "dep", "intj"}


@dataclass(frozen=True, slots=True)
class Act:
    """A word or phrase that may name an incident.

    `token` is the anchor, `tokens` every token of the phrase, `verb` the token of the verb it hangs by (itself, a light
    verb, or None for a noun inside a noun phrase). `clause` are half-open token offsets of the shortest run holding the
    core. `means` is the type the means beside it say, None where none is told. `type` is what the rules take it for.
    """

    token: int
    tokens: tuple[int, ...]
    type: str
    entry: Entry
    means: str | None
    verb: int | None
    clause: tuple[int, int]
    sentence: int


def _noun(doc: Any, i: int, entries: tuple[Entry, ...]) -> tuple[Entry, tuple[int, ...]] | None:
    for entry in entries:
        n = len(entry.words)
        if n == 1:
            return entry, (i,)
        if i - n + 1 >= 0 and all(
            doc[i - n + 1 + k].lemma_.lower() == w or doc[i - n + 1 + k].lower_ == w for k, w in enumerate(entry.words)
        ):
            return entry, tuple(range(i - n + 1, i + 1))
    return None


def _verb(doc: Any, i: int, entries: tuple[Entry, ...]) -> tuple[Entry, tuple[int, ...]] | None:
    for entry in entries:
        at, used = i, [i]
        for word in entry.words[1:]:
            nxt = next(
                (
                    j
                    for j in range(at + 1, min(at + 2 + _GAP, len(doc)))
                    if word in (doc[j].lemma_.lower(), doc[j].lower_)
                ),
                None,
            )
            if nxt is None:
                break
            at = nxt
            used.append(nxt)
        else:
            return entry, tuple(used)
    return None


def _keys(token: Any) -> tuple[str, ...]:
    """What a token may stand under: its lemma, its form, and the form without -ed where it was tagged as no verb."""
    form = token.lower_
    keys = [token.lemma_.lower(), form]
    if form.endswith("ed") and len(form) > 4:
        keys += [form[:-2], form[:-1]]
    return tuple(dict.fromkeys(keys))


def is_blocked(doc: Any, i: int, lexicon: Lexicon) -> bool:
    """True where a word stands in a phrase that uses it for something else ("trade truce")."""
    near = [(doc[j].lower_, doc[j].lemma_.lower()) for j in range(max(0, i - 3), min(len(doc), i + 4))]
    for k, words in enumerate(near):
        for word in set(words):
            for phrase in lexicon.blockers.get(word, ()):
                if k + len(phrase) <= len(near) and all(w in near[k + m] for m, w in enumerate(phrase)):
                    return True
    return False


def governing_verb(token: Any) -> Any | None:
    """The verb a noun hangs by through subject, object or a preposition of it; None inside a noun phrase."""
    head = token
    while head.dep_ == "conj" and head.head.i != head.i and head.head.pos_ in ("NOUN", "PROPN"):
        head = head.head
    if head.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "oprd", "dative") and head.head.pos_ in ("VERB", "AUX"):
        return head.head
    if head.dep_ == "pobj" and head.head.dep_ in ("prep", "agent") and head.head.head.pos_ in ("VERB", "AUX"):
        return head.head.head
    return None


def clause_of(token: Any, sentence: tuple[int, int]) -> tuple[int, int]:
    """Half-open token offsets of the run around a verb or noun without the clauses that hang by it."""
    low, high = token.i, token.i
    stack = [token]
    verb = token.pos_ in ("VERB", "AUX")
    while stack:
        t = stack.pop()
        low, high = min(low, t.i), max(high, t.i)
        for child in t.children:
            if child.dep_ in _CUT and (verb or child.dep_ != "conj") and not (child.dep_ == "conj" and t is not token):
                continue
            stack.append(child)
    low, high = max(low, sentence[0]), min(high, sentence[1] - 1)
    doc = token.doc
    while low < token.i and (doc[low].is_punct or doc[low].is_space or doc[low].dep_ in ("cc", "mark")):
        low += 1
    while high > token.i and (doc[high].is_punct or doc[high].is_space):
        high -= 1
    return low, high + 1


def _means(doc: Any, tokens: tuple[int, ...], clause: tuple[int, int], lexicon: Lexicon) -> str | None:
    """The type the nearest means word of the clause says; words before the act win a tie."""
    best: tuple[int, int, str] | None = None
    anchor = tokens[-1]
    for j in range(clause[0], clause[1]):
        kind = lexicon.means.get(doc[j].lemma_.lower()) or lexicon.means.get(doc[j].lower_)
        if kind is not None and (best is None or (abs(j - anchor), j) < best[:2]):
            best = (abs(j - anchor), j, kind)
    return best[2] if best else None


def find_acts(doc: Any, lexicon: Lexicon, sentences: tuple[tuple[int, int], ...], skipped: frozenset[int]) -> list[Act]:
    """Every word that may name an incident, in order; of overlapping phrases the longest."""
    found: list[Act] = []
    light = english_parties().light_active | english_parties().light_passive
    for s, (start, end) in enumerate(sentences):
        if s in skipped:
            continue
        taken: set[int] = set()
        for i in range(start, end):
            token = doc[i]
            keys = [k for k in _keys(token) if k in lexicon.anchors]
            if i in taken or not keys or is_blocked(doc, i, lexicon):
                continue
            as_verb = next((lexicon.verbs[k] for k in keys if k in lexicon.verbs), ())
            as_noun = next((lexicon.nouns[k] for k in keys if k in lexicon.nouns), ())
            match = None
            if token.pos_ in ("NOUN", "PROPN", "ADJ"):
                if as_noun and not (token.dep_ == "compound" and token.head.i > i and token.pos_ != "PROPN"):
                    match = _noun(doc, i, as_noun)
                if match is None and token.pos_ != "NOUN" and token.dep_ != "compound":
                    match = _verb(doc, i, as_verb)
            elif token.pos_ in ("VERB", "AUX"):
                match = _verb(doc, i, as_verb) or _noun(doc, i, as_noun)
            if match is None or taken.intersection(match[1]):
                continue
            entry, tokens = match
            taken.update(tokens)
            verb = token if token.pos_ in ("VERB", "AUX") else governing_verb(token)
            core = token
            if (
                verb is not None
                and verb.i != token.i
                and (
                    verb.lemma_ in light
                    or verb.lemma_.lower() not in lexicon.verbs
                    or token.dep_ in ("nsubj", "nsubjpass")
                )
            ):
                core = verb
            clause = clause_of(core, (start, end))
            means = _means(doc, tokens, clause, lexicon)
            kind = means if entry.open and means and _fits(entry) else entry.type
            found.append(Act(i, tokens, kind, entry, means, verb.i if verb is not None else None, clause, s))
    return found


def _fits(entry: Entry) -> bool:
    # a rocket beside "entered" does not make the entry a shelling
    return entry.type not in ("troop_movement", "withdrawal", "negotiation", "prisoner_release", "territorial_change")

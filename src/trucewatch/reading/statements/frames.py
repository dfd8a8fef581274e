"""Passages that may be a statement: a verb of speech or of a stance with who says it and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.statements.speakers import Speakers, english_statements, party_of, subject_of
from trucewatch.terms.accounts import Party

_CUT = ("conj", "advcl", "relcl", "parataxis")
_MODALS = {"must", "should", "will", "would", "wo", "shall", "may", "might", "could", "can", "'ll", "need"}
_MARKS = {'"', "“", "”", "''", "``", "«", "»"}


@dataclass(frozen=True, slots=True)
class Frame:
    """A candidate: half-open token offsets of the passage, who says it, whom it is about, and what can be weighed."""

    start: int
    end: int
    speaker: Party | None
    about: Party | None
    features: frozenset[str]
    plain: str | None = None  # the kind of a cue that leaves no doubt


def find_frames(doc: Doc, sentences: tuple[tuple[int, int], ...], skipped: frozenset[int]) -> Iterator[Frame]:
    """Every passage that may be a statement, in order of the text. Sentences are half-open token offsets."""
    speakers = Speakers()
    open_quote = False
    for index, (start, end) in enumerate(sentences):
        n_marks = sum(doc[i].text in _MARKS for i in range(start, end))
        starts_quoted = open_quote or (end > start and doc[start].text in _MARKS)
        open_quote ^= bool(n_marks % 2)
        if index in skipped:
            continue
        verbs = [doc[i] for i in range(start, end) if _may_state(doc[i])]
        found = False
        for i in range(start, end):
            if doc[i].dep_ == "nsubj" and not _may_state(doc[i].head):
                speakers.notice(doc[i])
        for verb in verbs:
            subject = subject_of(verb)
            speaker = speakers.named(subject) if subject is not None else None
            told = verb.lemma_ in english_parties().speech or verb.dep_ == "ROOT"
            if speaker is not None and subject is not None and told:
                speakers.remember(subject, speaker)
                found = True
            quoted = _quoted_speaker(verb)
            if quoted is not None:
                subject, speaker = quoted, party_of(quoted)
                speakers.remember(quoted, speaker)
            yield _frame(doc, verb, subject, speaker, (start, end), index, n_marks > 0)
        if not found and starts_quoted and speakers.last is not None:
            root = next((doc[i] for i in range(start, end) if doc[i].dep_ == "ROOT"), doc[start])
            features = _content(doc, start, end, root) | {"form:quoted", f"where:{min(index, 4)}"}
            yield Frame(*_trimmed(doc, start, end), speakers.last, None, frozenset(features))


def _quoted_speaker(verb: Token) -> Token | None:
    """The one whose words a medium gives: "the agency quoted the minister as saying"."""
    if verb.lemma_ not in ("quote", "cite"):
        return None
    return next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.pos_ in ("NOUN", "PROPN")), None)


def _may_state(token: Token) -> bool:
    lemma = token.lemma_.lower()
    said = lemma in english_parties().speech or lemma in english_statements().kinds
    return token.pos_ in ("VERB", "AUX") and said


def _frame(
    doc: Doc,
    verb: Token,
    subject: Token | None,
    speaker: Party | None,
    sentence: tuple[int, int],
    index: int,
    marks: bool,
) -> Frame:
    start, end = _passage(verb, sentence, subject)
    features = _content(doc, start, end, verb) | _shape(verb, subject, speaker) | {f"where:{min(index, 4)}"}
    if marks:
        features.add("marks")
    return Frame(*_trimmed(doc, start, end), speaker, _about(verb), frozenset(features), _plain_kind(verb))


def _plain_kind(verb: Token) -> str | None:
    """The kind of a plain cue told as said: not negated, not wished for."""
    if verb.tag_ == "VB" or any(c.dep_ == "neg" or c.tag_ == "MD" for c in verb.children):
        return None
    lists = english_statements()
    lemma = verb.lemma_.lower()
    phrases = [f"{lemma} {c.lemma_.lower()}" for c in verb.children if c.dep_ in ("prep", "prt", "dobj")]
    kind = next((lists.plain[key] for key in (*phrases, lemma) if key in lists.plain), None)
    governed = (t.lemma_.lower() for c in verb.children if c.i > verb.i and c.dep_ != "conj" for t in c.subtree)
    return next((lists.turns[kind, word] for word in governed if (kind, word) in lists.turns), kind) if kind else None


def _passage(verb: Token, sentence: tuple[int, int], subject: Token | None) -> tuple[int, int]:
    """The verb with its subject and what it governs, without the clauses beside it."""
    indexes = {verb.i}
    stack = [verb]
    while stack:
        token = stack.pop()
        for child in token.children:
            if token.i == verb.i and child.dep_ in _CUT and child.i > verb.i and not _is_speech_body(verb, child):
                continue
            indexes.add(child.i)
            stack.append(child)
    if subject is not None and subject.i < verb.i and verb.i - subject.i < 12:
        indexes.add(subject.i)
    low, high = max(min(indexes), sentence[0]), min(max(indexes) + 1, sentence[1])
    return low, high


def _is_speech_body(verb: Token, child: Token) -> bool:
    return child.dep_ in ("parataxis", "advcl") and verb.lemma_ in english_parties().speech and child.i - verb.i < 4


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end - 1 and (doc[start].is_space or doc[start].lower_ in (",", ".", "and", "but", ";", "-", "–")):
        start += 1
    while end > start + 1 and (doc[end - 1].is_space or doc[end - 1].text in (",", ".", ";", "-", "–")):
        end -= 1
    return start, end


def _content(doc: Doc, start: int, end: int, verb: Token) -> set[str]:
    """Words of what is said: lemmas, modal verbs, negation, who acts in it."""
    kinds, hints = english_statements().kinds, english_statements().hints
    found: set[str] = set()
    for i in range(start, end):
        token = doc[i]
        lemma = token.lemma_.lower()
        if token.pos_ in ("VERB", "NOUN", "ADJ", "ADV") and i != verb.i:
            found.add(f"word:{lemma}")
            found.update(f"hint:{k}" for k in (*hints.get(lemma, ()), *kinds.get(lemma, ())))
        if token.lower_ in _MODALS and token.tag_ == "MD":
            found.add(f"modal:{token.lower_}")
            acting = next((c for c in token.head.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            own = acting is not None and acting.lower_ in ("we", "i", "it", "they", "he", "she")
            found.add(f"modal:{token.lower_}:{'own' if own else 'other'}")
        if token.dep_ == "neg":
            found.add("negated")
        if token.lower_ in ("we", "i", "our", "us"):
            found.add("first_person")
        if token.lower_ in ("if", "unless", "until"):
            found.add(f"if:{token.lower_}")
    return found


def _shape(verb: Token, subject: Token | None, speaker: Party | None) -> set[str]:
    lemma = verb.lemma_.lower()
    found = {f"cue:{lemma}", f"tag:{verb.tag_}", f"dep:{verb.dep_}"}
    found.update(f"kind:{k}" for k in english_statements().kinds.get(lemma, ()))
    if lemma in english_parties().speech:
        found.add("speech")
    for child in verb.children:
        if child.dep_ in ("prep", "prt", "dobj", "ccomp", "xcomp", "agent", "nsubjpass"):
            found.add(f"has:{child.dep_}")
            found.add(
                f"cue:{lemma}:{child.dep_}"
                + (f":{child.lemma_.lower()}" if child.dep_ in ("prep", "prt", "dobj") else "")
            )
        if child.dep_ in ("xcomp", "ccomp"):
            found.add(f"cue:{lemma}>{child.lemma_.lower()}")
            found.update(f"then:{k}" for k in english_statements().kinds.get(child.lemma_.lower(), ()))
        if child.dep_ == "neg":
            found.add("cue_negated")
        if child.dep_ == "aux" and child.tag_ == "MD":
            found.add(f"cue_modal:{child.lower_}")
    if verb.head.i != verb.i:
        found.add(f"under:{verb.head.lemma_.lower()}")
    if speaker is None:
        found.add("nobody")
    elif subject is not None:
        head = subject.lemma_.lower()
        kind = english_parties().kinds.get(head, "name" if subject.pos_ == "PROPN" else subject.pos_)
        found.update({f"by:{kind}", f"by:{kind}:{lemma}"})
    return found


def _about(verb: Token) -> Party | None:
    """The one a stance is aimed at: the object of "accused", the one called on, the doer in what is said."""
    for child in verb.children:
        if child.dep_ in ("dobj", "dative") and child.pos_ in ("PROPN", "NOUN"):
            return party_of(child)
        if child.dep_ == "prep" and child.lower_ in ("on", "to", "against", "at"):
            inner = next((c for c in child.children if c.dep_ == "pobj" and c.pos_ in ("PROPN", "NOUN")), None)
            if inner is not None:
                return party_of(inner)
    for child in verb.children:
        if child.dep_ in ("ccomp", "xcomp"):
            inner = next((c for c in child.children if c.dep_ == "nsubj" and c.pos_ in ("PROPN", "NOUN")), None)
            if inner is not None:
                return party_of(inner)
    return None

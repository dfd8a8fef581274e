"""Passages that may be a statement: a verb of speech or of a stance with who says it and what is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.statements.features import content_of, is_party, sense_of, shape_of
from trucewatch.reading.statements.speakers import Speakers, english_statements, party_of, subject_of
from trucewatch.terms.accounts import Party

_CUT = ("conj", "advcl", "relcl", "parataxis")
_LIGHT = {"give", "make", "issue", "renew", "repeat", "express", "raise", "level", "voice", "send", "deliver"}
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
    mutual: bool = False  # "A and B accused each other": one passage, a statement for each
    counts_breaches: bool = False  # "violated it 4,000 times" is a tally and no accusation besides


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
        found = False
        place = _Place(index, (start, end), n_marks > 0, _teller(doc, start, end))
        for i in range(start, end):
            token = doc[i]
            if _may_state(token):
                for frame, told in _told_by_verb(doc, token, speakers, place):
                    found |= told
                    yield frame
            elif _acts(token) and (token.dep_ == "nsubjpass" or not _may_state(token.head)):
                speakers.notice(token)
            if token.lower_ == "according" or token.lemma_.lower() in english_statements().sayings:
                frame_or_none = _told_by_noun(doc, token, speakers, place)
                if frame_or_none is not None:
                    found |= token.lower_ == "according"
                    yield frame_or_none
        if not found and starts_quoted and speakers.last is not None:
            root = next((doc[i] for i in range(start, end) if doc[i].dep_ == "ROOT"), doc[start])
            features = content_of(doc, start, end, root) | {"form:quoted", *place.features()}
            features |= {f"speech:{sense}" for sense in sense_of(root, speakers.last)}
            yield Frame(*_trimmed(doc, start, end), speakers.last, None, frozenset(features))


@dataclass(frozen=True, slots=True)
class _Place:
    """The sentence a candidate stands in: its number, its half-open tokens, whether it quotes, who tells it."""

    index: int
    sentence: tuple[int, int]
    marks: bool
    teller: Token | None

    def features(self) -> set[str]:
        return {f"where:{min(self.index, 4)}"} | ({"marks"} if self.marks else set())


def _teller(doc: Doc, start: int, end: int) -> Token | None:
    """The named subject of the last verb of speech in a sentence: whose "we" the words beside it are."""
    told = [subject_of(doc[i]) for i in range(start, end) if doc[i].lemma_ in english_parties().speech]
    named = [s for s in told if s is not None and (s.pos_ in ("NOUN", "PROPN") or s.lower_ in ("he", "she"))]
    return named[-1] if named else None


def _told_by_verb(doc: Doc, verb: Token, speakers: Speakers, place: _Place) -> Iterator[tuple[Frame, bool]]:
    """The candidates of a verb, each with whether its speaker is one who was told of."""
    subject = subject_of(verb)
    if subject is not None and subject.lower_ in ("we", "i") and place.teller is not None:
        subject = place.teller
    speaker = speakers.named(subject) if subject is not None else None
    told = verb.lemma_ in english_parties().speech or verb.dep_ == "ROOT"
    heard = speaker is not None and subject is not None and told and is_party(subject)
    if heard and subject is not None and speaker is not None:
        speakers.remember(subject, speaker)
    quoted = _quoted_speaker(verb)
    if quoted is not None:
        subject, speaker = quoted, speakers.named(quoted)
        if speaker is not None:
            speakers.remember(quoted, speaker)
    mutual = any(c.dep_ == "dobj" and c.lower_ in ("other", "another") for c in verb.children)
    yield replace(_frame(doc, verb, subject, speaker, place), mutual=mutual), heard
    for other in subject.conjuncts if subject is not None and mutual else ():
        yield replace(_frame(doc, verb, other, party_of(other), place), mutual=True), True


def _told_by_noun(doc: Doc, noun: Token, speakers: Speakers, place: _Place) -> Frame | None:
    """The candidate of "according to X", "X's demand that" or "a threat by X"; None where nobody is named."""
    start, end = place.sentence
    root = next((doc[i] for i in range(start, end) if doc[i].dep_ == "ROOT"), noun)
    if noun.lower_ == "according":
        owner = next((g for c in noun.children if c.lower_ == "to" for g in c.children if g.dep_ == "pobj"), None)
        features = content_of(doc, start, end, root) | {"form:according"}
    else:
        by = (g for c in noun.rights if c.lower_ in ("by", "from") for g in c.children if g.dep_ == "pobj")
        owner = next((c for c in noun.lefts if c.dep_ == "poss"), None) or next(by, None)
        start, end = max(start, noun.left_edge.i), min(end, noun.right_edge.i + 1)
        features = content_of(doc, start, end, noun)
        features |= {"form:noun", f"noun:{noun.lemma_.lower()}", f"noun_in:{noun.dep_}:{noun.head.lemma_.lower()}"}
        features.add(f"kind:{english_statements().sayings[noun.lemma_.lower()]}")
    speaker = speakers.named(owner) if owner is not None else None
    if noun.lower_ == "according":
        features |= {f"speech:{sense}" for sense in sense_of(root, speaker)}
    if owner is None or speaker is None:
        return None
    if noun.lower_ == "according":
        speakers.remember(owner, speaker)
    return Frame(*_trimmed(doc, start, end), speaker, None, frozenset(features | place.features()))


def _acts(token: Token) -> bool:
    by = token.dep_ == "pobj" and (token.head.dep_ == "agent" or token.head.lower_ == "by")
    return by or token.dep_ in ("nsubj", "nsubjpass")


def _quoted_speaker(verb: Token) -> Token | None:
    """The one whose words a medium gives: "the agency quoted the minister as saying"."""
    if verb.lemma_ not in ("quote", "cite"):
        return None
    return next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.pos_ in ("NOUN", "PROPN")), None)


def _may_state(token: Token) -> bool:
    if token.pos_ not in ("VERB", "AUX"):
        return False
    lemma, lists = token.lemma_.lower(), english_statements()
    if lemma in english_parties().speech or lemma in lists.kinds or lemma in lists.says:
        return True
    if token.dep_ == "ROOT" and any(c.dep_ == "aux" and c.lower_ in ("will", "wo") for c in token.children):
        return any(c.dep_ == "nsubj" and is_party(c) and c.pos_ != "PRON" for c in token.children)
    if lemma == "be":
        return any(c.dep_ == "acomp" and c.lemma_.lower() in lists.states for c in token.children)
    return lemma in _LIGHT and any(c.dep_ == "dobj" and c.lemma_.lower() in lists.sayings for c in token.children)


def _frame(doc: Doc, verb: Token, subject: Token | None, speaker: Party | None, place: _Place) -> Frame:
    start, end = _passage(verb, place.sentence, subject)
    features = content_of(doc, start, end, verb) | shape_of(verb, subject, speaker) | place.features()
    plain = _plain_kind(verb) if subject is not None and is_party(subject) else None
    counts = _counts_breaches(doc, start, end)
    return Frame(*_trimmed(doc, start, end), speaker, _about(verb), frozenset(features), plain, counts_breaches=counts)


def _counts_breaches(doc: Doc, start: int, end: int) -> bool:
    """True where a run counts breaches: "violated the truce 4,000 times", "121 violations"."""
    lemmas = [doc[i].lemma_.lower() for i in range(start, end)]
    breaks = any(lemma in ("violate", "breach", "break") for lemma in lemmas)
    return any(
        doc[i].like_num and any(n in ("violation", "breach") or (n == "time" and breaks) for n in lemmas[k + 1 : k + 4])
        for k, i in enumerate(range(start, end))
    )


def _plain_kind(verb: Token) -> str | None:
    """The kind of a plain cue told as said: not negated, not wished for."""
    if verb.tag_ == "VB" or any(c.dep_ == "neg" or c.tag_ == "MD" for c in verb.children):
        return None
    lists = english_statements()
    lemma = verb.lemma_.lower()
    phrases = [f"{lemma} {c.lemma_.lower()}" for c in verb.children if c.dep_ in ("prep", "prt", "dobj")]
    kind = next((lists.plain[key] for key in (*phrases, lemma) if key in lists.plain), None)
    if kind is not None and any(
        c.dep_ in ("xcomp", "dobj") and c.lemma_.lower() in lists.silent for c in verb.children
    ):
        return None  # "refused to comment"
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
    bare = not any(c.dep_ in ("ccomp", "xcomp", "dobj", "prep", "advcl", "parataxis") for c in verb.children)
    if bare and verb.lemma_ in english_parties().speech:  # the parse has lost what is said: it stands beside
        return (low, sentence[1]) if 2 * verb.i < sum(sentence) else (sentence[0], high)
    return low, high


def _is_speech_body(verb: Token, child: Token) -> bool:
    return child.dep_ in ("parataxis", "advcl") and verb.lemma_ in english_parties().speech and child.i - verb.i < 4


def _trimmed(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end - 1 and (doc[start].is_space or doc[start].lower_ in (",", ".", "and", "but", ";", "-", "–")):
        start += 1
    while end > start + 1 and (doc[end - 1].is_space or doc[end - 1].text in (",", ".", ";", "-", "–")):
        end -= 1
    return start, end


def _about(verb: Token) -> Party | None:
    """The one a stance is aimed at: the object of "accused", the one called on, the doer in what is said."""
    for child in verb.children:
        if child.dep_ in ("dobj", "dative") and _may_be_meant(child):
            return party_of(child)
        if child.dep_ == "prep" and child.lower_ in ("on", "to", "against", "at"):
            inner = next((c for c in child.children if c.dep_ == "pobj" and _may_be_meant(c)), None)
            if inner is not None:
                return party_of(inner)
    for child in verb.children:
        if child.dep_ in ("ccomp", "xcomp"):
            inner = next((c for c in child.children if c.dep_ == "nsubj" and _may_be_meant(c)), None)
            if inner is not None:
                return party_of(inner)
    return None


def _may_be_meant(token: Token) -> bool:
    return token.pos_ in ("PROPN", "NOUN") and token.ent_type_ not in ("DATE", "TIME")

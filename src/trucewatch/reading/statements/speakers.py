"""Who speaks: the subject of a verb as a party, with pronouns led back to the one who spoke before."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.reading.english.parties import english_parties
from trucewatch.terms.accounts import Party
from trucewatch.terms.codebooks import load_codebook
from trucewatch.terms.spans import Span

_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_PERSONS = {"he", "she", "him", "her"}
_GROUPS = {"it", "they", "them", "group", "movement", "organization", "organisation", "country", "militia"}
_CALLED = {"know", "call", "name", "dub", "style"}
_MADE_BY = {"by", "from", "of", "released", "issued", "published"}
_RELATIVE = {"who", "which", "that"}


@dataclass(frozen=True, slots=True)
class Statements:
    """The lists of the statement lexicon: kinds by lemma of cues and hints, the sure kind of plain cues, names."""

    kinds: dict[str, tuple[str, ...]]
    hints: dict[str, tuple[str, ...]]
    plain: dict[str, str]
    turns: dict[tuple[str, str], str]  # (kind of the plain cue, word it governs): the kind it turns into
    sayings: dict[str, str]  # noun of saying: the kind it speaks for
    states: dict[str, str]  # adjective of a party's mind: the kind it speaks for
    says: frozenset[str]
    silent: frozenset[str]  # what a plain cue governs where nothing of substance is said
    documents: frozenset[str]
    bodies: frozenset[str]
    titles: frozenset[str]
    offices: frozenset[str]


@cache
def english_statements() -> Statements:
    """The shipped English lists."""
    book = load_codebook("lexicon_en_statements")
    turns = {(of, word): kind for kind, row in book["turns"].items() for of in row["of"] for word in row["words"]}
    return Statements(
        kinds=_by_lemma(book["cues"]),
        hints=_by_lemma(book["hints"]),
        turns=turns,
        plain=dict(book["plain"]),
        sayings=dict(book["sayings"]),
        states=dict(book["states"]),
        says=frozenset(book["says"]),
        silent=frozenset(book["silent"]),
        documents=frozenset(book["documents"]),
        bodies=frozenset(book["bodies"]),
        titles=frozenset(book["titles"]),
        offices=frozenset(book["offices"]),
    )


def _by_lemma(lists: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for kind, lemmas in lists.items():
        for lemma in dict.fromkeys(lemmas):
            found.setdefault(lemma, []).append(kind)
    return {lemma: tuple(kinds) for lemma, kinds in found.items()}


def subject_of(verb: Token) -> Token | None:
    """The one who does what the verb says: its subject, the agent of a passive, or the subject it shares."""
    seen = verb
    for _ in range(5):
        agent = next((g for c in seen.children if c.dep_ == "agent" for g in c.children if g.dep_ == "pobj"), None)
        if agent is not None:
            return agent
        own = next((c for c in seen.children if c.dep_ in _SUBJECTS), None)
        if own is not None and own.dep_ == "nsubjpass" and seen.i == verb.i:
            return None
        if own is not None and own.lower_ in _RELATIVE and seen.dep_ == "relcl":
            return seen.head
        if own is not None:
            return own
        if seen.dep_ == "acl" and seen.head.pos_ in ("NOUN", "PROPN"):
            # "after rebels asked": the parser takes a plain past for a participle
            plain = seen.i == verb.i and seen.head.i == seen.i - 1 and seen.lemma_.lower() in english_statements().kinds
            return seen.head if seen.tag_ == "VBG" or plain else None
        if seen.head.i == seen.i:
            return _before(verb)
        if seen.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "parataxis"):
            return None
        seen = seen.head
    return None


def _before(verb: Token) -> Token | None:
    """The noun that opens the sentence of a verb whose subject the parse has lost, or None."""
    first = next(
        (t for t in verb.sent if t.pos_ in ("NOUN", "PROPN", "PRON") and t.dep_ not in ("compound", "nmod")), None
    )
    return first if first is not None and first.i < verb.i and first.dep_ not in ("pobj", "npadvmod") else None


def party_of(token: Token) -> Party:
    """The phrase a noun heads as a party: the name without titles, or the description without article."""
    doc = token.doc
    named = _named(token)
    if named is not None:
        return _party(doc, *named)
    start, end = token.i, token.i + 1
    for child in reversed(list(token.lefts)):
        if child.dep_ not in ("amod", "compound", "nmod", "poss", "nummod", "case") or child.right_edge.i != start - 1:
            break
        start = child.left_edge.i
    while start < token.i and (doc[start].pos_ in ("DET", "PUNCT", "SPACE") or doc[start].dep_ == "det"):
        start += 1
    of = next((c for c in token.rights if c.dep_ == "prep" and c.lower_ in ("of", "for") and c.i <= token.i + 1), None)
    if of is not None and token.lemma_.lower() in english_statements().offices | {
        "ministry",
        "army",
        "council",
        "head",
    }:
        inner = next((c for c in of.children if c.dep_ == "pobj"), None)
        if inner is not None and inner.i - token.i < 8:
            end = inner.i + 1
    return _party(doc, start, end)


def _named(token: Token) -> tuple[int, int] | None:
    """The run of proper nouns that ends with the head or with the name beside it, titles left out."""
    titles = english_statements().titles
    heads = [token] if token.pos_ == "PROPN" else []
    if token.pos_ == "PROPN" or token.lemma_.lower() in english_statements().offices:
        heads += [c for c in token.subtree if c.dep_ == "appos" and c.pos_ == "PROPN" and c.i > token.i]
        heads += _name_behind(token) if token.pos_ != "PROPN" else []
    else:
        heads += _names_beside(token)
    for head in heads:
        start = head.i
        while start > token.sent.start and (
            token.doc[start - 1].pos_ == "PROPN" or token.doc[start - 1].text in ("-", "of", "for", "'s")
        ):
            start -= 1
        while start < head.i and (token.doc[start].lower_ in titles or token.doc[start].pos_ not in ("PROPN",)):
            start += 1
        end = head.i + 1
        while end < len(token.doc) and token.doc[end].pos_ == "PROPN" and token.doc[end].head.i <= head.i:
            end += 1
        tail = next((c for c in head.rights if c.dep_ == "prep" and c.lower_ in ("of", "for") and c.i == end), None)
        inner = next((c for c in tail.children if c.pos_ == "PROPN"), None) if tail is not None else None
        if inner is not None and inner.i - end < 5:
            end = inner.i + 1
        return start, end
    return None


def _name_behind(office: Token) -> list[Token]:
    """The name between commas behind an office where the parse has lost it: "the mediator for X, N N, said"."""
    doc, end = office.doc, min(office.sent.end, office.i + 10)
    comma = next((i for i in range(office.i + 1, end) if doc[i].text == ","), None)
    if comma is None or any(doc[i].pos_ in ("VERB", "AUX") for i in range(office.i, comma)):
        return []
    last = comma
    while last + 1 < end and doc[last + 1].pos_ == "PROPN":
        last += 1
    return [doc[last]] if last >= comma + 2 and last + 1 < len(doc) and doc[last + 1].text == "," else []


def _names_beside(token: Token) -> list[Token]:
    """The names a description is given: "the group, X", "a group known as X", "groups such as X"."""
    found = [c for c in token.rights if c.dep_ == "appos" and c.pos_ == "PROPN"]
    for child in token.rights:
        called = child.dep_ == "acl" and child.lemma_.lower() in _CALLED
        like = child.dep_ == "prep" and child.lower_ == "as" and any(c.lower_ == "such" for c in child.children)
        if called or like:
            found += [t for t in child.subtree if t.pos_ == "PROPN" and t.head.pos_ != "PROPN" and t.i > child.i][:1]
    return found


def _party(doc: Doc, start: int, end: int) -> Party:
    last = doc[end - 1]
    span = Span(doc[start].idx, last.idx + len(last))
    return Party(doc[start:end].text.replace("\n", " "), span)


class Speakers:
    """Keeps who spoke last while a report is read in order, so that "he" and "the group" find a name."""

    def __init__(self) -> None:
        self._person: Party | None = None
        self._group: Party | None = None
        self._surnames: set[str] = set()
        self._offices: dict[frozenset[str], Party] = {}  # words before a name that say what somebody is
        self.last: Party | None = None

    def named(self, token: Token) -> Party | None:
        """The party a subject stands for; None for a pronoun with nobody before it and for "there" and "that"."""
        word = token.lower_
        if word in _PERSONS:
            return self._person or self.last
        bare = [c.lower_ for c in token.children if c.dep_ not in ("relcl", "punct")] in (["the"], ["this"])
        if word in _GROUPS and (token.pos_ == "PRON" or bare):
            return self._group or self.last
        if token.pos_ == "PRON":
            return self.last if word in ("i", "we") else None
        if token.lemma_.lower() in english_statements().documents:
            return self._author(token)
        if token.tag_ == "NN" and token.lemma_.lower() in english_statements().offices and _named(token) is None:
            words = frozenset(c.lower_ for c in token.lefts if c.dep_ in ("amod", "compound", "nmod")) | {token.lower_}
            known = [party for told, party in self._offices.items() if words <= told]
            if known and len(words) > 1:
                return known[-1]
            if bare and self._person is not None:
                return self._person
        if token.pos_ not in ("NOUN", "PROPN", "ADJ", "X", "NUM"):
            return None
        return party_of(token)

    def _author(self, document: Token) -> Party | None:
        """Who made what is written: "a statement from the office"; the last speaker where nobody is told."""
        by = (c for c in document.rights if c.dep_ in ("prep", "agent", "acl") and c.lower_ in _MADE_BY)
        inner = next((g for c in by for g in c.subtree if g.dep_ == "pobj"), None)
        owner = inner or next((c for c in document.lefts if c.dep_ == "poss" and c.pos_ != "PRON"), None)
        if owner is not None:
            return self.named(owner)
        told = any(c.dep_ in ("amod", "compound", "nmod") for c in document.lefts)
        return party_of(document) if told or self.last is None else self.last

    def notice(self, token: Token) -> None:
        """Takes note of a named one that does something, so that a following "it" or "she" may stand for it."""
        if _named(token) is not None:
            self._keep(token, party_of(token))

    def remember(self, token: Token, party: Party) -> None:
        """Takes note of one who was told of."""
        self.last = party
        self._keep(token, party)

    def _keep(self, token: Token, party: Party) -> None:
        one = token.tag_ == "NN" and token.lemma_.lower() in english_statements().offices - {"source", "statement"}
        if token.lower_ in _PERSONS or one or self._person_like(party):
            self._person = party
            self._surnames.add(party.name.split()[-1].lower())
            start = next((t.i for t in token.subtree if t.idx == party.span.start), token.i) if party.span else token.i
            before = token.doc[max(token.sent.start, start - 5) : start]
            if any(t.lower_ in english_statements().titles for t in before):
                self._offices[frozenset(t.lower_ for t in before)] = party
        elif _titled(token):
            self._person = party
        else:
            self._group = party

    def _person_like(self, party: Party) -> bool:
        """True where a name looks like that of a person: two to four words, none that tells a body, or seen as one."""
        words = party.name.lower().replace("'s", "").replace("’s", "").split()
        if " ".join(words) in COUNTRIES or any(w in english_statements().bodies for w in words):
            return False
        if any(english_parties().kinds.get(w) == "armed" for w in words) or not all(
            w[:1].isupper() or w[:3] in ("al-", "el-") for w in party.name.split()
        ):
            return False
        return words[-1] in self._surnames or (2 <= len(words) <= 4 and not party.name.isupper())


def _titled(token: Token) -> bool:
    """True where a title stands before a name."""
    lefts = {token.doc[i].lower_ for i in range(max(token.sent.start, token.i - 4), token.i)}
    return token.pos_ == "PROPN" and bool(lefts & english_statements().titles)

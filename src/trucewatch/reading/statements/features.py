"""What can be weighed of a passage that may be a statement: its words, its cue, who says it, what is said of whom."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from trucewatch.reading.english.countries import COUNTRIES
from trucewatch.reading.english.lexicons import Entry, english_lexicon
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.statements.speakers import english_statements
from trucewatch.terms.accounts import Party
from trucewatch.terms.codebooks import incident_types

_MODALS = {"must", "should", "will", "would", "wo", "shall", "may", "might", "could", "can", "'ll", "need"}
_STRIKE_BACK = {
    "retaliate",
    "avenge",
    "revenge",
    "punish",
    "unpunished",
    "respond",
    "response",
    "fight",
    "crush",
    "destroy",
    "right",
    "target",
}
_BREACH = {
    "violate",
    "breach",
    "break",
    "torpedo",
    "undermine",
    "fail",
    "responsible",
    "behind",
    "crime",
    "complicit",
    "violation",
    "massacre",
}
_NEEDS = {"need", "important", "necessary", "essential", "crucial", "urgent"}
_CHANCES = {"likely", "possible", "unlikely", "expect", "probably", "imminent"}
_WISHES, _FUTURE, _MAYBE = (
    {"must", "should", "ought"},
    {"will", "shall", "wo", "'ll", "would"},
    {"may", "might", "could", "can"},
)
_TRUCE = {"ceasefire", "cease", "truce", "agreement", "accord", "deal", "talk", "negotiation", "armistice", "peace"}


def content_of(doc: Doc, start: int, end: int, verb: Token) -> set[str]:
    """Words of what is said: lemmas, modal verbs, negation, who acts in it, which acts it tells of."""
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
        if lemma in _TRUCE:
            found.add("truce")
        if i != verb.i and _tells(token):
            found.add("tells")
            found.update(f"tells:{e.type}" for e in _acts(token))
        if token.lower_ in ("we", "i", "our", "us"):
            found.add("first_person")
        if token.lower_ in ("if", "unless", "until"):
            found.add(f"if:{token.lower_}")
    return found


def shape_of(verb: Token, subject: Token | None, speaker: Party | None) -> set[str]:
    lemma = verb.lemma_.lower()
    found = {f"cue:{lemma}", f"tag:{verb.tag_}", f"dep:{verb.dep_}"}
    found.update(f"kind:{k}" for k in english_statements().kinds.get(lemma, ()))
    if lemma in english_parties().speech:
        found.add("speech")
    for child in verb.children:
        if child.dep_ in ("prep", "prt", "dobj", "ccomp", "xcomp", "agent", "nsubjpass", "oprd"):
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
    said = next((c for c in verb.children if c.dep_ in ("ccomp", "xcomp")), None)
    found |= _said(said, lemma in english_parties().speech) if said is not None else {"said:nothing"}
    speech = "speech" if lemma in english_parties().speech else "cue"
    found |= {f"{speech}:{sense}" for sense in sense_of(said if said is not None else verb, speaker)}
    if verb.head.i != verb.i:
        found.add(f"under:{verb.head.lemma_.lower()}")
    if speaker is None:
        found.add("nobody")
    elif subject is not None:
        head = subject.lemma_.lower()
        found.add(f"party:{is_party(subject)}")
        kind = english_parties().kinds.get(head, "name" if subject.pos_ == "PROPN" else subject.pos_)
        found.update({f"by:{kind}", f"by:{kind}:{lemma}"})
    return found


def _violent(token: Token) -> bool:
    return any(incident_types()[e.type].violent for e in _acts(token))


def sense_of(root: Token, speaker: Party | None) -> set[str]:
    """What a clause says in broad strokes: who does it to whom, when, whether it is wished, violent or of a truce.

    `root` is the verb of what is said; the verbs joined to it count as well.
    """
    found: set[str] = set()
    for verb in (root, *(c for c in root.children if c.dep_ in ("conj", "xcomp") and c.pos_ in ("VERB", "AUX"))):
        acting = next((c for v in (verb, root) for c in v.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        who = "nobody" if acting is None else "own" if _own(acting, speaker) else "other"
        modal = next((c.lower_ for v in (verb, root) for c in v.children if c.tag_ == "MD"), "")
        governed = [
            verb,
            *(t for c in verb.children if c.dep_ in ("dobj", "prep", "xcomp", "attr", "acomp") for t in c.subtree),
        ]
        lemmas = {t.lemma_.lower() for t in governed[:12]}
        violent = any(_violent(t) for t in governed[:12]) or bool(lemmas & _STRIKE_BACK)
        what = "violent" if violent else "truce" if lemmas & _TRUCE else "breach" if lemmas & _BREACH else "plain"
        if modal in _WISHES or lemmas & _NEEDS:
            when = "should"
        elif modal in _FUTURE or ("go" in {verb.lemma_} and verb.tag_ == "VBG"):
            when = "future"
        elif modal in _MAYBE or lemmas & _CHANCES:
            when = "maybe"
        else:
            when = "past" if verb.tag_ in ("VBD", "VBN") else "now"
        no = "not" if any(c.dep_ == "neg" or c.lower_ in ("no", "never") for c in verb.children) else ""
        found.update(
            {f"sense:{who}:{when}:{what}:{no}", f"sense:{who}:{when}:{no}", f"sense:{when}:{what}", f"sense:{when}"}
        )
    return found


def _own(acting: Token, speaker: Party | None) -> bool:
    """True where the one who acts is the speaker or its own."""
    if acting.lower_ in ("we", "i", "it", "they", "he", "she"):
        return True
    if any(c.dep_ == "poss" and c.lower_ in ("our", "its", "their", "his", "her", "my") for c in acting.children):
        return True
    return speaker is not None and acting.pos_ == "PROPN" and acting.text in speaker.name


def _said(said: Token, speech: bool) -> set[str]:
    """The verb of what is said: its word, modal and tense, and whether the speaker or another does it."""
    lemma = said.lemma_.lower()
    acting = next((c for c in said.children if c.dep_ in ("nsubj", "nsubjpass")), None)
    who = "nobody" if acting is None else _who(acting)
    modal = next((c.lower_ for c in said.children if c.tag_ == "MD"), "")
    negated = any(c.dep_ == "neg" for c in said.children)
    passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in said.children)
    found = {f"said:{lemma}", f"said_by:{who}", f"said_tag:{said.tag_}:{modal}", f"said_by:{who}:{modal}"}
    found.update({f"said_not:{negated}", f"said_not:{negated}:{who}", f"said_passive:{passive}"})
    if speech:
        found.update({f"speech>said_by:{who}", f"speech>said:{lemma}", f"speech>said_tag:{said.tag_}:{modal}:{who}"})
    for child in said.children:
        if child.dep_ in ("acomp", "attr", "dobj", "prep"):
            found.add(f"said:{lemma} {child.lemma_.lower()}")
        if child.dep_ in ("acomp", "attr"):
            found.add(f"said_is:{child.lemma_.lower()}")
    if _tells(said):
        found.update({f"said_tells:{who}", f"said_tells:{who}:{modal}"})
    return found


def is_party(subject: Token) -> bool:
    """True where a subject can speak: a name, a pronoun, people, armed ones or a body."""
    word = subject.lemma_.lower()
    if subject.pos_ in ("PROPN", "PRON") or word in english_statements().offices | english_statements().documents:
        return True
    return english_parties().kinds.get(word) in ("armed", "body", "civilian") or word in english_statements().bodies


def _who(acting: Token) -> str:
    """The sort of one who acts in what is said."""
    word, lemma = acting.lower_, acting.lemma_.lower()
    if acting.pos_ == "PRON":
        return "own" if word in ("we", "i", "it", "they", "he", "she") else "pronoun"
    if word in COUNTRIES:
        return "country"
    if acting.pos_ == "PROPN":
        return "name"
    kind = english_parties().kinds.get(lemma)
    return kind or ("act" if lemma in english_lexicon().nouns else "thing")


def _acts(token: Token) -> tuple[Entry, ...]:
    lemma, lexicon = token.lemma_.lower(), english_lexicon()
    if token.pos_ == "VERB":
        return lexicon.verbs.get(lemma, ())
    return lexicon.nouns.get(lemma, ()) if token.pos_ == "NOUN" else ()


def _tells(token: Token) -> bool:
    """True where a word may tell of an incident."""
    return bool(_acts(token))

"""How firmly an act is told, one of the five realities."""

from __future__ import annotations

from typing import Any

_MODAL_IF = {"would", "could", "might", "may", "should", "can", "must"}
_PLAN = {
    "plan",
    "expect",
    "schedule",
    "intend",
    "prepare",
    "due",
    "set",
    "ready",
    "aim",
    "hope",
    "want",
    "seek",
    "likely",
    "decide",
    "order",
    "propose",
    "offer",
    "try",
}
_THREAT = {"threaten", "vow", "warn", "swear", "pledge"}
_DENY = {"deny", "refute", "dismiss"}
_REPORTS = {"report", "claim", "allegation", "accusation", "rumour", "rumor", "talk"}
_FALSE = {
    "false",
    "untrue",
    "wrong",
    "baseless",
    "unfounded",
    "groundless",
    "incorrect",
    "lie",
    "fabrication",
    "nonsense",
}
_NOUN_IF = {
    "possible",
    "potential",
    "possibility",
    "risk",
    "fear",
    "threat",
    "danger",
    "prospect",
    "any",
    "future",
    "further",
}
_NOUN_PLAN = {
    "planned",
    "upcoming",
    "imminent",
    "expected",
    "impending",
    "plan",
    "preparation",
    "scheduled",
    "looming",
    "forthcoming",
}


def _chain(token: Any) -> list[Any]:
    """The token, its verb and the verbs it is complement of, up to five."""
    out = [token]
    while (
        len(out) < 6
        and token.head.i != token.i
        and token.dep_
        in (
            "xcomp",
            "ccomp",
            "pcomp",
            "advcl",
            "acl",
            "conj",
            "dobj",
            "nsubj",
            "nsubjpass",
            "pobj",
            "prep",
            "attr",
            "agent",
        )
    ):
        if token.dep_ in ("nsubj", "nsubjpass") and token.head.pos_ not in ("VERB", "AUX"):
            break
        token = token.head
        out.append(token)
    return out


def _called_false(chain: list[Any]) -> bool:
    """True where what the act is told in is called untrue: "reports of strikes are false", "rejected claims of"."""
    for noun in chain[1:]:
        if noun.pos_ != "NOUN" or noun.lemma_.lower() not in _REPORTS:
            continue
        above = noun.head
        if noun.dep_ in ("nsubj", "nsubjpass"):
            return any(c.dep_ in ("acomp", "attr") and c.lemma_.lower() in _FALSE for c in above.children)
        if noun.dep_ == "dobj":
            return above.lemma_.lower() in _DENY or above.lemma_.lower() == "reject"
    return False


def reality_of(doc: Any, token: int, verb: int | None) -> str:
    """One of the five realities for an act at a token that hangs by a verb (None inside a noun phrase)."""
    act = doc[token]
    kids = {c.lower_ for c in act.children} | ({c.lower_ for c in doc[verb].children} if verb is not None else set())
    if act.pos_ in ("NOUN", "PROPN"):
        near = {c.lemma_.lower() for c in act.children} | {act.head.lemma_.lower()}
        if near & _NOUN_PLAN:
            return "planned"
        if near & _NOUN_IF and "no" not in near:
            return "hypothetical"
        if any(c.lower_ == "no" for c in act.children):
            return "denied"
    if any(c.dep_ == "neg" for c in (act.children if act.pos_ in ("VERB", "AUX") else ())):
        return "denied"
    if act.pos_ in ("VERB", "AUX") or verb is not None:
        if any(c.lower_ == "if" or c.lower_ == "unless" for c in (doc[verb].children if verb is not None else ())):
            return "hypothetical"
        if kids & {"would", "could", "might"} and "have" not in kids:
            return "hypothetical"
        if kids & {"will", "shall", "'ll", "’ll"}:
            return "planned"
        if kids & {"may", "should", "must", "can"}:
            return "hypothetical"
    chain = _chain(act)
    if _called_false(chain):
        return "denied"
    for above in chain[1:]:
        lemma = above.lemma_.lower()
        if lemma in _DENY:
            return "denied"
        if lemma in _THREAT and lemma in ("threaten", "vow"):
            return "threatened"
        infinitive = any(c.lower_ == "to" and c.dep_ == "aux" for t in chain for c in t.children)
        if lemma in _PLAN and infinitive:
            return "planned"
    return "asserted"

"""Whether the text calls an incident a breach of an agreement, or sets it against one in or beside its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.terms.codebooks import incident_types

_TRUCE = (
    r"(?:cease\s?-?\s?fire|truce|armistice|de-?escalation|cessation\sof\shostilities|peace\s(?:deal|agreement|accord)"
    r"|agreement|accord|deal)s?"
)
_WORDS = r"(?:[\w’'“”\"-]+\s){0,6}?[“\"]?"
_EFFECT = (
    r"(?:took\seffect|take\seffect|came\sinto|began|start(?:ed)?|takes\seffect|beginning|was\sdeclared|was\sagreed)"
)
# a word for breach with its truce in the same sentence, or one set against it
_SAYS = re.compile(
    r"\b(?:violat(?:e|ed|es|ing|ions?)|breach(?:e[ds]|es|ing)?|infring\w+|in\sdefiance\sof)\b(?!\s(?:of\s)?(?:the\s)?"
    r"(?:human|international|rules|airspace|their\sairspace|its\sairspace))",
    re.I,
)
_AGAINST = re.compile(
    rf"\b(?:(?:despite|in\sspite\sof|notwithstanding)\s{_WORDS}{_TRUCE}"
    rf"|(?:br(?:oke|eak|eaks|eaking|oken)|shatter\w*|flout\w*|disregard\w*|ignor(?:ed|es|ing)|reneg\w+\son)"
    rf"\s(?!down|up|out|off){_WORDS}{_TRUCE}"
    rf"|(?:setback|blow)\s(?:to|for)\s{_WORDS}{_TRUCE}"
    rf"|as\s{_WORDS}{_TRUCE}\s(?:\w+\s)?(?:broke\sdown|collaps\w+|unravel\w+|crumbl\w+|teeter\w+|fray\w+)"
    rf"|(?:minutes|hours|days|shortly|soon|just)\safter\s{_WORDS}(?:{_EFFECT}\s{_WORDS}{_TRUCE}|{_TRUCE}\s{_EFFECT})"
    rf"|first\s{_WORDS}since\s{_WORDS}{_TRUCE}\s{_EFFECT}"
    rf"|(?:in|inside|within)\s{_WORDS}de-?escalation\szones?"
    rf"|{_TRUCE}\s(?:\w+\s){{0,3}}?(?:never\srespected|(?:was|were|been)\s(?:\w+\s)?(?:broken|breached|violated)))\b",
    re.I,
)
_NAMED = re.compile(rf"\b{_TRUCE}\b", re.I)
_GENERAL = re.compile(r"\b(?:each\sother|one\sanother|both\ssides)\b", re.I)
# nothing is breached by what is talked over, agreed or brought as aid
_POLITE = {"negotiation", "agreement", "aid_delivery", "prisoner_release", "withdrawal", "displacement"}


def called_breach(text: str) -> bool:
    """True where a run of text speaks of a breach of an agreement, or sets what it tells against one."""
    return _AGAINST.search(text) is not None or (_SAYS.search(text) is not None and _NAMED.search(text) is not None)


def breach_of(context: ReportContext, c: Candidate, others: Sequence[Candidate]) -> bool:
    """True where the sentence of the act says so, that of a retelling, or, of violence, a neighbouring one."""
    if c.type in _POLITE or c.reality in ("planned", "hypothetical"):
        return False
    if c.type == "violation" or any(_says(context, s) for s in {c.act.sentence, *(o.act.sentence for o in others)}):
        return True
    if not incident_types()[c.type].violent:
        return False
    # "each other" accuses in general, and tells of no incident beside it
    return any(_says(context, c.act.sentence + step, general=False) for step in (-1, 1))


def _says(context: ReportContext, sentence: int, *, general: bool = True) -> bool:
    if not 0 <= sentence < len(context.sentences) or sentence in context.skipped:
        return False
    text = context.sentence_span(sentence).of(context.report.text)
    if general and _SAYS.search(text) is not None and sentence and sentence - 1 not in context.skipped:
        # "The violations included shelling": of the truce named right before
        text = context.sentence_span(sentence - 1).of(context.report.text) + " " + text
    return called_breach(text) and (general or _GENERAL.search(text) is None)

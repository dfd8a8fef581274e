"""Candidates of accounts: what lexicon and learned part take for an incident, with what the parse says of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.lexicons import Entry, Lexicon
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.guesses import Guess, TriggerGuess
from trucewatch.reading.mentions.acts import Act, clause_of, find_acts, governing_verb, is_blocked
from trucewatch.reading.mentions.figures import Figure, find_figures
from trucewatch.reading.mentions.times import time_for
from trucewatch.reading.reality import reality_of
from trucewatch.reading.roles import Roles, find_roles
from trucewatch.reading.settings import GUESS_MIN
from trucewatch.reading.wheres import places_of
from trucewatch.terms.accounts import Speaker
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may name an incident with all that is told of it. `guess` is the index of its learned trigger."""

    act: Act
    type: str
    quote: Span
    reality: str
    time: Interval | None
    places: tuple[PlaceMention, ...]
    own_places: bool  # told in its own clause, not carried on
    roles: Roles
    figures: tuple[Figure, ...]
    speakers: tuple[Speaker, ...]
    guess: int | None
    learned: TriggerGuess | None
    ruled: bool  # the lexicon knows the word


def find_candidates(context: ReportContext, lexicon: Lexicon, guess: Guess) -> list[Candidate]:
    """Every candidate of a report in order of the text: each run of words once, whichever part found it."""
    doc = context.doc
    acts = find_acts(doc, lexicon, context.sentences, context.skipped)
    by_token = {t: a for a in acts for t in a.tokens}
    matched: dict[int, int] = {}
    extra: list[tuple[Act, int]] = []
    for g, trigger in enumerate(guess.triggers):
        span = doc.char_span(trigger.span.start, trigger.span.end, alignment_mode="expand")
        if span is None or trigger.prob < GUESS_MIN:
            continue
        act = next((by_token[t.i] for t in span if t.i in by_token), None)
        if act is not None:
            matched.setdefault(act.token, g)
        elif trigger.prob >= 2 * GUESS_MIN and not is_blocked(doc, span.root.i, lexicon):
            made = _learned_act(context, span, trigger)
            if made is not None:
                extra.append((made, g))
    rows = [(a, matched.get(a.token), True) for a in acts] + [(a, g, False) for a, g in extra]
    rows.sort(key=lambda r: (r[0].token, not r[2]))
    rows = [r for r in rows if not _of_things(context.doc, r[0])]
    return [_candidate(context, act, g, guess.triggers[g] if g is not None else None, ruled) for act, g, ruled in rows]


def _learned_act(context: ReportContext, span: Any, trigger: TriggerGuess) -> Act | None:
    root = span.root
    sentence = context.sentence_of[root.i]
    if sentence < 0 or sentence in context.skipped:
        return None
    verb = root if root.pos_ in ("VERB", "AUX") else governing_verb(root)
    clause = clause_of(verb if verb is not None else root, context.sentences[sentence])
    pos = "VERB" if root.pos_ in ("VERB", "AUX") else "NOUN"
    entry = Entry((root.lemma_.lower(),), trigger.type, pos, True)
    tokens = tuple(range(span.start, span.end))
    return Act(root.i, tokens, trigger.type, entry, None, verb.i if verb is not None else None, clause, sentence)


def _of_things(doc: Any, act: Act) -> bool:
    """True for words that tell of an incident only where it is people they are done to: albums are released too."""
    if act.type != "prisoner_release" or act.entry.words not in (("release",), ("free",)):
        return False
    tokens = [doc[t] for t in find_roles(doc, act).patients]
    kinds = [english_parties().kinds.get(t.lemma_.lower()) for t in tokens]
    people = any(k in ("civilian", "armed", "body") for k in kinds) or any(
        t.pos_ in ("PROPN", "PRON", "NUM") for t in tokens
    )
    return bool(tokens) and not people


_TAKERS = {"capture", "seize", "take", "hold", "recapture", "seizure"}


def _ruled_type(doc: Any, act: Act, roles: Roles) -> str:
    """The type of the lexicon and the means, where the patient does not say otherwise: people taken are abducted."""
    if act.type == "territorial_change" and act.entry.words[0] in _TAKERS and len(act.entry.words) == 1:
        kinds = [english_parties().kinds.get(doc[t].lemma_.lower()) for t in roles.patients]
        if kinds and kinds[0] in ("civilian", "armed"):
            return "abduction"
    if act.type in ("attack", "killing") and act.entry.words[0] == "destroy":
        kinds = [english_parties().kinds.get(doc[t].lemma_.lower()) for t in roles.patients]
        if "site" in kinds and act.means is None:
            return "property_destruction"
    return act.type


def _type(act: Act, ruled: str, trigger: TriggerGuess | None) -> str:
    """The learned type where it is the likelier one, else that of the rules."""
    if trigger is None:
        return ruled
    probs = dict(trigger.types)
    total = max(trigger.prob, 1e-6)
    # a word the lexicon gives one type holds against a lukewarm guess, an open one does not
    hold = 0.15 if act.entry.open and act.means is None else 0.4
    return trigger.type if probs[trigger.type] / total > probs.get(ruled, 0.0) / total + hold else ruled


def _candidate(context: ReportContext, act: Act, g: int | None, trigger: TriggerGuess | None, ruled: bool) -> Candidate:
    doc = context.doc
    quote = context.span(*act.clause)
    roles = find_roles(doc, act)
    places, own = places_of(context, act, roles)
    start, end = context.sentences[act.sentence]
    near = context.span(max(start, act.clause[0] - 25), min(end, act.clause[1] + 25))
    time = time_for(doc[act.token], context.times, doc)
    reality = reality_of(doc, act.token, act.verb)
    return Candidate(
        act=act,
        type=_type(act, _ruled_type(doc, act, roles), trigger),
        quote=quote,
        reality=reality,
        time=time,
        places=places,
        own_places=own,
        roles=roles,
        figures=tuple(find_figures(near.of(context.report.text), near.start)),
        speakers=context.speakers_at(act.token),
        guess=g,
        learned=trigger,
        ruled=ruled,
    )

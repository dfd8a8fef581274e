"""The features of a candidate by itself: its words, its clause, what was told before it, what the learned part says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.parties import english_parties
from trucewatch.reading.guesses import Guess
from trucewatch.reading.passages import title_end
from trucewatch.terms.codebooks import incident_types

_TELLING_ROLES = ("actor", "target", "place", "time", "speaker", "killed", "quote")


def features_of(context: ReportContext, candidates: Sequence[Candidate], guess: Guess) -> list[dict[str, float]]:
    """The named features of every candidate, in the order given: its words, its clause, and what was told before it."""
    end_of_title = title_end(context.report)
    n_sentences = max(1, len(context.sentences))
    types = incident_types()
    out = []
    for k, c in enumerate(candidates):
        f = {**_own(context, c, end_of_title, n_sentences), **_passages(context, c, guess)}
        names = {p.name.lower() for p in c.places}
        same = [d for d in candidates[:k] if d.type == c.type]
        later = [d for d in candidates[k + 1 :] if d.type == c.type]
        violent = types[c.type].violent
        if same:
            f["same_before"] = 1.0
            f["n_same_before"] = min(4, len(same)) / 4
            told = {p.name.lower() for d in same for p in d.places}
            f["place_told" if names & told else "place_new" if names else "place_none"] = 1.0
            if c.time is not None:
                f[
                    "time_told"
                    if any(d.time is not None and d.time.earliest == c.time.earliest for d in same)
                    else "time_new"
                ] = 1.0
            if any(d.act.sentence == c.act.sentence for d in same):
                f["same_in_sentence"] = 1.0
            if any(context.doc[d.act.token].idx < end_of_title for d in same):
                f["same_in_title"] = 1.0
        else:
            f["first_of_type"] = 1.0
        if later:
            f["same_after"] = 1.0
            if context.doc[c.act.token].idx < end_of_title:
                f["title_retold"] = 1.0
        if violent and any(
            d.act.sentence == c.act.sentence and types[d.type].violent and d.type != c.type
            for d in (*candidates[:k], *candidates[k + 1 :])
        ):
            f["violent_beside"] = 1.0
            if c.type in ("killing", "attack"):
                f["weak_beside"] = 1.0
        if any(d.act.clause[0] <= c.act.token < d.act.clause[1] and d.type == c.type for d in candidates[:k]):
            f["inside_same"] = 1.0
        out.append(f)
    return out


def _own(context: ReportContext, c: Candidate, end_of_title: int, n_sentences: int) -> dict[str, float]:
    doc, act = context.doc, c.act
    token = doc[act.token]
    word = "_".join(act.entry.words)
    f: dict[str, float] = {
        "bias": 1.0,
        f"type={c.type}": 1.0,
        f"reality={c.reality}": 1.0,
        f"dep={token.dep_}": 1.0,
        f"tag={token.tag_}": 1.0,
    }
    if c.ruled:
        f[f"word={act.entry.pos[0]}:{word}"] = 1.0
    else:
        f["unruled"] = 1.0
    if act.entry.open:
        f["open_told" if act.means else "open_bare"] = 1.0
    if c.type != act.type:
        f["retyped"] = 1.0
    if token.idx < end_of_title:
        f["in_title"] = 1.0
    f["depth"] = act.sentence / n_sentences
    f["lead"] = 1.0 if act.sentence <= 2 else 0.0
    f["agents"] = 1.0 if c.roles.agents else 0.0
    f["patients"] = 1.0 if c.roles.patients else 0.0
    kinds = english_parties().kinds
    for role, held in (("agent", c.roles.agents), ("patient", c.roles.patients)):
        kind = _kind(doc[held[0]], kinds) if held else "no"
        f[f"{role}={kind}"] = 1.0
    f["bare"] = 0.0 if c.roles.agents or c.roles.patients or c.places else 1.0
    f["own_place" if c.own_places else "near_place" if c.places else "no_place"] = 1.0
    f["dated" if c.time is not None else "undated"] = 1.0
    if c.figures:
        f["figures"] = 1.0
    f["said"] = 1.0 if c.speakers else 0.0
    f["length"] = min(40, act.clause[1] - act.clause[0]) / 40
    if token.pos_ in ("NOUN", "PROPN"):
        dets = {t.lower_ for t in token.children if t.dep_ in ("det", "poss")}
        f[
            "def_the"
            if dets & {"the", "this", "that", "these", "those"}
            else "def_a"
            if dets & {"a", "an"}
            else "def_no"
        ] = 1.0
        f["verbless" if act.verb is None else "verbed"] = 1.0
        if any(t.dep_ == "nummod" for t in token.children):
            f["counted"] = f[f"counted&type={c.type}"] = 1.0
        if act.verb is not None:
            f[f"light={doc[act.verb].lemma_.lower()}"] = 1.0
    else:
        aux = {t.lower_ for t in token.children if t.dep_ in ("aux", "auxpass")}
        f["perfect"] = 1.0 if aux & {"has", "have", "had"} else 0.0
        f["passive"] = 1.0 if any(t.dep_ in ("auxpass", "nsubjpass") for t in token.children) else 0.0
        f["infinitive"] = 1.0 if "to" in aux else 0.0
    f.update(_learned(c))
    return f


def _passages(context: ReportContext, c: Candidate, guess: Guess) -> dict[str, float]:
    """What the learned part takes the run around the act for: what is counted or demanded is often no account."""
    at = context.doc[c.act.token].idx
    f: dict[str, float] = {}
    for passage in guess.passages:
        if passage.span.start <= at < passage.span.end:
            for kind, prob in passage.kinds:
                name = f"guess_passage={kind}"
                f[name] = max(prob, f.get(name, 0.0))
                f[f"{name}&type={c.type}"] = max(prob, f.get(f"{name}&type={c.type}", 0.0))
    return f


def _learned(c: Candidate) -> dict[str, float]:
    if c.learned is None:
        return {"unguessed": 1.0}
    t = c.learned
    own = dict(t.types).get(c.type, 0.0)
    account = t.status("account")
    joint = min(max(own * account, 1e-3), 1 - 1e-3)
    f = {
        "guess": t.prob,
        "guess_type": own,
        "guess_second_type": t.types[1][1] if len(t.types) > 1 else 0.0,
        "guess_account": account,
        "guess_retelling": t.status("retelling"),
        "guess_logit": math.log(joint / (1 - joint)),
        f"guess_is={t.type}": t.prob,
    }
    f.update({f"guess_reality={name}": prob for name, prob in t.realities})
    for role in _TELLING_ROLES:
        f[f"guess_role={role}"] = max((r.prob for r in t.filling(role)), default=0.0)
    return f


def _kind(token: Any, kinds: Mapping[str, str]) -> str:
    return kinds.get(token.lemma_.lower(), "named" if token.pos_ == "PROPN" else "other")

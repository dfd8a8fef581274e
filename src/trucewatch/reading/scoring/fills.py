"""Which of the places named near an account are its own: what rules, learned part and parse say, weighed together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.scoring import Scorer
from trucewatch.reading.scoring.options import Option, options_of
from trucewatch.reading.sitings import SitingFacts, siting_features
from trucewatch.reading.wheres import containing
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.places import PlaceMention

_ROLES = ("actor", "target", "place", "speaker")
_NEAR_BEST = 0.3  # of the probability of the likeliest place, that another must have; best of 0, 0.3 and 0.5


def fill_features(
    context: ReportContext, c: Candidate, mates: Sequence[Candidate], options: Sequence[Option]
) -> list[dict[str, float]]:
    """The named features of every option, in the order given."""
    guesses = {r: c.learned.filling(r) if c.learned is not None else () for r in _ROLES}
    retold = [g for mate in mates if mate.learned is not None for g in mate.learned.filling("place")]
    names = [option.name.lower() for option in options]
    ruled_names = {o.name.lower() for o in options if o.ruled}
    text = context.report.text
    named = [(g.span.of(text).lower(), g.prob) for g in guesses["place"]]
    facts = SitingFacts.of(context, c, mates)
    tokens = {p.mention.span: p for p in context.places}
    rows = []
    for option in options:
        own = option.name.lower()
        f = {"bias": 1.0, **_standing(context, c, option)}
        if (token := tokens.get(option.span)) is not None:
            f.update({f"siting:{n}": v for n, v in siting_features(context, c, facts, token).items()})
        for r, found in guesses.items():
            f[f"guess_{r}"] = max((g.prob for g in found if g.span.overlaps(option.span)), default=0.0)
        f["guess_retold"] = max((g.prob for g in retold if g.span.overlaps(option.span)), default=0.0)
        f["guess_same_name"] = max((prob for name, prob in named if own in name or name in own), default=0.0)
        f["unguessed"] = float(c.learned is None)
        f["ruled"], f["retold"] = float(option.ruled), float(option.retold)
        f["ruled_same_name"] = float(own in ruled_names)
        f["only_guessed"] = float(option.head is None)
        f["none_ruled"] = float(not ruled_names)
        f["often"] = min(5, names.count(own)) / 5
        f["n_options"] = min(10, len(options)) / 10
        rows.append(f)
    best = max((f["guess_place"] for f in rows), default=0.0)
    for f in rows:
        f["guess_under_best"] = f["guess_place"] - best
        f["guess_best"] = best
    return rows


def _standing(context: ReportContext, c: Candidate, option: Option) -> dict[str, float]:
    """Where an option stands in the text and how the parse ties it to the act."""
    doc = context.doc
    family = incident_types()[c.type].family
    clause, sentence = context.span(*c.act.clause), context.sentence_span(c.act.sentence)
    at, start = doc[c.act.token].idx, option.span.start
    before, inside = start < at, clause.start <= start < clause.end
    f = {
        "in_clause": float(inside),
        "in_sentence": float(sentence.start <= start < sentence.end),
        "before": float(before),
        f"distance={min(6, int(math.log2(abs(start - at) / 12 + 1)))}": 1.0,
        f"family={family}": 1.0,
        f"{family}_{'before' if before else 'after'}": float(inside),
        f"act={'verb' if doc[c.act.token].pos_ in ('VERB', 'AUX') else 'noun'}": 1.0,
        f"relation={option.mention.relation}": 1.0,
        f"class={option.mention.kind_hint}": 1.0,
    }
    if not f["in_sentence"]:
        f["earlier" if start < sentence.start else "later"] = 1.0
    if option.head is not None:
        head = doc[option.head]
        f["in_title"] = float(context.sentence_of[option.head] == 0 and start < 60)
        f[f"dep={head.dep_}"] = 1.0
        ties = {*c.act.tokens, c.act.verb}
        if head.head.i in ties:
            f[f"tie={head.dep_}"] = 1.0
        if head.dep_ == "pobj":
            f[f"prep={head.head.lower_}"] = 1.0
            if head.head.head.i in ties:
                f[f"tie_prep={head.head.lower_}"] = 1.0
    return f


def fill(
    context: ReportContext, c: Candidate, mates: Sequence[Candidate], place: Scorer, placeless: Scorer
) -> tuple[tuple[PlaceMention, ...], bool]:
    """The places of an account in order of the text, and whether the rules named them all.

    Units that only say where another place lies are kept with it.
    """
    options = options_of(context, c, mates)
    rows = fill_features(context, c, mates, options)
    probs = [place.prob(row) for row in rows]
    if not options or placeless.prob(placeless_features(c, rows, probs)) >= placeless.threshold:
        return (), False
    found = chosen(list(zip(options, probs, strict=True)), place.threshold)
    tokens = {p.mention.span: p for p in context.places}
    out = []
    for option in sorted(found, key=lambda o: o.span):
        token = tokens.get(option.span)
        units = tuple(p.mention.name for p in containing(context, token)) if token is not None else ()
        out.append(replace(option.mention, within=(*option.mention.within, *units)))
    inner = {name for mention in out for name in mention.within}
    kept = tuple(mention for mention in out if mention.name not in inner)
    return kept, all(option.ruled for option in found)


def placeless_features(c: Candidate, rows: Sequence[Mapping[str, float]], probs: Sequence[float]) -> dict[str, float]:
    """The named features of an account that may have no place at all; `rows` and `probs` are those of its options."""
    best, second = [*sorted(probs, reverse=True), 0.0, 0.0][:2]
    return {
        "bias": 1.0,
        "best": best,
        "best_logit": math.log((best + 0.01) / (1.01 - best)),
        "second": second,
        "sum": min(3.0, sum(probs)),
        "none": math.prod(1.0 - prob for prob in probs),
        "n_options": min(10, len(probs)) / 10,
        "guess_best": max((row["guess_place"] for row in rows), default=0.0),
        "none_ruled": max((row["none_ruled"] for row in rows), default=1.0),
        "unguessed": float(c.learned is None),
        f"type={c.type}": 1.0,
        f"family={incident_types()[c.type].family}": 1.0,
    }


def chosen(scored: Sequence[tuple[Option, float]], threshold: float) -> list[Option]:
    """The likeliest of the scored options, and others that reach the threshold and come near it; one of each name."""
    out: list[Option] = []
    least = max([threshold, *(_NEAR_BEST * prob for _, prob in scored)])
    for option, prob in sorted(scored, key=lambda row: (-row[1], row[0].span)):
        mine = option.name.lower()
        told = any(mine in other.name.lower() or other.name.lower() in mine for other in out)
        if not out or (prob >= least and not told):
            out.append(option)
    return out

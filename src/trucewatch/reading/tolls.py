"""The toll of an account: which of the figures near its act, or near a retelling of it, is its own."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.terms.accounts import Toll
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.counts import Count
from trucewatch.terms.spans import Span


def toll_of(context: ReportContext, what: str, cluster: Sequence[Candidate]) -> Toll | None:
    """The figure of one kind nearest to the act that is no running total; of retellings where the quote has none."""
    if not incident_types()[cluster[0].type].violent:
        return None
    for c in cluster:
        at = context.doc[c.act.token].idx
        fit = [f for f in c.figures if f.what == what and not f.running]
        if fit:
            best = min(fit, key=lambda f: (abs(f.span.start - at), f.span))
            return Toll(best.count, what, None, best.span)
    if what == "killed":
        return _one_named(context, cluster[0])
    return None


def _one_named(context: ReportContext, c: Candidate) -> Toll | None:
    """One dead where a single person is told as killed ("killed a pilot", "the mayor was assassinated")."""
    doc = context.doc
    if c.type != "killing" or len(c.roles.patients) != 1:
        return None
    token = doc[c.roles.patients[0]]
    counted = any(t.dep_ in ("nummod", "quantmod") for t in token.children)
    if (
        token.tag_ in ("NN", "NNP")
        and not counted
        and token.lemma_.lower() not in ("people", "number", "family", "group")
    ):
        return Toll(Count(1, 1), "killed", token.text, Span(token.idx, token.idx + len(token)))
    return None

"""Agreements: their terms in plain words, which incidents touch each, and the state of each duty."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.agreements import agreements_of
from trucewatch.store import reader
from trucewatch.store.models import FindingRow

SHOWN = ("breach_if_true", "undetermined", "contested_reading", "consistent", "actor_exempt")


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement of the dossier with its terms, duties and the number of incidents by outcome."""
    counted: Counter[tuple[str, str, str]] = Counter()
    rows = FindingRow.objects.filter(outcome__in=SHOWN).values_list("agreement_id", "term_id", "outcome")
    for agreement_id, term_id, outcome, n in rows.annotate(n=Count("incident", distinct=True)):
        counted[agreement_id, term_id, outcome] = n
    duties = {(o.agreement_id, o.term_id): o for o in reader.obligations().rows}
    shown = []
    for agreement in agreements_of(settings.TRUCEWATCH_FOLDER):
        key = agreement.agreement_id
        terms = [
            (
                t,
                [(o, counted[key, t.term_id, o]) for o in SHOWN if counted[key, t.term_id, o]],
                duties.get((key, t.term_id)),
                agreement.wording(t),
            )
            for t in agreement.terms
        ]
        shown.append((agreement, terms))
    return render(request, "desk/agreements.html", {"shown": shown})

"""Agreements: their terms in plain words, which incidents touch each, and their duties on a calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.agreements import agreements_of
from trucewatch.desk.calendars import WEIGHS, months_of
from trucewatch.judging.agreements import Agreement
from trucewatch.store import reader
from trucewatch.store.filters import Filters
from trucewatch.store.models import FindingRow, IncidentAreaRow, IncidentRow
from trucewatch.terms.findings import Obligation
from trucewatch.terms.incidents import Incident

SHOWN = ("breach_if_true", "undetermined", "contested_reading", "consistent", "actor_exempt")
MOST_LISTED = 8  # incidents of a term on the page itself


@require_GET
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement of the dossier with its terms, duties and the number of incidents by outcome."""
    counted = _counted()
    duties = {(o.agreement_id, o.term_id): o for o in reader.obligations().rows}
    shown = []
    for of in agreements_of(settings.TRUCEWATCH_FOLDER):
        terms = [
            (t, _outcomes(counted, of, t.term_id), duties.get((of.agreement_id, t.term_id)), of.wording(t))
            for t in of.terms
        ]
        shown.append((of, terms))
    return render(request, "desk/agreements.html", {"shown": shown})


@require_GET
def agreement(request: HttpRequest, agreement_id: str) -> HttpResponse:
    """One agreement: duties on a calendar, and the incidents that touch each term."""
    known = {a.agreement_id: a for a in agreements_of(settings.TRUCEWATCH_FOLDER)}
    if agreement_id not in known:
        raise Http404(f"no agreement {agreement_id}")
    found, counted = known[agreement_id], _counted()
    duties = reader.obligations(Filters(agreement=agreement_id)).rows
    terms = [(t, _outcomes(counted, found, t.term_id), _touching(agreement_id, t.term_id)) for t in found.terms]
    named = _named({i for _, _, rows in terms for i, _ in rows} | {e.incident_id for d in duties for e in d.evidence})
    context = {
        "agreement": found,
        "terms": [(t, outcomes, [(named[i], o) for i, o in rows if i in named]) for t, outcomes, rows in terms],
        "duties": [_duty(d, named) for d in duties],
        "months": months_of(found, duties),
        "zones": _zones(found),
        "as_of": next((d.as_of for d in duties), None),
    }
    return render(request, "desk/agreement.html", context)


def _zones(of: Agreement) -> list[tuple[str, str, int]]:
    """(area as filters name it, title, incidents that may lie in it) of the areas of an agreement."""
    rows = IncidentAreaRow.objects.filter(area__startswith=f"{of.agreement_id}/").values_list("area")
    counted = dict(rows.annotate(n=Count("pk")).order_by("area"))
    areas = {f"{of.agreement_id}/{name}": area for name, area in sorted(of.areas.items()) if not area.everywhere}
    return [(key, area.title, counted.get(key, 0)) for key, area in areas.items()]


def _counted() -> Counter[tuple[str, str, str]]:
    """How many incidents each term has by outcome."""
    counted: Counter[tuple[str, str, str]] = Counter()
    rows = FindingRow.objects.filter(outcome__in=SHOWN).values_list("agreement_id", "term_id", "outcome")
    for agreement_id, term_id, outcome, n in rows.annotate(n=Count("incident", distinct=True)):
        counted[agreement_id, term_id, outcome] = n
    return counted


def _outcomes(counted: Counter[tuple[str, str, str]], of: Agreement, term_id: str) -> list[tuple[str, int]]:
    return [(o, n) for o in SHOWN if (n := counted[of.agreement_id, term_id, o])]


def _touching(agreement_id: str, term_id: str) -> list[tuple[str, str]]:
    """(incident, outcome) of what touches the term: the gravest outcome first, the newest first within it."""
    out: list[tuple[str, str]] = []
    for outcome in SHOWN:
        rows = FindingRow.objects.filter(agreement_id=agreement_id, term_id=term_id, outcome=outcome)
        newest = rows.exclude(incident__state="rejected").order_by(F("incident__earliest").desc(nulls_last=True), "pk")
        out += [(key, outcome) for key in newest.values_list("incident_id", flat=True)[: MOST_LISTED - len(out)]]
        if len(out) == MOST_LISTED:
            break
    return out


def _named(ids: set[str]) -> dict[str, Incident]:
    rows = IncidentRow.objects.filter(pk__in=sorted(ids)).defer("words", "machine")
    return {row.pk: reader.incident_view(row).incident for row in rows}


def _duty(duty: Obligation, named: dict[str, Incident]) -> tuple[Obligation, Sequence[tuple[Any, str, str]]]:
    """The duty, and (incident, how it weighs, why) of its evidence."""
    return duty, [(named[e.incident_id], WEIGHS[e.weighs], e.why) for e in duty.evidence if e.incident_id in named]

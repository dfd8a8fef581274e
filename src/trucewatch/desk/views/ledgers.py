"""The ledger, accuser by accused, under a rule that can be switched; and what is claimed against what is documented."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.tellings import telling_of
from trucewatch.telling.ledgers import ALL, GROUPS, make_ledger, rank_by_rule
from trucewatch.telling.rules import RULES, rule_named
from trucewatch.telling.tallies import check_tallies


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger under `?rule=` grouped by `?by=`; every cell opens to its incidents."""
    telling = telling_of(settings.TRUCEWATCH_FOLDER)
    rule, by = request.GET.get("rule", "incident"), request.GET.get("by", ALL)
    made = make_ledger(telling, rule, by)
    groups = sorted({cell.group for cell in made.cells})
    cells = {(cell.accuser, cell.accused, cell.group): cell for cell in made.cells}
    tables = [
        (
            group,
            [
                (telling.actor_name(accused), [cells.get((accuser, accused, group)) for accuser in made.accusers])
                for accused in made.accused
                if any((accuser, accused, group) in cells for accuser in made.accusers)
            ],
        )
        for group in groups
    ]
    context = {
        "ledger": made,
        "rule": rule_named(rule),
        "rules": RULES.items(),
        "groups": GROUPS,
        "tables": tables,
        "moved": [telling.actor_name(key) for key in rank_by_rule(telling).moved],
        "incidents": telling.incident,
    }
    return render(request, "desk/ledger.html", context)


@require_GET
def tallies(request: HttpRequest) -> HttpResponse:
    """Each tally beside what the ledger documents for the same accused, unit and window."""
    telling = telling_of(settings.TRUCEWATCH_FOLDER)
    by_id = {tally.tally_id: tally for tally in telling.tallies}
    checks = [(by_id[check.tally_id], check) for check in check_tallies(telling)]
    return render(request, "desk/tallies.html", {"checks": checks})

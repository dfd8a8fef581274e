"""The ledger, accuser by accused, under a rule that can be switched; and what is claimed against what is documented."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.addresses import PAGE_SIZE, page_of, without
from trucewatch.desk.tellings import ledger_of, telling_of
from trucewatch.telling.ledgers import ALL, GROUPS, Cell, Ledger
from trucewatch.telling.rules import RULES, rule_named
from trucewatch.telling.tallies import check_tallies
from trucewatch.telling.tellings import Telling

SHOWN = 12  # incidents listed in a cell itself; a cell can hold thousands


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger under `?rule=` grouped by `?by=`; every cell opens to its incidents."""
    rule, by = request.GET.get("rule", "incident"), request.GET.get("by", ALL)
    telling, made, moved = ledger_of(settings.TRUCEWATCH_FOLDER, rule, by)
    if "accused" in request.GET:
        return _opened(request, telling, made)
    groups = sorted({cell.group for cell in made.cells})
    cells = {(cell.accuser, cell.accused, cell.group): cell for cell in made.cells}
    tables = [
        (
            group,
            [
                (
                    telling.actor_name(accused),
                    [_cell(cells.get((accuser, accused, group))) for accuser in made.accusers],
                )
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
        "moved": moved,
        "incidents": telling.incident,
    }
    return render(request, "desk/ledger.html", context)


def _cell(cell: Cell | None) -> tuple[Cell, int, str] | None:
    """The cell, how many incidents it has beyond those shown in place, and the address that opens it whole."""
    if cell is None:
        return None
    return (
        cell,
        max(0, len(cell.incident_ids) - SHOWN),
        urlencode({"accuser": cell.accuser, "accused": cell.accused, "group": cell.group}),
    )


def _opened(request: HttpRequest, telling: Telling, made: Ledger) -> HttpResponse:
    key = tuple(request.GET.get(name, "") for name in ("accuser", "accused", "group"))
    cell = next((c for c in made.cells if (c.accuser, c.accused, c.group) == key), None)
    if cell is None:
        raise Http404("no such cell in the ledger under this rule")
    offset = page_of(request)
    context = {
        "cell": cell,
        "accused": telling.actor_name(cell.accused),
        "rule": rule_named(made.rule_id),
        "shown": cell.incident_ids[offset : offset + PAGE_SIZE],
        "incidents": telling.incident,
        "total": len(cell.incident_ids),
        "n_rows": len(cell.incident_ids[offset : offset + PAGE_SIZE]),
        "first": offset + 1,
        "rest": without(request.GET, "page"),
        "back": without(request.GET, "page", "accuser", "accused", "group"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + PAGE_SIZE < len(cell.incident_ids),
    }
    return render(request, "desk/ledger_cell.html", context)


@require_GET
def tallies(request: HttpRequest) -> HttpResponse:
    """Each tally beside what the ledger documents for the same accused, unit and window."""
    telling = telling_of(settings.TRUCEWATCH_FOLDER)
    by_id = {tally.tally_id: tally for tally in telling.tallies}
    checks = [(by_id[check.tally_id], check) for check in check_tallies(telling)]
    return render(request, "desk/tallies.html", {"checks": checks})

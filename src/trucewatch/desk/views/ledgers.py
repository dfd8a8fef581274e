"""The ledger, accuser by accused, under a rule that can be switched; and what is claimed against what is documented."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.addresses import PAGE_SIZE, page_of, without
from trucewatch.desk.offices import ledgers_at_desk
from trucewatch.desk.tellings import SHOWN_OF_MANY, Told
from trucewatch.desk.templatetags.desk import interval, type_label
from trucewatch.store.reader import lines_by_id
from trucewatch.telling.ledgers import ALL, GROUPS, Cell
from trucewatch.telling.rules import RULES, rule_named

BRIEF = 6  # tallies on the overview


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger under `?rule=` grouped by `?by=`; every cell opens to its incidents."""
    rule, by = request.GET.get("rule", "incident"), request.GET.get("by", ALL)
    if "accused" in request.GET:
        return _opened(request, rule, by)
    offset = page_of(request)
    part = ledgers_at_desk(Path(settings.TRUCEWATCH_FOLDER)).part(rule, by, offset, PAGE_SIZE)
    told = [cell for _, rows in part.tables for _, cells in rows for cell in cells if cell]
    labels = _labels([key for each in told for key in each.cell.incident_ids])
    tables = [
        (group, [(accused, [_cell(cell, labels) for cell in cells]) for accused, cells in rows])
        for group, rows in part.tables
    ]
    context = {
        "ledger": part,
        "rule": rule_named(rule),
        "rules": RULES.items(),
        "groups": GROUPS,
        "tables": tables,
        "moved": part.moved,
        "rest": without(request.GET, "page"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + PAGE_SIZE < part.n_groups,
    }
    return render(request, "desk/ledger.html", context)


def _cell(told: Told | None, labels: dict[str, str]) -> tuple[Cell, list[tuple[str, str]], int, str] | None:
    """The cell, its first incidents with their labels, how many more it has, and the address that opens it whole."""
    if told is None:
        return None
    cell = told.cell
    first = [(key, labels.get(key, key)) for key in cell.incident_ids]
    whole = urlencode({"accuser": cell.accuser, "accused": cell.accused, "group": cell.group})
    return cell, first, told.n - len(first), whole


def _labels(ids: list[str]) -> dict[str, str]:
    """Each of these incidents in a few words: day, type and first place."""
    return {
        key: f"{interval(line.time)}: {type_label(line.type)}{f', {line.places[0][0]}' if line.places else ''}"
        for key, line in lines_by_id(ids).items()
    }


def _opened(request: HttpRequest, rule: str, by: str) -> HttpResponse:
    accuser, accused, group = (request.GET.get(name, "") for name in ("accuser", "accused", "group"))
    offset, ledgers = page_of(request), ledgers_at_desk(Path(settings.TRUCEWATCH_FOLDER))
    told = ledgers.cell(rule, by, (accuser, accused, group), offset, PAGE_SIZE)
    if told is None:
        raise Http404("no such cell in the ledger under this rule")
    cell, shown = told.cell, told.cell.incident_ids
    labels = _labels(list(shown))
    context = {
        "cell": cell,
        "accused": told.accused,
        "rule": rule_named(rule),
        "shown": [(key, labels.get(key, key)) for key in shown],
        "total": told.n,
        "n_rows": len(shown),
        "first": offset + 1,
        "rest": without(request.GET, "page"),
        "back": without(request.GET, "page", "accuser", "accused", "group"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + PAGE_SIZE < told.n,
    }
    return render(request, "desk/ledger_cell.html", context)


@require_GET
def tallies(request: HttpRequest) -> HttpResponse:
    """Each tally beside what the ledger documents for the same accused, unit and window; with `?brief=`, a few of them.

    The page of the overview asks for the few by itself: the incidents behind them are read only then.
    """
    brief, offset = "brief" in request.GET, page_of(request)
    ledgers = ledgers_at_desk(Path(settings.TRUCEWATCH_FOLDER))
    checks, total = ledgers.tallies(offset, BRIEF if brief else PAGE_SIZE)
    behind = [check.everyone.incident_ids[:SHOWN_OF_MANY] if check.everyone else () for _, check in checks]
    labels = {} if brief else _labels(sorted({key for ids in behind for key in ids}))
    context = {
        "checks": [
            (tally, check, [(key, labels.get(key, key)) for key in ids])
            for (tally, check), ids in zip(checks, behind, strict=True)
        ],
        "n_rows": len(checks),
        "total": total,
        "rest": without(request.GET, "page"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + len(checks) < total,
    }
    return render(request, "desk/tally_brief.html" if brief else "desk/tallies.html", context)

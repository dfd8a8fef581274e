"""The ledger, accuser by accused, under a rule that can be switched; and what is claimed against what is documented."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.addresses import PAGE_SIZE, page_of, without
from trucewatch.desk.tellings import checks_of, ledgers_of
from trucewatch.desk.templatetags.desk import interval, type_label
from trucewatch.store.reader import lines_by_id
from trucewatch.telling.ledgers import ALL, GROUPS, Cell, Ledger
from trucewatch.telling.rules import RULES, rule_named

BRIEF = 6  # tallies on the overview
SHOWN, SHOWN_OF_MANY = 12, 3  # incidents listed in a cell itself, of one table and of many; a cell can hold thousands


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger under `?rule=` grouped by `?by=`; every cell opens to its incidents."""
    rule, by = request.GET.get("rule", "incident"), request.GET.get("by", ALL)
    made, names, moved = ledgers_of(Path(settings.TRUCEWATCH_FOLDER)).ledger(rule, by)
    if "accused" in request.GET:
        return _opened(request, made, names)
    groups, offset = sorted({cell.group for cell in made.cells}), page_of(request)
    chosen = groups[offset : offset + PAGE_SIZE]
    cells = {(cell.accuser, cell.accused, cell.group): cell for cell in made.cells if cell.group in set(chosen)}
    shown = SHOWN if len(chosen) == 1 else SHOWN_OF_MANY
    labels = _labels([key for cell in cells.values() for key in cell.incident_ids[:shown]])
    tables = [
        (
            group,
            [
                (
                    names[accused],
                    [_cell(cells.get((accuser, accused, group)), labels, shown) for accuser in made.accusers],
                )
                for accused in made.accused
                if any((accuser, accused, group) in cells for accuser in made.accusers)
            ],
        )
        for group in chosen
    ]
    context = {
        "ledger": made,
        "rule": rule_named(rule),
        "rules": RULES.items(),
        "groups": GROUPS,
        "tables": tables,
        "moved": moved,
        "rest": without(request.GET, "page"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + PAGE_SIZE < len(groups),
    }
    return render(request, "desk/ledger.html", context)


def _cell(cell: Cell | None, labels: dict[str, str], shown: int) -> tuple[Cell, list[tuple[str, str]], int, str] | None:
    """The cell, its first incidents with their labels, how many more it has, and the address that opens it whole."""
    if cell is None:
        return None
    first = [(key, labels.get(key, key)) for key in cell.incident_ids[:shown]]
    whole = urlencode({"accuser": cell.accuser, "accused": cell.accused, "group": cell.group})
    return cell, first, len(cell.incident_ids) - len(first), whole


def _labels(ids: list[str]) -> dict[str, str]:
    """Each of these incidents in a few words: day, type and first place."""
    return {
        key: f"{interval(line.time)}: {type_label(line.type)}{f', {line.places[0][0]}' if line.places else ''}"
        for key, line in lines_by_id(ids).items()
    }


def _opened(request: HttpRequest, made: Ledger, names: dict[str, str]) -> HttpResponse:
    key = tuple(request.GET.get(name, "") for name in ("accuser", "accused", "group"))
    cell = next((c for c in made.cells if (c.accuser, c.accused, c.group) == key), None)
    if cell is None:
        raise Http404("no such cell in the ledger under this rule")
    offset = page_of(request)
    shown = cell.incident_ids[offset : offset + PAGE_SIZE]
    labels = _labels(list(shown))
    context = {
        "cell": cell,
        "accused": names[cell.accused],
        "rule": rule_named(made.rule_id),
        "shown": [(key, labels.get(key, key)) for key in shown],
        "total": len(cell.incident_ids),
        "n_rows": len(shown),
        "first": offset + 1,
        "rest": without(request.GET, "page"),
        "back": without(request.GET, "page", "accuser", "accused", "group"),
        "number": offset // PAGE_SIZE + 1,
        "has_next": offset + PAGE_SIZE < len(cell.incident_ids),
    }
    return render(request, "desk/ledger_cell.html", context)


@require_GET
def tallies(request: HttpRequest) -> HttpResponse:
    """Each tally beside what the ledger documents for the same accused, unit and window; with `?brief=`, a few of them.

    The page of the overview asks for the few by itself: the incidents behind them are read only then.
    """
    brief, offset = "brief" in request.GET, page_of(request)
    checks, total = checks_of(Path(settings.TRUCEWATCH_FOLDER), offset, BRIEF if brief else PAGE_SIZE)
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

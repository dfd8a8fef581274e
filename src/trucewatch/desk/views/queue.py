"""The review queue: what would change the ledger or the next bulletin most, then what the machine is least sure of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from trucewatch.desk.access import allowed, author_of
from trucewatch.desk.agreements import titles_of
from trucewatch.desk.deciding import decide_at_desk, done_words, stages_of
from trucewatch.desk.stakes import WEIGHED, most_at_stake
from trucewatch.desk.views.incidents import in_context, near_to
from trucewatch.store import claims, reader
from trucewatch.store.decisions import decisions_on
from trucewatch.store.effects import standing_decisions
from trucewatch.store.models import AccountRow, IncidentRow, StatementRow, TallyRow
from trucewatch.store.proposals import Reading, disputed, proposals
from trucewatch.store.states import State, state_of_store
from trucewatch.store.turns import Turn, first_turns, n_open, open_turns_of, turns_of
from trucewatch.terms.errors import SettingsError, TrucewatchError
from trucewatch.terms.ids import kind_of

SKIPPED = "skipped"  # the incidents this person has put off, in the session
MOST_SKIPPED = 500
TAKES = 5  # how often the next item is looked for, where somebody else takes it at the same moment


@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """The next incident to look at, with the keys to decide it; POST takes the decision and shows the next."""
    if request.method == "POST":
        _take(request)
        return HttpResponseRedirect("/queue/")
    stages, author = stages_of(Path(settings.TRUCEWATCH_FOLDER)), author_of(request)
    two = stages.dossier.second_reader
    said = proposals() if two else {}
    readings = {key: told for key, told in said.items() if kind_of(key) == "incident"}
    skipped = request.session.get(SKIPPED, [])
    not_mine = {*skipped, *_not_for(request, readings)}
    found = None
    for _ in range(TAKES):
        held = dict(claims.standing().values_list("pk", "author"))
        own = [key for key, holder in held.items() if holder == author and key not in not_mine]
        out = not_mine | {key for key, holder in held.items() if holder != author}
        found = next((f for likely in _in_turn(own, readings, out) if (f := most_at_stake(likely, stages))), None)
        if found is None or not _may_review(request) or claims.take(found[0].pk, author):
            break
    if _may_review(request):
        claims.release(author, keep=found[0].pk if found else None)
    context: dict[str, Any] = {
        "n_waiting": _n_waiting(readings),
        "n_skipped": len(skipped),
        "n_second": sum(any(r.author == author for r in words) and not disputed(words) for words in said.values()),
        "n_disputed": sum(map(disputed, said.values())),
        "elsewhere": _elsewhere(request, said),
        "second_reader": two,
        "rule": stages.dossier.counting_rule,
        "at_work": _at_work(author),
    }
    if found is not None:
        context |= _item(found[0]) | {"stake": found[1], "readings": readings.get(found[0].pk, [])}
    return render(request, "desk/queue.html", context)


def _item(row: IncidentRow) -> dict[str, Any]:
    view = reader.incident_view(row)
    accounts = reader.accounts_of(row.pk)
    reports = reader.reports_by_id([a.account.report_id for a in accounts])
    told = [(a, reports[a.account.report_id]) for a in accounts]
    return {
        "view": view,
        "incident": view.incident,
        "told": [(a, report, in_context(a.account, report)) for a, report in told],
        "findings": [f for f in reader.findings_of(row.pk) if f.outcome != "not_the_act"],
        "titles": titles_of(settings.TRUCEWATCH_FOLDER),
        "near": near_to(row)[:9],
        "hold_minutes": claims.HOLD_MINUTES,
    }


def _in_turn(own: list[str], readings: dict[str, list[Reading]], out: set[str]) -> Iterator[list[Turn]]:
    """What to look for the next item in: what is held already, what two disagree on, then whatever waits.

    It waits where nobody has reviewed it, or where a second reader or an editor has to; `out` is for somebody else.
    """
    yield sorted({*open_turns_of(own), *turns_of(key for key in own if key in readings)})
    yield turns_of(key for key, told in readings.items() if disputed(told) and key not in out)
    yield sorted({*first_turns(WEIGHED, but=out), *turns_of(readings.keys() - out)})


def _n_waiting(readings: dict[str, list[Reading]]) -> int:
    """How many wait for anybody."""
    again = len(turns_of(readings)) - len(open_turns_of(readings))
    return _n_open(settings.TRUCEWATCH_FOLDER, state_of_store()) + again


@lru_cache(maxsize=1)
def _n_open(folder: Path, state: State) -> int:
    return n_open()


def _not_for(request: HttpRequest, readings: dict[str, list[Reading]]) -> list[str]:
    """What waits for somebody else: read by this person already, or disputed and for an editor to settle."""
    author, settles = author_of(request), _settles(request)
    return [
        key
        for key, told in readings.items()
        if any(r.author == author for r in told) or (disputed(told) and not settles)
    ]


def _elsewhere(request: HttpRequest, said: dict[str, list[Reading]]) -> list[tuple[str, str, bool]]:
    """(what, its address, whether it is to be settled) of what waits for this person in the texts of reports."""
    others = {key: told for key, told in said.items() if kind_of(key) != "incident"}
    mine = {key: others[key] for key in sorted(others.keys() - set(_not_for(request, others)))}
    held = {
        key: report
        for table in (AccountRow, StatementRow, TallyRow)
        for key, report in table._default_manager.filter(pk__in=list(mine)).values_list("pk", "report_id")
    }
    held |= {key: json.loads(told[0].about[0])["report_id"] for key, told in mine.items() if told[0].kind == "add"}
    return [(kind_of(key) or "", f"/reports/{held[key]}/#{key}", disputed(mine[key])) for key in mine if key in held]


def _at_work(author: str) -> list[tuple[str, str, Any]]:
    """(who, until when, which incident) of what others hold now."""
    held = {row.pk: row for row in claims.standing().exclude(author=author)}
    views = {row.pk: reader.incident_view(row) for row in IncidentRow.objects.filter(pk__in=list(held))}
    return [(row.author, row.until, views[key]) for key, row in held.items() if key in views]


def _may_review(request: HttpRequest) -> bool:
    return allowed(getattr(request, "role", None), "review")


def _settles(request: HttpRequest) -> bool:
    return allowed(getattr(request, "role", None), "edit")


def _take(request: HttpRequest) -> None:
    kind, subject, author = request.POST.get("kind", ""), request.POST.get("subject", ""), author_of(request)
    if kind == "skip":
        request.session[SKIPPED] = [*request.session.get(SKIPPED, []), subject[:48]][-MOST_SKIPPED:]
        claims.release(author)
        return
    if kind == "again":
        request.session[SKIPPED] = []
        return
    try:
        if kind == "undo":
            mine = _last_of(author)
            if mine is None:
                messages.error(request, "You have decided nothing that still stands.")
                return
            subject = mine
        else:
            _check_held(subject, author)
        version = request.POST.get("version", "")
        kind = "merge" if request.POST.get("other") else kind
        decision = decide_at_desk(
            request,
            kind,
            subject,
            new=[request.POST["other"]] if request.POST.get("other") else None,
            reason=request.POST.get("reason", "").strip()[:2000],
            expected_version=int(version) if kind != "undo" and version.isascii() and version.isdigit() else None,
        )
    except TrucewatchError as error:
        messages.error(request, f"Not done: {error.what}. {error.todo}")
    else:
        claims.release(author)
        messages.success(request, done_words(decision, kind, "Press U to undo."))


def _last_of(author: str) -> str | None:
    """The id of that person's last decision that still stands: undo after undo leads further back."""
    stands = standing_decisions()
    taken = (d for d in decisions_on(newest_first=True) if d.author == author and d.kind not in ("undo", "person"))
    return next((d.decision_id for d in taken if stands[d.seq]), None)


def _check_held(incident_id: str, author: str) -> None:
    held = claims.holder(incident_id)
    if held is not None and held.author != author:
        raise SettingsError(
            "held", f"{held.author} is at work on this one: your hold on it had lapsed", todo="Take the next."
        )

"""Tallies held against the ledger, some at a time: only the incidents that can bear them out are read."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.telling.tallies import Check, check_tallies, in_order, needs_of
from trucewatch.telling.tellings import Telling
from trucewatch.terms.accounts import Account, Tally
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild
from trucewatch.terms.reports import Report

if TYPE_CHECKING:
    from trucewatch.running.stages import Stages

BATCH = 500


def checks_of(stages: Stages, offset: int, limit: int) -> tuple[list[tuple[Tally, Check]], int]:
    """The tallies from `offset` on in their order, each with its check as over the whole dossier; and how many in all.

    Claims are compared with all others of the dossier; of the incidents those are read that the claims at hand can
    count.
    """
    from trucewatch.store import reader
    from trucewatch.store.models import TallyRow

    stored = TallyRow.objects.exclude(state="rejected").values_list("payload", flat=True)
    tallies = [rebuild(Tally, json.loads(text)) for text in stored]
    known = {key: r for ids in _batches(sorted({t.report_id for t in tallies})) for key, r in _reports(ids).items()}
    claims = Telling(
        title="",
        as_of="",
        tallies=tuple(tallies),
        reports=tuple(known.values()),
        sources=tuple(reader.sources()),
        actors=tuple(stages.registry),
    )
    chosen = in_order(claims)[offset : offset + limit]
    incidents = _standing([need for tally in chosen if (need := needs_of(tally, claims))])
    accounts = _accounts([i.incident_id for i in incidents])
    others = sorted({a.report_id for a in accounts} - known.keys())
    telling = replace(
        claims,
        incidents=tuple(incidents),
        accounts=tuple(accounts),
        reports=(*known.values(), *(r for ids in _batches(others) for r in _reports(ids).values())),
    )
    checks = {check.tally_id: check for check in check_tallies(telling, only={t.tally_id for t in chosen})}
    return [(tally, checks[tally.tally_id]) for tally in chosen], len(tallies)


def _standing(needs: Sequence[tuple[Collection[str], str, str | None]]) -> list[Incident]:
    """The asserted incidents of these types, each between its two ISO days, that nobody has rejected; by id."""
    from django.db.models import Q

    from trucewatch.store.models import IncidentRow

    if not needs:
        return []
    wanted = Q()
    for types, since, until in sorted({(frozenset(t), s, u) for t, s, u in needs}, key=str):
        dated = ~Q(latest__lt=since) & ~Q(earliest=None, latest=None)
        wanted |= Q(type__in=sorted(types)) & (dated & ~Q(earliest__gt=until) if until else dated)
    rows = IncidentRow.objects.filter(wanted, reality="asserted").exclude(state="rejected").order_by("pk")
    return [rebuild(Incident, json.loads(text)) for text in rows.values_list("payload", flat=True).iterator(BATCH)]


def _accounts(incident_ids: Sequence[str]) -> list[Account]:
    from trucewatch.store.models import AccountRow

    out: list[Account] = []
    for ids in _batches(incident_ids):
        rows = AccountRow.objects.filter(membership__incident_id__in=ids).exclude(state="rejected")
        out += [rebuild(Account, json.loads(text)) for text in rows.values_list("payload", flat=True)]
    return out


def _reports(ids: Sequence[str]) -> dict[str, Report]:
    from trucewatch.store.reader import reports_by_id

    return reports_by_id(ids)


def _batches(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]

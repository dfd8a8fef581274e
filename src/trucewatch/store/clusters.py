"""Writing incidents and findings, with people's rulings laid over what the machine made."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from trucewatch.store.marks import bump
from trucewatch.store.models import (
    AccountRow,
    FindingRow,
    IncidentAccountRow,
    IncidentAliasRow,
    IncidentAreaRow,
    IncidentPartyRow,
    IncidentRow,
)
from trucewatch.store.overlays import overlaid_incidents, restate_incidents
from trucewatch.store.postings import forget_postings
from trucewatch.store.rows import finding_row, incident_row, party_rows
from trucewatch.store.syncs import BATCH, Changes, sync
from trucewatch.store.turns import set_turns
from trucewatch.terms.findings import Finding
from trucewatch.terms.ids import canonical_json
from trucewatch.terms.incidents import Incident

INCIDENT_COLUMNS = (
    "type", "reality", "earliest", "latest", "place", "lat", "lon", "radius_m", "n_accounts", "n_origins", "killed_low",
    "killed_high", "contested", "confidence", "episode_id", "words", "judged_with", "payload", "machine",
)  # fmt: skip
FINDING_COLUMNS = (
    "incident", "agreement_id", "agreement_version", "term_id", "outcome", "belief", "probability", "payload",
)  # fmt: skip


@transaction.atomic
def write_incidents(incidents: Sequence[Incident], *, instead_of: Iterable[str] | None = None) -> Changes:
    """The incidents of the store are these; with `instead_of`, they take the place of those ids only.

    Ids that go stay resolvable: each leads to the incident that now holds most of its accounts. People's corrections
    of an incident are laid over the one that holds most of what they were made on.
    """
    present = IncidentRow.objects.all()
    if instead_of is not None:
        present = present.filter(pk__in=list(instead_of))
    before = _members(present.values_list("pk", flat=True))
    corrected = overlaid_incidents(incidents)
    about = _about_accounts(incidents)
    rows = []
    for machine, told in zip(incidents, corrected, strict=True):
        row = incident_row(told, (about[a][0] for a in told.account_ids if a in about))
        row.machine = canonical_json(machine) if told is not machine else None
        rows.append(row)
    _release(incidents, before)
    changes = sync(present, rows, INCIDENT_COLUMNS)
    touched = {*changes.added, *changes.changed}
    forget_postings(touched)
    set_turns(touched)
    after = [i for i in corrected if i.incident_id in touched]
    _write_members(after)
    _write_parties(after, about)
    _write_aliases(before, incidents, changes.removed)
    restate_incidents()
    if changes:
        bump()
    return changes


@transaction.atomic
def write_findings(findings: Sequence[Finding], of_incidents: Iterable[str], judged_with: str) -> Changes:
    """The findings of these incidents are these, made under agreements of that fingerprint."""
    ids = sorted(of_incidents)
    by_incident: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_incident[finding.incident_id].append(finding)
    all_changes = []
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        rows = [finding_row(finding) for key in chunk for finding in by_incident[key]]
        present = FindingRow.objects.filter(incident_id__in=chunk)
        holder = dict(present.values_list("pk", "incident_id")) | {r.finding_id: r.incident_id for r in rows}
        changes = sync(present, rows, FINDING_COLUMNS)
        about = {holder[key] for key in (*changes.added, *changes.changed, *changes.removed)}
        forget_postings(about)
        set_turns(about)
        all_changes.append(changes)
        IncidentRow.objects.filter(pk__in=chunk).update(judged_with=judged_with)
    return Changes(
        tuple(key for c in all_changes for key in c.added),
        tuple(key for c in all_changes for key in c.changed),
        tuple(key for c in all_changes for key in c.removed),
    )


def unjudged(judged_with: str) -> list[str]:
    """The incidents not held yet against the agreements of that fingerprint, sorted."""
    return sorted(IncidentRow.objects.exclude(judged_with=judged_with).values_list("pk", flat=True))


@transaction.atomic
def write_areas(shares: Iterable[tuple[str, str, float]], of_incidents: Iterable[str]) -> None:
    """The areas these incidents may lie in are these: (incident id, area, share)."""
    ids = sorted(of_incidents)
    by_incident: dict[str, set[tuple[str, str, float]]] = defaultdict(set)
    for row in shares:
        by_incident[row[0]].add(row)
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        present = IncidentAreaRow.objects.filter(incident_id__in=chunk)
        old = {(r.incident_id, r.area, r.share): r.pk for r in present}
        wanted = {row for key in chunk for row in by_incident[key]}
        IncidentAreaRow.objects.filter(pk__in=[pk for key, pk in old.items() if key not in wanted]).delete()
        new = [IncidentAreaRow(incident_id=i, area=area, share=share) for i, area, share in sorted(wanted - old.keys())]
        IncidentAreaRow.objects.bulk_create(new, batch_size=BATCH)


def _members(incident_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The accounts of each of these incidents."""
    out: dict[str, list[str]] = defaultdict(list)
    wanted = sorted(incident_ids)
    for start in range(0, len(wanted), BATCH):
        rows = IncidentAccountRow.objects.filter(incident_id__in=wanted[start : start + BATCH]).order_by("account_id")
        for incident, account in rows.values_list("incident_id", "account_id"):
            out[incident].append(account)
    return {key: tuple(accounts) for key, accounts in out.items()}


def _about_accounts(incidents: Sequence[Incident]) -> dict[str, tuple[str, str | None]]:
    """Of each account of these incidents: its quote, and the source that published it."""
    ids = sorted({a for i in incidents for a in i.account_ids})
    out: dict[str, tuple[str, str | None]] = {}
    for start in range(0, len(ids), BATCH):
        rows = AccountRow.objects.filter(pk__in=ids[start : start + BATCH])
        for key, payload, source in rows.values_list("pk", "payload", "report__source"):
            out[key] = (json.loads(payload)["quote"], source)
    return out


def _release(incidents: Sequence[Incident], before: Mapping[str, tuple[str, ...]]) -> None:
    """Memberships that change are given up first: an account tells of one incident only, also for a moment."""
    wanted = {i.incident_id: i.account_ids for i in incidents}
    gone = [a for key, accounts in sorted(before.items()) for a in accounts if a not in wanted.get(key, ())]
    for start in range(0, len(gone), BATCH):
        IncidentAccountRow.objects.filter(account_id__in=gone[start : start + BATCH]).delete()


def _write_members(incidents: Sequence[Incident]) -> None:
    ids = [i.incident_id for i in incidents]
    there: set[tuple[str, str]] = set()
    for start in range(0, len(ids), BATCH):
        rows = IncidentAccountRow.objects.filter(incident_id__in=ids[start : start + BATCH])
        there.update(rows.values_list("incident_id", "account_id"))
    missing = [(i.incident_id, a) for i in incidents for a in i.account_ids if (i.incident_id, a) not in there]
    new = [IncidentAccountRow(incident_id=incident, account_id=account) for incident, account in missing]
    IncidentAccountRow.objects.bulk_create(new, batch_size=BATCH)


def _write_parties(incidents: Sequence[Incident], about: Mapping[str, tuple[str, str | None]]) -> None:
    ids = [i.incident_id for i in incidents]
    for start in range(0, len(ids), BATCH):
        IncidentPartyRow.objects.filter(incident_id__in=ids[start : start + BATCH]).delete()
    rows: list[IncidentPartyRow] = []
    for incident in incidents:
        sources = [source for a in incident.account_ids if a in about and (source := about[a][1])]
        rows += party_rows(incident, sources)
    IncidentPartyRow.objects.bulk_create(rows, batch_size=BATCH)


def _write_aliases(
    before: Mapping[str, tuple[str, ...]], incidents: Sequence[Incident], removed: Sequence[str]
) -> None:
    """Every id that went leads to the incident that holds most of its accounts, the smallest id among equals."""
    holder = {a: i.incident_id for i in incidents for a in i.account_ids}
    leads: dict[str, str] = {}
    for old in removed:
        votes: dict[str, int] = defaultdict(int)
        for account in before.get(old, ()):
            if account in holder:
                votes[holder[account]] += 1
        if votes:
            leads[old] = min(votes, key=lambda key: (-votes[key], key))
    gone = sorted(leads)
    for start in range(0, len(gone), BATCH):
        aliases = IncidentAliasRow.objects.filter(incident_id__in=gone[start : start + BATCH])
        for older, newer in aliases.values_list("old_id", "incident_id"):
            leads[older] = leads[newer]
    rows = [IncidentAliasRow(old_id=old, incident_id=new) for old, new in sorted(leads.items())]
    IncidentAliasRow.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["old_id"], update_fields=["incident_id"]
    )
    IncidentAliasRow.objects.filter(pk__in=IncidentRow.objects.values("pk")).delete()

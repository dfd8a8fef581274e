"""From the dataclasses of the vocabulary to rows: the payload whole, and beside it the columns that lists filter by."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence

from trucewatch.store.models import (
    AccountRow,
    DoubtRow,
    FindingRow,
    IncidentPartyRow,
    IncidentRow,
    ObligationRow,
    ReportRow,
    SourceRow,
    StatementRow,
    TallyRow,
)
from trucewatch.terms.accounts import Account, Doubt, Party, Statement, Tally
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.ids import canonical_json, make_id
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source
from trucewatch.terms.spans import Span


def fold(name: str) -> str:
    """The name as it is compared: without case, accents and doubled blanks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def report_row(report: Report) -> ReportRow:
    """A row for a report that has not been read yet."""
    return ReportRow(
        report_id=report.report_id,
        name=report.name[:300],
        source=report.source,
        url=report.url,
        published=report.published,
        language=report.language,
        title=report.title,
        text=report.text,
        sha256=report.sha256,
        media_type=report.media_type,
        origin_file=report.origin_file,
        skipped=canonical_json([[s.start, s.end] for s in report.skipped]),
        duplicate_of=report.duplicate_of,
        similarity=report.similarity,
    )


def report_of(row: ReportRow) -> Report:
    """The report a row holds."""
    return Report(
        report_id=row.report_id,
        name=row.name,
        source=row.source,
        url=row.url,
        published=row.published,
        language=row.language,
        title=row.title,
        text=row.text,
        sha256=row.sha256,
        media_type=row.media_type,
        origin_file=row.origin_file,
        skipped=tuple(Span(start, end) for start, end in json.loads(row.skipped)),
        duplicate_of=row.duplicate_of,
        similarity=row.similarity,
    )


def source_row(source: Source) -> SourceRow:
    """A row for a source."""
    return SourceRow(
        source_id=source.source_id, name=source.name, reliability=source.reliability, payload=canonical_json(source)
    )


def account_row(account: Account) -> AccountRow:
    """A row for an account as the machine made it."""
    return AccountRow(
        account_id=account.account_id,
        report_id=account.report_id,
        type=account.type,
        reality=account.reality,
        earliest=account.time.earliest if account.time else None,
        latest=account.time.latest if account.time else None,
        start=account.span.start,
        confidence=account.confidence,
        payload=canonical_json(account),
    )


def statement_row(statement: Statement) -> StatementRow:
    """A row for a statement."""
    return StatementRow(
        statement_id=statement.statement_id,
        report_id=statement.report_id,
        kind=statement.kind,
        speaker=statement.speaker.name[:300] if statement.speaker else None,
        about=statement.about.name[:300] if statement.about else None,
        earliest=statement.time.earliest if statement.time else None,
        start=statement.span.start,
        payload=canonical_json(statement),
    )


def tally_row(tally: Tally) -> TallyRow:
    """A row for a tally."""
    return TallyRow(
        tally_id=tally.tally_id,
        report_id=tally.report_id,
        unit=tally.unit[:300],
        n_min=tally.count.min,
        n_max=tally.count.max,
        since=tally.since,
        until=tally.until,
        start=tally.span.start,
        payload=canonical_json(tally),
    )


def doubt_row(doubt: Doubt, stage: str, *, report_id: str | None = None, run_number: int | None = None) -> DoubtRow:
    """A row for a doubt; the same doubt of the same stage has the same id."""
    return DoubtRow(
        doubt_id=make_id("issue", stage=stage, report_id=report_id, doubt=doubt),
        stage=stage,
        code=doubt.code,
        subject_id=doubt.subject_id[:300] if doubt.subject_id else None,
        where=doubt.where,
        what=doubt.what,
        report_id=report_id,
        run_number=run_number,
    )


def incident_row(incident: Incident, quotes: Iterable[str] = ()) -> IncidentRow:
    """A row for an incident; `quotes` of its accounts are what free text search looks through besides the names."""
    first = first_located(incident.places)
    killed = next((t for t in incident.tolls if t.what == "killed"), None)
    names = [p.name for p in incident.places] + [p.name for p in (*incident.actors, *incident.targets)]
    return IncidentRow(
        incident_id=incident.incident_id,
        type=incident.type,
        reality=incident.reality,
        earliest=incident.time.earliest if incident.time else None,
        latest=incident.time.latest if incident.time else None,
        place=(first or incident.places[0]).name[:300] if incident.places else None,
        lat=first.lat if first else None,
        lon=first.lon if first else None,
        radius_m=first.radius_m if first else None,
        n_accounts=len(incident.account_ids),
        n_origins=len(incident.origins),
        killed_low=killed.low if killed else None,
        killed_high=killed.high if killed else None,
        contested=incident.contested,
        confidence=incident.confidence,
        episode_id=incident.episode_id,
        words=fold(" | ".join(dict.fromkeys([*names, *quotes]))),
        payload=canonical_json(incident),
    )


def first_located(places: Sequence[Place]) -> Place | None:
    """The first place that has a point, or None."""
    return next((p for p in places if p.located), None)


def party_rows(incident: Incident, sources: Iterable[str] = ()) -> list[IncidentPartyRow]:
    """The parties of an incident by role, each once, in a fixed order. `sources` published its accounts."""
    told = [("actor", _key(p), p.name) for p in incident.actors]
    told += [("target", _key(p), p.name) for p in incident.targets]
    told += [("origin", fold(o.name), o.name) for o in incident.origins]
    told += [("source", fold(s), s) for s in sources]
    seen = {(role, key[:300]): name[:300] for role, key, name in reversed(told)}
    return [
        IncidentPartyRow(incident_id=incident.incident_id, role=role, key=key, name=name)
        for (role, key), name in sorted(seen.items())
    ]


def _key(party: Party) -> str:
    return party.actor_id or fold(party.name)


def finding_row(finding: Finding) -> FindingRow:
    """A row for a finding."""
    return FindingRow(
        finding_id=finding.finding_id,
        incident_id=finding.incident_id,
        agreement_id=finding.agreement_id,
        agreement_version=finding.agreement_version,
        term_id=finding.term_id,
        outcome=finding.outcome,
        belief=finding.belief,
        probability=finding.probability,
        payload=canonical_json(finding),
    )


def obligation_row(obligation: Obligation) -> ObligationRow:
    """A row for an obligation."""
    return ObligationRow(
        obligation_id=obligation.obligation_id,
        agreement_id=obligation.agreement_id,
        term_id=obligation.term_id,
        state=obligation.state,
        due=obligation.due,
        payload=canonical_json(obligation),
    )

"""The whole chain behind an id: from what is claimed down to the quote in its context, and who decided what."""

from __future__ import annotations

import json
from typing import Any

from trucewatch.store.decisions import decisions_on
from trucewatch.store.lookups import Named
from trucewatch.store.models import (
    AccountRow,
    BulletinRow,
    DecisionRow,
    DoubtRow,
    FindingRow,
    IncidentAccountRow,
    IncidentAliasRow,
    IncidentRow,
    ObligationRow,
    ReportRow,
    StatementRow,
    TallyRow,
)
from trucewatch.terms.ids import plain

CONTEXT = 240  # code points of the text on each side of a quote


def explanation(named: Named) -> dict[str, Any]:
    """Everything the store knows about it, as one plain object, with its decisions and issues."""
    told = _BY_KIND[named.kind](named.id)
    # a merge stands on the incident that has gone up in this one
    gone = IncidentAliasRow.objects.filter(incident_id=named.id).values_list("pk", flat=True)
    return {
        "kind": named.kind,
        "id": named.id,
        **({"was": named.was} if named.was else {}),
        **told,
        "decisions": [plain(d) for d in decisions_on(named.id, *gone)],
        "issues": [_issue(row) for row in DoubtRow.objects.filter(subject_id=named.id).order_by("pk")],
    }


def quoted(report: ReportRow, start: int, end: int) -> dict[str, Any]:
    """The quote with the text before and after it."""
    text = report.text
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return {
        "before": ("…" if start > CONTEXT else "") + before,
        "quote": text[start:end],
        "after": after + ("…" if end + CONTEXT < len(text) else ""),
        "start": start,
        "end": end,
    }


def _report_line(report: ReportRow) -> dict[str, Any]:
    return {
        "report_id": report.report_id,
        "name": report.name,
        "source": report.source,
        "published": report.published,
        "title": report.title,
        "url": report.url,
        "sha256": report.sha256,
        "file": report.origin_file,
        "duplicate_of": report.duplicate_of,
    }


def _report(report_id: str) -> dict[str, Any]:
    report = ReportRow.objects.get(pk=report_id)
    return {
        "report": _report_line(report),
        "accounts": list(AccountRow.objects.filter(report=report).order_by("start", "pk").values_list("pk", flat=True)),
        "statements": list(
            StatementRow.objects.filter(report=report).order_by("start", "pk").values_list("pk", flat=True)
        ),
        "tallies": list(TallyRow.objects.filter(report=report).order_by("start", "pk").values_list("pk", flat=True)),
        "text": report.text,
    }


def _account(account_id: str) -> dict[str, Any]:
    row = AccountRow.objects.select_related("report").get(pk=account_id)
    value = json.loads(row.payload)
    member = IncidentAccountRow.objects.filter(account_id=account_id).first()
    return {
        "value": value,
        "machine": json.loads(row.machine) if row.machine else None,
        "state": row.state,
        "by_hand": row.by_hand,
        "report": _report_line(row.report),
        "context": quoted(row.report, value["span"]["start"], value["span"]["end"]),
        "incident": member.incident_id if member else None,
        "links": [link for link in _links(member.incident_id) if account_id in (link["left_id"], link["right_id"])]
        if member
        else [],
    }


def _links(incident_id: str) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = json.loads(IncidentRow.objects.values_list("payload", flat=True).get(pk=incident_id))[
        "links"
    ]
    return links


def _from_report(model: type[StatementRow] | type[TallyRow], key: str) -> dict[str, Any]:
    row = model.objects.select_related("report").get(pk=key)
    value = json.loads(row.payload)
    return {
        "value": value,
        "state": row.state,
        "report": _report_line(row.report),
        "context": quoted(row.report, value["span"]["start"], value["span"]["end"]),
    }


def _incident(incident_id: str) -> dict[str, Any]:
    row = IncidentRow.objects.get(pk=incident_id)
    members = AccountRow.objects.filter(membership__incident_id=incident_id).order_by(
        "report__published", "report_id", "start"
    )
    findings = FindingRow.objects.filter(incident_id=incident_id).order_by("agreement_id", "term_id", "pk")
    return {
        "value": json.loads(row.payload),
        "machine": json.loads(row.machine) if row.machine else None,
        "state": row.state,
        "accounts": [{"account_id": a.pk, **_account(a.pk)} for a in members],
        "findings": [json.loads(f.payload) for f in findings],
    }


def _finding(finding_id: str) -> dict[str, Any]:
    row = FindingRow.objects.get(pk=finding_id)
    return {
        "value": json.loads(row.payload),
        "incident": {"incident_id": row.incident_id, **_incident(row.incident_id)},
    }


def _obligation(obligation_id: str) -> dict[str, Any]:
    value = json.loads(ObligationRow.objects.get(pk=obligation_id).payload)
    held = [e["incident_id"] for e in value["evidence"]]
    return {
        "value": value,
        "incidents": [
            {"incident_id": row.pk, **_incident(row.pk)}
            for row in IncidentRow.objects.filter(pk__in=held).order_by("pk")
        ],
    }


def _decision(decision_id: str) -> dict[str, Any]:
    row = DecisionRow.objects.get(decision_id=decision_id)
    ruling = getattr(row, "ruling", None)
    return {
        "value": {
            "seq": row.seq,
            "kind": row.kind,
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "author": row.author,
            "at": row.at,
            "reason": row.reason,
            "field": row.field,
            "old": json.loads(row.old or "null"),
            "new": json.loads(row.new or "null"),
            "previous": row.previous,
            "hash": row.hash,
        },
        "standing": ruling.standing if ruling else None,
    }


def _doubt(doubt_id: str) -> dict[str, Any]:
    return {"value": _issue(DoubtRow.objects.get(pk=doubt_id))}


def _bulletin(bulletin_id: str) -> dict[str, Any]:
    row = BulletinRow.objects.get(pk=bulletin_id)
    names = ("title", "since", "until", "cut_off_at", "published_at", "author", "counting_rule", "sha256")
    return {"value": {name: getattr(row, name) for name in names}}


def _issue(row: DoubtRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "code": row.code,
        "stage": row.stage,
        "where": row.where,
        "what": row.what,
        "subject": row.subject_id,
        "report": row.report_id,
    }


_BY_KIND = {
    "report": _report,
    "account": _account,
    "statement": lambda key: _from_report(StatementRow, key),
    "tally": lambda key: _from_report(TallyRow, key),
    "incident": _incident,
    "finding": _finding,
    "obligation": _obligation,
    "decision": _decision,
    "issue": _doubt,
    "bulletin": _bulletin,
}

"""A part of a telling: what happened, or was said, between two days."""

from __future__ import annotations

from dataclasses import replace

from trucewatch.telling.tellings import Telling
from trucewatch.terms.incidents import Incident


def within(telling: Telling, since: str | None, until: str | None) -> Telling:
    """The telling of the closed span of ISO days; None leaves an end open.

    An incident is in where any day of its interval is; one without a date where a report that tells of it was
    published in the span, so that nothing undated disappears. Statements and tallies go by publication. Obligations,
    agreements, sources and actors stay whole, and so do the reports and accounts that incidents rest on.
    """
    if since is None and until is None:
        return telling
    first, last = since or "", until or "9999"

    def published(report_id: str) -> bool:
        report = telling.report.get(report_id)
        return bool(report and report.published and first <= report.published[:10] <= last)

    def happened(incident: Incident) -> bool:
        time = incident.time
        if time is None or (time.earliest is None and time.latest is None):
            return any(published(account.report_id) for account in telling.quotes(incident))
        return (time.earliest or "") <= last and (time.latest or "9999") >= first

    incidents = tuple(i for i in telling.incidents if happened(i))
    kept = {i.incident_id for i in incidents}
    told = {a for i in incidents for a in i.account_ids}
    accounts = tuple(a for a in telling.accounts if a.account_id in told or published(a.report_id))
    resting = {a.report_id for a in accounts}
    return replace(
        telling,
        incidents=incidents,
        findings=tuple(f for f in telling.findings if f.incident_id in kept),
        accounts=accounts,
        statements=tuple(s for s in telling.statements if published(s.report_id)),
        tallies=tuple(t for t in telling.tallies if published(t.report_id)),
        reports=tuple(r for r in telling.reports if r.report_id in resting or published(r.report_id)),
    )

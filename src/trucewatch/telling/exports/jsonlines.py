"""JSON Lines of whole records: incidents, findings, accounts and the rest as the vocabulary has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trucewatch.telling.tellings import Telling
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.ids import canonical_json

RECORDS = {
    "incidents": "incident_id",
    "findings": "finding_id",
    "obligations": "obligation_id",
    "accounts": "account_id",
    "statements": "statement_id",
    "tallies": "tally_id",
    "reports": "report_id",
    "sources": "source_id",
    "actors": "actor_id",
}


def to_jsonlines(telling: Telling, records: str = "incidents") -> Iterator[str]:
    """One canonical JSON object a line, by id, each ended by a line feed. Raises SettingsError for unknown records."""
    if records not in RECORDS:
        raise SettingsError("unknown-records", unknown_name("records", records, RECORDS))
    rows: Sequence[Any] = getattr(telling, records)
    for row in sorted(rows, key=lambda one: str(getattr(one, RECORDS[records]))):
        yield canonical_json(row) + "\n"

"""The tables. Each row holds the canonical JSON of its dataclass and, beside it, the columns that lists filter by."""

from __future__ import annotations

from trucewatch.store.models.claims import ClaimRow
from trucewatch.store.models.decisions import DecisionRow, RulingRow
from trucewatch.store.models.formers import FormerRow, KeptFileRow
from trucewatch.store.models.incidents import (
    IncidentAccountRow,
    IncidentAliasRow,
    IncidentAreaRow,
    IncidentPartyRow,
    IncidentRow,
    LinkedRow,
    PartyNameRow,
    PostingRow,
)
from trucewatch.store.models.judgements import FindingRow, ObligationRow
from trucewatch.store.models.reports import AccountRow, ReportRow, SourceRow, StatementRow, TallyRow
from trucewatch.store.models.runs import BulletinRow, DoubtRow, MarkRow, RunRow
from trucewatch.store.models.tokens import TokenRow
from trucewatch.store.models.uploads import UploadRow

__all__ = [
    "AccountRow",
    "BulletinRow",
    "ClaimRow",
    "DecisionRow",
    "DoubtRow",
    "FindingRow",
    "FormerRow",
    "IncidentAccountRow",
    "IncidentAliasRow",
    "IncidentAreaRow",
    "IncidentPartyRow",
    "IncidentRow",
    "KeptFileRow",
    "LinkedRow",
    "MarkRow",
    "ObligationRow",
    "PartyNameRow",
    "PostingRow",
    "ReportRow",
    "RulingRow",
    "RunRow",
    "SourceRow",
    "StatementRow",
    "TallyRow",
    "TokenRow",
    "UploadRow",
]

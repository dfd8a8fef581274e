"""The whole store as files: the same content gives the same bytes, whatever way it came about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db.models import Model

from trucewatch import FORMAT_VERSION
from trucewatch.store.decisions import decision_of
from trucewatch.store.models import (
    AccountRow,
    DecisionRow,
    DoubtRow,
    FindingRow,
    IncidentRow,
    ObligationRow,
    ReportRow,
    SourceRow,
    StatementRow,
    TallyRow,
)
from trucewatch.store.rows import report_of
from trucewatch.terms.ids import canonical_json, plain

CHUNK = 2000


def export(target: Path) -> dict[str, int]:
    """The folder holds one JSON Lines file per table, rows by id, and `manifest.json` with counts and hashes.

    When a run took place is not part of it, nor which run first met an issue: two stores that hold the same export
    byte for byte alike. Returns the number of rows by table.
    """
    target.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    hashes: dict[str, str] = {}
    for name, lines in _tables().items():
        digest, n = sha256(), 0
        part = target / f"{name}.jsonl.part"
        with part.open("wb") as out:
            for line in lines:
                row = line.encode() + b"\n"
                digest.update(row)
                out.write(row)
                n += 1
        part.replace(target / f"{name}.jsonl")
        counts[name], hashes[name] = n, digest.hexdigest()
    manifest = {"format": FORMAT_VERSION, "rows": counts, "sha256": hashes}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", "utf-8")
    return counts


def _tables() -> dict[str, Iterable[str]]:
    return {
        "sources": _payloads(SourceRow),
        "reports": (canonical_json(report_of(row)) for row in ReportRow.objects.order_by("pk").iterator(CHUNK)),
        "accounts": _reviewed(AccountRow),
        "statements": _reviewed(StatementRow),
        "tallies": _reviewed(TallyRow),
        "incidents": _reviewed(IncidentRow),
        "findings": _payloads(FindingRow),
        "obligations": _payloads(ObligationRow),
        "issues": (canonical_json(_doubt(row)) for row in DoubtRow.objects.order_by("pk").iterator(CHUNK)),
        "decisions": (canonical_json(_decision(row)) for row in DecisionRow.objects.order_by("seq").iterator(CHUNK)),
    }


def _payloads(model: type[Model]) -> Iterator[str]:
    yield from model._default_manager.order_by("pk").values_list("payload", flat=True).iterator(CHUNK)


def _reviewed(model: type[Model]) -> Iterator[str]:
    """Payloads with their review state, which is people's and not the machine's."""
    for payload, state in model._default_manager.order_by("pk").values_list("payload", "state").iterator(CHUNK):
        yield canonical_json({**json.loads(payload), "review_state": state})


def _doubt(row: DoubtRow) -> dict[str, Any]:
    names = ("doubt_id", "stage", "code", "subject_id", "report_id", "where", "what")
    return {name: getattr(row, name) for name in names}


def _decision(row: DecisionRow) -> dict[str, Any]:

    return {**plain(decision_of(row)), "hash": row.hash}

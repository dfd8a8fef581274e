"""The audit: whether everything still is as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from trucewatch.store.decisions import decision_of
from trucewatch.store.effects import NO_RULING, standing_decisions
from trucewatch.store.models import (
    AccountRow,
    BulletinRow,
    DecisionRow,
    ReportRow,
    RulingRow,
    RunRow,
    StatementRow,
    TallyRow,
)
from trucewatch.store.opening import Store

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written: a stable code, where, and what."""

    code: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What was checked, how much of it, and what is wrong: no faults means all is as written."""

    n_decisions: int
    n_quotes: int
    n_raw: int
    faults: tuple[Fault, ...]


def audit(store: Store) -> Audit:
    """Every decision is checked against the chain, every quote against its text, every raw file against its hash."""
    faults: list[Fault] = []
    n_decisions, hashes = _check_chain(faults)
    _check_witnesses(faults, hashes)
    _check_rulings(faults)
    n_quotes = _check_quotes(faults)
    n_raw = _check_raw(faults, store.raw)
    return Audit(n_decisions, n_quotes, n_raw, tuple(faults))


def _check_chain(faults: list[Fault]) -> tuple[int, dict[int, str]]:
    """Each decision follows the one before it in number and hash, and its own hash is that of its fields."""
    previous, seq = "", 0
    hashes: dict[int, str] = {0: ""}
    for row in DecisionRow.objects.order_by("seq").iterator(CHUNK):
        where = f"decision {row.seq}"
        if row.seq != seq + 1:
            faults.append(Fault("decision-missing", where, f"follows decision {seq}: what lay between is gone"))
        elif row.previous != previous:
            faults.append(Fault("chain-broken", where, "does not follow from the decision before it"))
        if decision_of(row).hash() != row.hash:
            faults.append(Fault("decision-changed", where, "its hash is not that of its fields"))
        previous, seq = row.hash, row.seq
        hashes[row.seq] = row.hash
    return len(hashes) - 1, hashes


def _check_witnesses(faults: list[Fault], hashes: dict[int, str]) -> None:
    """Runs and bulletins wrote down where the chain stood: a tail that was cut off shows here."""
    seen = [(f"run {r.number}", r.decisions_seq, r.decisions_head) for r in RunRow.objects.order_by("number")]
    seen += [(f"bulletin {b.pk}", b.decisions_seq, b.decisions_head) for b in BulletinRow.objects.order_by("pk")]
    for where, seq, head in seen:
        if hashes.get(seq) != head:
            faults.append(
                Fault("decision-missing", where, f"saw decision {seq} with another hash than the store has now")
            )


def _check_rulings(faults: list[Fault]) -> None:
    """The rulings in effect are those that follow from the decisions."""
    standing = standing_decisions()
    decisions = {row.seq: row for row in DecisionRow.objects.all()}
    for ruling in RulingRow.objects.order_by("pk"):
        row = decisions.get(ruling.pk)
        if row is None or (row.kind, row.subject_id, row.field, row.new) != (
            ruling.kind,
            ruling.subject_id,
            ruling.field,
            ruling.value,
        ):
            faults.append(Fault("ruling-changed", f"decision {ruling.pk}", "what is in effect is not what was decided"))
        elif ruling.standing != standing[ruling.pk]:
            faults.append(
                Fault("ruling-changed", f"decision {ruling.pk}", "stands, or is undone, against the decisions")
            )
    effective = {seq for seq, row in decisions.items() if row.kind not in NO_RULING}
    for seq in sorted(effective - set(RulingRow.objects.values_list("pk", flat=True))):
        faults.append(Fault("ruling-missing", f"decision {seq}", "was taken and is not in effect"))


def _check_quotes(faults: list[Fault]) -> int:
    n = 0
    for report_id, text in ReportRow.objects.order_by("pk").values_list("pk", "text").iterator(CHUNK):
        for key, payload in _payloads(report_id):
            n += 1
            found = json.loads(payload)
            if text[found["span"]["start"] : found["span"]["end"]] != found["quote"]:
                faults.append(Fault("quote-changed", key, f"its quote does not stand in {report_id} at its place"))
    return n


def _payloads(report_id: str) -> Iterator[tuple[str, str]]:
    for model in (AccountRow, StatementRow, TallyRow):
        yield from model._default_manager.filter(report_id=report_id).values_list("pk", "payload")


def _check_raw(faults: list[Fault], folder: Path) -> int:
    n = 0
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if path.is_file() and path.suffix != ".part":
            n += 1
            if sha256(path.read_bytes()).hexdigest() != path.name:
                faults.append(Fault("raw-changed", str(path), "its content is not that of its hash"))
    return n

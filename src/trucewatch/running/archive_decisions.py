"""What people decided about the incidents of an archive: merges and splits in `decisions.jsonl`, only ever added to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trucewatch.terms.decisions import Decision, Pair, constraints_of
from trucewatch.terms.errors import SettingsError, StoreError, unknown_name
from trucewatch.terms.ids import canonical_json, make_id
from trucewatch.terms.records import rebuild

FILE = "decisions.jsonl"
KINDS = ("merge", "split", "undo", "note")


def decisions_of(output: Path) -> list[Decision]:
    """The decisions on the incidents in that folder, in order. Raises StoreError where the chain is broken."""
    path = output / FILE
    found: list[Decision] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.is_file() else [], 1):
        try:
            decision = rebuild(Decision, json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StoreError("decision-damaged", f"is no decision: {error}", where=f"{path}:{number}") from error
        if decision.seq != number or decision.previous != (found[-1].hash() if found else ""):
            raise StoreError(
                "decision-chain", "does not follow from the line before: one was changed or taken out",
                where=f"{path}:{number}", todo="Bring the file back from a copy.",
            )  # fmt: skip
        found.append(decision)
    return found


def archive_constraints(output: Path) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Pairs of accounts that must, and that must not, tell of one incident, by the decisions that stand."""
    taken = decisions_of(output)
    undone: set[str] = set()
    for decision in reversed(taken):
        if decision.kind == "undo" and decision.decision_id not in undone:
            undone.add(decision.subject_id)
    standing = [d for d in taken if d.kind in ("merge", "split") and d.decision_id not in undone]
    return constraints_of((d.kind, d.old, d.new if d.kind == "split" else ()) for d in standing)


def decide_on_archive(
    output: Path, kind: str, subject_id: str, others: Sequence[str], *, author: str, reason: str, at: str | None = None
) -> Decision:
    """The decision is added to the file, with the accounts it binds; the next linking goes by it.

    `others` are the other incidents of a merge, the accounts to take out for a split. Ids may be shortened, and may be
    ones an incident had before. Raises SettingsError for unknown ids and for what a decision of this kind cannot do.
    """
    if kind not in KINDS:
        raise SettingsError(
            "decision-misfit", unknown_name("decision on an archive", kind, KINDS),
            todo="All others are taken in a dossier.",
        )  # fmt: skip
    if not author.strip():
        raise SettingsError("no-author", "a decision needs the name of who takes it", todo="Say who: --author NAME")
    before = decisions_of(output)
    subject, old, new = _meant(output, kind, subject_id, others, before)
    when = at or datetime.now(UTC).isoformat(timespec="milliseconds")
    seq, previous = len(before) + 1, before[-1].hash() if before else ""
    decision = Decision(
        decision_id=make_id("decision", seq=seq, previous=previous, act=kind, subject=subject, author=author, at=when),
        seq=seq, kind=kind, subject_kind="decision" if kind == "undo" else "incident", subject_id=subject,
        author=author, at=when, reason=reason, old=old, new=new, previous=previous,
    )  # fmt: skip
    with (output / FILE).open("a", encoding="utf-8") as file:
        file.write(canonical_json(decision) + "\n")
    return decision


def _meant(
    output: Path, kind: str, subject_id: str, others: Sequence[str], before: Sequence[Decision]
) -> tuple[str, list[str] | None, list[str] | None]:
    """The whole id of the subject, the accounts the decision is about, and its new value."""
    if kind == "undo":
        return _one(subject_id, [d.decision_id for d in before]), None, None
    incidents = _incidents(output)
    subject = _present(subject_id, incidents)
    if kind == "note":
        return subject, None, None
    own = sorted(incidents[subject])
    if kind == "split":
        taken = sorted({_one(other, own) for other in others})
        if not taken or len(taken) == len(own):
            raise SettingsError("nothing-to-split", "name some accounts of this incident, and not all of them")
        return subject, own, taken
    merged = sorted({_present(other, incidents) for other in others} - {subject})
    if not merged:
        raise SettingsError("nothing-to-merge", "name at least one other incident to merge with")
    return subject, sorted({*own, *(a for key in merged for a in incidents[key])}), merged


def _incidents(output: Path) -> dict[str, list[str]]:
    from trucewatch.running.partitions import arrow

    parquet: Any = arrow("pyarrow.parquet")
    out: dict[str, list[str]] = {}
    for path in sorted((output / "incidents").glob("*.parquet")):
        for row in parquet.read_table(path, columns=["incident_id", "account_ids"]).to_pylist():
            out[row["incident_id"]] = row["account_ids"]
    if not out:
        raise SettingsError("no-incidents", "holds no incidents", where=str(output), todo="Link the archive first.")
    return out


def _present(some_id: str, incidents: dict[str, list[str]]) -> str:
    """An id is made of an account of its incident, so one that went leads to the incident that has the account now."""
    if not any(key.startswith(some_id) for key in incidents):
        for key, accounts in incidents.items():
            if any(make_id("incident", seed=account).startswith(some_id) for account in accounts):
                return key
    return _one(some_id, list(incidents))


def _one(some_id: str, known: Sequence[str]) -> str:
    found = [key for key in known if key.startswith(some_id)]
    if some_id in found:
        return some_id
    if len(found) != 1:
        what = f"{len(found)} ids begin with {some_id}" if found else f"there is no {some_id}"
        raise SettingsError("unknown-id", what, todo="Give more of the id." if found else "")
    return found[0]

"""What changed between two states of a telling, each change with its cause: what the errata of a bulletin are made of.

A `Record` is what is kept of a published bulletin: of each incident what a reader was told, and on what it rested.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trucewatch.telling.tellings import Telling, day_label, label_of, place_label, toll_label
from trucewatch.terms.decisions import Decision
from trucewatch.terms.ids import plain
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild

TOLD = ("what", "reality", "day", "place", "actors", "targets", "toll", "outcomes", "belief")


@dataclass(frozen=True, slots=True)
class Line:
    """An incident as it was told. `told` are (name, value) pairs in the order of TOLD; `account_ids` its grounds."""

    incident_id: str
    told: tuple[tuple[str, str], ...]
    account_ids: tuple[str, ...]
    report_ids: tuple[str, ...]  # of each account, in the same order


@dataclass(frozen=True, slots=True)
class Record:
    """All incidents as told at a cut-off. `decisions_seq` is the number of the last decision it knew of."""

    as_of: str
    decisions_seq: int
    report_ids: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changed: what in words, and the id of the report or decision behind it.

    `kind` is new_report, withdrawn, decision, regrouped, read_anew, judged_anew or outside_window.
    """

    kind: str
    what: str
    subject_id: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One incident that was told otherwise. `kind`: added, changed or withdrawn.

    `fields` are (name, before, after); `before_id` is the incident's id then, where it had another.
    """

    kind: str
    incident_id: str
    title: str
    fields: tuple[tuple[str, str, str], ...]
    causes: tuple[Cause, ...]
    before_id: str | None = None


@dataclass(frozen=True, slots=True)
class Errata:
    """What is told otherwise than in a bulletin that was published: its id, title and ISO day, and the changes."""

    bulletin_id: str
    title: str
    published_on: str
    changes: tuple[Change, ...]


def record_of(telling: Telling, decisions_seq: int) -> Record:
    """The record to keep with a bulletin made of that telling. `decisions_seq` is the number of the last decision."""
    return Record(
        telling.as_of,
        decisions_seq,
        tuple(sorted(telling.report)),
        tuple(_line(incident, telling) for incident in sorted(telling.incidents, key=lambda i: i.incident_id)),
    )


def record_json(record: Record) -> dict[str, Any]:
    """The record as plain JSON types."""
    return dict(plain(record))


def record_from(value: Mapping[str, Any]) -> Record:
    """The record of its JSON. Raises StoreError where it is none."""
    return rebuild(Record, dict(value))


def changes_between(before: Record, after: Record, telling: Telling, decisions: Sequence[Decision]) -> list[Change]:
    """What `after` tells otherwise than `before`, by incident id; `telling` is what `after` was made of.

    An incident is the same where it holds most of the accounts the earlier one rested on, whatever its id. `decisions`
    are all decisions of the store; those the earlier record knew of cause nothing. Equal records give no change.
    """
    later = [d for d in decisions if d.seq > before.decisions_seq]
    held = {account: line.incident_id for line in after.lines for account in line.account_ids}
    now = {line.incident_id: line for line in after.lines}
    partner: dict[str, list[Line]] = defaultdict(list)
    out: list[Change] = []
    why = _Why(before, after, telling, later)
    for line in before.lines:
        target = line.incident_id if line.incident_id in now else _holder(line, held)
        if target is None:
            out.append(Change("withdrawn", line.incident_id, _title(line), (), why.gone(line)))
        else:
            partner[target].append(line)
    for line in after.lines:
        earlier = partner.get(line.incident_id, [])
        if not earlier:
            out.append(Change("added", line.incident_id, _title(line), (), why.came(line)))
        for old in earlier:
            fields = _differences(old, line)
            merged = len(earlier) > 1
            if fields or merged or set(old.account_ids) != set(line.account_ids):
                other = old.incident_id if old.incident_id != line.incident_id else None
                out.append(Change("changed", line.incident_id, _title(line), fields, why.changed(old, line), other))
    return sorted(out, key=lambda c: (c.incident_id, c.before_id or ""))


class _Why:
    """Finds the causes of a change by what came, what went and what people decided in between."""

    def __init__(self, before: Record, after: Record, telling: Telling, later: Sequence[Decision]) -> None:
        self.telling, self.later = telling, later
        self.old_reports, self.new_reports = set(before.report_ids), set(after.report_ids)
        self.old_accounts = {a for line in before.lines for a in line.account_ids}
        self.new_accounts = {a for line in after.lines for a in line.account_ids}

    def gone(self, line: Line) -> tuple[Cause, ...]:
        causes = [*self._reports_gone(line), *self._decided(line.incident_id, line.account_ids)]
        if not causes and set(line.account_ids) & set(self.telling.account):
            return (Cause("outside_window", "is dated outside the days of this telling now"),)
        return tuple(causes) or (Cause("read_anew", "its reports are not read as telling of it any more"),)

    def came(self, line: Line) -> tuple[Cause, ...]:
        causes = [*self._reports_new(line), *self._decided(line.incident_id, line.account_ids)]
        if not causes and set(line.account_ids) & self.old_accounts:
            return (Cause("regrouped", "its accounts were told under another incident before"),)
        return tuple(causes) or (Cause("read_anew", "reports known before are read as telling of it now"),)

    def changed(self, old: Line, new: Line) -> tuple[Cause, ...]:
        causes = [*self._reports_new(new, set(old.account_ids)), *self._reports_gone(old)]
        causes += self._decided(new.incident_id, {*old.account_ids, *new.account_ids}, old.incident_id)
        if causes:
            return tuple(causes)
        came, went = set(new.account_ids) - set(old.account_ids), set(old.account_ids) - set(new.account_ids)
        if came & self.old_accounts or went & self.new_accounts:
            return (Cause("regrouped", "accounts known before are put together otherwise"),)
        if came or went:
            return (Cause("read_anew", "reports known before are read otherwise"),)
        told = {name for name, _, _ in _differences(old, new)}
        if told <= {"outcomes", "belief"}:
            return (Cause("judged_anew", "the agreement files, the actors or the rules of judging changed"),)
        return (Cause("read_anew", "the same accounts are read or located otherwise"),)

    def _reports_new(self, line: Line, known: set[str] | None = None) -> list[Cause]:
        pairs = zip(line.account_ids, line.report_ids, strict=True)
        ids = dict.fromkeys(r for a, r in pairs if r not in self.old_reports and a not in (known or ()))
        return [Cause("new_report", self._named(r), r) for r in ids]

    def _reports_gone(self, line: Line) -> list[Cause]:
        ids = dict.fromkeys(r for r in line.report_ids if r not in self.new_reports)
        return [Cause("withdrawn", f"report {r} is not at hand any more", r) for r in ids]

    def _decided(self, incident_id: str, account_ids: Sequence[str] | set[str], old_id: str = "") -> list[Cause]:
        ids = {incident_id, old_id, *account_ids}
        by_id = {d.decision_id: d for d in self.later}
        out = []
        for decision in self.later:
            about = by_id.get(decision.subject_id, decision) if decision.kind == "undo" else decision
            others = about.new if about.kind in ("merge", "split") and isinstance(about.new, list) else []
            added = about.new.get("account_id") if about.kind == "add" and isinstance(about.new, dict) else None
            if ids & {about.subject_id, added, *map(str, others)}:
                words = f"{decision.kind}{f' {decision.field}' if decision.field else ''} by {decision.author}"
                reason = f": {decision.reason}" if decision.reason else ""
                out.append(Cause("decision", f"{words} on {decision.at[:10]}{reason}", decision.decision_id))
        return out

    def _named(self, report_id: str) -> str:
        report = self.telling.report.get(report_id)
        if report is None:
            return report_id
        return ", ".join(p for p in (report.name, report.source, (report.published or "")[:10]) if p)


def _line(incident: Incident, telling: Telling) -> Line:
    findings = telling.findings_of.get(incident.incident_id, ())
    accounts = [a for a in sorted(incident.account_ids) if a in telling.account]
    values = {
        "what": label_of(incident.type),
        "reality": incident.reality,
        "day": day_label(incident),
        "place": place_label(incident),
        "actors": ", ".join(p.name for p in incident.actors) or "not told",
        "targets": ", ".join(p.name for p in incident.targets) or "not told",
        "toll": toll_label(incident) or "no figure",
        "outcomes": "; ".join(f"{f.term_id}: {f.outcome}" for f in findings if f.outcome != "not_the_act") or "none",
        "belief": ", ".join(sorted({f.belief for f in findings})) or "not judged",
    }
    return Line(
        incident.incident_id,
        tuple((name, values[name]) for name in TOLD),
        tuple(accounts),
        tuple(telling.account[a].report_id for a in accounts),
    )


def _title(line: Line) -> str:
    told = dict(line.told)
    return f"{told['what']}, {told['place']}, {told['day']}"


def _differences(old: Line, new: Line) -> tuple[tuple[str, str, str], ...]:
    before, after = dict(old.told), dict(new.told)
    return tuple((name, before[name], after[name]) for name in TOLD if before.get(name) != after.get(name))


def _holder(line: Line, held: Mapping[str, str]) -> str | None:
    votes = Counter(held[a] for a in line.account_ids if a in held)
    return min(votes, key=lambda key: (-votes[key], key)) if votes else None

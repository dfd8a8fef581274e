"""Annotated reports as labels over code points: triggers, roles, passages, and what a trainer must not learn from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.figures import find_number
from trucewatch.reading.guesses import PASSAGES, ROLES
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.spans import Span

TYPES = tuple(incident_types())
GROUPS = ("mena", "eurasia", "africa-americas")
OWN, OWN_FOLDER = "own", Path(__file__).with_name("reports")  # the project's own reports, in the repository
ABOUT = "about"  # a role of passages alone
ALL_ROLES = (*ROLES, ABOUT)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Doubts of the second look that convinced us and that no rule below reads out of the corrections files.
SAME_INCIDENT = {
    "bbc-port-kavkaz-ferry-2024": (7, 8),
    "voa-sheiria-captured": (0, 1),
    "voa-baidoa-falls": (1, 3),
    "voa-bakara-market-shells": (2, 3),
}
RETYPED = {("voa-pakistan-us-helicopters", 2): "shelling"}
BREACHES = {("fk-1965511171", 2), ("fk-1965511189", 1), ("dpa-m19-members-murdered", 0)}


@dataclass(frozen=True, slots=True)
class Trigger:
    """A labelled trigger. `group` is the account it tells of, None where unknown.

    `roles` maps a role to its spans: an empty tuple is "none in the text", a missing role is "not known".
    `status` is 0 account, 1 retelling, None not known.
    """

    span: Span
    type: str
    status: int | None
    group: int | None
    reality: str | None = None
    breach: bool | None = None
    roles: dict[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled statement or tally, with the runs that name its speaker and whom it is aimed at."""

    span: Span
    kind: str
    roles: dict[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One report with its labels. `unsure` are runs in which no trigger may be learned or unlearned."""

    name: str
    group: str
    text: str
    title: str | None
    triggers: tuple[Trigger, ...]
    passages: tuple[Passage, ...]
    background: tuple[Span, ...]
    unsure: tuple[Span, ...]
    accounts: tuple[tuple[str, Span], ...]


def load_corpus(folder: Path) -> list[Labelled]:
    """The reports of all groups in the order of the files, then the project's own.

    FileNotFoundError where a file of a group is missing.
    """
    out = []
    for group in GROUPS:
        told = {row["id"]: row for row in rows(folder / f"retellings-{group}.jsonl")}
        doubts: dict[str, list[dict[str, Any]]] = {}
        for row in rows(folder / f"corrections-{group}.jsonl"):
            doubts.setdefault(row["id"], []).append(row)
        for row in rows(folder / f"train-{group}.jsonl"):
            out.append(labelled(row, group, told.get(row["id"], {}), doubts.get(row["id"], [])))
    return out + [labelled(row, OWN, row, []) for row in own_rows()]


def own_rows() -> list[dict[str, Any]]:
    """The records of the project's own reports: annotated ones with their `retellings` and `background` beside."""
    return [row for path in sorted(OWN_FOLDER.glob("*.jsonl")) for row in rows(path)]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def labelled(row: dict[str, Any], group: str, told: dict[str, Any], doubts: list[dict[str, Any]]) -> Labelled:
    """One report with the labels that its rows give."""
    text, triggers, unsure, accounts = row["text"], [], [], []
    same = SAME_INCIDENT.get(row["id"])
    for index, account in enumerate(row["accounts"]):
        quote = within(text, account["quote"], None)
        if quote is None:
            continue
        kind = RETYPED.get((row["id"], index), account["type"])
        accounts.append((kind, quote))
        span = within(text, account["trigger"], quote)
        if span is None:
            unsure.append(quote)
            continue
        breach = account["breach"] or (row["id"], index) in BREACHES
        home = same[0] if same and index == same[1] else index
        roles = account_roles(text, account, quote, span)
        triggers.append(Trigger(span, kind, 0, home, account["reality"], breach, roles))
    for again in told.get("retellings", ()):
        quote = within(text, again["quote"], None, again.get("start"))
        of = row["accounts"][again["account"]]
        span = within(text, again["trigger"], quote) if quote and again["trigger"] else None
        if span is None:
            unsure.extend([quote] if quote else [])
        elif not any(span.overlaps(other.span) for other in triggers):
            kind = RETYPED.get((row["id"], again["account"]), of["type"])
            triggers.append(Trigger(span, kind, 1, again["account"], of["reality"]))
    for doubt in doubts:
        read_doubt(text, doubt, triggers, unsure)
    background = tuple(span for quote in told.get("background", ()) if (span := within(text, quote, None)))
    triggers.sort(key=lambda trigger: (trigger.span, trigger.type))
    return Labelled(
        row["id"],
        group,
        text,
        row.get("title"),
        tuple(triggers),
        tuple(passages(text, row)),
        background,
        tuple(sorted(unsure)),
        tuple(accounts),
    )


def read_doubt(text: str, doubt: dict[str, Any], triggers: list[Trigger], unsure: list[Span]) -> None:
    """A missed account becomes a trigger of unknown status where the doubt names it, else a run to leave alone."""
    if doubt.get("account") is not None:
        return
    both = doubt["problem"] + " " + doubt["proposal"]
    named = re.search(r'trigger "([^"]+)"', doubt["proposal"])
    kind = next((word for word in re.findall(r"[a-z_]+", doubt["proposal"]) if word in TYPES), None)
    for quote in re.findall(r'"([^"]{8,})"', both):
        around = within(text, quote, None)
        if around is None:
            continue
        span = within(text, named.group(1), around) if named else None
        if span and kind and not any(span.overlaps(other.span) for other in triggers):
            triggers.append(Trigger(span, kind, None, None))
        else:
            unsure.append(around)


def within(text: str, quote: str, around: Span | None, start: int | None = None) -> Span | None:
    """Where a quote stands: inside `around` if given, else from `start` or its first occurrence; None if nowhere."""
    low, high = (around.start, around.end) if around else (0, len(text))
    at = start if start is not None and text.startswith(quote, start) else text.find(quote, low, high)
    return Span(at, at + len(quote)) if at >= 0 and quote else None


def nearest(text: str, name: str, quote: Span, trigger: Span) -> Span | None:
    """The occurrence of a name that an annotator most likely meant: in the quote, else the closest to it."""
    found = [Span(m.start(), m.end()) for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    if not found:
        return None

    def cost(span: Span) -> tuple[int, int]:
        anchor = trigger if span.within(quote) else quote
        away = max(span.start - anchor.end, anchor.start - span.end, 0)
        return (0 if span.within(quote) else 1, away)

    return min(found, key=lambda span: (cost(span), span.start))


def named(text: str, names: list[str], quote: Span, trigger: Span) -> tuple[Span, ...]:
    """The spans of names, in the order of the text."""
    found = {nearest(text, name, quote, trigger) for name in names if name}
    return tuple(sorted(span for span in found if span))


def account_roles(text: str, account: dict[str, Any], quote: Span, trigger: Span) -> dict[str, tuple[Span, ...]]:
    """The spans of each role of an account; a role that the text gives in no form we can find is left out."""
    said = [account["said_by"]] if account["said_by"] else []
    roles = {
        "actor": named(text, account["actors"], quote, trigger),
        "target": named(text, account["targets"], quote, trigger),
        "place": named(text, [place["name"] for place in account["places"]], quote, trigger),
        "speaker": named(text, said, quote, trigger),
        "quote": (quote,),
    }
    for role in ("killed", "injured"):
        if not account[role]:
            roles[role] = ()
        elif (span := find_number(text, account[role], quote)) is not None:
            roles[role] = (span,)
    if (day := weekday(text, account["date"], quote)) is not None:
        roles["time"] = (day,)
    return roles


def weekday(text: str, date: dict[str, str] | None, quote: Span) -> Span | None:
    """The weekday or the day of a month in or just around a quote that its date was read from, or None."""
    from datetime import date as day

    if not date or not date.get("earliest") or date["earliest"] != date.get("latest"):
        return None
    when = day.fromisoformat(date["earliest"])
    word = WEEKDAYS[when.weekday()]
    month = when.strftime("%B")
    found = list(re.finditer(rf"(?i)\b(?:{word}|{month} {when.day}|{when.day} {month})\b", text))
    near = [m for m in found if quote.start - 150 <= m.start() <= quote.end + 80]
    best = min(near, key=lambda m: (max(m.start() - quote.end, quote.start - m.end(), 0), m.start()), default=None)
    return Span(best.start(), best.end()) if best else None


def passages(text: str, row: dict[str, Any]) -> Iterator[Passage]:
    """The statements and tallies that stand in the text."""
    for item in row["statements"]:
        span = within(text, item["quote"], None)
        if span and item["kind"] in PASSAGES:
            speaker, about = [item["speaker"]] if item["speaker"] else [], [item["about"]] if item["about"] else []
            roles = {"speaker": named(text, speaker, span, span), ABOUT: named(text, about, span, span)}
            yield Passage(span, item["kind"], roles)
    for item in row["tallies"]:
        if span := within(text, item["quote"], None):
            speaker = [item["said_by"]] if item["said_by"] else []
            roles = {"speaker": named(text, speaker, span, span), ABOUT: named(text, item["accused"], span, span)}
            yield Passage(span, "tally", roles)

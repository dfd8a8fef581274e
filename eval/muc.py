#!/usr/bin/env python3
"""Reads MUC-4 reports and compares with their templates: quiet documents and the fillers of slots.

usage: muc.py MUC4.jsonl

A document without a template is quiet where no account of violence is read as having happened. Slots are compared by
document, whichever template they stand in: a gold filler is found where one that was read has its head word, and one
that was read is right where it has the head word of a gold filler; optional fillers and templates are not asked for,
and not counted as wrong. Types are compared by document too, in the classes of MUC-4. This is more lenient than the
alignment of templates by which published figures are made, and harder than systems trained on its 1,300 documents find
it: the two cannot be ranked.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from read_corpus import report_of

from trucewatch.reading.readers import Reader
from trucewatch.telling.scores import folded
from trucewatch.terms.accounts import Account
from trucewatch.terms.codebooks import incident_types

CLASSES = {
    "bombing": "BOMBING",
    "abduction": "KIDNAPPING",
    "property_destruction": "ARSON",
}
SLOTS = {
    "perpetrator": ("perp_individual", "perp_organization"),
    "target": ("phys_tgt_id",),
    "victim": ("hum_tgt_name", "hum_tgt_description"),
    "target or victim": ("phys_tgt_id", "hum_tgt_name", "hum_tgt_description"),
    "location": ("incident_location",),
    "type": ("incident_type",),
}
_STOP = frozenset({"the", "a", "an", "of", "and", "in", "el", "la", "de", "los", "las", "city", "department"})
Filler = frozenset[str]  # the words any of which, shared as a head, makes two fillers one


def published_of(dateline: str) -> str | None:
    """The day of a dateline such as "BOGOTA, 4 FEB 90 (AGENCY)", None where it holds none."""
    found = re.search(r"\b(\d{1,2})\s+([A-Z]{3})[A-Z]*\s+(\d{2})\b", dateline)
    try:
        return datetime.strptime(" ".join(found.groups()).title(), "%d %b %y").date().isoformat() if found else None
    except ValueError:
        return None


def violent(account: Account) -> bool:
    """True for an account of violence, or of people or things taken or destroyed, told as having happened."""
    kind = incident_types()[account.type]
    return account.reality == "asserted" and (kind.violent or account.type in ("abduction", "property_destruction"))


def heads(names: Iterable[str]) -> Filler:
    """The last words of names, in lower case, plurals without their s."""
    out = set()
    for name in names:
        words = [w for w in re.findall(r"[a-z0-9]+", folded(name)) if w not in _STOP]
        if words:
            out.add(words[-1].removesuffix("s"))
    return frozenset(out)


def gold_fillers(templates: Iterable[Mapping[str, Any]], slot: str) -> tuple[list[Filler], list[Filler]]:
    """What must be found and what may be, each as the heads of its alternatives."""
    must: dict[Filler, None] = {}
    may: dict[Filler, None] = {}
    for template in templates:
        for name in SLOTS[slot]:
            for line in template[name]:
                optional = template["optional"] or line.startswith("?")
                found = _alternatives(line, slot)
                if found:
                    (may if optional else must)[found] = None
    return list(must), list(may)


def _alternatives(line: str, slot: str) -> Filler:
    if slot == "type":
        return frozenset(line.strip("? ").split(" / "))
    if slot == "location":
        # "COLOMBIA: ANTIOQUIA (DEPARTMENT): MEDELLIN (CITY)": the most specific stands last
        return heads(re.sub(r"\(.*?\)", "", part.rsplit(":", 1)[-1]) for part in line.strip("? ").split(" / "))
    return heads(re.findall(r'"((?:\\.|[^"\\])+)"', line.split(":", 1)[0] if '":' in line else line))


def read_fillers(accounts: Iterable[Account], slot: str) -> set[Filler]:
    """What was read for a slot in one document."""
    out: set[Filler] = set()
    for account in accounts:
        if slot == "type":
            out.add(frozenset({CLASSES.get(account.type, "ATTACK")}))
        elif slot == "location":
            out.update(heads([place.name]) for place in account.places)
        else:
            parties = account.actors if slot == "perpetrator" else account.targets
            out.update(heads([party.name]) for party in parties)
    return {filler for filler in out if filler}


def main() -> int:
    """Print the share of quiet documents and a row a slot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.documents.read_text("utf-8").splitlines()]
    reports = [report_of({**row, "published": published_of(row["dateline"]), "language": "en"}) for row in rows]
    readings = Reader()(reports)
    told = [[a for a in reading.accounts if violent(a)] for reading in readings]
    quiet = [not accounts for row, accounts in zip(rows, told, strict=True) if not row["templates"]]
    loud = [bool(accounts) for row, accounts in zip(rows, told, strict=True) if row["templates"]]
    print(f"documents without a template on which nothing violent is read: {sum(quiet)} of {len(quiet)}")
    print(f"documents with a template on which something violent is read: {sum(loud)} of {len(loud)}")
    print(f"{'slot':18}precision  recall     F1")
    for slot in SLOTS:
        right = n_read = found = n_gold = 0
        for row, accounts in zip(rows, told, strict=True):
            must, may = gold_fillers(row["templates"], slot)
            read = read_fillers(accounts, slot)
            found += sum(any(filler & other for other in read) for filler in must)
            n_gold += len(must)
            hits = [any(other & filler for filler in must) for other in read]
            spared = [not hit and any(other & filler for filler in may) for hit, other in zip(hits, read, strict=True)]
            right += sum(hits)
            n_read += len(read) - sum(spared)
        precision, recall = right / max(1, n_read), found / max(1, n_gold)
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        print(f"{slot:18}{precision:9.3f}{recall:8.3f}{f1:7.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What hangs on an incident: how far the ledger and the next bulletin would move if it were rejected."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from trucewatch.running.changes import RECORD
from trucewatch.running.postings import postings_for
from trucewatch.running.stages import Stages
from trucewatch.store.models import BulletinRow, IncidentRow
from trucewatch.store.turns import Turn
from trucewatch.telling.ledgers import Book

WEIGHED = 40  # incidents whose effect is worked out: the first of the order that the store keeps
MOST_BESIDE = 400  # others of the same days, which a counting rule may count together with them


@dataclass(frozen=True, slots=True)
class Stake:
    """What would change if the incident were rejected.

    `breaches` is how many alleged breaches the ledger would lose, expected, over all its cells and under the dossier's
    counting rule; `figures` are the headline figures of the next bulletin that would move; `published` says whether the
    last bulletin told of it, so that the change would be an erratum.
    """

    breaches: float
    figures: tuple[str, ...]
    published: bool

    @property
    def weight(self) -> float:
        """One number to order by: breaches lost, and figures moved or the erratum caused."""
        return self.breaches + (1 if self.published else len(self.figures))


def most_at_stake(likely: Sequence[Turn], stages: Stages) -> tuple[IncidentRow, Stake] | None:
    """The row whose decision would change most, then the contested, then the one the machine is least sure of.

    Of the `likely` the first are weighed; None where there are none.
    """
    rows = IncidentRow.objects.defer("words", "machine").in_bulk([turn.incident_id for turn in likely[:WEIGHED]])
    candidates = [rows[turn.incident_id] for turn in likely[:WEIGHED] if turn.incident_id in rows]
    if not candidates:
        return None
    stakes = stakes_of(candidates, stages)
    best = min(
        candidates,
        key=lambda r: (-round(stakes[r.pk].weight, 3), not r.contested, -1 if r.confidence is None else r.confidence),
    )
    return best, stakes[best.pk]


def stakes_of(rows: Sequence[IncidentRow], stages: Stages) -> dict[str, Stake]:
    """The stake of each of these incidents, by id."""
    by_id = {row.pk: row for row in rows}
    postings = {posting.incident_id: posting for posting in postings_for(stages, _around(rows))}
    book, rule = Book({}), stages.dossier.counting_rule
    for posting in postings.values():
        book.put(posting)
    whole, lost = _expected(book, rule), {}
    for key in sorted(by_id):
        book.drop(key)
        lost[key] = whole - _expected(book, rule)
        book.put(postings[key])
    last = BulletinRow.objects.order_by("-published_at", "-pk").values_list("pk", flat=True).first()
    told = _told_in(last) if last else frozenset()
    return {key: Stake(round(lost[key], 2), _figures(by_id[key], lost[key]), key in told) for key in sorted(by_id)}


def _expected(book: Book, rule: str) -> float:
    """All that the ledger counts, over all its cells."""
    return sum(cell.expected for cell in book.ledger(rule).cells)


def _figures(row: IncidentRow, lost: float) -> tuple[str, ...]:
    """The headline figures of a bulletin that the incident is counted in."""
    figures = ["incidents told"] if row.reality == "asserted" else []
    figures += ["alleged breaches"] if lost > 0 else []
    dead = bool(row.killed_high or row.killed_low)
    return (*figures, "deaths told of") if dead and row.reality == "asserted" else tuple(figures)


def _around(rows: Sequence[IncidentRow]) -> list[str]:
    """The ids of these incidents and of others of the same days: a rule may count several of a day as one."""
    days = {row.earliest for row in rows if row.earliest}
    beside = IncidentRow.objects.filter(earliest__in=days).exclude(state="rejected").order_by("earliest", "pk")
    return sorted({*beside.values_list("pk", flat=True)[:MOST_BESIDE], *(row.pk for row in rows)})


@lru_cache(maxsize=2)
def _told_in(bulletin_id: str) -> frozenset[str]:
    """The incidents a bulletin told of: it never changes, so it is read once."""
    payload = json.loads(BulletinRow.objects.values_list("payload", flat=True).get(pk=bulletin_id))
    return frozenset(line["incident_id"] for line in payload.get(RECORD, {}).get("lines", ()))

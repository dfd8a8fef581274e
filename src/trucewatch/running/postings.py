"""The ledgers of a dossier kept up with its store: only what has changed since is counted anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.running.engines.works import code_hash
from trucewatch.telling.ledgers import Book
from trucewatch.telling.postings import Posting, packed, postings_of, unpacked
from trucewatch.telling.tellings import Telling, nobody_of
from trucewatch.terms.accounts import Account
from trucewatch.terms.findings import Finding
from trucewatch.terms.ids import content_hash
from trucewatch.terms.incidents import Incident
from trucewatch.terms.records import rebuild

if TYPE_CHECKING:
    from trucewatch.running.stages import Stages

CHUNK = 500  # incidents whose accounts are in memory at a time
MARK = "postings"


def keep_postings(stages: Stages) -> int:
    """Every incident has a posting made with the present rules, actors and sources. Returns how many were made."""
    # the models can be imported once the store is open, not before
    from django.db import transaction

    from trucewatch.store.locks import lock_chain
    from trucewatch.store.marks import mark, marked
    from trucewatch.store.postings import forget_all_postings, missing_postings, write_postings

    fingerprint = posting_fingerprint(stages)
    if marked(MARK) != fingerprint:
        with transaction.atomic():
            forget_all_postings()
            mark(MARK, fingerprint)
    n = 0
    while missing_postings(1):
        with transaction.atomic():
            lock_chain()
            ids = missing_postings(CHUNK)
            write_postings({p.incident_id: packed(p) for p in make_postings(stages, ids)})
            n += len(ids)
    return n


def keep_changed(stages: Stages) -> None:
    """As `keep_postings`, but only the few that a decision has changed: it does not wait for a whole store."""
    from trucewatch.store.marks import marked
    from trucewatch.store.postings import missing_postings

    if marked(MARK) == posting_fingerprint(stages) and len(missing_postings(CHUNK + 1)) <= CHUNK:
        keep_postings(stages)


def posting_fingerprint(stages: Stages) -> str:
    """Names all that postings depend on, besides incidents, findings and accounts."""
    from trucewatch.store.reader import sources

    return content_hash({"code": _code(), "actors": list(stages.registry), "sources": sources()})


@cache
def _code() -> str:
    return code_hash("telling", "terms")


def make_postings(stages: Stages, incident_ids: Sequence[str]) -> list[Posting]:
    """The postings of these incidents as the store stands, by id; one that people rejected adds nothing."""
    from trucewatch.store.models import AccountRow, FindingRow, IncidentRow
    from trucewatch.store.reader import reports_by_id, sources
    from trucewatch.store.syncs import BATCH

    known, out = tuple(sources()), []
    for start in range(0, len(incident_ids), BATCH):
        ids = incident_ids[start : start + BATCH]
        told = IncidentRow.objects.filter(pk__in=ids).values_list("state", "payload")
        standing = [rebuild(Incident, json.loads(text)) for state, text in told if state != "rejected"]
        accounts = AccountRow.objects.filter(membership__incident_id__in=ids).exclude(state="rejected")
        rows = [rebuild(Account, json.loads(text)) for text in accounts.values_list("payload", flat=True)]
        held: dict[str, list[Finding]] = defaultdict(list)
        for key, text in FindingRow.objects.filter(incident_id__in=ids).values_list("incident_id", "payload"):
            held[key].append(rebuild(Finding, json.loads(text)))
        telling = Telling(
            title="",
            as_of="",
            incidents=tuple(standing),
            findings=tuple(f for i in standing for f in held[i.incident_id]),
            accounts=tuple(rows),
            reports=tuple(reports_by_id(sorted({a.report_id for a in rows})).values()),
            sources=known,
            actors=tuple(stages.registry),
        )
        made = {posting.incident_id: posting for posting in postings_of(telling)}
        out += [made.get(key) or _nothing(key) for key in sorted(ids)]
    return out


def _nothing(incident_id: str) -> Posting:
    return Posting(incident_id, "", "", None, None, (), {})


def postings_for(stages: Stages, incident_ids: Sequence[str]) -> list[Posting]:
    """The postings of these incidents: those kept, and those missing made anew."""
    from trucewatch.store.postings import kept_postings

    kept = {row.incident_id: unpacked(row.incident_id, row.payload) for row in kept_postings(incident_ids)}
    return [*kept.values(), *make_postings(stages, sorted(set(incident_ids) - kept.keys()))]


class KeptBook:
    """The book of a dossier in memory, brought up to what its store holds whenever it is asked for."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages
        self._book = Book({actor.actor_id: actor.name for actor in stages.registry}, nobody_of(stages.registry))
        self._last = 0
        self._loose: set[str] = set()  # incidents whose posting is not kept: theirs is made anew every time

    def brought_up(self, *, keep: bool) -> Book:
        """The book as the store stands. With `keep`, postings that had to be made are kept for the next time."""
        from trucewatch.store.postings import missing_postings, n_postings, posted_incidents, postings_after

        if keep:
            keep_postings(self._stages)
        book = self._book
        for kept in postings_after(self._last):
            book.put(unpacked(kept.incident_id, kept.payload))
            self._last = max(self._last, kept.number)
            self._loose.discard(kept.incident_id)
        for key in self._loose:
            book.drop(key)
        if len(book) != n_postings():
            present = posted_incidents()
            for key in [key for key in book if key not in present]:
                book.drop(key)
        self._loose = set(missing_postings())
        for posting in make_postings(self._stages, sorted(self._loose)):
            book.put(posting)
        return book

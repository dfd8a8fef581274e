"""What changed since a bulletin, or since a past moment of the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from trucewatch.running.stages import Stages
from trucewatch.running.tellings import telling_of
from trucewatch.telling.changes import Change, changes_between, record_from, record_json, record_of
from trucewatch.telling.selections import Selection, selected
from trucewatch.telling.tellings import Telling
from trucewatch.terms.errors import SettingsError, unknown_name

RECORD = "record"  # the key under which a bulletin's payload keeps what it told


@dataclass(frozen=True, slots=True)
class Since:
    """The changes, with what they are counted from: the id of a bulletin or an instant, and the cut-offs.

    `caveats` say what in a replayed past is not of that time; empty where a record was kept.
    """

    since: str
    before_as_of: str
    as_of: str
    changes: tuple[Change, ...]
    caveats: tuple[str, ...] = ()


def record_payload(telling: Telling) -> dict[str, Any]:
    """What publishing puts into `BulletinRow.payload`, so that later changes can be told from it.

    Call it inside the transaction that stores the bulletin: it names the last decision taken.
    """
    from trucewatch.store.decisions import head

    return {RECORD: record_json(record_of(telling, head()[0]))}


def changes_since_bulletin(stages: Stages, bulletin_id: str, telling: Telling | None = None) -> Since:
    """What a bulletin told otherwise than the store does now, over the same days; the store is open.

    `telling` is what to compare with: the present one over the bulletin's days and selection without. A bulletin that
    kept no record is replayed: its days as known when it was published. Raises SettingsError for an id that none has.
    """
    from trucewatch.store.models import BulletinRow

    row = BulletinRow.objects.filter(pk=bulletin_id).first()
    if row is None:
        published = list(BulletinRow.objects.order_by("-pk").values_list("pk", flat=True))
        what = unknown_name("bulletin", bulletin_id, published) if published else "no bulletin is published yet"
        raise SettingsError("unknown-bulletin", what, todo="Publish one: trucewatch bulletin DIR -o bulletin.html")
    days = {"since": row.since, "until": row.until}
    chosen = json.loads(row.payload).get("asked", {}).get("selection", {})
    part = Selection(chosen.get("agreement"), tuple(chosen.get("types", ())), chosen.get("place"))
    now = telling if telling is not None else selected(telling_of(stages, **days), part)
    kept = json.loads(row.payload).get(RECORD)
    caveats: tuple[str, ...] = ()
    if kept is None:
        past = telling_of(stages, as_of=row.cut_off_at[:10], known_at=row.published_at, **days)
        kept, caveats = record_json(record_of(past, row.decisions_seq)), past.caveats
    return _since(bulletin_id, kept, now, caveats)


def changes_since_moment(stages: Stages, known_at: str, telling: Telling | None = None) -> Since:
    """What is told otherwise than at a past moment of the store (ISO date or date-time); the store is open."""
    from trucewatch.store.pasts import decided_by, instant

    past = telling_of(stages, known_at=known_at)
    now = telling if telling is not None else telling_of(stages)
    return _since(known_at, record_json(record_of(past, decided_by(instant(known_at)))), now, past.caveats)


def _since(since: str, kept: dict[str, Any], now: Telling, caveats: tuple[str, ...]) -> Since:
    from trucewatch.store.decisions import decisions_on, head

    before, after = record_from(kept), record_of(now, head()[0])
    return Since(since, before.as_of, after.as_of, tuple(changes_between(before, after, now, decisions_on())), caveats)

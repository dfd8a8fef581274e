"""Bulletins made and published at the desk: what is published is what was looked at, and it stays as it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import QueryDict

from trucewatch.desk.addresses import day_of
from trucewatch.desk.deciding import stages_of
from trucewatch.running.changes import Since, changes_since_bulletin, record_payload
from trucewatch.running.tellings import telling_of
from trucewatch.store.decisions import head
from trucewatch.store.models import BulletinRow
from trucewatch.telling.bulletins import make_bulletin, to_html, to_markdown
from trucewatch.telling.bulletins.contents import Bulletin
from trucewatch.telling.rules import rule_named
from trucewatch.telling.selections import Selection, selected
from trucewatch.telling.tellings import Telling
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.ids import canonical_json, make_id, plain

MOST_HEADLINE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bulletin is asked to tell: days are ISO, None for an open end; `as_of` None means as known now."""

    headline: str
    since: str | None
    until: str | None
    as_of: str | None
    rule: str
    selection: Selection


def wanted_of(query: QueryDict) -> Wanted:
    """What a form asks for. Raises SettingsError naming the field where a value is not usable."""
    stages = stages_of(Path(settings.TRUCEWATCH_FOLDER))
    since, until, as_of = (day_of(query, name) for name in ("since", "until", "as_of"))
    if since and until and since > until:
        raise SettingsError("empty-period", f"the first day {since} lies after the last day {until}", where="since")
    rule = query.get("rule") or stages.dossier.counting_rule
    rule_named(rule)
    types = tuple(sorted({name for name in query.getlist("type") if name}))
    if unknown := [name for name in types if name not in incident_types()]:
        raise SettingsError("unknown-type", unknown_name("type", unknown[0][:60], incident_types()), where="type")
    agreement = query.get("agreement") or None
    known = [a.agreement_id for a in stages.agreements]
    if agreement and agreement not in known:
        raise SettingsError("unknown-agreement", unknown_name("agreement", agreement[:60], known), where="agreement")
    headline = " ".join(query.get("headline", "").split())
    if len(headline) > MOST_HEADLINE:
        raise SettingsError("long-headline", f"a headline has {MOST_HEADLINE} characters at most", where="headline")
    place = " ".join(query.get("place", "").split())[:100] or None
    headline = headline or stages.dossier.title or stages.dossier.name
    return Wanted(headline, since, until, as_of, rule, Selection(agreement, types, place))


def compose(wanted: Wanted) -> tuple[Bulletin, Telling]:
    """The bulletin as it would be published now, and the telling it is made of.

    The selection stands in the title, so that nobody takes a part for the whole.
    """
    part = _telling(wanted.since, wanted.until, wanted.as_of, wanted.selection)
    words = wanted.selection.words
    title = f"{wanted.headline} (only {words})" if words else wanted.headline
    telling = replace(part, title=title)
    return make_bulletin(telling, rule=wanted.rule, since=wanted.since, until=wanted.until), telling


def publish(wanted: Wanted, author: str, seen_hash: str) -> BulletinRow:
    """The bulletin is stored as a new row, with what changed since the one before it.

    `seen_hash` is the content hash its author looked at. Raises SettingsError `changed-meanwhile` where the contents
    are others by now: nobody publishes what nobody has seen.
    """
    with transaction.atomic():
        bulletin, telling = compose(wanted)
        if bulletin.hash != seen_hash:
            raise SettingsError(
                "changed-meanwhile",
                "the dossier has changed since you looked at this bulletin",
                todo="Look at it again, then publish.",
            )
        before = BulletinRow.objects.order_by("-published_at", "-pk").first()
        payload: dict[str, Any] = {**record_payload(telling), "asked": plain(wanted)}
        if before is not None:
            payload |= {"previous": before.pk, "errata": plain(changes_since(before).changes)}
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        seq, last = head()
        return BulletinRow.objects.create(
            bulletin_id=make_id("bulletin", hash=bulletin.hash, published_at=now, author=author),
            title=telling.title[:300],
            since=wanted.since,
            until=wanted.until,
            cut_off_at=bulletin.as_of,
            published_at=now,
            author=author,
            counting_rule=wanted.rule,
            sha256=bulletin.hash,
            html=to_html(bulletin, telling),
            markdown=to_markdown(bulletin, telling),
            payload=canonical_json(payload),
            decisions_seq=seq,
            decisions_head=last,
        )


def changes_since(row: BulletinRow) -> Since:
    """What the store tells otherwise now than that bulletin did, over the same days and the same selection."""
    asked = json.loads(row.payload).get("asked", {})
    chosen = asked.get("selection", {})
    selection = Selection(chosen.get("agreement"), tuple(chosen.get("types", ())), chosen.get("place"))
    now = _telling(row.since, row.until, None, selection)
    return changes_since_bulletin(stages_of(Path(settings.TRUCEWATCH_FOLDER)), row.pk, now)


def _telling(since: str | None, until: str | None, as_of: str | None, selection: Selection) -> Telling:
    stages = stages_of(Path(settings.TRUCEWATCH_FOLDER))
    return selected(telling_of(stages, since=since, until=until, as_of=as_of), selection)

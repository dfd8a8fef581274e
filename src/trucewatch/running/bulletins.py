"""Bulletins made and published, at the desk and by command alike: what is published stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trucewatch.running.changes import Since, changes_since_bulletin, record_payload
from trucewatch.running.provenances import changed_after_run
from trucewatch.running.stages import Stages
from trucewatch.running.tellings import telling_of
from trucewatch.telling.bulletins import make_bulletin, to_html, to_markdown
from trucewatch.telling.bulletins.contents import Bulletin
from trucewatch.telling.changes import Change, Errata
from trucewatch.telling.rules import rule_named
from trucewatch.telling.selections import Selection, selected
from trucewatch.telling.tellings import Telling
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import canonical_json, make_id, plain

if TYPE_CHECKING:
    from trucewatch.store.models import BulletinRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a bulletin is asked to tell: days are ISO, None for an open end; `as_of` None means as known now.

    Raises SettingsError where the period ends before it begins or the rule is unknown.
    """

    headline: str
    since: str | None
    until: str | None
    as_of: str | None
    rule: str
    selection: Selection = field(default_factory=Selection)

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise SettingsError(
                "empty-period", f"the first day {self.since} lies after the last day {self.until}", where="since"
            )
        rule_named(self.rule)


@dataclass(frozen=True, slots=True)
class Published:
    """The row that holds a bulletin, the id of the one before it, and what is told otherwise than in that one."""

    row: BulletinRow
    previous: str | None
    errata: tuple[Change, ...]


def compose(stages: Stages, wanted: Wanted, known_at: str | None = None) -> tuple[Bulletin, Telling]:
    """The bulletin as it would be published now, and the telling it is made of; the store is open.

    The selection stands in the title, so that nobody takes a part for the whole. With `known_at` it is told as the
    store stood at that instant; nobody can publish such a one.
    """
    part = _telling(stages, wanted.since, wanted.until, wanted.as_of, wanted.selection, known_at)
    words = wanted.selection.words
    title = f"{wanted.headline} (only {words})" if words else wanted.headline
    telling = replace(part, title=title)
    errata = errata_of_last(stages) if known_at is None else None
    return make_bulletin(telling, rule=wanted.rule, since=wanted.since, until=wanted.until, errata=errata), telling


def refuse_changed(stages: Stages) -> None:
    """Nothing keeps a bulletin from being published.

    Raises SettingsError `files-changed` where files were edited after the last run: findings of one file would be
    published under the words of another.
    """
    if changed := changed_after_run(stages.dossier):
        folder = stages.dossier.folder
        todo = f"Run `trucewatch run {folder}` first; a draft can be made without."
        raise SettingsError("files-changed", changed.rstrip("."), where=str(folder), todo=todo)


def publish(stages: Stages, wanted: Wanted, author: str, seen_hash: str) -> Published:
    """The bulletin is stored as a new row, with what changed since the one before it.

    `seen_hash` is the content hash its author looked at. Raises SettingsError `changed-meanwhile` where the contents
    are others by now: nobody publishes what nobody has seen; `files-changed` as `refuse_changed` does.
    """
    from django.db import transaction

    from trucewatch.store.decisions import head
    from trucewatch.store.models import BulletinRow

    refuse_changed(stages)
    with transaction.atomic():
        bulletin, telling = compose(stages, wanted)
        if bulletin.hash != seen_hash:
            raise SettingsError(
                "changed-meanwhile",
                "the dossier has changed since you looked at this bulletin",
                todo="Look at it again, then publish.",
            )
        payload: dict[str, Any] = {**record_payload(telling), "asked": plain(wanted)}
        if bulletin.errata is not None:
            payload |= {"previous": bulletin.errata.bulletin_id, "errata": plain(bulletin.errata.changes)}
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        seq, last = head()
        row = BulletinRow.objects.create(
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
    if bulletin.errata is None:
        return Published(row, None, ())
    return Published(row, bulletin.errata.bulletin_id, bulletin.errata.changes)


def last_published() -> BulletinRow | None:
    """The newest bulletin; None where none was published yet."""
    from trucewatch.store.models import BulletinRow

    return BulletinRow.objects.order_by("-published_at", "-pk").first()


def changes_since(stages: Stages, row: BulletinRow) -> Since:
    """What the store tells otherwise now than that bulletin did, over the same days and the same selection."""
    return changes_since_bulletin(stages, row.pk)


def errata_of_last(stages: Stages) -> Errata | None:
    """What is told otherwise than in the last bulletin, over its days and selection; None where there is none yet."""
    last = last_published()
    if last is None:
        return None
    return Errata(last.pk, last.title, last.published_at[:10], changes_since(stages, last).changes)


def _telling(
    stages: Stages,
    since: str | None,
    until: str | None,
    as_of: str | None,
    selection: Selection,
    known_at: str | None = None,
) -> Telling:
    return selected(telling_of(stages, since=since, until=until, as_of=as_of, known_at=known_at), selection)

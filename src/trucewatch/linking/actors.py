"""Actors resolved to the registry: by dated names first, then by what a description says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from trucewatch.linking.gazetteers import Gazetteer
from trucewatch.linking.parties import accused_before, completed, known, without_places
from trucewatch.terms.accounts import Account, Doubt, Party, ReportReading, Statement, Tally
from trucewatch.terms.actors import Actor, Alias, Membership
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.registries import Registry
from trucewatch.terms.yaml_files import read_yaml

Day = Annotated[str | None, BeforeValidator(lambda v: v if v is None else str(v))]  # YAML reads 2018-05-28 as a date


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _AliasRow(_Row):
    name: str
    since: Day = None
    until: Day = None
    kind: str = "name"


class _MembershipRow(_Row):
    of: str
    relation: str = "member"
    since: Day = None
    until: Day = None


class _ActorRow(_Row):
    id: str
    name: str
    kind: str = "group"
    aliases: tuple[Annotated[_AliasRow, BeforeValidator(lambda v: {"name": v} if isinstance(v, str) else v)], ...] = ()
    memberships: tuple[
        Annotated[_MembershipRow, BeforeValidator(lambda v: {"of": v} if isinstance(v, str) else v)], ...
    ] = ()
    side: str | None = None
    note: str | None = None


def load_registry(path: Path | str) -> Registry:
    """The registry of an `actors.yaml`: a list under `actors`, each with id, name, kind, aliases, memberships, side.

    An alias may be a bare name or have `since`, `until` and `kind`. Raises SettingsError naming the file and the entry.
    """
    path = Path(path)
    content = read_yaml(path, "actors")
    rows = content.get("actors") if isinstance(content, Mapping) else content
    if not isinstance(rows, list):
        raise SettingsError("actors-list", "holds no list of actors", where=str(path), todo="Begin it with `actors:`.")
    try:
        return Registry([_actor(row, number, path) for number, row in enumerate(rows, 1)])
    except SettingsError as error:
        raise SettingsError(error.code, error.what, where=error.where or str(path), todo=error.todo) from error


def _actor(row: Any, number: int, path: Path) -> Actor:
    try:
        made = _ActorRow.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        named = row.get("id", "") if isinstance(row, Mapping) else ""
        where = f"{path}: actor {number} {named}".rstrip()
        place = ".".join(map(str, first["loc"])) or "the whole"
        what = f"{place}: {first['msg']}"
        raise SettingsError("actors-entry", what, where=where, todo="Correct that entry.") from error
    return Actor(
        made.id, made.name, made.kind,
        tuple(Alias(a.name, a.since, a.until, a.kind) for a in made.aliases),
        tuple(Membership(m.of, m.relation, m.since, m.until) for m in made.memberships),
        made.side, made.note,
    )  # fmt: skip


class ActorLinker:
    """Sets `actor_id` on every party that the registry knows on the day told of; the others become doubts.

    The day is the account's latest, else the report's. One doubt for each name of a report, however often it stands.
    With a gazetteer, doers that are places near the incident are taken out, with a doubt each: a place does nothing.
    """

    def __init__(self, registry: Registry, gazetteer: Gazetteer | None = None) -> None:
        self._registry, self._gazetteer = registry, gazetteer

    def __call__(self, readings: Sequence[ReportReading]) -> list[ReportReading]:
        """The readings with their parties resolved, in their order."""
        return [self._linked(reading) for reading in readings]

    def _linked(self, reading: ReportReading) -> ReportReading:
        missing: dict[str, str] = {}
        places: dict[str, str] = {}
        published = reading.report.published
        accounts = tuple(self._account(a, reading, missing, places) for a in reading.accounts)
        statements = tuple(self._statement(s, published) for s in reading.statements)
        tallies = tuple(self._tally(t, published) for t in reading.tallies)
        doubts = (
            tuple(
                Doubt("unresolved-actor", subject, reading.report.name, f"'{name}' is nobody in the registry")
                for name, subject in missing.items()
            )
            if len(self._registry)
            else ()
        )
        doubts += tuple(
            Doubt("place-as-actor", subject, reading.report.name, f"'{name}' is a place near it and no doer")
            for name, subject in places.items()
        )
        return replace(
            reading, accounts=accounts, statements=statements, tallies=tallies, doubts=(*reading.doubts, *doubts)
        )

    def _account(
        self, account: Account, reading: ReportReading, missing: dict[str, str], places: dict[str, str]
    ) -> Account:
        on = (account.time.latest or account.time.earliest if account.time else None) or reading.report.published
        text = reading.report.text
        parties = [self._party(p, on) for p in account.actors]
        parties = [p if p.actor_id else completed(p, text, self._registry, on) for p in parties]
        actors, dropped = without_places(parties, account, self._gazetteer)
        for name in dropped:
            places.setdefault(name, account.account_id)
        if dropped and not actors and (told := accused_before(account, text, self._registry, on)) is not None:
            actors = (told,)
        for party in actors:
            if party.actor_id is None:
                missing.setdefault(party.name, account.account_id)
        return replace(account, actors=actors, targets=tuple(self._party(p, on) for p in account.targets))

    def _statement(self, statement: Statement, on: str | None) -> Statement:
        speaker = None if statement.speaker is None else self._party(statement.speaker, on)
        about = None if statement.about is None else self._party(statement.about, on)
        return replace(statement, speaker=speaker, about=about)

    def _tally(self, tally: Tally, published: str | None) -> Tally:
        on = tally.until or tally.since or published
        return replace(tally, accused=tuple(self._party(p, on) for p in tally.accused))

    def _party(self, party: Party, on: str | None) -> Party:
        actor = known(party.name, self._registry, on)
        return party if actor is None else replace(party, actor_id=actor.actor_id)

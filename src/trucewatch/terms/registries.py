"""The registry at work: which actor a name means on a day, and everything that actor belongs to then."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trucewatch.terms.actors import Actor, Membership
from trucewatch.terms.errors import SettingsError

_NOT_WORD = re.compile(r"[^\w]+")
_APOSTROPHES = re.compile(r"['’‘ʼʻ`´ʿʾ]")
_ARTICLE = re.compile(r"^(?:the|al|el|ash|an|as|ad|ar|at|az) ")


def fold_actor(name: str) -> str:
    """The name without case, accents, apostrophes, articles and punctuation; folding twice changes nothing."""
    # NFKD of one letter can uncover case that lower() missed (and the other way round), so both run to a fixed point
    text, before = name, None
    while text != before:
        before = text
        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in text if not unicodedata.combining(c))
    text = _NOT_WORD.sub(" ", _APOSTROPHES.sub("", text)).replace("_", " ")
    text = " ".join(text.split())
    while (shorter := _ARTICLE.sub("", text)) != text:
        text = shorter
    return text


@dataclass(frozen=True, slots=True)
class _Naming:
    actor_id: str
    since: str | None
    until: str | None
    rank: int  # 0 own name, 1 alias, 2 former name, 3 description


_RANKS = {"name": 1, "short": 1, "formerly": 2, "description": 3}


class Registry:
    """The actors of a dossier, looked up by folded name and by day. Pure: nothing in it changes after it is made.

    Raises SettingsError where two actors share an id or a membership names an actor that is not there.
    """

    def __init__(self, actors: Sequence[Actor]) -> None:
        self._actors = {actor.actor_id: actor for actor in actors}
        if len(self._actors) != len(actors):
            ids = [actor.actor_id for actor in actors]
            twice = sorted({i for i in ids if ids.count(i) > 1})
            raise SettingsError("actor-twice", f"actor id used twice: {', '.join(twice)}", todo="Rename one of them.")
        namings: dict[str, list[_Naming]] = defaultdict(list)
        for actor in actors:
            namings[fold_actor(actor.name)].append(_Naming(actor.actor_id, None, None, 0))
            for alias in actor.aliases:
                rank = _RANKS.get(alias.kind, 1)
                namings[fold_actor(alias.name)].append(_Naming(actor.actor_id, alias.since, alias.until, rank))
            for membership in actor.memberships:
                if membership.of not in self._actors:
                    raise SettingsError(
                        "actor-unknown",
                        f"actor '{actor.actor_id}' belongs to '{membership.of}', which is not in the registry",
                        todo="Add that actor, or correct the id under memberships.",
                    )
        namings.pop("", None)
        self._namings = {key: tuple(sorted(rows, key=lambda n: (n.rank, n.actor_id))) for key, rows in namings.items()}

    def __iter__(self) -> Iterator[Actor]:
        return iter(self._actors.values())

    def __len__(self) -> int:
        return len(self._actors)

    def __contains__(self, actor_id: object) -> bool:
        return actor_id in self._actors

    def __getitem__(self, actor_id: str) -> Actor:
        return self._actors[actor_id]

    def get(self, actor_id: str | None) -> Actor | None:
        """The actor of that id, or None."""
        return None if actor_id is None else self._actors.get(actor_id)

    def resolve(self, name: str, on: str | None) -> Actor | None:
        """The one actor that bears the name on that ISO day; None where no actor does, or several equally.

        With `on` None every alias counts, whatever its dates. Own names go before aliases, these before former names
        and descriptions.
        """
        rows = [n for n in self._namings.get(fold_actor(name), ()) if _holds(n.since, n.until, on)]
        best = {n.actor_id for n in rows if n.rank == rows[0].rank}
        return self._actors[best.pop()] if len(best) == 1 else None

    def rivals(self, name: str, on: str | None) -> tuple[Actor, ...]:
        """Every actor that bears the name on that day, by id: more than one where the name is ambiguous."""
        rows = self._namings.get(fold_actor(name), ())
        return tuple(self._actors[i] for i in sorted({n.actor_id for n in rows if _holds(n.since, n.until, on)}))

    def groups(self, actor_id: str, on: str | None) -> frozenset[str]:
        """The actor and all it belongs to on that day, through any number of steps.

        Only `member` and `part` carry over: being backed by somebody or allied to them does not bind under their name.
        """
        return self._closure(actor_id, on, ("member", "part"))

    def coalition(self, actor_id: str, on: str | None) -> frozenset[str]:
        """As `groups`, with backers and allies as well: who may be named in its stead."""
        return self._closure(actor_id, on, None)

    def _closure(self, actor_id: str, on: str | None, relations: tuple[str, ...] | None) -> frozenset[str]:
        seen, todo = {actor_id}, [actor_id]
        while todo:
            actor = self._actors.get(todo.pop())
            for membership in actor.memberships if actor else ():
                if membership.of not in seen and _counts(membership, on, relations):
                    seen.add(membership.of)
                    todo.append(membership.of)
        return frozenset(seen)

    def is_actor(self, name: str) -> bool:
        """True where some actor bears the name on any day."""
        return fold_actor(name) in self._namings

    def names(self) -> tuple[str, ...]:
        """Every name and alias as written, sorted, each once."""
        return tuple(sorted({a.name for a in self} | {alias.name for a in self for alias in a.aliases}))


def _counts(membership: Membership, on: str | None, relations: tuple[str, ...] | None) -> bool:
    return (relations is None or membership.relation in relations) and _holds(membership.since, membership.until, on)


def _holds(since: str | None, until: str | None, on: str | None) -> bool:
    """True where the day lies in the closed span; shorter dates ("2018-05") stand for all their days."""
    if on is None:
        return True
    day = on[:10]
    after = since is None or since[: len(day)] <= day
    return after and (until is None or day[: len(until)] <= until)

"""Reads incidents handed to `trucewatch judge`: one JSON object per line, no dossier needed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from trucewatch.judging.dates import DateRow, dated
from trucewatch.terms.accounts import Party
from trucewatch.terms.codebooks import incident_types, values
from trucewatch.terms.counts import Count
from trucewatch.terms.errors import ReportError, unknown_name
from trucewatch.terms.ids import content_hash
from trucewatch.terms.incidents import Incident, Origin, TollRange
from trucewatch.terms.places import Candidate, Place


class _Row(BaseModel):
    # keys of the user's own pass through unread: an export may carry columns that are none of ours
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Place(_Row):
    name: str = "(unnamed)"
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    radius_m: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _both(self) -> _Place:
        if (self.lat is None) != (self.lon is None):
            raise ValueError(f"'{self.name}' has one of lat and lon: give both, or neither where it is not located")
        return self


class _Named(_Row):
    name: str
    actor_id: str | None = None


class _Bounds(_Row):
    min: Annotated[int, Field(ge=0)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _ordered(self) -> _Bounds:
        if self.min is not None and self.max is not None and self.max < self.min:
            raise ValueError(f"'max' {self.max} is less than 'min' {self.min}")
        return self


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _bounds(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | dict | None):
        raise ValueError(f"{value!r} is neither a number nor an object with 'min' and 'max'")
    return {"min": value, "max": value} if isinstance(value, int | float) else value


def _listed(value: Any) -> Any:
    return [] if value is None else ([value] if isinstance(value, str | dict) else value)


def _people(value: Any) -> Any:
    """A list of those who are named at all: `""` and null name nobody."""
    listed = _listed(value)
    return [v for v in listed if v not in ("", None)] if isinstance(listed, list) else listed


def _id(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value


_NamedField = Annotated[_Named, BeforeValidator(_named)]
_CountField = Annotated[_Bounds | None, BeforeValidator(_bounds)]


class _IncidentRow(_Row):
    id: Annotated[str, BeforeValidator(_id)] = ""
    type: str
    date: Annotated[DateRow | None, BeforeValidator(dated)] = None
    places: Annotated[tuple[_Place, ...], BeforeValidator(_listed)] = ()
    actors: Annotated[tuple[_NamedField, ...], BeforeValidator(_people)] = ()
    targets: Annotated[tuple[_NamedField, ...], BeforeValidator(_people)] = ()
    reality: str = "asserted"
    killed: _CountField = None
    injured: _CountField = None
    contested: bool = False
    denied_by: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    origins: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    course: Literal["held", "cut_short", "called_off"] | None = None

    @field_validator("type")
    @classmethod
    def _type(cls, value: str) -> str:
        if value not in incident_types():
            raise ValueError(unknown_name("type", value, incident_types()))
        return value

    @field_validator("reality", mode="before")
    @classmethod
    def _reality(cls, value: Any) -> Any:
        if value is not None and value not in values("realities"):
            raise ValueError(unknown_name("reality", str(value), values("realities")))
        return value or "asserted"


@dataclass(frozen=True, slots=True)
class Row:
    """One incident as read, with how a patrol or the like went (`course`) where the row says so."""

    incident: Incident
    course: str | None


def read_incidents(lines: Iterable[str | bytes], where: str) -> Iterator[Row]:
    """Every incident of JSON Lines; empty lines are passed over.

    Raises ReportError with file, line, field and what to do at the first line that is none.
    """
    for number, raw in enumerate(lines, 1):
        try:
            line = raw.decode() if isinstance(raw, bytes) else raw
            if not line.strip():
                continue
            value = json.loads(line.lstrip("\ufeff"))
            if not isinstance(value, dict):
                raise ReportError(
                    "incident-json", "is no JSON object", where=f"{where}:{number}",
                    todo="Each line must be one incident as a JSON object.",
                )  # fmt: skip
            row = _IncidentRow.model_validate(value)
        except UnicodeDecodeError as error:
            raise ReportError(
                "incident-encoding", f"is not UTF-8: {error.reason} at byte {error.start}", where=f"{where}:{number}",
                todo="Save the file as UTF-8.",
            ) from error  # fmt: skip
        except json.JSONDecodeError as error:
            raise ReportError(
                "incident-json", f"is no JSON object: {error.msg} at column {error.colno}", where=f"{where}:{number}",
                todo="Each line must be one incident as a JSON object.",
            ) from error  # fmt: skip
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the line"
            raise ReportError(
                "incident-form", f"{field}: {first['msg'].removeprefix('Value error, ')}", where=f"{where}:{number}",
                todo="An incident has id, type, date, places, actors, targets, reality, killed.",
            ) from error  # fmt: skip
        yield Row(_incident(row), row.course)


def _incident(row: _IncidentRow) -> Incident:
    incident_id = row.id or f"inc_{content_hash(row.model_dump())[:24]}"
    killed, injured = _count(row.killed), _count(row.injured)
    ranges = (("killed", killed), ("injured", injured))
    tolls = tuple(TollRange(what, c.min, c.min, c.max) for what, c in ranges if c is not None and c.known)
    return Incident(
        incident_id, (), row.type, row.reality, row.date.interval() if row.date else None, _places(row.places),
        tuple(Party(a.name, None, a.actor_id) for a in row.actors),
        tuple(Party(t.name, None, t.actor_id) for t in row.targets), tolls,
        tuple(Origin(name, name, "speaker", ()) for name in dict.fromkeys(row.origins)),
        contested=row.contested, denied_by=row.denied_by, killed=killed, injured=injured,
    )  # fmt: skip


def _count(bounds: _Bounds | None) -> Count | None:
    return None if bounds is None else Count(bounds.min, bounds.max)


def _places(rows: tuple[_Place, ...]) -> tuple[Place, ...]:
    """Weighted rows are alternatives of one place, those without a weight places of their own.

    Weights that sum to more than 1 are taken as shares of their sum; a row that weighs 1 alone is certain, so where
    all weigh 1 none is an alternative. An alternative without a position leaves its weight open.
    """
    alternatives = [p for p in rows if p.weight is not None]
    weighted = [p for p in alternatives if p.lat is not None and p.lon is not None]
    if weighted and any(p.weight != 1 for p in alternatives):
        total = max(1.0, sum(p.weight or 0 for p in alternatives))
        best = max(weighted, key=lambda p: p.weight or 0)
        rest = 1.0 - sum(p.weight or 0 for p in weighted) / total
        options = [
            Candidate(
                "",
                p.name,
                p.lat or 0.0,
                p.lon or 0.0,
                math.nan if p.radius_m is None else p.radius_m,
                (p.weight or 0.0) / total,
            )
            for p in sorted(weighted, key=lambda p: (-(p.weight or 0), p.name, p.lat or 0, p.lon or 0))
        ]
        name = best.name if rest < 0.01 else f"{best.name} or elsewhere"
        one = Place(name, None, best.lat, best.lon, best.radius_m, candidates=tuple(options), note="ambiguous")
        return (one, *(_place(p) for p in rows if p.weight is None))
    return tuple(_place(p) for p in rows)


def _place(row: _Place) -> Place:
    if row.lat is None or row.lon is None:
        return Place(row.name, None, note="unlocated")
    return Place(row.name, None, row.lat, row.lon, row.radius_m)

"""The codebook as read from its YAML files: lists of allowed values with label, definition and mappings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from trucewatch.terms.errors import SettingsError, unknown_name


@dataclass(frozen=True, slots=True)
class IncidentType:
    """One type of incident with its family and its codes in ACLED, CAMEO and PLOVER (None where they have none)."""

    id: str
    label: str
    family: str
    violent: bool
    definition: str
    acled: str | None
    cameo: str | None
    plover: str | None


@dataclass(frozen=True, slots=True)
class Value:
    """One allowed value of a closed list."""

    id: str
    label: str
    definition: str


def load_codebook(name: str) -> Any:
    """The parsed content of `codebook/<name>.yaml`."""
    return yaml.safe_load((files("trucewatch.terms") / "codebook" / f"{name}.yaml").read_text("utf-8"))


@cache
def incident_types() -> dict[str, IncidentType]:
    """Every type of incident by id, in the order of the codebook."""
    return {row["id"]: IncidentType(**row) for row in load_codebook("types")["types"]}


@cache
def values(list_name: str) -> dict[str, Value]:
    """A closed list by id: `families`, `realities`, `statement_kinds`."""
    lists = load_codebook("values")
    if list_name not in lists:
        raise SettingsError("codebook-list", unknown_name("list", list_name, lists))
    return {key: Value(key, row["label"], row["definition"]) for key, row in lists[list_name].items()}


def types_of(names: tuple[str, ...] | list[str]) -> frozenset[str]:
    """The type ids meant by a list of types and families (`violent` stands for every violent type, `any` for all).

    Raises SettingsError naming the known ones where a name is neither.
    """
    known, fams = incident_types(), values("families")
    out: set[str] = set()
    for name in names:
        if name == "any":
            out.update(known)
        elif name == "violent":
            out.update(t.id for t in known.values() if t.violent)
        elif name in known:
            out.add(name)
        elif name in fams:
            out.update(t.id for t in known.values() if t.family == name)
        else:
            raise SettingsError("unknown-act", unknown_name("act", name, [*known, *fams, "violent", "any"]))
    return frozenset(out)

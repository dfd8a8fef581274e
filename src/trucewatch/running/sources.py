"""The sources file of a dossier: who publishes, how reliable, on whose side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from trucewatch.terms.errors import SettingsError
from trucewatch.terms.sources import Source
from trucewatch.terms.yaml_files import read_yaml


class SourceEntry(BaseModel):
    """One source as the file has it. `alignment` maps an agreement id, or `*` for all, to a side."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    name: Annotated[str, Field(min_length=1)]
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    alignment: dict[str, str] = {}
    aliases: tuple[str, ...] = ()
    url: str | None = None
    note: str | None = None


def load_sources(path: Path) -> list[Source]:
    """The sources of the file by id. Raises SettingsError with the file, the entry and what is wrong."""
    content = read_yaml(path, "sources") or []
    try:
        entries = TypeAdapter(list[SourceEntry]).validate_python(content)
    except ValidationError as error:
        problem = error.errors()[0]
        number = f"entry {int(problem['loc'][0]) + 1}, " if problem["loc"] else ""
        trail = ".".join(str(part) for part in problem["loc"][1:])
        raise SettingsError("sources-entry", f"{number}{trail}: {problem['msg']}", where=str(path)) from error
    ids = [entry.id for entry in entries]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise SettingsError("sources-entry", f"the id {twice[0]} stands twice", where=str(path))
    return sorted((_source(entry) for entry in entries), key=lambda source: source.source_id)


def _source(entry: SourceEntry) -> Source:
    return Source(
        source_id=entry.id,
        name=entry.name,
        reliability=entry.reliability,
        alignment=tuple(sorted(entry.alignment.items())),
        aliases=entry.aliases,
        url=entry.url,
        note=entry.note,
    )

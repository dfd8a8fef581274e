"""A dossier: one ceasefire under watch, as `dossier.yaml` says it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from trucewatch.telling.rules import RULES
from trucewatch.terms.errors import SettingsError, unknown_name
from trucewatch.terms.yaml_files import read_yaml

FILE_NAME = "dossier.yaml"
FOLDER_VARIABLE = "TRUCEWATCH_DOSSIER"

NEW = """\
# One ceasefire under watch. Paths are relative to this file. Every field: docs/reference/dossier.md
name: {name}

# Agreement files; a folder means every .yaml in it. Check one: trucewatch agreement check FILE
agreements: [agreements]

# Reports are read from here at every run, besides those you `trucewatch add`.
reports: [reports]

# Who publishes, with reliability (A to F) and alignment; who acts, with aliases and dated memberships.
#sources: sources.yaml
#actors: actors.yaml

# Places of your own (CSV with name,lat,lon), and larger gazetteers.
#places: places.csv
#gazetteers: []

# Countries (ISO 3166-1 alpha-2) and a box in degrees that names of places are most likely to mean.
#region: {{countries: [SY], box: {{south: 32, west: 35.5, north: 37.5, east: 42.5}}}}

counting_rule: incident
"""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Box(_Model):
    """A box in degrees; where west is greater than east it crosses the antimeridian."""

    south: Annotated[float, Field(ge=-90, le=90)]
    west: Annotated[float, Field(ge=-180, le=180)]
    north: Annotated[float, Field(ge=-90, le=90)]
    east: Annotated[float, Field(ge=-180, le=180)]

    @field_validator("north")
    @classmethod
    def _north_of_south(cls, value: float, info: object) -> float:
        south = getattr(info, "data", {}).get("south")
        if south is not None and value <= south:
            raise ValueError(f"north ({value}) must lie above south ({south})")
        return value


class RegionFile(_Model):
    """Where the dossier's incidents are expected: countries as ISO 3166-1 alpha-2, and a box."""

    countries: tuple[Annotated[str, Field(pattern="^[A-Z]{2}$")], ...] = ()
    box: Box | None = None


class TilesFile(_Model):
    """A server of map tiles that browsers ask for what lies in sight, with the credit to show. None without it."""

    url: Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.:\[\]-]+/[^\s\"'<>;,]*$")]
    credit: str

    @field_validator("url")
    @classmethod
    def _names_a_tile(cls, value: str) -> str:
        if missing := [part for part in ("{z}", "{x}", "{y}") if part not in value]:
            raise ValueError(
                f"{' and '.join(missing)} must stand in it, such as https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
            )
        return value

    @property
    def origin(self) -> str:
        """The scheme and host the tiles come from."""
        return "/".join(self.url.split("/")[:3])


class EndpointFile(_Model):
    """A language model that reads the reports in place of the rules: every text is sent to `url`. Off without it.

    The key is taken from TRUCEWATCH_ENDPOINT_KEY alone; prices are per million tokens, `timeout_s` for each try.
    """

    url: str
    model: str
    price_in: Annotated[float, Field(ge=0)] = 0.0
    price_out: Annotated[float, Field(ge=0)] = 0.0
    timeout_s: Annotated[float, Field(gt=0)] = 120.0


class Dossier(_Model):
    """A dossier as its file says it. Paths are as written; ask `path_of` and `files_of` for where they lead."""

    name: Annotated[str, Field(min_length=1)]
    title: str | None = None
    agreements: tuple[str, ...] = ("agreements",)
    reports: tuple[str, ...] = ("reports",)
    sources: str | None = None
    actors: str | None = None
    places: str | None = None
    gazetteers: tuple[str, ...] = ()
    region: RegionFile | None = None
    counting_rule: str = "incident"
    database: str | None = None  # an address; with a password in it, use TRUCEWATCH_DATABASE_URL instead
    as_of: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    second_reader: bool = False  # two people must agree before a decision is in effect
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 32
    endpoint: EndpointFile | None = None
    tiles: TilesFile | None = None
    folder: Path = Field(default=Path(), exclude=True)

    @field_validator("agreements", "reports", "gazetteers", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("counting_rule")
    @classmethod
    def _known_rule(cls, value: str) -> str:
        if value not in RULES:
            raise ValueError(unknown_name("counting rule", value, RULES))
        return value

    def path_of(self, name: str) -> Path:
        """Where a path of the file leads."""
        return (self.folder / Path(name).expanduser()).resolve()

    def agreement_files(self) -> list[Path]:
        """The agreement files, a folder's in the order of their names. Raises SettingsError for one that is missing."""
        out: list[Path] = []
        for name in self.agreements:
            path = self.path_of(name)
            if path.is_dir():
                out += sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
            elif path.exists():
                out.append(path)
            elif name != "agreements":
                raise _missing("agreements", name, self.folder)
        return out

    def report_paths(self) -> list[Path]:
        """The files and folders of reports that are there; a default folder that is not there is no error."""
        paths = [(name, self.path_of(name)) for name in self.reports]
        if gone := [name for name, path in paths if not path.exists() and name != "reports"]:
            raise _missing("reports", gone[0], self.folder)
        return [path for _, path in paths if path.exists()]

    def optional_file(self, field: str) -> Path | None:
        """The file of `sources`, `actors` or `places`; None where the dossier names none."""
        name = getattr(self, field)
        if name is None:
            return None
        path = self.path_of(name)
        if not path.exists():
            raise _missing(field, name, self.folder)
        return path

    def gazetteer_files(self) -> list[Path]:
        """The dossier's own places, then its gazetteers. Raises SettingsError for one that is missing."""
        own = self.optional_file("places")
        out = [own] if own else []
        for name in self.gazetteers:
            path = self.path_of(name)
            if not path.exists():
                raise _missing("gazetteers", name, self.folder)
            out.append(path)
        return out

    def database_url(self) -> str | None:
        """The address of the database where the file gives one; the environment's goes before it."""
        return os.environ.get("TRUCEWATCH_DATABASE_URL") or self.database


def load_dossier(folder: str | Path) -> Dossier:
    """The dossier in that folder (or of that dossier.yaml). Raises SettingsError with file, line and what is wrong."""
    place = Path(folder)
    path = place if place.is_file() else place / FILE_NAME
    if not path.is_file():
        what = f"there is no {FILE_NAME} in it" if place.exists() else "there is no such folder"
        raise SettingsError("no-dossier", what, where=str(place), todo=f"Make one: trucewatch new {place}")
    content = read_yaml(path, "dossier")
    if not isinstance(content, dict):
        raise SettingsError("dossier-yaml", "holds no fields", where=str(path), todo="It begins with: name: ...")
    try:
        return Dossier.model_validate({**content, "folder": path.parent.resolve()})
    except ValidationError as error:
        raise _in_words(error, path, path.read_text("utf-8")) from error


def new_dossier(folder: Path, name: str | None = None) -> Path:
    """A dossier to fill: its file and folders. Returns the file. Raises SettingsError where there is one already."""
    path = folder / FILE_NAME
    if path.exists():
        raise SettingsError(
            "dossier-exists", "there is a dossier already", where=str(path), todo="Choose another folder."
        )
    for part in ("agreements", "reports"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    path.write_text(
        NEW.format(name=yaml.safe_dump(name or folder.resolve().name, allow_unicode=True).splitlines()[0]), "utf-8"
    )
    return path


def find_folder(given: str | Path | None) -> Path:
    """The dossier's folder: as given, else of TRUCEWATCH_DOSSIER, else the nearest above the working directory.

    Raises SettingsError where there is none.
    """
    if given is not None:
        return Path(given)
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named)
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / FILE_NAME).is_file():
            return place
    raise SettingsError(
        "no-dossier", "no dossier here or above", where=str(here), todo=f"Name its folder, or set {FOLDER_VARIABLE}."
    )


def _missing(field: str, name: str, folder: Path) -> SettingsError:
    where = str(folder / FILE_NAME)
    return SettingsError(
        "missing-file", f"{field}: there is no {name}", where=where, todo="Paths are relative to this file."
    )


def _in_words(error: ValidationError, path: Path, text: str) -> SettingsError:
    problems = error.errors()
    # a field misspelled is also one missing: the misspelling is the one to be told
    problem = next((p for p in problems if p["type"] == "extra_forbidden"), problems[0])
    trail = ".".join(str(part) for part in problem["loc"])
    field = str(problem["loc"][0]) if problem["loc"] else ""
    line = next((i for i, row in enumerate(text.splitlines(), 1) if row.startswith(f"{field}:")), 1)
    if problem["type"] == "extra_forbidden":
        what = unknown_name("field", trail, [name for name in Dossier.model_fields if name != "folder"])
    elif problem["type"] == "missing":
        what = f"the field '{trail}' is missing"
    else:
        what = f"{trail}: {problem['msg'].removeprefix('Value error, ')}"
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return SettingsError(
        "dossier-field", what + more, where=f"{path}:{line}", todo="Every field: docs/reference/dossier.md"
    )

"""The form of lines and areas in an agreement file: geometry, or a construction that stays readable."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Metres = Annotated[float, Field(gt=0, le=1_000_000)]
Position = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
Side = Literal["north", "south", "east", "west"]


class Form(BaseModel):
    """Everything in an agreement file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class CheckForm(Form):
    """A place of which it is known how it lies to a line or an area, so that what was drawn can be measured."""

    name: str
    point: Position
    side: Side | None = Field(None, description="of lines: it lies on this side; without it, on the line")
    inside: bool = Field(True, description="of areas: it lies inside, or not")


class LineForm(Form):
    """A named line: its points, or a feature of a GeoJSON file beside the agreement."""

    title: str | None = None
    file: str | None = Field(None, description="GeoJSON, relative to the agreement file")
    feature: str | None = Field(None, description="the feature's `name`; needed where the file holds several")
    points: tuple[Position, ...] = Field((), description="[longitude, latitude] pairs")
    error_m: Metres | None = Field(None, description="how far the line may be from the real one")
    checks: tuple[CheckForm, ...] = Field((), description="places on it or beside it; the furthest bounds `error_m`")
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> LineForm:
        if (self.file is None) == (not self.points):
            raise ValueError("give either `file` or `points`")
        if self.points and len(self.points) < 2:
            raise ValueError("a line needs two points")
        return self


class GeojsonForm(Form):
    """A feature of a GeoJSON file beside the agreement."""

    file: str
    feature: str | None = None


class AdminForm(Form):
    """Administrative units by code or name, from a GeoJSON file of units."""

    file: str
    units: tuple[str, ...] = Field(min_length=1, description="P-codes, or names as in the file")
    by: str = Field("pcode", description="the property that holds the code or the name")


class CorridorForm(Form):
    """A strip along a line, with a width for each side or one for both."""

    line: str
    each_side_m: Metres | None = None
    north_m: Metres | None = None
    south_m: Metres | None = None
    east_m: Metres | None = None
    west_m: Metres | None = None
    ends: Literal["round", "flat"] = Field("round", description="whether it reaches as far beyond the ends of the line")

    @model_validator(mode="after")
    def _widths(self) -> CorridorForm:
        given = tuple(v is not None for v in (self.each_side_m, self.north_m, self.south_m, self.east_m, self.west_m))
        allowed = {
            (True, False, False, False, False),
            (False, True, True, False, False),
            (False, False, False, True, True),
            (False, True, False, False, False),
            (False, False, True, False, False),
            (False, False, False, True, False),
            (False, False, False, False, True),
        }
        if given not in allowed:
            raise ValueError("give `each_side_m`, or `north_m` and/or `south_m`, or `east_m` and/or `west_m`")
        return self


class SideForm(Form):
    """The country on one side of a line, as far as `reach_m`."""

    line: str
    side: Side
    reach_m: Metres = 100_000


class WithinForm(Form):
    """Everything within a distance of a point or of a line."""

    km: Annotated[float, Field(gt=0, le=1000)]
    point: Position | None = None
    line: str | None = None

    @model_validator(mode="after")
    def _one(self) -> WithinForm:
        if (self.point is None) == (self.line is None):
            raise ValueError("give either `point` or `line`")
        return self


class DatedForm(Form):
    """The area as it was from one date until another."""

    since: str | None = Field(None, alias="from", pattern=r"^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$")
    until: str | None = Field(None, pattern=r"^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$")
    area: AreaForm


class AreaForm(Form):
    """An area. Exactly one of the constructions is given; `area` inside another construction names a named one."""

    title: str | None = None
    note: str | None = None
    error_m: Metres | None = Field(None, description="how far its edge may be from the real one")
    checks: tuple[CheckForm, ...] = Field((), description="places in it or outside; the furthest bounds `error_m`")
    sources: tuple[str, ...] = ()
    area: str | None = Field(None, description="another named area")
    geojson: GeojsonForm | None = None
    admin: AdminForm | None = None
    corridor: CorridorForm | None = None
    side_of: SideForm | None = None
    within: WithinForm | None = None
    union: tuple[AreaForm, ...] = ()
    intersection: tuple[AreaForm, ...] = ()
    difference: tuple[AreaForm, ...] = Field((), description="the first without all others")
    dated: tuple[DatedForm, ...] = Field((), description="an area, such as a line of contact, that changes by date")

    @property
    def kind(self) -> str:
        """The name of the one construction given."""
        return next(kind for kind in KINDS if getattr(self, kind))

    @model_validator(mode="after")
    def _one(self) -> AreaForm:
        given = [kind for kind in KINDS if getattr(self, kind)]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(KINDS)}; found {', '.join(given) or 'none'}")
        return self


KINDS = ("area", "geojson", "admin", "corridor", "side_of", "within", "union", "intersection", "difference", "dated")
AreaForm.model_rebuild()

"""The form of an agreement file, checked by pydantic. What it means is made from it in `agreements`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from trucewatch.judging.area_schemas import AreaForm, Form, LineForm

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Names = tuple[str, ...]


def known_zone(name: str) -> str:
    """The zone's name, where it is `not stated` or known. Raises ValueError otherwise."""
    if name != "not stated" and name not in available_timezones():
        raise ValueError(f"'{name}' is no IANA time zone (such as Europe/Moscow) and not 'not stated'")
    return name


class MomentForm(Form):
    """A date, or a date and time to the minute, with its time zone or the words `not stated`."""

    at: str = Field(description="ISO date or date-time without offset, such as 2020-03-06T00:01")
    zone: str = Field("not stated", description="IANA name, or `not stated`")
    could_be: Names = Field((), description="zones the drafters may have meant where none is stated")
    note: str | None = None
    sources: Names = ()

    @field_validator("at")
    @classmethod
    def _iso(cls, value: str) -> str:
        try:
            parsed = datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"'{value}' is no ISO date or date-time such as 2020-03-06 or 2020-03-06T00:01") from error
        if parsed.tzinfo is not None:
            raise ValueError("an offset in the time hides the question of the zone: write it as `zone`")
        return value[:16]

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return known_zone(value)

    @field_validator("could_be")
    @classmethod
    def _zones(cls, value: Names) -> Names:
        return tuple(known_zone(name) for name in value)


def _moment(value: object) -> object:
    return {"at": value} if isinstance(value, str) else value


MomentField = Annotated[MomentForm, BeforeValidator(_moment, json_schema_input_type=MomentForm | str)]


class SourceForm(Form):
    """Where the wording, or the fact, can be looked up."""

    id: Slug
    title: str
    publisher: str | None = None
    date: str | None = None
    reference: str | None = Field(None, description="document symbol or address")
    kind: Literal["text", "reported", "commentary", "recalled"] = Field(
        "text", description="`text` is the agreement itself; `recalled` is knowledge held against no text"
    )
    read_at: str | None = Field(None, description="address at which it was read when this file was checked")
    read_on: str | None = Field(None, description="ISO day on which it was read", pattern=r"^\d{4}-\d\d-\d\d$")
    note: str | None = None


class EndedForm(Form):
    """When and how it ended. Leave `ended` out where no end is known."""

    at: MomentField
    how: Literal["replaced", "expired", "fulfilled", "called_off", "collapsed"]
    by: Slug | None = Field(None, description="the agreement that replaced it")
    note: str | None = None
    sources: Names = ()


class CodebookForm(Form):
    """Fields by the names of the ETH/PRIO Civil Conflict Ceasefire codebook (Clayton et al. 2022)."""

    class_: Literal["cessation_of_hostilities", "preliminary", "definitive"] | None = Field(None, alias="class")
    type: Literal["unilateral", "bilateral", "multilateral"] | None = None
    written: bool | None = None
    partial: bool | None = Field(None, description="True where it covers part of the territory or of the actors")
    purpose: Names = ()
    mediators: Names = ()
    implementation: str | None = Field(None, description="who puts it into effect: commissions, committees, observers")
    enforcement: str | None = Field(None, description="what is foreseen where it is broken; None: nothing")


class MemberForm(Form):
    """A force or group that belongs to a party, with the names it goes by."""

    name: str
    aliases: Names = ()
    actor_id: str | None = Field(None, description="id in the dossier's registry")
    since: str | None = None
    until: str | None = None


class ActorForm(MemberForm):
    """A party, guarantor or other actor of the agreement."""

    members: tuple[MemberForm, ...] = ()
    side: str | None = None
    through: str | None = Field(None, description="the guarantor through whom it is bound, where it did not sign")
    note: str | None = None
    sources: Names = ()


class ExemptForm(ActorForm):
    """An actor outside the truce: what it does, or what is done to it, is no breach."""

    applies_to: tuple[Literal["actor", "target"], ...] = ("actor", "target")
    sources: Names = Field(min_length=1, description="the source of the exemption")


class PeriodForm(Form):
    """A period of its own; without it a term holds as long as the agreement."""

    since: MomentField | None = Field(None, alias="from")
    until: MomentField | None = None


class TargetForm(Form):
    """What must be hit or affected for the act to be the one meant."""

    any_of: Names = Field((), description="names or groups; one of the targets must match")
    none_of: Names = Field((), description="names or groups; none of the targets may match")


class ExceptionForm(Form):
    """What a term leaves out. Every condition given must hold for the exception to apply."""

    id: Slug
    text: str
    acts: Names = ()
    actors: Names = ()
    targets: Names = ()
    area: str | None = None
    period: PeriodForm | None = None
    sources: Names = ()

    @model_validator(mode="after")
    def _not_empty(self) -> ExceptionForm:
        if not (self.acts or self.actors or self.targets or self.area or self.period):
            raise ValueError(
                "an exception without a condition would lift the whole term: give acts, actors, targets, area or period"
            )
        return self


class DeadlineForm(Form):
    """By when: a moment, or days and hours after another moment of the agreement."""

    at: MomentField | None = None
    days: int = Field(0, ge=0)
    hours: int = Field(0, ge=0)
    after: str | None = Field(None, description="`declared`, `in_effect`, or the id of another term's deadline")

    @model_validator(mode="after")
    def _one(self) -> DeadlineForm:
        if (self.at is None) == (self.after is None):
            raise ValueError("give either `at`, or `after` with `days` or `hours`")
        return self


class EvidenceForm(Form):
    """Which incidents count for, against and as an obstruction of a duty."""

    counts_for: Names = Field(alias="for", min_length=1)
    against: Names = ()
    obstructs: Names = ()
    needed: int = Field(1, ge=1, description="how many separate incidents make it fulfilled")
    continuing: bool = Field(False, description="the duty goes on: the latest evidence decides its state")
    every_days: int | None = Field(None, ge=1, description="must be fulfilled again within so many days")
    in_words: str = Field(description="what a reader should look for")


class ReadingForm(Form):
    """A contested reading: a named branch that changes the term in one or more respects."""

    name: Slug
    held_by: Names = ()
    text: str
    acts: Names | None = None
    bearers: Names | None = None
    area: str | None = None
    period: PeriodForm | None = None
    without_exceptions: Names = ()
    without_exemptions: bool = False
    sources: Names = ()


class TermForm(Form):
    """One provision."""

    id: Slug
    title: str
    text: str = Field(description="in your own words")
    modality: Literal["shall", "shall_not", "may"]
    bearers: Names = Field(min_length=1, description="names, or `parties`, `guarantors`, `bound`, `all`")
    acts: Names = Field(min_length=1, description="types or families of the codebook, `violent`, or `any`")
    except_acts: Names = ()
    targets: TargetForm | None = None
    area: str = Field(description="the name of an area, or `everywhere`")
    period: PeriodForm | None = None
    exceptions: tuple[ExceptionForm, ...] = ()
    evidence: EvidenceForm | None = None
    deadline: DeadlineForm | None = None
    open_questions: Names = ()
    readings: tuple[ReadingForm, ...] = ()
    since_version: str | None = None
    sources: Names = Field(min_length=1, description="ids of sources of this wording")

    @model_validator(mode="after")
    def _duty(self) -> TermForm:
        if self.modality != "shall" and (self.deadline or self.evidence):
            raise ValueError("only a duty (`shall`) has a deadline and evidence of fulfilment")
        if self.modality == "shall" and self.evidence is None:
            raise ValueError("a duty (`shall`) needs `evidence`: what shows that it was fulfilled")
        return self


class VersionForm(Form):
    """One version of the file or of the agreement, with what changed."""

    version: str
    date: str
    changes: str


class ReplacesForm(Form):
    """An earlier agreement, or some of its terms, that this one takes the place of."""

    agreement: Slug
    terms: Names = Field((), description="ids of its terms; empty: all of it")
    at: MomentField | None = Field(None, description="left out: when this one takes effect")
    sources: Names = ()


class AgreementForm(Form):
    """An agreement file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, title="Trucewatch agreement")

    id: Slug
    title: str
    version: str
    summary: str
    paxid: int | None = Field(None, description="id in the PA-X Peace Agreements Database")
    place_zone: str | None = Field(
        None, description="IANA zone of the place; clocks told without a zone are read in it"
    )
    declared: MomentField
    in_effect: MomentField
    ended: EndedForm | None = None
    codebook: CodebookForm = CodebookForm.model_validate({})
    parties: tuple[ActorForm, ...] = Field(min_length=1)
    guarantors: tuple[ActorForm, ...] = ()
    bound: tuple[ActorForm, ...] = Field((), description="bound without having signed, directly or through a guarantor")
    exempt: tuple[ExemptForm, ...] = ()
    not_bound: tuple[ActorForm, ...] = Field((), description="actors known to stand outside it")
    lines: dict[Slug, LineForm] = Field(default_factory=dict)
    areas: dict[Slug, AreaForm] = Field(default_factory=dict)
    terms: tuple[TermForm, ...] = Field(min_length=1)
    replaces: tuple[ReplacesForm, ...] = ()
    versions: tuple[VersionForm, ...] = ()
    open_questions: Names = ()
    sources: tuple[SourceForm, ...] = Field(min_length=1)

    @field_validator("place_zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return None if value is None else known_zone(value)

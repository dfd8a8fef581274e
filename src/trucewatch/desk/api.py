"""The API: the same lists and decisions as the pages, described by its own OpenAPI document at /api/openapi.json."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, QueryDict
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from trucewatch import __version__
from trucewatch.desk.addresses import filters_of
from trucewatch.desk.answers import problem
from trucewatch.desk.deciding import decide_at_desk
from trucewatch.store import reader
from trucewatch.store.filters import Filters
from trucewatch.store.models import IncidentRow
from trucewatch.terms.errors import StoreError, TrucewatchError
from trucewatch.terms.ids import plain

api = NinjaAPI(title="Trucewatch", version=__version__, description=__doc__, docs_url=None, urls_namespace="api")
MOST_ROWS = 500
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Word = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]


class Problem(Schema):
    """The one shape of an error."""

    code: str
    what: str
    status: int


class Rows(Schema):
    """Some rows of a list; `total` is how many there are in all, from `offset` on."""

    rows: list[dict[str, Any]]
    total: int
    offset: int


class Asked(Schema):
    """What a list may be asked for. Days are ISO and included; names are compared without case and accents."""

    since: Day | None = None
    until: Day | None = None
    place: Word | None = None
    area: Word | None = Field(None, description="an agreement's id, a slash, and the name of an area in it")
    actor: Word | None = None
    accuser: Word | None = None
    source: Word | None = None
    type: Word | None = None
    kind: Word | None = None
    agreement: Word | None = None
    term: Word | None = None
    outcome: Word | None = None
    belief: Word | None = None
    state: Word | None = None
    code: Word | None = None
    text: Word | None = None
    bbox: Word | None = Field(None, description="west,south,east,north in degrees")
    offset: int = Field(0, ge=0, le=10_000_000)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class Decided(Schema):
    """A decision to take. `version` is the version of the incident you looked at; leave it out to decide regardless.

    Where the dossier asks for a second reader, what comes back may be a `propose`: it waits for another person's word.
    """

    kind: Literal["accept", "correct", "merge", "split", "reject", "verify", "refute", "note", "undo"]
    subject_id: Word
    reason: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    field: Word | None = None
    new: Any = None
    version: int | None = Field(None, ge=1, le=2**31 - 1)


PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Lister = Callable[[Filters, int, int | None], reader.Page[Any]]


def _filters(asked: Asked) -> Filters:
    query = QueryDict(mutable=True)
    for name, value in asked.model_dump(exclude={"offset", "limit"}, exclude_none=True).items():
        query[name] = value
    return filters_of(query)


def _rows(lister: Lister, asked: Asked) -> dict[str, Any]:
    page = lister(_filters(asked), asked.offset, asked.limit)
    return {"rows": [plain(row) for row in page.rows], "total": page.total, "offset": page.offset}


def _list(address: str, lister: Lister, what: str) -> None:
    def view(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
        return _rows(lister, asked)

    view.__name__, view.__doc__ = address.strip("/"), what
    api.get(address, response={200: Rows, **PROBLEMS}, summary=what, operation_id=address.strip("/"))(view)


_LISTS: Sequence[tuple[str, Lister, str]] = (
    ("/incidents", reader.incidents, "The incidents by date, each with its review state and version."),
    ("/accounts", reader.accounts, "The accounts by date, each with its incident."),
    ("/findings", reader.findings, "The findings by the date of their incident."),
    ("/statements", reader.statements, "The statements by the day of their report."),
    ("/tallies", reader.tallies, "The tallies by the day of their report."),
    ("/obligations", reader.obligations, "The obligations by due date."),
    ("/issues", reader.doubts, "The issues that stand, by code."),
)
for _address, _lister, _what in _LISTS:
    _list(_address, _lister, _what)


@api.get("/incidents/{incident_id}", response={200: dict[str, Any], **PROBLEMS}, summary="One incident, whole.")
def incident(request: HttpRequest, incident_id: str) -> dict[str, Any]:
    """The incident with its accounts and findings."""
    row = IncidentRow.objects.filter(pk=incident_id.replace("\x00", "")).first()
    if row is None:
        raise HttpError(404, "There is no incident of that id.")
    return {
        **plain(reader.incident_view(row)),
        "accounts": plain(reader.accounts_of(row.pk)),
        "findings": plain(reader.findings_of(row.pk)),
    }


@api.post("/decisions", response={201: dict[str, Any], **PROBLEMS}, summary="Take a decision.")
def take(request: HttpRequest, decided: Decided) -> tuple[int, dict[str, Any]]:
    """The decision is appended to the chain and in effect, or nothing has changed."""
    decision = decide_at_desk(
        request,
        decided.kind,
        decided.subject_id,
        reason=decided.reason,
        field=decided.field,
        new=decided.new,
        expected_version=decided.version,
    )
    return 201, plain(decision)


@api.exception_handler(TrucewatchError)
def _ours(request: HttpRequest, error: TrucewatchError) -> HttpResponse:
    changed = isinstance(error, StoreError) and error.code == "changed-meanwhile"
    misfit = isinstance(error, StoreError) and error.code in ("value-misfit", "no-such-id", "unknown-id")
    status = 409 if changed else 400 if error.users_fault or misfit else 500
    return problem(status, error.code, f"{error.what}. {error.todo}".strip())


@api.exception_handler(ValidationError)
def _misfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    return problem(422, "bad-value", f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "not-found" if error.status_code == 404 else "bad-request", str(error))

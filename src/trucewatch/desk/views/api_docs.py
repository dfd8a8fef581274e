"""The API for people who write programs: each of its addresses, from the same document that programs read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from trucewatch.desk.api import api
from trucewatch.desk.tokens import SCOPES


@dataclass(frozen=True, slots=True)
class Route:
    """One address with what it takes: (name, what it must be, what it means), and how it answers: (status, what)."""

    method: str
    address: str
    summary: str
    about: str
    takes: tuple[tuple[str, str, str], ...]
    answers: tuple[tuple[str, str], ...]


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Every address of the API in a page; the whole document is at `/api/openapi.json`."""
    context = {"routes": _routes(), "scopes": SCOPES, "host": f"{request.scheme}://{request.get_host()}"}
    return render(request, "desk/api.html", context)


@lru_cache(maxsize=1)
def _routes() -> tuple[Route, ...]:
    document: dict[str, Any] = api.get_openapi_schema()
    shapes = document["components"]["schemas"]
    return tuple(
        _route(method, address, told, shapes)
        for address, methods in document["paths"].items()
        for method, told in methods.items()
    )


def _route(method: str, address: str, told: dict[str, Any], shapes: dict[str, Any]) -> Route:
    takes = [(p["name"], _shape(p["schema"], shapes), p.get("description", "")) for p in told.get("parameters", ())]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if body:
        whole = shapes[body["$ref"].rsplit("/", 1)[-1]]
        needed = set(whole.get("required", ()))
        takes += [
            (name, _shape(p, shapes) + (", needed" if name in needed else ""), p.get("description", ""))
            for name, p in whole["properties"].items()
        ]
    answers = tuple((str(status), a.get("description", "")) for status, a in told["responses"].items())
    about = whole.get("description", "").replace("`", "") if body else ""
    return Route(method.upper(), address, told.get("summary", ""), about, tuple(takes), answers)


def _shape(schema: dict[str, Any], shapes: dict[str, Any]) -> str:
    """What a value must be, in a few words."""
    if "$ref" in schema:
        return _shape(shapes[schema["$ref"].rsplit("/", 1)[-1]], shapes)
    if "anyOf" in schema:
        return next((_shape(s, shapes) for s in schema["anyOf"] if s.get("type") != "null"), "anything")
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    if "\\d{4}-\\d{2}-\\d{2}" in schema.get("pattern", ""):
        return "a day, such as 2020-03-06"
    words = {"integer": "a whole number", "string": "text", "number": "a number", "boolean": "true or false"}
    told = words.get(schema.get("type", ""), "anything")
    if "maxLength" in schema:
        told += f" of at most {schema['maxLength']:,} characters"
    if "maximum" in schema:
        told += f" from {schema.get('minimum', 0):,} to {schema['maximum']:,}"
    return told

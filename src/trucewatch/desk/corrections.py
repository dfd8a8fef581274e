"""Correcting a field: which editor fits it, and the plain value that its form means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from trucewatch.store.fields import FIXED
from trucewatch.terms.accounts import Account
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.incidents import Incident

EDITORS = {
    "type": "type", "reality": "reality", "time": "time", "places": "places", "actors": "names", "targets": "names",
    "said_by": "names", "killed": "count", "injured": "count", "breach": "flag", "contested": "flag",
    "confidence": "number",
}  # fmt: skip
LABELS = {
    "type": "what it was", "reality": "how firmly it is told", "time": "when", "places": "where",
    "actors": "who is said to have done it", "targets": "against whom", "said_by": "who is cited, nearest first",
    "killed": "killed", "injured": "injured", "breach": "whether it is called a breach", "contested": "contested",
    "confidence": "confidence, 0 to 1",
}  # fmt: skip
FIELDS = {
    kind: tuple(f.name for f in fields(made) if f.name not in FIXED[kind])
    for kind, made in (("account", Account), ("incident", Incident))
}


def correctable(kind: str) -> list[tuple[str, str]]:
    """(field, label) of what can be corrected in an account or an incident, those with an editor of their own first."""
    ordered = sorted(
        FIELDS[kind], key=lambda name: (name not in EDITORS, list(EDITORS).index(name) if name in EDITORS else 0)
    )
    return [(name, LABELS.get(name, name.replace("_", " "))) for name in ordered]


def editor_of(field: str) -> str:
    """The editor of a field: one for its kind of value, else JSON as it is stored."""
    return EDITORS.get(field, "json")


def value_of(field: str, form: Mapping[str, str], present: Any) -> Any:
    """The plain value a form gives a field; `present` is the one it has now. Raises SettingsError where it is none."""
    editor = editor_of(field)
    if editor in ("type", "reality"):
        return form.get("new", "")
    if editor == "flag":
        return form.get("new") == "true"
    if editor == "number":
        return _number(form.get("new", ""), field)
    if editor == "count":
        low, high = (_whole(form.get(name, ""), field) for name in ("min", "max"))
        return None if low is None and high is None else {"min": low, "max": high}
    if editor == "time":
        return _time(form, present)
    if editor == "names":
        return _names(form.get("new", ""), present or ())
    if editor == "places":
        return _places(form, present or ())
    return _json(field, form.get("new", ""))


def _json(field: str, raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise SettingsError("value-json", f"{field}: this is not JSON: {error}", where=field) from error


def _number(raw: str, field: str) -> float | None:
    if not raw.strip():
        return None
    try:
        return float(raw)
    except ValueError as error:
        raise SettingsError("value-misfit", f"{field}: '{raw[:40]}' is no number", where=field) from error


def _whole(raw: str, field: str) -> int | None:
    number = _number(raw, field)
    if number is None:
        return None
    if number != int(number):
        raise SettingsError("value-misfit", f"{field}: '{raw[:40]}' is no whole number", where=field)
    return int(number)


def _time(form: Mapping[str, str], present: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The interval of the form; None where it names no day. The words of the text stay with it."""
    ends = {name: form.get(name, "").strip() or None for name in ("earliest", "latest")}
    if not any(ends.values()):
        return None
    hours = {name: form.get(name, "").strip() or None for name in ("from_time", "to_time")}
    words = {name: (present or {}).get(name) for name in ("text", "span")}
    one_day = ends["earliest"] == ends["latest"]
    return {**ends, **hours, **words, "precision": "day" if one_day else "period", "anchor": "absolute"}


def _names(raw: str, present: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One party or speaker for each line; one that is there already keeps where the text names it."""
    known = {item["name"]: dict(item) for item in present}
    lines = dict.fromkeys(" ".join(line.split())[:300] for line in raw.splitlines() if line.strip())
    return [known.get(name, {"name": name, "span": None}) for name in lines]


def _places(form: Mapping[str, str], present: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The places with the one at `index` set to the form's; an index beyond them adds one, `do=remove` takes one away.

    Candidates that were weighed stay with the place, so that it can be seen what was decided against.
    """
    places = [dict(place) for place in present]
    raw = form.get("index", "0")
    index = min(int(raw), len(places)) if raw.isascii() and raw.isdigit() else 0
    if form.get("do") == "remove":
        return places[:index] + places[index + 1 :]
    name = " ".join(form.get("name", "").split())[:200]
    lat, lon = (_number(form.get(part, ""), "places") for part in ("lat", "lon"))
    radius = _number(form.get("radius_m", ""), "places") if lat is not None else None
    before = places[index] if index < len(places) else {"name": name, "span": None}
    same_place = (before.get("lat"), before.get("lon")) == (lat, lon)
    chosen = {"name": name, "lat": lat, "lon": lon, "radius_m": radius, "note": None}
    chosen["place_id"] = before.get("place_id") if same_place else form.get("place_id") or None
    places[index : index + 1] = [{**before, **chosen}]
    return places

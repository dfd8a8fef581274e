"""Which fields people may correct, and what values fit them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from trucewatch.terms.codebooks import incident_types, values
from trucewatch.terms.errors import SettingsError, unknown_name

# What a row is made from or named by; each has another way to change it.
FIXED = {
    "account": {
        "account_id": "it names the account",
        "report_id": "it names the report",
        "quote": "it must stand in the report: reject the account and add another",
        "span": "it must stand in the report: reject the account and add another",
        "maker": "it says what made the account",
        "made_by": "it says what made the values",
    },
    "incident": {
        "incident_id": "it names the incident",
        "account_ids": "merge or split the incident",
        "links": "merge or split the incident",
        "origins": "correct who is cited in the accounts",
        "episode_id": "it is made from the incidents around it",
    },
}


def check_field(subject_kind: str, field: str | None, new: Any) -> None:
    """Raises SettingsError `fixed-field` for one that cannot be corrected, `value-misfit` for a value that is none."""
    if field is None:
        return
    if field in FIXED.get(subject_kind, {}):
        raise SettingsError("fixed-field", f"'{field}' cannot be corrected: {FIXED[subject_kind][field]}")
    if field in _CHECKS:
        _CHECKS[field](field, new)


def _misfit(field: str, what: str) -> SettingsError:
    return SettingsError("value-misfit", f"{field}: {what}", where=field)


def _one_of(known: Callable[[], Iterable[str]]) -> Callable[[str, Any], None]:
    def check(field: str, new: Any) -> None:
        if new not in (names := list(known())):
            raise _misfit(field, unknown_name("value", str(new)[:60], names))

    return check


def _count(field: str, new: Any) -> None:
    if new is None:
        return
    bounds = [new.get("min"), new.get("max")] if isinstance(new, dict) else [new]
    if not all(b is None or (isinstance(b, int) and not isinstance(b, bool) and 0 <= b < 10**9) for b in bounds):
        raise _misfit(field, "a figure is a whole number from 0, or none")


def _time(field: str, new: Any) -> None:
    if new is None:
        return
    ends = [new.get("earliest"), new.get("latest")] if isinstance(new, dict) else [new]
    for end in ends:
        if end is not None:
            _day(field, end)
    first, last = ends[0], ends[-1]
    if first and last and first > last:
        raise _misfit(field, f"the first day {first} lies after the last day {last}")


def _day(field: str, value: Any) -> None:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _misfit(field, f"'{str(value)[:40]}' is no date; write it as 2020-03-06") from error


def _places(field: str, new: Any) -> None:
    for place in new if isinstance(new, list | tuple) else [None]:
        if not isinstance(place, dict) or not str(place.get("name") or "").strip():
            raise _misfit(field, "each place needs a name")
        told = [place.get(name) for name in ("lat", "lon", "radius_m")]
        if any(t is None for t in told) and not all(t is None for t in told):
            raise _misfit(field, "a place has latitude, longitude and radius, or none of them")
        for value, most in zip(told, (90, 180, 1_000_000), strict=True):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if value is not None and not (number and abs(value) <= most):
                raise _misfit(field, "the point does not lie on the globe, or its radius is no distance in metres")
        if told[2] is not None and told[2] < 0:
            raise _misfit(field, "a radius is not negative")


def _share(field: str, new: Any) -> None:
    if new is not None and not (isinstance(new, int | float) and not isinstance(new, bool) and 0 <= new <= 1):
        raise _misfit(field, "a confidence lies from 0 to 1, or is none")


def _flag(field: str, new: Any) -> None:
    if not isinstance(new, bool):
        raise _misfit(field, "say true or false")


_CHECKS: dict[str, Callable[[str, Any], None]] = {
    "type": _one_of(incident_types),
    "reality": _one_of(lambda: values("realities")),
    "time": _time,
    "places": _places,
    "killed": _count,
    "injured": _count,
    "confidence": _share,
    "breach": _flag,
    "contested": _flag,
}

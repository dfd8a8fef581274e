"""What people may correct, and which values fit."""

from __future__ import annotations

from typing import Any

import pytest

from trucewatch.store.fields import check_field
from trucewatch.terms.errors import SettingsError

POINT = {"name": "Gorno", "lat": 42.0, "lon": 19.0, "radius_m": 500}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type", "airstrike"),
        ("reality", "denied"),
        ("time", None),
        ("time", {"earliest": "2031-05-04", "latest": None}),
        ("killed", None),
        ("killed", {"min": 3, "max": None}),
        ("places", []),
        ("places", [POINT, {"name": "Selo", "lat": None, "lon": None, "radius_m": None}]),
        ("confidence", 1),
        ("breach", False),
        ("actors", [{"name": "Northern army"}]),
    ],
)
def test_values_that_fit_are_taken(field: str, value: Any) -> None:
    check_field("account", field, value)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("type", "picnic", "picnic"),
        ("reality", "maybe", "maybe"),
        ("time", {"earliest": "May", "latest": None}, "no date"),
        ("time", {"earliest": "2031-05-05", "latest": "2031-05-04"}, "after the last"),
        ("killed", {"min": -1, "max": 2}, "whole number"),
        ("injured", {"min": True, "max": 2}, "whole number"),
        ("places", [{"name": " "}], "name"),
        ("places", [{**POINT, "lon": None}], "none of them"),
        ("places", [{**POINT, "lat": 91}], "globe"),
        ("places", [{**POINT, "radius_m": -1}], "negative"),
        ("places", "Gorno", "name"),
        ("confidence", 1.1, "0 to 1"),
        ("breach", "yes", "true or false"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_the_reason(field: str, value: Any, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as error:
        check_field("account", field, value)
    assert error.value.code == "value-misfit"


@pytest.mark.parametrize(
    ("kind", "field"), [("account", "quote"), ("account", "report_id"), ("incident", "account_ids")]
)
def test_what_a_row_is_made_from_is_not_corrected(kind: str, field: str) -> None:
    with pytest.raises(SettingsError) as error:
        check_field(kind, field, "x")
    assert error.value.code == "fixed-field"

from __future__ import annotations

from pathlib import Path

import pytest
from truces import incident, truce

from trucewatch.judging.beliefs import admiralty, belief
from trucewatch.terms.incidents import Origin

A, B = (Origin(name, name, "speaker", (f"acc_{name}",)) for name in ("Observers", "Agency"))
ACCUSED = Origin("o", "Northern army", "speaker", ("acc_o",))


@pytest.mark.parametrize(
    ("origins", "rest", "decided", "expected"),
    [
        ((), {}, None, "alleged"),
        ((A,), {}, None, "single_origin"),
        ((A, B), {}, None, "corroborated"),
        ((A, ACCUSED), {}, None, "admitted"),
        ((A, B), {"contested": True}, None, "contested"),
        ((A,), {"denied_by": ("sta_1",)}, None, "contested"),
        ((A, B), {"contested": True}, "verified", "verified"),
        ((A, B), {}, "refuted", "refuted"),
    ],
)
def test_belief_goes_by_independent_origins(
    tmp_path: Path, origins: tuple[Origin, ...], rest: dict[str, object], decided: str | None, expected: str
) -> None:
    assert belief(incident(origins=origins, **rest), truce(tmp_path).roster, decided) == expected


def test_many_accounts_of_one_origin_are_one(tmp_path: Path) -> None:
    many = Origin("Observers", "Observers", "speaker", tuple(f"acc_{i}" for i in range(20)))
    assert belief(incident(origins=(many,))) == "single_origin"


@pytest.mark.parametrize(
    ("reliabilities", "believed", "code"),
    [("", "alleged", "F6"), ("D", "single_origin", "D3"), ("DB", "corroborated", "B2"), ("AF", "contested", "A4")],
)
def test_the_admiralty_code_judges_source_and_telling_apart(reliabilities: str, believed: str, code: str) -> None:
    origins = tuple(Origin(f"o{i}", f"O{i}", "source", (), None, r) for i, r in enumerate(reliabilities))
    assert "".join(admiralty(incident(origins=origins), believed)) == code

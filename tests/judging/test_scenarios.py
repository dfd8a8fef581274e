"""The table of scenarios: incidents as outsiders hand them in, held against the agreements of the repository."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from trucewatch.cli.judge import finding_row
from trucewatch.judging.agreements import Agreement, load_agreement
from trucewatch.judging.incidents import read_incidents
from trucewatch.judging.judges import Judge

AGREEMENTS = Path(__file__).parents[2] / "agreements"
TABLE = yaml.safe_load((Path(__file__).parent / "scenarios.yaml").read_text("utf-8"))
VERDICTS = {"yes", "no", "undetermined"}


@cache
def agreement(name: str) -> Agreement:
    return load_agreement(AGREEMENTS / f"{name}.yaml")


def findings(case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = case.get("with", ["idlib-2020-03-05"])
    line = json.dumps({**TABLE["base"], **case["is"]})
    incidents = [row.incident for row in read_incidents([line], "scenarios.yaml")]
    rows = [finding_row(f) for f in Judge([agreement(n) for n in names])(incidents)]
    return {(f"{r['agreement']}/{r['term']}" if len(names) > 1 else r["term"]): r for r in rows}


@pytest.mark.parametrize("case", TABLE["cases"], ids=[c["name"] for c in TABLE["cases"]])
def test_scenario(case: dict[str, Any]) -> None:
    found = findings(case)
    assert {term: found[term]["outcome"] for term in case["want"]} == case["want"]
    first = found[next(iter(case["want"]))]
    low, high = case.get("p", (0, 1))
    assert low <= first["probability"] <= high
    assert case.get("missing", "") in "; ".join(first["missing"])
    for row in found.values():
        assert [t["name"] for t in row["tests"]] == ["in_force", "act", "bearer", "area", "exception", "reality"]
        assert all(t["verdict"] in VERDICTS and 0 <= t["probability"] <= 1 and t["compared"] for t in row["tests"])
        # what is open names the fact that would decide it
        assert all(t["missing"] for t in row["tests"] if t["verdict"] == "undetermined")
        assert bool(row["missing"]) == (row["outcome"] in ("undetermined", "contested_reading"))

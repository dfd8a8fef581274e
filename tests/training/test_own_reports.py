"""The project's own training reports: whole, and such that every label can be laid over the text."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from training.corpus import OWN, labelled, own_rows
from trucewatch.reading.guesses import PASSAGES
from trucewatch.terms.codebooks import incident_types

REPORTS = own_rows()


def names_of(row: dict[str, Any]) -> list[str]:
    names = [name for a in row["accounts"] for name in (*a["actors"], *a["targets"], *(p["name"] for p in a["places"]))]
    names += [a["said_by"] for a in row["accounts"] if a["said_by"]]
    return names + [name for s in row["statements"] for name in (s["speaker"], s["about"]) if name]


def test_there_are_reports_with_and_without_accounts_and_each_id_stands_once() -> None:
    assert len(REPORTS) >= 250
    assert sum(not row["accounts"] for row in REPORTS) >= 30
    assert Counter(row["id"] for row in REPORTS).most_common(1)[0][1] == 1
    types = {account["type"] for row in REPORTS for account in row["accounts"]}
    assert types == set(incident_types())


@pytest.mark.parametrize("row", REPORTS, ids=lambda row: str(row["id"]))
def test_every_label_stands_in_the_text(row: dict[str, Any]) -> None:
    text = row["text"]
    for account in row["accounts"]:
        assert text.count(account["quote"]) == 1, account["quote"]
        assert account["trigger"] in account["quote"]
    for again in row["retellings"]:
        assert 0 <= again["account"] < len(row["accounts"])
        at = again["start"] if again["start"] is not None else text.find(again["quote"])
        assert text.startswith(again["quote"], at) and at >= 0, again["quote"]
    for clause in (*row["background"], *(item["quote"] for item in (*row["statements"], *row["tallies"]))):
        assert clause in text
    for name in names_of(row):
        assert name in text
    for statement in row["statements"]:
        assert statement["kind"] in PASSAGES


@pytest.mark.parametrize("row", REPORTS, ids=lambda row: str(row["id"]))
def test_every_account_and_passage_becomes_a_label(row: dict[str, Any]) -> None:
    made = labelled(row, OWN, row, [])
    assert len(made.accounts) == len(row["accounts"])
    assert not set(made.unsure) & {span for _, span in made.accounts}
    assert len(made.passages) == len(row["statements"]) + len(row["tallies"])
    assert len(made.background) == len(row["background"])

"""Candidates beside one another: what tells of one incident, which telling is the fullest, which places it has."""

from __future__ import annotations

import numpy as np
import pytest
from parsing import report, shared_reader

from trucewatch.reading.candidates import Candidate
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import Guess
from trucewatch.reading.scoring.fills import chosen, placeless_features
from trucewatch.reading.scoring.options import Option
from trucewatch.reading.scoring.tellings import Tellings, account_features
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.spans import Span

pytestmark = pytest.mark.model
TEXT = "Clash in the valley\n\nRebels clashed with soldiers near Orvash on Monday. The clash lasted an hour."


@pytest.fixture(scope="module")
def read() -> tuple[ReportContext, list[Candidate]]:
    reader = shared_reader()
    [(context, _)] = reader.contexts([report(TEXT)])
    return context, reader.candidates(context, Guess())


def told_together(n: int, same: float) -> Tellings:
    table = np.full((n, n), same)
    np.fill_diagonal(table, 0.0)
    return Tellings(tuple({"in_title": float(k == 0)} for k in range(n)), table, (0.5,) * n)


def seen(candidates: list[Candidate], same: float) -> list[dict[str, float]]:
    tellings = told_together(len(candidates), same)
    rows = tuple({**f, "length": 0.1 * k} for k, f in enumerate(tellings.features))
    return account_features(candidates, Tellings(rows, tellings.same, tellings.incident))


def test_the_first_told_in_the_text_is_known_from_the_title(read: tuple[ReportContext, list[Candidate]]) -> None:
    _, candidates = read
    assert [c.type for c in candidates[:2]] == ["armed_clash", "armed_clash"]
    rows = seen(candidates, 0.9)
    assert (rows[0]["first_told"], rows[0]["first_in_text"]) == (1.0, 0.0)
    assert (rows[1]["first_told"], rows[1]["first_in_text"]) == (0.0, 1.0)
    assert rows[0]["dated_ahead"] == -1.0


def test_a_candidate_that_nothing_retells_is_alone(read: tuple[ReportContext, list[Candidate]]) -> None:
    _, candidates = read
    assert all(row["alone"] == 1.0 and "first_told" not in row for row in seen(candidates, 0.1))


def option(name: str, start: int) -> Option:
    return Option(PlaceMention(name, Span(start, start + len(name))))


def test_the_likeliest_place_stays_and_another_must_come_near_it() -> None:
    scored = [(option("Orvash", 0), 0.9), (option("Belem", 20), 0.25), (option("Kantar", 40), 0.4)]
    assert [o.name for o in chosen(scored, 0.2)] == ["Orvash", "Kantar"]
    assert [o.name for o in chosen([(option("Orvash", 0), 0.05)], 0.2)] == ["Orvash"]


def test_one_place_is_not_named_twice() -> None:
    scored = [(option("Orvash", 0), 0.9), (option("Orvash district", 20), 0.8)]
    assert [o.name for o in chosen(scored, 0.2)] == ["Orvash"]


def test_doubt_about_every_place_is_told_to_what_asks_whether_there_is_any(
    read: tuple[ReportContext, list[Candidate]],
) -> None:
    _, candidates = read
    rows = [{"guess_place": 0.1, "none_ruled": 1.0}, {"guess_place": 0.3, "none_ruled": 1.0}]
    f = placeless_features(candidates[0], rows, [0.1, 0.2])
    assert f["best"] == 0.2 and f["second"] == 0.1 and f["none"] == pytest.approx(0.72)
    assert f["guess_best"] == 0.3 and f["type=armed_clash"] == 1.0

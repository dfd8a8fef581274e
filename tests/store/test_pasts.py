"""What a run reads anew takes nothing away from what was read before."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import gorno
import pytest

from trucewatch.store.decisions import decide
from trucewatch.store.models import AccountRow, FormerRow, ReportRow, RulingRow
from trucewatch.store.opening import Store
from trucewatch.store.pasts import decided_by, readings_by, reports_by, rulings_by
from trucewatch.store.writer import add_reports, write_duplicates, write_readings
from trucewatch.terms.accounts import ReportReading, Statement, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.spans import Span

REPORT = gorno.report(
    "wire", "2031-05-04 shelling at Gorno by the Northern army, 3 killed", "2031-05-05 patrol at Selo by us"
)


def reading(**changes: Any) -> ReportReading:
    """What one line is read as; `changes` are of its account."""
    read = gorno.read_one(REPORT)
    shelling, patrol = read.accounts
    quote, span, maker = REPORT.text[:10], Span(0, 10), gorno.MAKER
    said = Statement("sta_1", REPORT.report_id, "threat", None, quote, span, None, maker)
    counted = Tally("tal_1", REPORT.report_id, Count(3, 3), "sites", (), None, None, (), quote, span, maker)
    return replace(read, accounts=(replace(shelling, **changes), patrol), statements=(said,), tallies=(counted,))


def moment() -> datetime:
    time.sleep(0.003)
    at = datetime.now(UTC)
    time.sleep(0.003)
    return at


def told(at: datetime) -> list[ReportReading]:
    return readings_by(reports_by(at), rulings_by(decided_by(at)), at)


@pytest.fixture(autouse=True)
def _report(store: Store) -> None:
    add_reports([REPORT])


def test_readings_replaced_taken_away_and_come_back_are_told_as_they_stood() -> None:
    first, second = reading(), reading(confidence=0.25)
    unread = moment()
    write_readings([first], "1")
    one = moment()
    write_readings([second], "2")
    two = moment()
    write_readings([replace(first, accounts=(), statements=(), tallies=(), doubts=())], "3")
    none = moment()
    write_readings([first], "4")
    again = moment()
    expected = [(unread, None), (one, first), (two, second), (none, None), (again, first)]
    for at, wanted in expected:
        (found,) = told(at)
        got = (found.accounts, found.statements, found.tallies)
        assert got == ((wanted.accounts, wanted.statements, wanted.tallies) if wanted else ((), (), ()))


def test_a_reading_that_is_the_same_keeps_its_beginning_and_no_former() -> None:
    write_readings([reading()], "1")
    before = dict(AccountRow.objects.values_list("pk", "read_at"))
    time.sleep(0.003)
    write_readings([reading()], "2")
    assert dict(AccountRow.objects.values_list("pk", "read_at")) == before
    assert not FormerRow.objects.exists()


def test_a_correction_lies_over_the_reading_of_its_time() -> None:
    write_readings([reading()], "1")
    key = reading().accounts[0].account_id
    decide("correct", key, author="R", field="type", new="withdrawal")
    corrected = moment()
    write_readings([reading(type="gunfire", confidence=0.5)], "2")
    later = moment()
    assert next((a.type, a.confidence) for a in told(corrected)[0].accounts) == ("withdrawal", 0.75)
    assert next((a.type, a.confidence) for a in told(later)[0].accounts) == ("withdrawal", 0.5)
    machine = readings_by(reports_by(corrected), RulingRow.objects.none(), corrected)
    assert machine[0].accounts[0].type == "shelling"


def test_the_machines_word_is_renewed_under_a_correction_that_hides_it() -> None:
    write_readings([reading()], "1")
    key = reading().accounts[0].account_id
    done = decide("correct", key, author="R", field="type", new="withdrawal")
    write_readings([reading(type="gunfire")], "2")
    decide("undo", done.decision_id, author="R")
    assert AccountRow.objects.get(pk=key).type == "gunfire"


def test_what_was_read_before_instants_were_kept_stood_from_the_beginning() -> None:
    write_readings([reading()], "1")
    AccountRow.objects.update(read_at=None)
    before = moment()
    write_readings([reading(confidence=0.25)], "2")
    assert told(before)[0].accounts[0].confidence == 0.75
    assert told(moment())[0].accounts[0].confidence == 0.25


def test_copies_are_flagged_as_they_were() -> None:
    key = REPORT.report_id
    plain = moment()
    write_duplicates({key: ("rep_other", 0.9)})
    flagged = moment()
    write_duplicates({key: ("rep_third", 0.8)})
    moved = moment()
    write_duplicates({key: None})
    found = [(r.duplicate_of, r.similarity) for at in (plain, flagged, moved, moment()) for r in reports_by(at)]
    assert found == [(None, None), ("rep_other", 0.9), ("rep_third", 0.8), (None, None)]
    assert ReportRow.objects.get().duplicate_of is None


def test_what_stood_before_cannot_be_changed_or_removed() -> None:
    write_readings([reading()], "1")
    write_readings([reading(confidence=0.25)], "2")
    for act in (lambda: FormerRow.objects.update(payload="{}"), lambda: FormerRow.objects.all().delete()):
        with pytest.raises(Exception, match="append-only"):
            act()

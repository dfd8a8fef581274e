"""The page on what `trucewatch read` prints names every field, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from trucewatch.running.annotations import annotation
from trucewatch.terms.accounts import Account, Maker, ReportReading, Statement, Tally
from trucewatch.terms.counts import Count
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "annotations.md"
MAKER = Maker("by hand", "1", "0" * 12)


def test_every_field_stands_on_the_page() -> None:
    report = Report("rep_1", "1", "Voice", None, "2031-05-10", "en", None, "They fired.", "0" * 64)
    account = Account(
        "acc_1", "rep_1", "shelling", "They fired.", Span(0, 11), "asserted", None, (), (), (), None, None, (),
        False, MAKER,
    )  # fmt: skip
    statement = Statement("sta_1", "rep_1", "threat", None, "They fired.", Span(0, 11), None, MAKER)
    tally = Tally("tal_1", "rep_1", Count(3, 3), "shells", (), None, None, (), "They fired.", Span(0, 11), MAKER)
    printed = annotation(ReportReading(report, (account,), (statement,), (tally,)))
    parts = [printed, *(printed[name][0] for name in ("accounts", "statements", "tallies"))]
    sections = PAGE.read_text("utf-8").split("\n## ")[1:]
    for fields, section in zip(parts, sections, strict=True):
        named = {name for row in re.findall(r"^\| (`.*?) \|", section, re.M) for name in re.findall(r"`(\w+)`", row)}
        assert named == set(fields)

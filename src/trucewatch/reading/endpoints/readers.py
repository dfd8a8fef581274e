"""The reader itself: reports in, grounded readings out, with what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.reading.endpoints.calls import EndpointError, ask
from trucewatch.reading.endpoints.grounding import Grounder
from trucewatch.reading.endpoints.settings import EndpointSettings
from trucewatch.terms.accounts import Doubt, Maker, ReportReading
from trucewatch.terms.ids import content_hash
from trucewatch.terms.reports import Report

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used so far. `cost` is in the currency of the prices; `seconds` of waiting, all tries together."""

    n_reports: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float = 0.0


class EndpointReader:
    """Asks the model report by report; keeps only what is grounded in the text. `usage` grows with every call.

    A report the model cannot be asked about comes back empty with a doubt that says why: the others go on.
    """

    def __init__(self, settings: EndpointSettings) -> None:
        self.settings = settings
        self.usage = Usage()
        asked = content_hash({"url": settings.url, "model": settings.model, "max_chars": settings.max_chars})
        self.maker = Maker("reading.endpoints", VERSION, asked[:12])

    def __call__(self, reports: Sequence[Report]) -> list[ReportReading]:
        """One reading per report, in the same order."""
        return [self._read(report) for report in reports]

    def _read(self, report: Report) -> ReportReading:
        if len(report.text) > self.settings.max_chars:
            what = f"{len(report.text)} characters, at most {self.settings.max_chars} are sent"
            return ReportReading(report, doubts=(Doubt("endpoint-too-long", report.report_id, report.name, what),))
        try:
            answer = ask(self.settings, report.text, report.published)
        except EndpointError as err:
            return ReportReading(report, doubts=(Doubt(err.code, report.report_id, report.name, err.what),))
        used, price = self.usage, self.settings
        self.usage = Usage(
            used.n_reports + 1,
            used.tokens_in + answer.tokens_in,
            used.tokens_out + answer.tokens_out,
            used.seconds + answer.seconds,
            used.cost + (answer.tokens_in * price.price_in + answer.tokens_out * price.price_out) / 1_000_000,
        )
        return Grounder(report, self.maker).reading(answer.content)

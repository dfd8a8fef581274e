"""The work of reading by a language model behind an address, and what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trucewatch.reading.endpoints import EndpointReader, EndpointSettings
from trucewatch.running.engines.works import ReadingWork
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.actors import ActorNames
from trucewatch.terms.places import PlaceNames
from trucewatch.terms.reports import Report

_DROPPED = {
    "quote-ungrounded": "rows without a true quote",
    "field-ungrounded": "fields not in the text",
    "value-unknown": "rows outside the codebook",
}


@dataclass(frozen=True)
class EndpointWork(ReadingWork):
    """Reads with `asked`, then locates and resolves as after the rules. For the local engine: usage is kept here."""

    asked: EndpointReader = field(kw_only=True)
    dropped: Counter[str] = field(default_factory=Counter, kw_only=True)

    @classmethod
    def of(cls, settings: EndpointSettings, gazetteers: tuple[str, ...], actors: str | None) -> EndpointWork:
        """The work for one address."""
        return cls(gazetteers=gazetteers, actors=actors, asked=EndpointReader(settings))

    def reader(self, places: PlaceNames, actors: ActorNames) -> Callable[[Sequence[Report]], list[ReportReading]]:
        """The asking reader; what it drops is counted."""

        def read(reports: Sequence[Report]) -> list[ReportReading]:
            readings = self.asked(reports)
            self.dropped.update(d.code for reading in readings for d in reading.doubts)
            return readings

        return read

    def summary(self) -> str:
        """What was asked, what it took, and what was dropped, in words."""
        used, settings = self.asked.usage, self.asked.settings
        priced = settings.price_in or settings.price_out
        cost = f"cost {used.cost:.4f} at the given prices" if priced else "cost not known, no prices given"
        told = f"{_many(used.n_reports, 'report')} read by {settings.model}: {used.tokens_in} tokens in, "
        told += f"{used.tokens_out} out, {used.seconds:.1f} s, {cost}."
        lost = [f"{self.dropped[code]} {words}" for code, words in _DROPPED.items() if self.dropped[code]]
        failed = sum(n for code, n in self.dropped.items() if code.startswith("endpoint-"))
        lost += [f"{_many(failed, 'report')} not read"] if failed else []
        return f"{told} Dropped: {', '.join(lost)}." if lost else told


def _many(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"

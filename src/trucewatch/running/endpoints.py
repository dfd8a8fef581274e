"""The work of reading by a language model behind an address, and what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from trucewatch.reading.endpoints import EndpointReader, EndpointSettings
from trucewatch.running.engines.works import ReadingWork
from trucewatch.terms.accounts import ReportReading
from trucewatch.terms.actors import ActorNames
from trucewatch.terms.ids import content_hash
from trucewatch.terms.places import PlaceNames
from trucewatch.terms.reports import Report

KEY = "TRUCEWATCH_ENDPOINT_KEY"  # an option or a field would stand in the shell's history or in a shared file
TOO_LONG = "endpoint-too-long"  # the one failure that asking again cannot better
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
    def of(
        cls,
        settings: EndpointSettings,
        gazetteers: tuple[str, ...],
        actors: str | None,
        countries: tuple[str, ...] = (),
        box: tuple[float, float, float, float] | None = None,
    ) -> EndpointWork:
        """The work for one address."""
        return cls(gazetteers, actors, countries, box, asked=EndpointReader(settings))

    def fingerprint(self) -> str:
        """As of reading by rules, with the address and the model."""
        return content_hash({"rules": ReadingWork.fingerprint(self), "asked": self.asked.maker})

    def figures(self) -> dict[str, Any]:
        """What was asked so far, what it took, and what was dropped by code; `cost` None where no price is given."""
        used, settings = self.asked.usage, self.asked.settings
        return {
            "url": settings.url,
            "model": settings.model,
            "n_reports": used.n_reports,
            "tokens_in": used.tokens_in,
            "tokens_out": used.tokens_out,
            "seconds": round(used.seconds, 3),
            "cost": round(used.cost, 6) if settings.price_in or settings.price_out else None,
            "dropped": dict(sorted(self.dropped.items())),
        }

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


class Meter:
    """What a run asks of an endpoint from when this is made; nothing where the rules read."""

    def __init__(self, work: object) -> None:
        self._work = work if isinstance(work, EndpointWork) else None
        self._before = self._work.figures() if self._work else {}

    def figures(self) -> dict[str, Any]:
        """For the run's record, under `endpoint`; empty where nothing was asked."""
        if self._work is None:
            return {}
        now, before = self._work.figures(), self._before
        for name in ("n_reports", "tokens_in", "tokens_out"):
            now[name] -= before[name]
        now["seconds"] = round(now["seconds"] - before["seconds"], 3)
        now["cost"] = None if now["cost"] is None else round(now["cost"] - before["cost"], 6)
        now["dropped"] = {c: n - before["dropped"].get(c, 0) for c, n in now["dropped"].items()}
        return {"endpoint": now} if now["n_reports"] or any(now["dropped"].values()) else {}


def unanswered(reading: ReportReading) -> bool:
    """True where the address gave no usable answer: the report is to be asked about again at the next run."""
    return any(d.code.startswith("endpoint-") and d.code != TOO_LONG for d in reading.doubts)


def _many(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"

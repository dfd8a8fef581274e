"""The work of reading: reports in, located readings with actors resolved out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from trucewatch import __version__
from trucewatch.terms.accounts import Doubt, ReportReading
from trucewatch.terms.actors import ActorNames
from trucewatch.terms.errors import TrucewatchError
from trucewatch.terms.ids import content_hash, file_hash
from trucewatch.terms.places import PlaceNames
from trucewatch.terms.reports import Report


@dataclass(frozen=True, slots=True)
class ReadingWork:
    """What a worker needs to make its own stages: settings and the paths of files, all plain values.

    `box` is (south, west, north, east) in degrees.
    """

    gazetteers: tuple[str, ...] = ()
    actors: str | None = None
    countries: tuple[str, ...] = ()
    box: tuple[float, float, float, float] | None = None

    def fingerprint(self) -> str:
        """A hash over the code of the stages, the settings, and the content of the files: paths do not count."""
        named = [*self.gazetteers, *([self.actors] if self.actors else [])]
        told = {"code": code_hash("terms", "reading", "linking"), "countries": self.countries, "box": self.box}
        return content_hash({**told, "files": [file_hash(Path(f)) for f in named]})

    def actors_hash(self) -> str | None:
        """SHA-256 of the registry's file, None where there is none."""
        return file_hash(Path(self.actors)) if self.actors else None

    def make(self) -> Callable[[Sequence[Report]], list[ReportReading]]:
        """The stages, with models and gazetteers loaded."""
        from trucewatch.linking.actors import ActorLinker, load_registry
        from trucewatch.linking.gazetteers import load_gazetteers
        from trucewatch.linking.places import Locator
        from trucewatch.linking.surroundings import Region
        from trucewatch.terms.registries import Registry

        registry = load_registry(Path(self.actors)) if self.actors else Registry(())
        gazetteer = load_gazetteers([Path(p) for p in self.gazetteers])
        region = Region(countries=self.countries, box=self.box) if self.countries or self.box else None
        read = self.reader(gazetteer, registry)
        locate, resolve = Locator(gazetteer, region), ActorLinker(registry, gazetteer)
        return careful(lambda reports: resolve(locate(read(reports))))

    def reader(self, places: PlaceNames, actors: ActorNames) -> Callable[[Sequence[Report]], list[ReportReading]]:
        """The reader of texts, with its models loaded."""
        from trucewatch.reading.readers import Reader
        from trucewatch.reading.settings import ReadingSettings

        return Reader(ReadingSettings(), places, actors)

    def give_up(self, batch: Sequence[Report], why: str) -> list[ReportReading]:
        """Empty readings with a doubt each."""
        return [failed(report, why) for report in batch]


def careful(
    do: Callable[[Sequence[Report]], Sequence[ReportReading]],
) -> Callable[[Sequence[Report]], list[ReportReading]]:
    """The same, but a report that cannot be read becomes a doubt, and the others of its batch are read."""

    def attempt(reports: Sequence[Report]) -> list[ReportReading]:
        if not reports:
            return []
        try:
            return list(do(reports))
        except TrucewatchError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever one text of a million provokes must not end the run
            if len(reports) == 1:
                return [failed(reports[0], f"{type(error).__name__}: {error}")]
            return [reading for report in reports for reading in attempt([report])]

    return attempt


def failed(report: Report, why: str) -> ReportReading:
    """A reading that says only that there is none."""
    return ReportReading(report, doubts=(Doubt("reading-failed", report.report_id, report.name, why[:300]),))


@cache
def code_hash(*rooms: str, but: str | None = None) -> str:
    """A hash over the version and over everything in these rooms, weights and word lists too.

    With `but`, files whose name begins so are left out.

    A version number alone would let a store keep what an older checkout of the same version has read.
    """
    root = files("trucewatch")
    parts: list[tuple[str, str]] = []
    for room in sorted(rooms):
        with as_file(root / room) as folder:
            found = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
            found = [p for p in found if but is None or not p.name.startswith(but)]
            parts += [(f"{room}/{p.relative_to(folder).as_posix()}", file_hash(p)) for p in found]
    return content_hash({"version": __version__, "parts": parts})

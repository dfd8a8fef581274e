"""A dossier opened as it was at a past moment, so that every list can be asked of then as it is asked of now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from trucewatch.running.openings import open_dossier
from trucewatch.running.stages import DossierStages, Stages
from trucewatch.store.opening import close_store, open_store


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open. `caveats` say what is not of that moment; the store of a past one goes with this."""

    caveats: tuple[str, ...] = ()
    folder: TemporaryDirectory[str] | None = None


def open_at(folder: str | Path | None, known_at: str | None) -> Opened:
    """The dossier's store is open; with `known_at` (ISO), a copy of it as it stood at that instant.

    Nothing done to the copy reaches the dossier. Raises SettingsError where `known_at` is no instant, and what opening
    raises.
    """
    dossier, _ = open_dossier(folder)
    return Opened() if known_at is None else open_past(DossierStages(dossier), known_at)


def open_past(stages: Stages, known_at: str) -> Opened:
    """As `open_at`, of the dossier of these stages, whose store is open and is closed for it."""
    # the models can be imported once a store is open, not before
    from trucewatch.running.pasts import then
    from trucewatch.store.twins import fill_twin, taken

    past = then(stages, known_at)
    snapshot = taken(past.at, read=past.read)
    sources = past.stages.sources()
    close_store()
    place = TemporaryDirectory(prefix="trucewatch-twin-")
    open_store(place.name, f"sqlite:///{place.name}/trucewatch.sqlite3")
    fill_twin(snapshot, sources)
    _make(past.stages)
    return Opened(past.caveats, place)


def _make(stages: Stages) -> None:
    """The open store is linked and judged by these stages."""
    from trucewatch.running.areas import areas_of_incidents
    from trucewatch.running.pipelines import last_published
    from trucewatch.store.clusters import write_areas, write_findings, write_incidents
    from trucewatch.store.constraints import constraints, decided_incidents
    from trucewatch.store.reader import all_incidents
    from trucewatch.store.readings import stored_readings
    from trucewatch.store.writer import write_obligations

    write_incidents(stages.link(list(stored_readings()), *constraints()))
    incidents = list(all_incidents())
    ids = [i.incident_id for i in incidents]
    write_findings(stages.judge(incidents, decided_incidents()), ids, "past")
    write_areas(areas_of_incidents(stages.agreements, incidents), ids)
    if as_of := stages.dossier.as_of or last_published():
        write_obligations(stages.track(incidents, as_of))

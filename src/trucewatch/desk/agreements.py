"""The agreements of the dossier as pages need them: read once, and again when a file has changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely.geometry import mapping

from trucewatch.judging.agreements import Agreement, load_agreement
from trucewatch.running.dossiers import FILE_NAME, Dossier, load_dossier


def agreements_of(folder: Path) -> tuple[Agreement, ...]:
    """The agreements the dossier names, in its order."""
    files = _dossier(*_stamped(folder / FILE_NAME)).agreement_files()
    return _load(tuple(_stamped(path) for path in files))


def terms_of(folder: Path) -> list[tuple[str, str, str]]:
    """(agreement id, term id, title) of every term of those agreements."""
    return [(a.agreement_id, term.term_id, term.title) for a in agreements_of(folder) for term in a.terms]


def zones_of(folder: Path) -> list[tuple[str, str]]:
    """(area as filters name it, its title with the agreement's id) of every area of those agreements."""
    return [
        (f"{a.agreement_id}/{name}", f"{a.agreement_id}: {a.areas[name].title}")
        for a in agreements_of(folder)
        for name in sorted(a.areas)
        if not a.areas[name].everywhere
    ]


def areas_of(folder: Path) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of every area of those agreements: id, agreement, name; the newest version each."""
    features = []
    for agreement in agreements_of(folder):
        for name in sorted(agreement.areas):
            area = agreement.areas[name]
            if area.projection is None or not area.versions:
                continue
            outline = area.projection.degrees(area.versions[-1].geometry.simplify(50))
            properties = {"agreement": agreement.agreement_id, "name": area.title, "edge_error_m": area.edge_error_m}
            features.append({"type": "Feature", "geometry": mapping(outline), "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _stamped(path: Path) -> tuple[str, int]:
    """A file with when it last changed: what is read from it is kept under both."""
    return str(path), path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=8)
def _dossier(file: str, changed: int) -> Dossier:
    return load_dossier(file)


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[str, int], ...]) -> tuple[Agreement, ...]:
    return tuple(load_agreement(path) for path, _ in files)

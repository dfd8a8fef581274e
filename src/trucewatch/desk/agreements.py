"""The agreements of the dossier as pages need them: read once, and again when a file has changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
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


def titles_of(folder: Path) -> dict[tuple[str, str], str]:
    """The title of each term by (agreement id, term id)."""
    return {(agreement, term): title for agreement, term, title in terms_of(folder)}


def zones_of(folder: Path) -> list[tuple[str, str]]:
    """(area as filters name it, its title with the agreement's id) of every area of those agreements."""
    return [
        (f"{a.agreement_id}/{name}", f"{a.agreement_id}: {a.areas[name].title}")
        for a in agreements_of(folder)
        for name in sorted(a.areas)
        if not a.areas[name].everywhere
    ]


def days_of(agreements: Sequence[Agreement]) -> list[tuple[date, str]]:
    """The days on which the agreements took effect or ended, with what happened on them in words; by day."""
    out = []
    for agreement in agreements:
        out.append((date.fromisoformat(agreement.form.in_effect.at[:10]), f"{agreement.agreement_id} in effect"))
        if agreement.form.ended:
            out.append((date.fromisoformat(agreement.form.ended.at.at[:10]), f"{agreement.agreement_id} ended"))
    return sorted(out)


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


def home_of(folder: Path) -> str | None:
    """west,south,east,north in degrees that maps open on: around the agreements' areas, else the dossier's region."""
    dossier = _stamped(folder / FILE_NAME)
    return _home(dossier, tuple(_stamped(path) for path in _dossier(*dossier).agreement_files()))


@lru_cache(maxsize=8)
def _home(dossier: tuple[str, int], files: tuple[tuple[str, int], ...]) -> str | None:
    edges = [
        area.projection.degrees(area.versions[-1].geometry).bounds
        for agreement in _load(files)
        for area in agreement.areas.values()
        if area.projection and area.versions
    ]
    region = _dossier(*dossier).region
    if not edges and region is not None and region.box is not None:
        edges = [(region.box.west, region.box.south, region.box.east, region.box.north)]
    if not edges:
        return None
    west, south, east, north = zip(*edges, strict=True)
    return f"{min(west):.3f},{min(south):.3f},{max(east):.3f},{max(north):.3f}"


def _stamped(path: Path) -> tuple[str, int]:
    """A file with when it last changed: what is read from it is kept under both."""
    return str(path), path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=8)
def _dossier(file: str, changed: int) -> Dossier:
    return load_dossier(file)


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[str, int], ...]) -> tuple[Agreement, ...]:
    return tuple(load_agreement(path) for path, _ in files)

"""Where an incident may lie: weighted discs made from its places, and their share inside an area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trucewatch.judging.areas import Area
from trucewatch.judging.moments import Window
from trucewatch.judging.periods import NO_INFORMATION, Share
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place

# Radii taken where the telling gives none, by GeoNames feature code; rough half-widths of such places, in metres.
RADIUS_M = {
    "": 500.0, "PPL": 1_000.0, "PPLX": 700.0, "PPLA4": 1_500.0, "PPLA3": 2_000.0, "PPLA2": 3_000.0, "PPLA": 6_000.0,
    "PPLC": 10_000.0, "ADM4": 3_000.0, "ADM3": 8_000.0, "ADM2": 20_000.0, "ADM1": 50_000.0, "PCLI": 300_000.0,
}  # fmt: skip
_REST = 0.01  # candidates whose weights miss 1 by no more than this leave nothing open


@dataclass(frozen=True, slots=True)
class Disc:
    """One place an incident may be: centre in degrees, radius in metres, weight (0 to 1) among its alternatives."""

    lat: float
    lon: float
    radius_m: float
    weight: float
    name: str
    assumed: bool = False  # True where the radius is taken by kind, not told
    key: tuple[float, float, float] = (0.0, 0.0, 0.0)  # what its share depends on: latitude, longitude, radius


def discs(place: Place) -> tuple[Disc, ...]:
    """The alternatives of one place; empty where it is not located. Weights above 1 in all are scaled down to 1.

    The candidate that was chosen takes the place's own point and radius: linking may have moved it ("5 km north of").
    """
    if len(place.candidates) > 1 or (place.candidates and place.note == "ambiguous"):
        total = max(1.0, sum(c.weight for c in place.candidates))
        out = []
        for c in place.candidates:
            lat, lon, radius = c.lat, c.lon, c.radius_m
            if c.place_id and c.place_id == place.place_id and place.lat is not None and place.lon is not None:
                lat, lon, radius = place.lat, place.lon, place.radius_m if place.radius_m is not None else radius
            if c.weight > 0:
                out.append(_disc(lat, lon, radius, c.weight / total, c.name, c.kind))
        return tuple(out)
    if place.lat is None or place.lon is None:
        return ()
    kind = place.candidates[0].kind if place.candidates else ""
    return (_disc(place.lat, place.lon, place.radius_m, 1.0, place.name, kind),)


def _disc(lat: float, lon: float, radius_m: float | None, weight: float, name: str, kind: str) -> Disc:
    # not-a-number stands for "not told" in candidates, whose radius has no None
    assumed = radius_m is None or radius_m != radius_m
    radius = RADIUS_M.get(kind, RADIUS_M[""]) if assumed or radius_m is None else max(0.0, radius_m)
    return Disc(lat, lon, radius, weight, name, assumed, (lat, lon, radius))


@dataclass(frozen=True, slots=True)
class Lie:
    """How an incident lies to an area: verdict and share with the values compared, one row per place."""

    share: Share
    compared: tuple[tuple[str, str], ...]


Board = dict[tuple[float, float, float], tuple[float, float]]


def measure(area: Area, incidents: list[tuple[tuple[Disc, ...], ...]]) -> list[Board]:
    """For each version of the area, every disc's share inside and metres to the edge; each disc is measured once."""
    keys = sorted({disc.key for places in incidents for place in places for disc in place})
    if not keys or area.everywhere:
        return []
    table = np.array(keys, dtype=np.float64)
    boards = []
    for version in range(len(area.versions)):
        shares, edges = area.shares(table[:, 0], table[:, 1], table[:, 2], version)
        boards.append(dict(zip(keys, zip(shares.tolist(), edges.tolist(), strict=True), strict=True)))
    return boards


def lie(
    area: Area, incident: Incident, places: tuple[tuple[Disc, ...], ...], when: Window | None, boards: list[Board]
) -> Lie:
    """Whether any place of the incident lies in the area.

    Several places are several sites of one incident: one inside is enough for yes, all outside for no. Alternatives of
    one place are weighed. Where the area changes by date, the versions the interval touches are weighed by its share.
    """
    if area.everywhere:
        return Lie(Share("yes", 1.0), (("area", "everywhere"),))
    if not incident.places:
        return Lie(Share("undetermined", NO_INFORMATION, "where it happened"), (("place", "none told"),))
    versions = area.versions_at(when)
    if len(places) == 1 and len(places[0]) == 1 and versions == [(0, 1.0)] and places[0][0].weight == 1.0:
        return _plain(area, incident.places[0], places[0][0], versions, boards)
    rows: list[tuple[str, str]] = [("area", area.title)]
    outside, some_in, all_out, missing = 1.0, False, True, []
    for place, options in zip(incident.places, places, strict=True):
        if not options:
            rows.append(("place", f"{place.name}: not located"))
            outside *= 1 - NO_INFORMATION
            all_out = False
            missing.append(f"where {place.name} lies")
            continue
        share, sure_in, sure_out = _weigh(options, versions, boards)
        some_in, all_out = some_in or sure_in, all_out and sure_out
        outside *= 1 - share
        rows += [("place", _row(disc, versions, boards)) for disc in options]
        if not (sure_in or sure_out):
            missing.append(_decider(area, place, options, versions, boards))
    if some_in:
        return Lie(Share("yes", 1.0), tuple(rows))
    if all_out:
        return Lie(Share("no", 0.0), tuple(rows))
    if area.edge_error_m:
        rows.append(_edge_row(area))
    return Lie(Share("undetermined", 1 - outside, "; ".join(dict.fromkeys(missing))), tuple(rows))


def _plain(area: Area, place: Place, disc: Disc, versions: list[tuple[int, float]], boards: list[Board]) -> Lie:
    """As `lie`, for the most common case: one disc, and an area that does not change."""
    share, _ = boards[0][disc.key]
    rows = [("area", area.title), ("place", _row(disc, versions, boards))]
    if share in (0.0, 1.0):
        return Lie(Share("yes" if share else "no", share), tuple(rows))
    if area.edge_error_m:
        rows.append(_edge_row(area))
    return Lie(Share("undetermined", share, _decider(area, place, (disc,), versions, boards)), tuple(rows))


def _edge_row(area: Area) -> tuple[str, str]:
    return ("edge error", f"the edge is known to {area.edge_error_m:.0f} m, which the share takes in")


def _weigh(
    options: tuple[Disc, ...], versions: list[tuple[int, float]], boards: list[Board]
) -> tuple[float, bool, bool]:
    """The share inside, and whether it is surely inside or surely outside."""
    rest = max(0.0, 1.0 - sum(d.weight for d in options))
    covered = sum(part for _, part in versions)
    share = sum(d.weight * part * boards[v][d.key][0] for d in options for v, part in versions)
    every = [boards[v][d.key][0] for d in options for v, _ in versions]
    open_rest = rest > _REST
    sure_in = not open_rest and covered > 1 - 1e-9 and all(s == 1.0 for s in every)
    sure_out = not open_rest and all(s == 0.0 for s in every)
    return min(1.0, share + (rest * NO_INFORMATION if open_rest else 0.0)), sure_in, sure_out


def _row(disc: Disc, versions: list[tuple[int, float]], boards: list[Board]) -> str:
    weight = f" (weight {disc.weight:.2f})" if disc.weight < 1 else ""
    told = ", taken by kind" if disc.assumed else ""
    ways = [_way(*boards[version][disc.key]) for version, _ in versions]
    return f"{disc.name}{weight}: radius {disc.radius_m:.0f} m{told}; {' | '.join(ways) or 'no area on that day'}"


def _way(share: float, edge: float) -> str:
    side = "inside" if edge >= 0 else "outside"
    return f"{abs(edge) / 1000:.2f} km {side} the edge, share {share:.3f}"


def _decider(
    area: Area, place: Place, options: tuple[Disc, ...], versions: list[tuple[int, float]], boards: list[Board]
) -> str:
    """The fact that would decide where a place lies to the area."""
    if sum(d.weight for d in options) < 1 - _REST:
        return f"which place is meant: {', '.join(dict.fromkeys(d.name for d in options))}, or another"
    crossed = [d for d in options if any(0 < boards[v][d.key][0] < 1 for v, _ in versions)]
    if len(options) > 1 and len(crossed) < len(options):
        return f"which {place.name} is meant"
    if crossed:
        return _sharper(area, place, crossed[0], min(abs(boards[v][crossed[0].key][1]) for v, _ in versions))
    return f"when it happened, since the area changed ({place.name})"


def _sharper(area: Area, place: Place, disc: Disc, away: float) -> str:
    """What must be known better, position or edge or both, for a disc whose centre lies so many metres from the edge.

    It is certain once the two errors together are no more than `away`.
    """
    error, radius, away = area.edge_error_m or 0.0, disc.radius_m, max(away, 1.0)
    position = f"the position of {place.name} to within {{:.0f}} m (known to {radius:.0f} m)"
    edge = f"where the edge of '{area.title}' really runs, to within {{:.0f}} m (drawn to {error:.0f} m)"
    ways = []
    if away >= error and radius:
        ways.append(position.format(max(away - error, 1)))
    if away >= radius and error:
        ways.append(edge.format(max(away - radius, 1)))
    if not ways:
        both = ([position] if radius else []) + ([edge] if error else [])
        ways = [", and ".join(one.format(away / len(both)) for one in both)]
    return ", or ".join(ways)

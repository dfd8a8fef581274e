"""Which areas of the agreements each incident may lie in, so that lists can be asked for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from trucewatch.judging.agreements import Agreement
from trucewatch.terms.incidents import Incident


def areas_of_incidents(agreements: Iterable[Agreement], incidents: Sequence[Incident]) -> list[tuple[str, str, float]]:
    """(incident id, area, share) where a part of the disc of any of its places lies inside, the largest share.

    The area is the agreement's id, a slash and the area's name. Where an area changes with time, its newest shape is
    taken: this is for finding incidents, and no finding rests on it.
    """
    spots = [
        (i.incident_id, p.lat, p.lon, p.radius_m or 0.0)
        for i in incidents
        for p in i.places
        if p.lat is not None and p.lon is not None
    ]
    if not spots:
        return []
    lat, lon, radius_m = (np.array([s[column] for s in spots], dtype=np.float64) for column in (1, 2, 3))
    best: dict[tuple[str, str], float] = {}
    for agreement in agreements:
        for name in sorted(agreement.areas):
            area = agreement.areas[name]
            if area.everywhere:
                continue
            shares, _ = area.shares(lat, lon, radius_m, len(area.versions) - 1)
            for at in np.flatnonzero(shares > 0):
                key = (spots[at][0], f"{agreement.agreement_id}/{name}")
                best[key] = max(best.get(key, 0.0), round(float(shares[at]), 4))
    return [(incident, area, share) for (incident, area), share in sorted(best.items())]

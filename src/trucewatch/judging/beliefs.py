"""What is believed of an incident, apart from whether it would be a breach: by origins, never by articles."""

from __future__ import annotations

from trucewatch.judging.rosters import Roster
from trucewatch.terms.incidents import Incident

DECIDED = ("verified", "refuted")


def belief(incident: Incident, roster: Roster | None = None, decided: str | None = None) -> str:
    """One of `terms.findings.BELIEFS`, the first that holds of:

    `verified`, `refuted`: a person decided so (`decided`). `contested`: an origin denies it, or origins name rival
    doers. `admitted`: an accused is itself an origin of it. `corroborated`: two or more independent origins.
    `single_origin`: one. `alleged`: no origin is known.
    """
    if decided in DECIDED:
        return str(decided)
    if incident.contested or incident.denied_by:
        return "contested"
    if roster is not None and incident.origins and _admitted(incident, roster):
        return "admitted"
    origins = {origin.origin_id for origin in incident.origins}
    if len(origins) > 1:
        return "corroborated"
    return "single_origin" if origins else "alleged"


def _admitted(incident: Incident, roster: Roster) -> bool:
    """True where who said it first is one of those it accuses, by the agreement's names or by the registry's id."""
    accused: set[str] = set()
    for actor in incident.actors:
        accused |= {actor.name.casefold(), *([actor.actor_id] if actor.actor_id else [])}
        accused |= roster.standing(actor.name, actor.actor_id, None, None).keys
    for origin in incident.origins:
        if origin.kind != "speaker":
            continue
        names = {origin.name.casefold(), origin.origin_id} | roster.standing(origin.name, None, None, None).keys
        if names & accused:
            return True
    return False

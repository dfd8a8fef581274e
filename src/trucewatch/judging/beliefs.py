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


# Of the Admiralty code: 1 confirmed, 2 probably true, 3 possibly true, 4 doubtful, 5 improbable, 6 cannot be judged.
CREDIBILITY = {
    "verified": "1", "corroborated": "2", "admitted": "2", "single_origin": "3", "contested": "4", "refuted": "5",
    "alleged": "6",
}  # fmt: skip


def admiralty(incident: Incident, believed: str) -> tuple[str, str]:
    """Reliability (A-F) of the most reliable origin and credibility (1-6) of what is told, by NATO STANAG 2511.

    The two are judged apart: credibility follows the belief alone, whoever tells it. F and 6 are "cannot be judged".
    """
    return min((o.reliability for o in incident.origins), default="F"), CREDIBILITY[believed]


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

"""What the form of a bulletin asks for; made and published it is by `running.bulletins`."""

from __future__ import annotations

from django.http import QueryDict

from trucewatch.desk.addresses import day_of
from trucewatch.running.bulletins import Wanted
from trucewatch.running.stages import Stages
from trucewatch.telling.selections import Selection
from trucewatch.terms.codebooks import incident_types
from trucewatch.terms.errors import SettingsError, unknown_name

MOST_HEADLINE = 200


def wanted_of(query: QueryDict, stages: Stages) -> Wanted:
    """What a form asks for. Raises SettingsError naming the field where a value is not usable."""
    since, until, as_of = (day_of(query, name) for name in ("since", "until", "as_of"))
    rule = query.get("rule") or stages.dossier.counting_rule
    types = tuple(sorted({name for name in query.getlist("type") if name}))
    if unknown := [name for name in types if name not in incident_types()]:
        raise SettingsError("unknown-type", unknown_name("type", unknown[0][:60], incident_types()), where="type")
    agreement = query.get("agreement") or None
    known = [a.agreement_id for a in stages.agreements]
    if agreement and agreement not in known:
        raise SettingsError("unknown-agreement", unknown_name("agreement", agreement[:60], known), where="agreement")
    headline = " ".join(query.get("headline", "").split())
    if len(headline) > MOST_HEADLINE:
        raise SettingsError("long-headline", f"a headline has {MOST_HEADLINE} characters at most", where="headline")
    place = " ".join(query.get("place", "").split())[:100] or None
    headline = headline or stages.dossier.title or stages.dossier.name
    return Wanted(headline, since, until, as_of, rule, Selection(agreement, types, place))

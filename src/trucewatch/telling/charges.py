"""Charges: each telling that names a doer of something that would breach a term, by the side it comes from.

A charge is one incident, told by one side, against one actor, under one term. The ledger counts charges by a rule;
the incidents in its cells lead back to the quotes.
"""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.telling.tellings import NOT_TOLD, Telling
from trucewatch.terms.accounts import Account
from trucewatch.terms.findings import Finding
from trucewatch.terms.incidents import Incident, Origin

COUNTED = frozenset({"breach_if_true", "undetermined", "contested_reading"})


@dataclass(frozen=True, slots=True)
class Charge:
    """One alleged breach as one side tells it.

    `accuser` is the side of the origin; `accused` an actor key, or `doer not told` where the telling names nobody.
    `probability` is of a breach if the telling is true (0 to 1); `certain` where every test of the finding said yes.
    `own` is True where the accuser is of the accused's own side: it says so itself.
    """

    incident_id: str
    accuser: str
    accused: str
    agreement_id: str
    term_id: str
    outcome: str
    probability: float
    certain: bool
    own: bool
    account_ids: tuple[str, ...]


def charges(telling: Telling) -> tuple[Charge, ...]:
    """Every charge, in the order of incident, accuser, accused and term.

    Findings that a person refuted are left out, and so are tellings with no chance of being a breach. Where the
    readings of a contested term differ, the likeliest one counts and the charge is not certain.
    """
    out: dict[tuple[str, str, str, str, str], Charge] = {}
    for incident in sorted(telling.incidents, key=lambda i: i.incident_id):
        for finding in telling.findings_of.get(incident.incident_id, ()):
            if finding.outcome not in COUNTED or finding.probability <= 0 or finding.belief == "refuted":
                continue
            for charge in _of(incident, finding, telling):
                key = (charge.incident_id, charge.accuser, charge.accused, charge.agreement_id, charge.term_id)
                before = out.get(key)
                out[key] = charge if before is None else _likelier(before, charge)
    return tuple(out[key] for key in sorted(out))


def _of(incident: Incident, finding: Finding, telling: Telling) -> list[Charge]:
    rows: list[Charge] = []
    bearers = {telling.key_of(name) for name in finding.accused}
    for origin in incident.origins:
        accuser = telling.side_of_origin(origin, finding.agreement_id)
        for accused, accounts in sorted(_named(incident, origin, bearers, telling).items()):
            side = telling.side_of_actor(accused)
            rows.append(
                Charge(
                    incident.incident_id, accuser, accused, finding.agreement_id, finding.term_id, finding.outcome,
                    finding.probability, finding.outcome == "breach_if_true", side is not None and side == accuser,
                    tuple(sorted(accounts)),
                )
            )  # fmt: skip
    return rows


def _named(incident: Incident, origin: Origin, bearers: set[str], telling: Telling) -> dict[str, list[str]]:
    """The doers this origin's accounts name, with those accounts: rival attributions of others are not its word."""
    named: dict[str, list[str]] = {}
    told = [telling.account[i] for i in origin.account_ids if i in telling.account]
    for account in told:
        for key in _doers(account, bearers, telling):
            named.setdefault(key, []).append(account.account_id)
    if not named and not told:
        # the accounts are not at hand (an export without them): the incident's own parties stand in
        keys = {telling.actor_key(party) for party in incident.actors}
        named = {key: list(origin.account_ids) for key in sorted(keys & bearers or keys or bearers or {NOT_TOLD})}
    return named


def _doers(account: Account, bearers: set[str], telling: Telling) -> list[str]:
    """The doers an account names, narrowed to the bearers of the term where any of them is one or belongs to one.

    An armed clash has two sides of which the term may bind one: only that one is accused of a breach.
    """
    keys = {telling.actor_key(party) for party in account.actors}
    if not keys:
        return [NOT_TOLD]
    bound = {key for key in keys if telling.groups_of(key) & bearers}
    return sorted(bound or keys)


def _likelier(left: Charge, right: Charge) -> Charge:
    best = max(left, right, key=lambda c: (c.probability, c.certain, c.outcome))
    certain = left.certain and right.certain if "contested_reading" in (left.outcome, right.outcome) else best.certain
    accounts = tuple(sorted({*left.account_ids, *right.account_ids}))
    return Charge(
        best.incident_id, best.accuser, best.accused, best.agreement_id, best.term_id, best.outcome,
        best.probability, certain, best.own, accounts,
    )  # fmt: skip

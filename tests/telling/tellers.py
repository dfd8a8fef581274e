"""The truce of Gorno as telling is given it: small objects by hand, a cast of four sources and three armies."""

from __future__ import annotations

from dataclasses import replace

from trucewatch.telling.tellings import AgreementSheet, Layer, Telling, TermLine
from trucewatch.terms.accounts import Account, Maker, Party, Speaker, Tally
from trucewatch.terms.actors import Actor, Alias, Membership
from trucewatch.terms.counts import Count
from trucewatch.terms.findings import Finding, Obligation
from trucewatch.terms.incidents import Incident, Origin, TollClaim, TollRange
from trucewatch.terms.places import Candidate, Place
from trucewatch.terms.reports import Report
from trucewatch.terms.sources import Source
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

MAKER = Maker("by hand", "1", "0" * 12)
POINTS = {"Gorno": (42.0, 19.0), "Selo": (42.1, 19.2), "Brod": (42.4, 19.6)}
SOURCES = (
    Source("wire", "Valley Wire", "B"),
    Source("north", "Northern Voice", "D", (("*", "north"),)),
    Source("south", "Southern Voice", "D", (("*", "south"),)),
    Source("watch", "Gorno Watch", "A", (("*", "monitors"),), ("the Watch",)),
)
ACTORS = (
    Actor("north", "North", "state", side="north"),
    Actor(
        "northern-army", "Northern army", "army", (Alias("the Northerners"),), (Membership("north", "part"),), "north"
    ),
    Actor("southern-army", "Southern army", "army", side="south"),
    Actor("guests", "Guests", "group"),
)
AGREEMENT = AgreementSheet(
    "truce",
    "The truce of Gorno",
    "2031-05-01",
    None,
    (("2031-05-01", "truce: in effect"),),
    (TermLine("stop", "Stop shooting"), TermLine("corridor", "Keep the corridor free")),
    (
        Layer(
            "The corridor",
            "corridor",
            {
                "type": "Polygon",
                "coordinates": [[[18.9, 41.9], [19.3, 41.9], [19.3, 42.2], [18.9, 42.2], [18.9, 41.9]]],
            },
        ),
        Layer("The road", "road", {"type": "LineString", "coordinates": [[18.9, 42.0], [19.3, 42.1]]}),
    ),
    ("The truce of Gorno, official text",),
)


def report(name: str, source: str, published: str, text: str) -> Report:
    return Report(f"rep_{name}", name, source, None, published, "en", None, text, "0" * 64)


class Told:
    """Collects incidents told by hand into a telling."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.accounts: list[Account] = []
        self.incidents: list[Incident] = []
        self.findings: list[Finding] = []
        self.tallies: list[Tally] = []

    def incident(
        self,
        name: str,
        by: str = "Northern army",
        *,
        type: str = "shelling",
        day: str | None = "2031-05-04",
        until: str | None = None,
        places: tuple[str, ...] = ("Gorno",),
        told_by: tuple[str, ...] = ("Gorno Watch",),
        killed: tuple[int | None, int | None] | None = None,
        quote: str | None = None,
        outcome: str | None = "breach_if_true",
        probability: float = 1.0,
        term: str = "stop",
        radius_m: float = 800.0,
        reality: str = "asserted",
        belief: str = "alleged",
    ) -> Told:
        where = tuple(
            Place(
                n,
                None,
                *POINTS[n],
                radius_m,
                n.lower(),
                (Candidate(n.lower(), n, *POINTS[n], radius_m, 1.0, "PPL", "GO > Valley"),),
            )
            if n in POINTS
            else Place(n, None)
            for n in places
        )
        time = Interval(day, until or day) if day else None
        doers = (Party(by),) if by else ()
        ids, origins, claims = [], [], []
        count = Count(*killed) if killed else None
        for teller in told_by:
            words = quote or f"{by or 'Somebody'} did it at {', '.join(places)}"
            made = report(f"{name}-{teller}", teller, (until or day or "2031-05-05"), words)
            account = Account(
                f"acc_{name}_{teller}", made.report_id, type, words, Span(0, len(words)), reality, time, where, doers,
                (), count, None, (Speaker(teller),), False, MAKER,
            )  # fmt: skip
            self.reports.append(made)
            self.accounts.append(account)
            ids.append(account.account_id)
            origins.append(Origin(f"ori_{name}_{teller}", teller, "source", (account.account_id,), None, "B"))
            if count:
                claims.append(TollClaim("killed", count, account.account_id, origins[-1].origin_id))
        tolls = (TollRange("killed", killed[0], killed[0], killed[1], tuple(claims)),) if killed else ()
        key = f"inc_{name}"
        self.incidents.append(Incident(key, tuple(ids), type, reality, time, where, doers, (), tolls, tuple(origins)))
        if outcome:
            self.findings.append(
                Finding(
                    f"fin_{name}_{term}", key, "truce", "1", term, outcome, probability, (), belief=belief,
                    accused=(by,) if by else (), account_ids=tuple(ids),
                )
            )  # fmt: skip
        return self

    def tally(
        self,
        name: str,
        n: int | tuple[int | None, int | None],
        unit: str = "violations",
        *,
        accused: tuple[str, ...] = ("Northern army",),
        since: str | None = "2031-05-01",
        until: str | None = None,
        published: str = "2031-05-10",
        source: str = "Southern Voice",
        parts: tuple[int, ...] = (),
    ) -> Told:
        words = f"{n} {unit}"
        made = report(name, source, published, words)
        count = Count(n, n) if isinstance(n, int) else Count(*n)
        self.reports.append(made)
        self.tallies.append(
            Tally(
                f"tal_{name}", made.report_id, count, unit, tuple(Party(a) for a in accused), since, until,
                (Speaker(source),), words, Span(0, len(words)), MAKER, parts=parts,
            )
        )  # fmt: skip
        return self

    def telling(self, obligations: tuple[Obligation, ...] = ()) -> Telling:
        return Telling(
            "The truce of Gorno", "2031-05-31", tuple(self.incidents), tuple(self.findings), obligations,
            tuple(self.accounts), (), tuple(self.tallies), tuple(self.reports), SOURCES, ACTORS, (AGREEMENT,),
        )  # fmt: skip


def reversed_telling(telling: Telling) -> Telling:
    """The same telling with every list the other way round."""
    return replace(
        telling,
        incidents=telling.incidents[::-1],
        findings=telling.findings[::-1],
        accounts=telling.accounts[::-1],
        tallies=telling.tallies[::-1],
        reports=telling.reports[::-1],
        sources=telling.sources[::-1],
        actors=telling.actors[::-1],
    )

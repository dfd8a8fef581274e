"""Mentions of places located: ranked candidates, a point and a radius, or a doubt and no point at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Gazetteer
from trucewatch.linking.gazetteers.folding import loose
from trucewatch.linking.mentions import feature_of_hint, site_of, taken_apart
from trucewatch.linking.rankings import MOST_KEPT, Anchor, Ranked, lookup, rank
from trucewatch.linking.shifts import Disc, disc_of
from trucewatch.linking.surroundings import Region, Surroundings, surroundings_of
from trucewatch.terms.accounts import Doubt, ReportReading
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.spans import Span

__all__ = ["Locator", "Region"]

_ONE_PLACE_KM = 25.0  # candidates this close answer the same question: a town and the district around it
_IN_TOWN = frozenset(
    [
        "neighbourhood",
        "neighborhood",
        "quarter",
        "street",
        "road",
        "square",
        "hall",
        "market",
        "hospital",
        "school",
        "mosque",
    ]
)
_NAMESAKE_UNIT_KM = 200.0
_TOWN_SHARE = 0.05  # of the unit's share: what is left to a town that the unit around it is named after
_SURE_SHARE = 0.52  # more than one of two equals has
_COMPANY_KM = 100.0
_FAMOUS = 100_000  # people: a city that needs no company in its report
_KNOWN = 20_000  # people: a town that needs none where no namesake is likely
_ALONE = 0.9  # share from which no namesake is likely
_BY_KM = 10.0  # how far an airport or camp may lie from what it is called after


class Locator:
    """Locates every place of accounts and tallies; what cannot be told stays without a point, with a doubt.

    A pure function of the readings, the gazetteer and the region: each report is looked at by itself.
    """

    def __init__(self, gazetteer: Gazetteer, region: Region | None = None) -> None:
        self._gazetteer, self._region = gazetteer, region

    def __call__(self, readings: Sequence[ReportReading]) -> list[ReportReading]:
        return [self._located(reading) for reading in readings]

    def _located(self, reading: ReportReading) -> ReportReading:
        places = [p for a in reading.accounts for p in a.places] + [p for t in reading.tallies for p in t.places]
        mentions = [taken_apart_if_unknown(_mention(p), self._gazetteer) for p in places]
        if not mentions:
            return reading
        names = [n for m in mentions for n in (m.name, *m.within, *m.others)]
        around = surroundings_of(reading.report.text, names, self._gazetteer)
        search = _Search(self._gazetteer, self._region, around)
        search.settle_anchors(mentions)
        doubts: list[Doubt] = []
        accounts, tallies = [], []
        for account in reading.accounts:
            found = tuple(search.place(p) for p in account.places)
            doubts += _doubts(found, account.account_id, reading.report.name)
            accounts.append(replace(account, places=found))
        for tally in reading.tallies:
            found = tuple(search.place(p) for p in tally.places)
            doubts += _doubts(found, tally.tally_id, reading.report.name)
            tallies.append(replace(tally, places=found))
        return replace(reading, accounts=tuple(accounts), tallies=tuple(tallies), doubts=(*reading.doubts, *doubts))


def taken_apart_if_unknown(mention: PlaceMention, gazetteer: Gazetteer) -> PlaceMention:
    """The mention as it is where its whole name is known exactly ("Eastern Ghouta"), else taken apart."""
    if any(f.grade == "exact" for f in gazetteer.find(mention.name)):
        return mention
    return taken_apart(mention)


class _Search:
    """The names of one report looked up together, so that each helps to tell the others."""

    def __init__(self, gazetteer: Gazetteer, region: Region | None, around: Surroundings) -> None:
        self._gazetteer, self._region, self._around = gazetteer, region, around
        self._anchors: list[Anchor] = []

    def settle_anchors(self, mentions: Sequence[PlaceMention]) -> None:
        """Two rounds: first each name by itself, then each with the sure ones of the first as neighbours."""
        named = {m.name: m for m in reversed(mentions)}
        for name in self._around.names:
            named.setdefault(name, PlaceMention(name, Span(0, 0)))
        for _ in range(2):
            anchors = []
            for name in sorted(named):
                ranked = self._ranked(named[name], roughly=False)
                if (ranked and ranked[0].found.feature != "A") or (ranked and ranked[0].found.kind.startswith("ADM")):
                    best = ranked[0]
                    share = min(1.0, _share_near(best, ranked)) * (0.6 if best.found.radius_m > 20_000 else 1.0)
                    anchors.append(Anchor(name, best.found.lat, best.found.lon, share, best.found.radius_m))
            self._anchors = anchors

    def place(self, place: Place) -> Place:
        """The place with candidates, and with a point where one can be told."""
        mention = taken_apart_if_unknown(_mention(place), self._gazetteer)
        ranked = self._ranked(mention, roughly=True)
        candidates = tuple(r.as_candidate() for r in ranked[:MOST_KEPT])
        chosen = self._chosen(ranked, mention)
        if chosen is None:
            return self._by_unit(replace(place, candidates=candidates), mention, "ambiguous" if ranked else "unlocated")
        base: Disc = (chosen.found.lat, chosen.found.lon, chosen.found.radius_m)
        lat, lon, radius_m = disc_of(mention, base, self._discs(mention.others))
        note = "wide" if radius_m > 30_000.0 else None
        return replace(
            place, lat=lat, lon=lon, radius_m=round(radius_m, 1), place_id=chosen.found.place_id,
            candidates=candidates, note=note,
        )  # fmt: skip

    def _by_unit(self, place: Place, mention: PlaceMention, doubt: str) -> Place:
        """A name nobody knows lies somewhere in the smallest unit or town the text puts it in, if that is known."""
        discs = sorted(self._discs(mention.within), key=lambda d: d[2])
        if not discs and (host := site_of(mention)) is not None:
            ranked = self._ranked(host, roughly=False)
            if (chosen := self._chosen(ranked, host)) is not None and chosen.found.radius_m <= 100_000.0:
                found = chosen.found
                return replace(
                    place, lat=found.lat, lon=found.lon, radius_m=found.radius_m + _BY_KM * 1000.0, note="wide"
                )
        if not discs and (mention.kind_hint in _IN_TOWN or mention.relation == "part"):
            discs = self._only_town()
        in_owner = mention.within and (mention.relation == "part" or mention.kind_hint in _IN_TOWN)
        quarter = mention.kind_hint in _IN_TOWN  # namesakes elsewhere say nothing of a quarter
        if (doubt == "ambiguous" and not in_owner and not quarter) or not discs or discs[0][2] > 100_000.0:
            return replace(place, note=doubt)
        lat, lon, radius_m = discs[0]
        return replace(place, lat=lat, lon=lon, radius_m=radius_m, note="wide")

    def _only_town(self) -> list[Disc]:
        """The one large town among the surest places of the report, for a quarter or street nobody knows."""
        discs = [
            (a.lat, a.lon, a.radius_m) for a in self._anchors if a.weight >= 0.5 and 2_500.0 < a.radius_m <= 20_000.0
        ]
        alone = all(km_between(*discs[0][:2], *d[:2]) <= _ONE_PLACE_KM for d in discs)
        return discs[:1] if alone else []

    def _ranked(self, mention: PlaceMention, *, roughly: bool) -> list[Ranked]:
        found = lookup(mention.name, self._gazetteer, roughly=roughly)
        units = self._units(mention) if mention.within and found else []
        return rank(mention, found, self._around, self._region, self._anchors, units)

    def _units(self, mention: PlaceMention) -> list[Anchor]:
        return [Anchor(name, *disc[:2], 1.0, disc[2]) for name in mention.within for disc in self._discs([name])]

    def _discs(self, names: Sequence[str]) -> list[Disc]:
        out: list[Disc] = []
        for name in names:
            mention = taken_apart_if_unknown(PlaceMention(name, Span(0, 0)), self._gazetteer)
            found = lookup(mention.name, self._gazetteer, roughly=False)
            ranked = rank(mention, found, self._around, self._region, self._anchors, ())
            chosen = self._chosen(ranked, mention)
            if chosen is not None:
                out.append((chosen.found.lat, chosen.found.lon, chosen.found.radius_m))
        return out

    def _chosen(self, ranked: Sequence[Ranked], mention: PlaceMention) -> Ranked | None:
        """The best candidate, or None where namesakes far apart are as likely or nothing ties it to the report."""
        if not ranked:
            return None
        best = ranked[0]
        if _share_near(best, ranked) < _SURE_SHARE:
            return None
        # a bare name means the town before the district around it
        if best.found.feature == "A" and feature_of_hint(mention.kind_hint) != "A":
            towns = (r for r in ranked if r.found.feature == "P" and _one_place(best, r))
            best = next((r for r in towns if r.share >= _TOWN_SHARE * best.share), best)
        return best if self._tied(best, mention) else None

    def _tied(self, ranked: Ranked, mention: PlaceMention) -> bool:
        """True where the place has company: its country or region is the report's, or it is known everywhere."""
        found = ranked.found
        if self._region is not None and self._region.holds(found):
            return True
        # a file of the user's own that names no country is local by itself
        if (
            not found.country
            or found.kind.startswith("PCL")
            or (found.population >= _FAMOUS and found.grade == "exact")
        ):
            return True
        share = self._around.countries.get(found.country, 0.0)
        alone = ranked.share >= _ALONE
        if alone and found.grade == "exact" and found.population >= _KNOWN:
            return True
        if alone and found.grade == "loose" and share >= max(self._around.countries.values(), default=1.0):
            return True
        if found.grade != "exact" and not self._has_company(ranked, mention):
            return False
        if found.grade == "skeleton":
            return share >= max(self._around.countries.values(), default=1.0)
        return share >= 0.2 or found.country in self._around.named

    def _has_company(self, ranked: Ranked, mention: PlaceMention) -> bool:
        """True where another place of the report lies within reach, or the report names no other at all.

        A name that only resembles the one looked for, far from all else in the report, is a chance hit.
        """
        others = [a for a in self._anchors if a.name != mention.name and a.weight >= 0.5]
        at = ranked.found
        return not others or any(km_between(at.lat, at.lon, a.lat, a.lon) <= _COMPANY_KM for a in others)


def _share_near(best: Ranked, ranked: Sequence[Ranked]) -> float:
    return sum(r.share for r in ranked if _one_place(best, r))


def _one_place(a: Ranked, b: Ranked) -> bool:
    """True where the two answer the same question: close by, or one a unit that the other lies in."""
    units = [r.found.radius_m / 1000.0 for r in (a, b) if r.found.feature == "A"]
    reach = max(_ONE_PLACE_KM, min(1.6 * max(units, default=0.0), 100.0))
    if units and a.found.country == b.found.country and "PCLI" not in (a.found.kind, b.found.kind):
        # the district named after its town: its middle may lie far out in the desert
        names = [{loose(n) for n in (r.found.name, *r.found.units)} for r in (a, b)]
        reach = _NAMESAKE_UNIT_KM if names[0] & names[1] else reach
    return km_between(a.found.lat, a.found.lon, b.found.lat, b.found.lon) <= reach


def _mention(place: Place) -> PlaceMention:
    return place.mention or PlaceMention(place.name, place.span or Span(0, 0))


def _doubts(places: Sequence[Place], subject_id: str, where: str) -> list[Doubt]:
    out = []
    for place in places:
        if place.note == "unlocated":
            out.append(Doubt("unlocated-place", subject_id, where, f"no gazetteer knows '{place.name}'"))
        elif place.note == "ambiguous":
            shown = "; ".join(f"{c.name} ({c.admin})" for c in place.candidates[:3])
            out.append(Doubt("ambiguous-place", subject_id, where, f"'{place.name}' may be {shown}"))
    return out

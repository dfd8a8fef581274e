"""The names of one report looked up together, so that each helps to tell the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from trucewatch.linking.containers import LARGEST_M, VILLAGES, Town, town_around, town_of
from trucewatch.linking.cues import Cues, cues_of, inside_town, is_generic, perhaps_inside_town
from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Found, Gazetteer, candidate
from trucewatch.linking.gazetteers.folding import fold, loose
from trucewatch.linking.gazetteers.hits import ordinary
from trucewatch.linking.mentions import feature_of_hint, site_of, taken_apart_if_unknown
from trucewatch.linking.rankings import MOST_KEPT, Anchor, Ranked, lookup, rank
from trucewatch.linking.shifts import Disc, disc_of, spanning
from trucewatch.linking.surroundings import Region, Surroundings
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.spans import Span

_ONE_PLACE_KM = 25.0  # candidates this close answer the same question: a town and the district around it
_NAMESAKE_UNIT_KM = 400.0
_TOWN_SHARE = 0.05  # of the unit's share: what is left to a town that the unit around it is named after
_SURE_SHARE = 0.52  # more than one of two equals has
_CLEAR_SHARE, _CLEAR_RATIO = 0.4, 5.0  # enough where the rest is split between many and no one comes near
_MOST_SHARE = 0.75  # of namesakes close together: it is one of them
_COMPANY_KM = 100.0
_FAR_KM = 300.0  # from all other places of the report: a namesake there needs good grounds
_MAIN_SHARE = 0.5  # of the report's names: its country is what the report is about
_AMONG = 0.1  # of the report's names: its country is one the report is about
_FAMOUS = 100_000  # people: a city that needs no company in its report
_KNOWN = 20_000  # people: a town that needs none where no namesake is likely
_ALONE = 0.9  # share from which no namesake is likely
_BY_KM = 10.0  # how far an airport or camp may lie from what it is called after
_WIDE_M = 30_000.0


class Search:
    """Looks up the names of one report. `settle` comes first; `place` then locates one mention after the other."""

    def __init__(self, gazetteer: Gazetteer, region: Region | None, around: Surroundings, text: str) -> None:
        self._gazetteer, self._region, self._around, self._text = gazetteer, region, around, text
        self._anchors: list[Anchor] = []
        self._towns: list[Town] = []
        self._cues: dict[str, Cues] = {}

    def settle(self, mentions: Sequence[PlaceMention]) -> None:
        """Two rounds: first each name by itself, then each with the sure ones of the first as neighbours."""
        named = {m.name: m for m in reversed(mentions)}
        for name in self._around.names:
            named.setdefault(name, PlaceMention(name, Span(0, 0)))
        for _ in range(2):
            anchors: list[Anchor] = []
            towns: list[Town] = []
            for name in sorted(named):
                ranked = self._ranked(named[name], roughly=False)
                if not ranked:
                    continue
                if (chosen := self._chosen(ranked, named[name])) is not None:
                    town = town_of(chosen.found, name, self._text)
                    towns += [town] if town is not None else []
                best = ranked[0].found
                if best.feature != "A" or best.kind.startswith("ADM"):
                    share = min(1.0, _share_near(ranked[0], ranked)) * (0.6 if best.radius_m > 20_000 else 1.0)
                    anchors.append(Anchor(name, best.lat, best.lon, share, best.radius_m))
            self._anchors, self._towns = anchors, towns

    def place(self, place: Place) -> Place:
        """The place with candidates, and with a point where one can be told."""
        mention = self.mention(place)
        if mention.others and (stretch := self._stretch(place, mention)) is not None:
            return stretch
        ranked = self._ranked(mention, roughly=True)
        candidates = tuple(r.as_candidate() for r in ranked[:MOST_KEPT])
        chosen = self._chosen(ranked, mention)
        if chosen is not None and self._elsewhere(chosen.found, mention):
            chosen = None
        if chosen is None:
            doubt = "unlocated" if not ranked else "far" if self._far(ranked[0].found, mention) else "ambiguous"
            unsure = replace(place, candidates=candidates, note=doubt)
            contained = self._contained(unsure, mention)
            near = doubt == "ambiguous" and not self._foreign(ranked[0].found, mention)
            return _among(unsure, ranked) if near and not contained.located else contained
        base: Disc = (chosen.found.lat, chosen.found.lon, chosen.found.radius_m)
        lat, lon, radius_m = disc_of(mention, base)
        return replace(
            place, lat=lat, lon=lon, radius_m=round(radius_m, 1), place_id=chosen.found.place_id,
            candidates=candidates, note="wide" if radius_m > _WIDE_M else None,
        )  # fmt: skip

    def _stretch(self, place: Place, mention: PlaceMention) -> Place | None:
        """The disc over a stretch told by two places and no name of its own, or None where one is not known."""
        ends = [f for f in map(self._settled, mention.others) if f is not None]
        if len(ends) < len(mention.others):
            return None
        lat, lon, radius_m = spanning([(f.lat, f.lon, f.radius_m) for f in ends])
        whole = replace(ends[0], place_id="", name=place.name, lat=lat, lon=lon, radius_m=radius_m, kind="")
        grounds = (f"the middle of {' and '.join(f.name for f in ends)}, half their distance around it",)
        return replace(
            place, lat=lat, lon=lon, radius_m=radius_m, candidates=(candidate(whole, 1.0, grounds),),
            note="wide" if radius_m > _WIDE_M else None,
        )  # fmt: skip

    def mention(self, place: Place) -> PlaceMention:
        """The mention taken apart, with what the text says beside its name elsewhere in the report."""
        told = place.mention or PlaceMention(place.name, place.span or Span(0, 0))
        mention = taken_apart_if_unknown(told, self._gazetteer)
        within = (w for w in self._cues_of(mention.name).within if self._holds_places(w))
        return replace(mention, within=tuple(dict.fromkeys((*mention.within, *within))))

    def _holds_places(self, name: str) -> bool:
        """True for a name that is surely one of a place of the report's countries: "in May" is none."""
        found = self._settled(name)
        known = found is not None and found.grade == "exact" and fold(name) not in ordinary()[0]
        return known and found is not None and self._around.countries.get(found.country, 0.0) >= _AMONG

    def _hint(self, mention: PlaceMention) -> str | None:
        """The class word beside the mention, else one that stands beside its name elsewhere in the report."""
        return mention.kind_hint or self._cues_of(mention.name).hint

    def _cues_of(self, name: str) -> Cues:
        if name not in self._cues:
            self._cues[name] = cues_of(name, self._text)
        return self._cues[name]

    def _contained(self, place: Place, mention: PlaceMention) -> Place:
        """A place nobody knows has the disc of what holds it, where the text tells that and it is small enough."""
        hint = self._hint(mention)
        sited = perhaps_inside_town(hint) or mention.relation == "part" or is_generic(mention.name)
        # a name that nobody knows, told to be in a town, is a part of it unless it is called a village
        inside = sited or (not place.candidates and hint not in VILLAGES)
        holder, beyond_m = self._holder(mention, inside), 0.0
        if holder is None and (host := site_of(mention)) is not None:
            # an airport or camp lies in or by the place it is called after, where that is one of the report's
            chosen = self._chosen(self._ranked(host, roughly=False), host)
            known = chosen is not None and self._has_company(chosen.found, host)
            if chosen is not None and known and chosen.found.radius_m <= LARGEST_M:
                holder, beyond_m = chosen.found, 1000.0 * _BY_KM
        holder = holder or self._named_after(mention)
        if holder is None and sited:
            holder = town_around(mention.span.start, self._towns, self._text)
        if holder is None:
            return place
        grounds = (f"'{place.name}' is not known: located by what contains it",)
        return replace(
            place, lat=holder.lat, lon=holder.lon, radius_m=holder.radius_m + beyond_m, note="contained",
            candidates=(candidate(holder, 1.0, grounds),),
        )  # fmt: skip

    def _holder(self, mention: PlaceMention, inside: bool) -> Found | None:
        """The smallest place that the text puts the mention in, if that is known and no wider than `LARGEST_M`.

        Where it is not said to lie inside a town, only a unit holds it: no village lies in a city, though the region
        around is called after it.
        """
        found = [self._settled(name) if inside else self._unit(name) for name in mention.within]
        return min(
            (f for f in found if f is not None and f.radius_m <= LARGEST_M), key=lambda f: f.radius_m, default=None
        )

    def _unit(self, name: str) -> Found | None:
        """The unit that a name means in this report, or None."""
        mention = taken_apart_if_unknown(PlaceMention(name, Span(0, 0), kind_hint="district"), self._gazetteer)
        found = [f for f in lookup(mention.name, self._gazetteer, roughly=False) if f.feature == "A"]
        chosen = self._chosen(rank(mention, found, self._around, self._region, self._anchors, ()), mention)
        return None if chosen is None else chosen.found

    def _named_after(self, mention: PlaceMention) -> Found | None:
        """The town of the report whose name this one begins with: "Orvash old market" lies in Orvash."""
        first = [t.found for t in self._towns if mention.name.startswith(f"{t.name} ")]
        return min(first, key=lambda f: f.radius_m, default=None)

    def _elsewhere(self, found: Found, mention: PlaceMention) -> bool:
        """True where a quarter or street has a namesake out of the town that it is told to lie in."""
        if not inside_town(self._hint(mention)) or found.feature == "S":
            return False
        holder = self._holder(mention, True) or town_around(mention.span.start, self._towns, self._text)
        if holder is None or loose(holder.name) == loose(mention.name):
            return False
        return 1000.0 * km_between(found.lat, found.lon, holder.lat, holder.lon) > 1.5 * holder.radius_m + 5_000.0

    def _ranked(self, mention: PlaceMention, *, roughly: bool) -> list[Ranked]:
        found = lookup(mention.name, self._gazetteer, roughly=roughly)
        units = self._units(mention) if mention.within and found else []
        beside = self._beside(mention.name) if len(found) > 1 else []
        return rank(mention, found, self._around, self._region, self._anchors, units, beside)

    def _units(self, mention: PlaceMention) -> list[Anchor]:
        return [Anchor(name, *disc[:2], 1.0, disc[2]) for name in mention.within for disc in self._discs([name])]

    def _beside(self, name: str) -> list[Found]:
        """The units and countries that follow the name after a comma somewhere in the report."""
        found = [f for other in self._cues_of(name).beside for f in lookup(other, self._gazetteer, roughly=False)]
        return [f for f in found if f.grade == "exact" and (f.kind == "ADM1" or f.kind.startswith("PCL"))]

    def _discs(self, names: Sequence[str]) -> list[Disc]:
        found = [f for f in map(self._settled, names) if f is not None]
        return [(f.lat, f.lon, f.radius_m) for f in found]

    def _settled(self, name: str) -> Found | None:
        """The place that a bare name means in this report, or None where that cannot be told."""
        mention = taken_apart_if_unknown(PlaceMention(name, Span(0, 0)), self._gazetteer)
        found = lookup(mention.name, self._gazetteer, roughly=False)
        ranked = rank(mention, found, self._around, self._region, self._anchors, ())
        chosen = self._chosen(ranked, mention)
        return None if chosen is None else chosen.found

    def _chosen(self, ranked: Sequence[Ranked], mention: PlaceMention) -> Ranked | None:
        """The best candidate, or None where namesakes far apart are as likely or nothing ties it to the report."""
        if not ranked:
            return None
        best = ranked[0]
        share = _share_near(best, ranked)
        rival = max((r.share for r in ranked if not _one_place(best, r)), default=0.0)
        if share < _SURE_SHARE and (share < _CLEAR_SHARE or share < _CLEAR_RATIO * rival):
            return None
        # a bare name means the town before the district around it
        if best.found.kind.startswith("ADM") and feature_of_hint(mention.kind_hint) != "A":
            towns = (r for r in ranked if r.found.feature == "P" and _one_place(best, r))
            best = next((r for r in towns if r.share >= _TOWN_SHARE * best.share), best)
        return best if self._tied(best, share >= _ALONE, mention) else None

    def _tied(self, ranked: Ranked, alone: bool, mention: PlaceMention) -> bool:
        """True where the place has company: its country or region is the report's, or it is known everywhere."""
        found = ranked.found
        if self._region is not None and self._region.holds(found):
            return True
        exact = found.grade == "exact"
        famous = exact and (found.population >= _FAMOUS or found.kind in ("ADM1", "RGN"))
        share = self._around.share_beside(mention.name, found.country)
        # a file of the user's own that names no country is local by itself
        if not found.country or found.kind.startswith("PCL"):
            return True
        known = found.country in self._around.named and found.population >= _KNOWN
        grounds = famous or (exact and alone and (known or share >= _MAIN_SHARE))
        if self._far(found, mention) and not grounds:
            return False
        if famous:
            return True
        if alone and exact and found.population >= _KNOWN:
            return True
        if alone and found.grade == "loose" and share >= max(self._around.countries.values(), default=1.0):
            return True
        if not exact and not self._has_company(found, mention):
            return False
        if found.grade == "skeleton":
            return share >= max(self._around.countries.values(), default=1.0)
        return share >= 0.2 or found.country in self._around.named

    def _foreign(self, found: Found, mention: PlaceMention) -> bool:
        """True where nothing else in the report speaks for the country of the place."""
        if self._region is not None and self._region.holds(found):
            return False
        told = self._around.share_beside(mention.name, found.country) >= _AMONG
        return bool(found.country) and not told and found.country not in self._around.named

    def _others(self, mention: PlaceMention) -> list[Anchor]:
        own = loose(mention.name)
        return [a for a in self._anchors if loose(a.name) != own and a.weight >= 0.5]

    def _far(self, found: Found, mention: PlaceMention) -> bool:
        """True where every other place of the report (two at least) lies hundreds of kilometres off, and the text does
        not say what it lies in either."""
        others = [a for a in self._others(mention) if a.radius_m <= 100_000.0]
        if len(others) < 2 or mention.within or found.radius_m > 100_000.0:
            return False
        return all(km_between(found.lat, found.lon, a.lat, a.lon) > _FAR_KM for a in others)

    def _has_company(self, found: Found, mention: PlaceMention) -> bool:
        """True where another place of the report lies within reach, or the report names no other at all.

        A name that only resembles the one looked for, far from all else in the report, is a chance hit.
        """
        others = self._others(mention)
        return not others or any(km_between(found.lat, found.lon, a.lat, a.lon) <= _COMPANY_KM for a in others)


def _among(place: Place, ranked: Sequence[Ranked]) -> Place:
    """The place with the disc over its namesakes where nearly all of them lie close together, as doubtful as before."""
    best = ranked[0].found
    near = [r for r in ranked if km_between(best.lat, best.lon, r.found.lat, r.found.lon) <= 2 * LARGEST_M / 1000.0]
    lat, lon, radius_m = spanning([(r.found.lat, r.found.lon, r.found.radius_m) for r in near])
    if math.fsum(r.share for r in near) < _MOST_SHARE or radius_m > LARGEST_M:
        return place
    return replace(place, lat=lat, lon=lon, radius_m=radius_m)


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

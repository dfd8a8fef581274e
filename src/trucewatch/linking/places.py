"""Mentions of places located: ranked candidates, a point and a radius, or a doubt and no point at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trucewatch.linking.gazetteers import Gazetteer
from trucewatch.linking.mentions import taken_apart_if_unknown
from trucewatch.linking.searches import Search
from trucewatch.linking.surroundings import Region, surroundings_of
from trucewatch.terms.accounts import Doubt, ReportReading
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.spans import Span

__all__ = ["Locator", "Region"]


class Locator:
    """Locates every place of accounts and tallies; what cannot be told stays without a point, with a doubt.

    A pure function of the readings, the gazetteer and the region: each report is looked at by itself.
    """

    def __init__(self, gazetteer: Gazetteer, region: Region | None = None) -> None:
        self._gazetteer, self._region = gazetteer, region

    def __call__(self, readings: Sequence[ReportReading]) -> list[ReportReading]:
        """The readings with their places located, in their order."""
        return [self._located(reading) for reading in readings]

    def _located(self, reading: ReportReading) -> ReportReading:
        places = [p for a in reading.accounts for p in a.places] + [p for t in reading.tallies for p in t.places]
        if not places:
            return reading
        told = [p.mention or PlaceMention(p.name, p.span or Span(0, 0)) for p in places]
        mentions = [taken_apart_if_unknown(mention, self._gazetteer) for mention in told]
        names = [n for m in mentions for n in (m.name, *m.within, *m.others)]
        around = surroundings_of(reading.report.text, names, self._gazetteer)
        search = Search(self._gazetteer, self._region, around, reading.report.text)
        search.settle(mentions)
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


def _doubts(places: Sequence[Place], subject_id: str, where: str) -> list[Doubt]:
    out = []
    for place in places:
        if place.note == "unlocated":
            out.append(Doubt("unlocated-place", subject_id, where, f"no gazetteer knows '{place.name}'"))
        elif place.note == "ambiguous":
            shown = "; ".join(f"{c.name} ({c.admin})" for c in place.candidates[:3])
            out.append(Doubt("ambiguous-place", subject_id, where, f"'{place.name}' may be {shown}"))
        elif place.note == "far":
            found = place.candidates[0]
            what = f"'{place.name}' is known only far from all else in the report: {found.name} ({found.admin})"
            out.append(Doubt("far-place", subject_id, where, what))
        elif place.note == "contained":
            what = f"'{place.name}' is located by what contains it: {place.candidates[0].name}"
            out.append(Doubt("contained-place", subject_id, where, what))
    return out

"""Names of places found and located: TR-News and GeoVirus, and the names of annotated reports.

    python eval/geoparsing.py --gazetteer FILE... --corpus TR-News.xml.gz --corpus GeoVirus.xml.gz
    python eval/geoparsing.py --gazetteer FILE... --corpus TR-News.xml.gz --end-to-end
    python eval/geoparsing.py --gazetteer FILE... --reports dev-mena.jsonl

Names given: the names with coordinates in the gold, the share that the locator gives any point, the shares within
161 km (100 miles, the field's custom) and 25 km, and the share whose gold point lies in the disc told (which is what a
country or a province can be right by), all of all gold names.

End to end, the reader finds the names itself: a name found that overlaps a gold one is right where it is located that
near; precision is of the names found and located, recall of the gold names with coordinates. Names found where the gold
has one without coordinates are left out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import Gazetteer, load_gazetteers
from trucewatch.linking.places import Locator
from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings
from trucewatch.terms.accounts import Account, Maker, ReportReading, unlocated
from trucewatch.terms.places import Place, PlaceMention
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

REACHES_KM = (161, 25)


@dataclass(frozen=True, slots=True)
class Gold:
    """An annotated name with where it stands (half-open code points) and its point, None where it has none."""

    name: str
    span: Span
    lat: float | None
    lon: float | None


Article = tuple[str, list[Gold]]


def corpus(path: Path) -> Iterator[Article]:
    """Text and gold names of each article of a TR-News or GeoVirus file."""
    content = path.read_bytes()
    root = ElementTree.fromstring(gzip.decompress(content) if path.suffix == ".gz" else content)
    for article in root.iter("article"):
        text, names = article.findtext("text") or "", []
        for item in [*article.iter("toponym"), *article.iter("location")]:
            name = item.findtext("phrase") or item.findtext("name")
            if name:
                lat, lon = item.findtext(".//lat"), item.findtext(".//lon")
                point = (float(lat), float(lon)) if lat and lon else (None, None)
                names.append(Gold(name, _span(item, name, text), *point))
        yield text, names


def _span(item: ElementTree.Element, name: str, text: str) -> Span:
    """Where the name stands: its offsets are off by a few characters in some articles, so the nearest is taken."""
    told = int(item.findtext("start") or 0)
    starts, at = [], text.find(name)
    while at >= 0:
        starts.append(at)
        at = text.find(name, at + 1)
    start = min(starts, key=lambda s: abs(s - told), default=told)
    return Span(start, start + len(name))


def reports(path: Path) -> Iterator[Article]:
    """Text and gold names of annotated reports; a name counts where it first stands from its quote on."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        text, names = row["text"], []
        for a in row["accounts"]:
            for p in a["places"]:
                if p.get("lat") is not None:
                    at = max(text.find(p["name"], a.get("start") or 0), text.find(p["name"]), 0)
                    names.append(Gold(p["name"], Span(at, at + len(p["name"])), p["lat"], p["lon"]))
        yield text, names


def located(locate: Locator, text: str, mentions: Sequence[PlaceMention]) -> tuple[Place, ...]:
    """The mentions located as those of one report."""
    maker = Maker("eval", "1", "")
    places = tuple(map(unlocated, mentions))
    account = Account(
        "a", "r", "attack", "", Span(0, 0), "asserted", None, places, (), (), None, None, (), False, maker
    )  # fmt: skip
    return locate([ReportReading(_report(text), (account,))])[0].accounts[0].places


def _report(text: str) -> Report:
    return Report("r", "r", None, None, None, "en", None, text, hashlib.sha256(text.encode()).hexdigest())


def km_off(gold: Gold, place: Place) -> float | None:
    """Kilometres from the gold point to the place's, None where it has none."""
    if gold.lat is None or gold.lon is None or place.lat is None or place.lon is None:
        return None
    return km_between(gold.lat, gold.lon, place.lat, place.lon)


def measure_given(articles: Iterator[Article], locate: Locator) -> dict[str, float]:
    """Shares over all gold names with coordinates, the names given."""
    near: list[tuple[float, float]] = []  # kilometres off, and the disc's radius
    n, begun = 0, time.process_time()
    for text, names in articles:
        gold = [g for g in names if g.lat is not None]
        n += len(gold)
        found = located(locate, text, [PlaceMention(g.name, g.span) for g in gold]) if gold else ()
        for g, place in zip(gold, found, strict=True):
            if (km := km_off(g, place)) is not None:
                near.append((km, (place.radius_m or 0.0) / 1000.0))
    return {
        "names": n,
        "located": round(len(near) / max(1, n), 3),
        **{f"within_{reach}km": round(sum(km <= reach for km, _ in near) / max(1, n), 3) for reach in REACHES_KM},
        "in_its_disc": round(sum(km <= radius for km, radius in near) / max(1, n), 3),
        "processor_seconds": round(time.process_time() - begun, 1),
    }


def measure_end_to_end(articles: Iterator[Article], gazetteer: Gazetteer, locate: Locator) -> dict[str, float]:
    """Precision, recall and F1 of names found by the reader and located, for each reach."""
    reader = Reader(ReadingSettings(learned=False), gazetteer)
    texts = list(articles)
    n_gold = n_found = n_located = n_named = 0
    right = dict.fromkeys(REACHES_KM, 0)
    for (text, names), (context, _) in zip(texts, reader.contexts([_report(text) for text, _ in texts]), strict=True):
        gold = [g for g in names if g.lat is not None]
        n_gold += len(gold)
        bare = [g.span for g in names if g.lat is None]
        mentions = [p.mention for p in context.places if not any(p.mention.span.overlaps(s) for s in bare)]
        found = located(locate, text, mentions) if mentions else ()
        n_found += len(found)
        n_located += sum(p.located for p in found)
        left = list(found)
        for g in gold:
            mine = next((p for p in left if p.span is not None and p.span.overlaps(g.span)), None)
            if mine is None:
                continue
            left.remove(mine)
            n_named += 1
            km = km_off(g, mine)
            for reach in REACHES_KM:
                right[reach] += km is not None and km <= reach
    out: dict[str, float] = {"names": n_gold, "found": n_found, "located": n_located}
    out |= _shares("name", n_named, n_found, n_gold)
    for reach in REACHES_KM:
        out |= _shares(f"{reach}km", right[reach], n_located, n_gold)
    return out


def _shares(what: str, right: int, n_found: int, n_gold: int) -> dict[str, float]:
    p, r = right / max(1, n_found), right / max(1, n_gold)
    f1 = 2 * p * r / (p + r) if right else 0.0
    return {f"{what}_precision": round(p, 3), f"{what}_recall": round(r, 3), f"{what}_f1": round(f1, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gazetteer", action="append", default=[], type=Path)
    parser.add_argument("--corpus", action="append", default=[], type=Path)
    parser.add_argument("--reports", action="append", default=[], type=Path)
    parser.add_argument("--end-to-end", action="store_true", help="names found by the reader, for each --corpus")
    args = parser.parse_args()
    gazetteer = load_gazetteers(args.gazetteer)
    locate = Locator(gazetteer)
    for path in args.corpus:
        end = measure_end_to_end(corpus(path), gazetteer, locate) if args.end_to_end else None
        print(json.dumps({"file": path.name, **(end or measure_given(corpus(path), locate))}), flush=True)
    for path in args.reports:
        print(json.dumps({"file": path.name, **measure_given(reports(path), locate)}), flush=True)


if __name__ == "__main__":
    main()

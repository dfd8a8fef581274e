"""Names of places located: TR-News and GeoVirus given the span, and the names of annotated reports.

    python eval/geoparsing.py --gazetteer FILE... --corpus TR-News.xml.gz --corpus GeoVirus.xml.gz
    python eval/geoparsing.py --gazetteer FILE... --reports dev-mena.jsonl

Prints for each: names with coordinates in the gold, the share that the locator gives any point, and the shares within
161 km (100 miles, the field's custom) and 25 km, of all gold names.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from trucewatch.linking.distances import km_between
from trucewatch.linking.gazetteers import load_gazetteers
from trucewatch.linking.places import Locator
from trucewatch.terms.accounts import Account, Maker, ReportReading, unlocated
from trucewatch.terms.places import PlaceMention
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span

Gold = tuple[str, float, float]  # name as in the text, latitude, longitude


def corpus(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    """Text and gold names of each article of a TR-News or GeoVirus file."""
    content = path.read_bytes()
    root = ElementTree.fromstring(gzip.decompress(content) if path.suffix == ".gz" else content)
    for article in root.iter("article"):
        names = []
        for item in [*article.iter("toponym"), *article.iter("location")]:
            name = item.findtext("phrase") or item.findtext("name")
            lat, lon = item.findtext(".//lat"), item.findtext(".//lon")
            if name and lat and lon:
                names.append((name, float(lat), float(lon)))
        yield article.findtext("text") or "", names


def reports(path: Path) -> Iterator[tuple[str, list[Gold]]]:
    """Text and gold names of annotated reports."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        places = [p for a in row["accounts"] for p in a["places"] if p.get("lat") is not None]
        yield row["text"], [(p["name"], p["lat"], p["lon"]) for p in places]


def measure(articles: Iterator[tuple[str, list[Gold]]], locate: Locator) -> dict[str, float]:
    """Shares over all gold names with coordinates."""
    errors: list[float | None] = []
    begun = time.perf_counter()
    for text, gold in articles:
        places = tuple(unlocated(PlaceMention(name, Span(0, 1))) for name, _, _ in gold)
        account = Account(
            "a",
            "r",
            "attack",
            "",
            Span(0, 0),
            "asserted",
            None,
            places,
            (),
            (),
            None,
            None,
            (),
            False,
            Maker("eval", "1", ""),
        )
        report = Report("r", "r", None, None, None, "en", None, text, "")
        found = locate([ReportReading(report, (account,))])[0].accounts[0].places
        for (_, lat, lon), place in zip(gold, found, strict=True):
            known = place.lat is not None and place.lon is not None
            errors.append(km_between(lat, lon, place.lat or 0.0, place.lon or 0.0) if known else None)
    n = max(1, len(errors))
    near = [e for e in errors if e is not None]
    return {
        "names": len(errors),
        "located": round(len(near) / n, 3),
        "within_161km": round(sum(e <= 161 for e in near) / n, 3),
        "within_25km": round(sum(e <= 25 for e in near) / n, 3),
        "seconds": round(time.perf_counter() - begun, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gazetteer", action="append", default=[], type=Path)
    parser.add_argument("--corpus", action="append", default=[], type=Path)
    parser.add_argument("--reports", action="append", default=[], type=Path)
    args = parser.parse_args()
    locate = Locator(load_gazetteers(args.gazetteer))
    for path, read in [*((p, corpus) for p in args.corpus), *((p, reports) for p in args.reports)]:
        print(json.dumps({"file": path.name, **measure(read(path), locate)}), flush=True)


if __name__ == "__main__":
    main()

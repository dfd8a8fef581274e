"""The data dictionary names every table and column, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from trucewatch.store import models

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "dictionary.md"


def test_every_column_stands_in_the_dictionary() -> None:
    sections = re.split(r"^### ", PAGE.read_text("utf-8"), flags=re.M)[1:]
    told = {s.split("`")[1]: re.findall(r"^\| `(\w+)` \|", s, flags=re.M) for s in sections}
    tables = [getattr(models, name)._meta for name in models.__all__]
    assert told == {meta.db_table: [f.column for f in meta.concrete_fields] for meta in tables}

"""What ingest can say and read stands in its page of the docs."""

from __future__ import annotations

import re
from pathlib import Path

import trucewatch.reading.sources as sources
from trucewatch.reading.sources.formats import formats

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "ingest.md"


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    code = re.compile(r"(?:Doubt|ReportError)\(\s*\"([a-z-]+)\"|\"((?:broken|empty)-file)\" if|else \"(empty-file)\"")
    used = set()
    for module in Path(sources.__file__).parent.glob("*.py"):
        used |= {next(filter(None, groups)) for groups in code.findall(module.read_text("utf-8"))}
    table = PAGE.read_text("utf-8").partition("## Codes")[2].partition("## Near")[0]
    documented = {
        code
        for row in table.splitlines()
        for code in re.findall(r"`([a-z-]+)`", row.split("|")[1] if "|" in row else "")
    }
    assert used == documented


def test_every_ending_is_documented() -> None:
    named = set(re.findall(r"`\.(\w+)`", PAGE.read_text("utf-8")))
    assert set(formats()) <= named

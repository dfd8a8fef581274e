"""What the tests of ingest share."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_files import Takes, parted

from trucewatch.reading.sources import IngestSettings
from trucewatch.terms.accounts import Doubt
from trucewatch.terms.reports import Report


@pytest.fixture
def take(tmp_path: Path) -> Takes:
    """Writes the content under the name, ingests it, and parts the reports from the doubts."""

    def take(
        name: str, content: bytes | str, settings: IngestSettings | None = None
    ) -> tuple[list[Report], list[Doubt]]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return parted([path], settings)

    return take

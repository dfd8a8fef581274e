from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tellers import Told


@pytest.fixture
def told() -> Told:
    return Told()

"""A store that has been run once over the reports of Gorno."""

from __future__ import annotations

import gorno
import pytest

from trucewatch.store.opening import Store


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    """The stages of the store's dossier, after one run."""
    return gorno.read_through(store)

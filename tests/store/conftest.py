"""A store that has been run once over the reports of Gorno."""

from __future__ import annotations

import gorno
import pytest

from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.store.opening import Store
from trucewatch.store.writer import add_reports


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    """The stages of the store's dossier, after one run."""
    made = gorno.GornoStages(gorno.gorno_dossier(store.folder))
    add_reports(gorno.REPORTS)
    run(store, made, engine_named("local"))
    return made

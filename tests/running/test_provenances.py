"""Runs keep what they were made with, and a replay says what in it is not of that time."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import gorno
import pytest

from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.running.provenances import MADE_WITH, not_of_then
from trucewatch.running.tellings import telling_of
from trucewatch.store.models import RunRow
from trucewatch.store.opening import Store
from trucewatch.store.writer import add_reports


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    made = gorno.GornoStages(gorno.gorno_dossier(store.folder))
    folder = store.folder / "agreements"
    folder.mkdir(exist_ok=True)
    (folder / "truce.yaml").write_text("first: wording\n", "utf-8")
    add_reports(gorno.REPORTS)
    run(store, made, engine_named("local"))
    return made


def now() -> str:
    time.sleep(0.003)
    return datetime.now(UTC).isoformat()


def test_a_run_keeps_version_fingerprints_and_the_digest_of_each_agreement_file(stages: gorno.GornoStages) -> None:
    kept = json.loads(RunRow.objects.get().figures)[MADE_WITH]
    assert set(kept) == {"version", "reader", "judge", "agreements"}
    assert (kept["reader"], set(kept["agreements"])) == (stages.fingerprint, {"truce.yaml"})
    assert len(kept["agreements"]["truce.yaml"]) == 64


def test_where_all_is_as_it_was_a_replay_says_nothing(stages: gorno.GornoStages) -> None:
    assert telling_of(stages, known_at=now()).caveats == ()
    assert telling_of(stages).caveats == ()


def test_a_replay_names_the_reader_and_the_files_that_are_of_today(stages: gorno.GornoStages) -> None:
    moment, folder = now(), stages.dossier.folder / "agreements"
    (folder / "truce.yaml").write_text("second: wording\n", "utf-8")
    (folder / "accord.yaml").write_text("new: file\n", "utf-8")
    later = gorno.GornoStages(stages.dossier, gorno.GornoWork(version="2"))
    reader, accord, truce = telling_of(later, known_at=moment).caveats
    assert "with the reader of today" in reader
    assert "accord.yaml" in accord and "was not in use in run 1" in accord
    assert "truce.yaml is that of today" in truce and "not that of run 1" in truce
    (folder / "truce.yaml").unlink()
    assert "truce.yaml" in not_of_then(later, moment)[2] and "is gone" in not_of_then(later, moment)[2]


def test_the_run_in_use_at_that_moment_counts(store: Store, stages: gorno.GornoStages) -> None:
    first = now()
    time.sleep(1.1)  # runs keep their beginning to the second
    later = gorno.GornoStages(stages.dossier, gorno.GornoWork(version="2"))
    run(store, later, engine_named("local"))
    assert not_of_then(later, now()) == ()
    assert "run 1" in not_of_then(later, first)[0]


def test_what_was_not_recorded_is_said(stages: gorno.GornoStages) -> None:
    assert "No run had been made by then" in not_of_then(stages, "2001-01-01")[0]
    RunRow.objects.update(figures="{}")
    assert "was not recorded" in not_of_then(stages, now())[0]

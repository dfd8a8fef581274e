"""Runs keep what they were made with, and a replay uses it and says what in it is not of that time."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import gorno
import pytest

from trucewatch.running.engines import engine_named
from trucewatch.running.pasts import then, unpack
from trucewatch.running.pipelines import run
from trucewatch.running.provenances import MADE_WITH
from trucewatch.running.runs import Record
from trucewatch.running.tellings import telling_of
from trucewatch.store.formers import kept_file
from trucewatch.store.models import KeptFileRow, RunRow
from trucewatch.store.opening import Store
from trucewatch.store.writer import add_reports
from trucewatch.terms.errors import SettingsError, StoreError

FIRST = "lines: {road: {file: geo/road.geojson}}\n"


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    made = gorno.GornoStages(gorno.gorno_dossier(store.folder))
    folder = store.folder / "agreements"
    (folder / "geo").mkdir(parents=True, exist_ok=True)
    (folder / "geo" / "road.geojson").write_text("{}", "utf-8")
    (folder / "truce.yaml").write_text(FIRST, "utf-8")
    add_reports(gorno.REPORTS)
    go(store, made)
    return made


def go(store: Store, stages: gorno.GornoStages) -> None:
    run(store, stages, engine_named("local"))


def now() -> str:
    time.sleep(0.003)
    said = datetime.now(UTC).isoformat()
    time.sleep(0.003)
    return said


def made(number: int = 1) -> dict[str, object]:
    return dict(json.loads(RunRow.objects.get(pk=number).figures)[MADE_WITH])


def forget_files(**changes: object) -> None:
    """The run is made to be one of a version that kept no files."""
    row = RunRow.objects.get(pk=1)
    old = {"version": "0", "reader": "1", "judge": "1", "agreements": {}, **changes}
    RunRow.objects.filter(pk=1).update(figures=json.dumps({MADE_WITH: old}), started_at=row.started_at)


def test_a_run_keeps_version_fingerprints_and_every_file(stages: gorno.GornoStages) -> None:
    kept = made()
    assert set(kept) == {"version", "reader", "judge", "code", "files"}
    assert kept["reader"] == stages.fingerprint
    road, truce = sha256(b"{}").hexdigest(), sha256(FIRST.encode()).hexdigest()
    own = sha256((stages.dossier.folder / "dossier.yaml").read_bytes()).hexdigest()
    assert kept["files"] == {
        "dossier": [["dossier.yaml", own]],
        "agreements": [["agreements/truce.yaml", truce]],
        "beside": [["agreements/geo/road.geojson", road]],
    }
    assert kept_file(truce) == FIRST.encode()


def test_a_file_is_kept_once_and_a_changed_one_makes_a_run(store: Store, stages: gorno.GornoStages) -> None:
    n = KeptFileRow.objects.count()
    go(store, stages)
    assert (RunRow.objects.count(), KeptFileRow.objects.count()) == (1, n)
    (stages.dossier.folder / "agreements" / "geo" / "road.geojson").write_text("[]", "utf-8")
    go(store, stages)
    assert (RunRow.objects.count(), KeptFileRow.objects.count()) == (2, n + 1)


def test_a_run_that_is_killed_has_kept_what_it_was_made_with(stages: gorno.GornoStages) -> None:
    assert Record(stages).number == 2
    assert RunRow.objects.get(pk=2).state == "running" and made(2) == made(1)


def test_where_all_is_as_it_was_a_replay_says_nothing(stages: gorno.GornoStages) -> None:
    assert telling_of(stages, known_at=now()).caveats == ()
    assert telling_of(stages).caveats == ()


def test_a_moment_has_the_files_of_its_run(store: Store, stages: gorno.GornoStages) -> None:
    moment, folder = now(), stages.dossier.folder / "agreements"
    (folder / "truce.yaml").write_text("second: wording\n", "utf-8")
    (folder / "accord.yaml").write_text("new: file\n", "utf-8")
    between = now()
    go(store, stages)
    for at, told in ((moment, [FIRST]), (between, [FIRST]), (now(), ["new: file\n", "second: wording\n"])):
        past = then(stages, at)
        assert [path.read_text("utf-8") for path in past.stages.dossier.agreement_files()] == told
        assert past.caveats == ()


def test_files_outside_the_dossier_lie_as_they_lay(store: Store, tmp_path: Path) -> None:
    road, truce = sha256(b"{}").hexdigest(), sha256(FIRST.encode()).hexdigest()
    stages = gorno.GornoStages(gorno.gorno_dossier(store.folder))
    go(store, stages)
    KeptFileRow.objects.bulk_create(
        [KeptFileRow(sha256=road, content=b"{}"), KeptFileRow(sha256=truce, content=FIRST.encode())]
    )
    files = {"agreements": [["../../a/truce.yaml", truce]], "beside": [["../../a/geo/road.geojson", road]]}
    (tmp_path / "then").mkdir()
    (path,) = unpack(files, tmp_path / "then").agreement_files()
    assert path.read_text("utf-8") == FIRST and (path.parent / "geo" / "road.geojson").read_text("utf-8") == "{}"
    with pytest.raises(SettingsError, match="leads out of the folder"):
        unpack({"agreements": [["/etc/truce.yaml", truce]]}, tmp_path / "then")
    with pytest.raises(StoreError, match="not in the store"):
        unpack({"agreements": [["truce.yaml", "0" * 64]]}, tmp_path / "then")


def test_kept_files_are_never_changed(stages: gorno.GornoStages) -> None:
    for act in (
        lambda: KeptFileRow.objects.update(content=b""),
        lambda: KeptFileRow.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="append-only"):
            act()


def test_other_code_is_named(stages: gorno.GornoStages) -> None:
    figures = {MADE_WITH: {**made(), "code": "0" * 64, "version": "0.1"}}
    RunRow.objects.update(figures=json.dumps(figures))
    (told,) = then(stages, now()).caveats
    assert "by the code of today" in told and "not by that of run 1 (version 0.1, 000000000000)" in told


def test_files_that_this_version_cannot_read_are_said(stages: gorno.GornoStages) -> None:
    bad = sha256(b"no: dossier\n").hexdigest()
    KeptFileRow.objects.create(sha256=bad, content=b"no: dossier\n")
    RunRow.objects.update(figures=json.dumps({MADE_WITH: {**made(), "files": {"dossier": [["dossier.yaml", bad]]}}}))
    past = then(stages, now())
    assert past.stages is stages
    assert "cannot be read by this version" in past.caveats[0] and "those of today are used" in past.caveats[0]


def test_before_the_first_run_nothing_is_told(stages: gorno.GornoStages) -> None:
    told = telling_of(stages, known_at="2001-01-01")
    assert "No run had been made by then" in told.caveats[0]
    assert (told.incidents, told.accounts) == ((), ())


def test_a_moment_in_the_middle_of_a_run_and_after_one_that_did_not_end(stages: gorno.GornoStages) -> None:
    record = Record(stages)
    _ = record.number
    during = now()
    assert "Run 2 was under way at that moment" in then(stages, during).caveats[0]
    record.close("stopped", {})
    assert "Run 2 had not come to its end (stopped)" in then(stages, now()).caveats[0]
    assert "Run 2 was under way at that moment" in then(stages, during).caveats[0]


def test_of_a_run_that_kept_no_files_it_is_said_what_is_used_instead(store: Store, stages: gorno.GornoStages) -> None:
    same = {"truce.yaml": sha256(FIRST.encode()).hexdigest()}
    forget_files(agreements=same)
    moment = now()
    assert then(stages, moment).caveats == ()
    forget_files(agreements={"truce.yaml": "0" * 64, "old.yaml": "1" * 64}, judge="0")
    old, truce, rules = then(stages, moment).caveats
    assert "old.yaml" in old and "was in use in run 1 and is gone" in old
    assert "truce.yaml is that of today" in truce and "not that of run 1 (000000000000)" in truce
    assert "may not be those of run 1" in rules
    go(store, gorno.GornoStages(stages.dossier))
    forget_files(agreements={})
    (told,) = then(stages, moment).caveats
    assert "truce.yaml" in told and "was not in use in run 1" in told
    RunRow.objects.filter(pk=1).update(figures="{}")
    (told,) = then(stages, moment).caveats
    assert "was not recorded" in told and "those of run 2, the first that kept them" in told


def test_readings_replaced_before_any_were_kept_are_named(store: Store, stages: gorno.GornoStages) -> None:
    moment = now()
    go(store, gorno.GornoStages(stages.dossier, gorno.GornoWork(version="2")))
    forget_files(agreements={"truce.yaml": sha256(FIRST.encode()).hexdigest()})
    second = {"version": "0", "reader": "2", "judge": "1", "agreements": {}}
    RunRow.objects.filter(pk=2).update(figures=json.dumps({MADE_WITH: second}))
    (told,) = then(stages, moment).caveats
    assert told == "What run 1 had read was not kept: told is what run 2 read in its place."

"""The pipeline: incremental, resumable, and without a trace where there is nothing to do."""

from __future__ import annotations

from pathlib import Path

import gorno
import pytest

from trucewatch.running.engines import engine_named
from trucewatch.running.exports import export
from trucewatch.running.pipelines import Outcome, run
from trucewatch.running.runs import Stop
from trucewatch.running.stages import copies
from trucewatch.store import reader
from trucewatch.store.models import IncidentAliasRow, RunRow
from trucewatch.store.opening import Store, open_store
from trucewatch.store.writer import add_reports


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    return gorno.GornoStages(gorno.gorno_dossier(store.folder))


def go(store: Store, stages: gorno.GornoStages, stop: Stop | None = None) -> Outcome:
    return run(store, stages, engine_named("local"), batch_size=2, stop=stop)


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def test_reports_become_incidents_findings_and_obligations(store: Store, stages: gorno.GornoStages) -> None:
    add_reports(gorno.REPORTS)
    out = go(store, stages)
    assert (out.n_read, out.n_accounts_changed) == (5, 5)
    told = [(v.incident.type, v.incident.places[0].name, len(v.incident.account_ids)) for v in reader.incidents().rows]
    assert sorted(told[:2]) == [("shelling", "Gorno", 2), ("shelling", "Nowhere", 1)]
    assert told[2:] == [("patrol", "Selo", 1), ("killing", "Brod", 1)]  # by date, the undated last
    assert reader.findings().total == 3
    assert [o.state for o in reader.obligations().rows] == ["met"]
    assert reader.doubt_counts() == [("reading", "unlocated-place", 1)]


def test_a_second_run_changes_nothing_and_leaves_no_trace(store: Store, stages: gorno.GornoStages) -> None:
    add_reports(gorno.REPORTS)
    go(store, stages)
    again = go(store, stages)
    assert not again.changed
    assert RunRow.objects.count() == 1


def test_only_new_reports_are_read(store: Store, stages: gorno.GornoStages) -> None:
    add_reports(gorno.REPORTS[:3])
    go(store, stages)
    add_reports(gorno.REPORTS)
    assert go(store, stages).n_read == 2


def test_the_order_of_arrival_does_not_show(tmp_path: Path, store: Store, stages: gorno.GornoStages) -> None:
    for one in reversed(gorno.REPORTS):
        add_reports([one])
        go(store, stages)
    export(tmp_path / "apart")
    (tmp_path / "other").mkdir()
    other = open_store(tmp_path / "other")
    add_reports(gorno.REPORTS)
    go(other, gorno.GornoStages(gorno.gorno_dossier(other.folder)))
    export(tmp_path / "together")
    assert files(tmp_path / "apart") == files(tmp_path / "together")


def test_new_settings_read_everything_again(store: Store, stages: gorno.GornoStages) -> None:
    add_reports(gorno.REPORTS)
    go(store, stages)
    newer = gorno.GornoStages(stages.dossier, gorno.GornoWork(version="2"))
    out = go(store, newer)
    assert (out.n_read, out.n_accounts_changed, out.n_incidents_changed) == (5, 0, 0)


def test_a_report_that_cannot_be_read_is_an_issue_and_the_others_are_read(
    store: Store, stages: gorno.GornoStages
) -> None:
    add_reports([*gorno.REPORTS, gorno.report("bad", "broken")])
    assert go(store, stages).n_read == 6
    assert ("reading", "reading-failed", 1) in reader.doubt_counts()


def test_a_stop_keeps_what_was_done_and_the_next_run_goes_on(store: Store, stages: gorno.GornoStages) -> None:
    add_reports(gorno.REPORTS)
    stop = Stop()

    class AfterOne:
        def begin(self, stage: str, total: int | None) -> None: ...

        def advance(self, n: int = 1) -> None:
            stop.requested = True

        def end(self) -> None: ...

    out = run(store, stages, engine_named("local"), batch_size=2, progress=AfterOne(), stop=stop)
    assert out.stopped and out.n_read == 2
    assert RunRow.objects.get().state == "stopped"
    assert go(store, stages).n_read == 3


def test_an_incident_that_grows_is_found_under_its_old_id(store: Store, stages: gorno.GornoStages) -> None:
    add_reports(gorno.REPORTS[:1])
    go(store, stages)
    old = reader.incidents().rows[0].incident.incident_id
    add_reports(gorno.REPORTS[2:3])
    go(store, stages)
    new = reader.incidents().rows[0].incident.incident_id
    assert new != old
    assert IncidentAliasRow.objects.get(old_id=old).incident_id == new


def test_of_two_reports_that_repeat_each_other_the_later_published_is_the_copy() -> None:
    lines = [f"2031-05-0{n} shelling at Gorno by the Northern army, {n} killed" for n in range(1, 8)]
    early = gorno.report("early", *lines, published="2031-05-08")
    late = gorno.report("late", *lines, "So the agency reported.", source="Other Paper", published="2031-05-09")
    for reports in ([early, late], [late, early]):
        (copy,) = copies(reports).items()
        assert (copy[0], copy[1][0]) == (late.report_id, early.report_id)

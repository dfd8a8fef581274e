"""`trucewatch bulletin` publishes as the desk does: a record, and what is told otherwise than before."""

from __future__ import annotations

import json
from pathlib import Path

import gorno
import pytest

from trucewatch.cli.main import run
from trucewatch.running.bulletins import changes_since
from trucewatch.running.decidings import decide_and_follow
from trucewatch.store import reader
from trucewatch.store.filters import Filters
from trucewatch.store.models import BulletinRow, RunRow
from trucewatch.store.opening import Store

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def stages(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> gorno.GornoStages:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return gorno.read_through(sqlite_store)


def bulletin(stages: gorno.GornoStages, file: Path, *more: str) -> int:
    return run(["bulletin", str(stages.dossier.folder), "-o", str(file), "--author", "editor", *more])


def test_it_is_kept_and_what_changed_since_the_last_is_printed(
    stages: gorno.GornoStages, tmp_path: Path, capsys: Captured
) -> None:
    assert bulletin(stages, tmp_path / "first.html") == 0
    first = BulletinRow.objects.get()
    assert f"Published as {first.pk} by editor." in capsys.readouterr().out
    assert (tmp_path / "first.html").read_text("utf-8") == first.html
    gone = reader.incidents(Filters(place="Brod")).rows[0].incident.incident_id
    decide_and_follow(stages, "reject", gone, author="reviewer", reason="a rumour")
    assert bulletin(stages, tmp_path / "second.md") == 0
    out = capsys.readouterr().out
    assert f"Told otherwise than in {first.pk}: 1." in out
    (told,) = [line for line in out.splitlines() if line.startswith("  withdrawn")]
    assert "Brod" in told and "decision: reject by reviewer" in told and "a rumour" in told
    assert "a rumour" in (tmp_path / "second.md").read_text("utf-8").split("## Corrections")[1]
    second = BulletinRow.objects.order_by("published_at").last()
    assert second is not None
    payload = json.loads(second.payload)
    assert payload["previous"] == first.pk
    assert [c["kind"] for c in payload["errata"]] == ["withdrawn"]
    assert changes_since(stages, second).changes == ()


def test_the_same_contents_are_not_kept_twice(stages: gorno.GornoStages, tmp_path: Path, capsys: Captured) -> None:
    assert bulletin(stages, tmp_path / "a.html") == bulletin(stages, tmp_path / "b.html") == 0
    assert BulletinRow.objects.count() == 1
    assert "nothing is added" in capsys.readouterr().out


@pytest.mark.parametrize("more", [["--draft"], ["--known-at", "2100-01-01"]])
def test_a_draft_and_a_past_moment_leave_no_record(
    stages: gorno.GornoStages, tmp_path: Path, more: list[str], capsys: Captured
) -> None:
    assert bulletin(stages, tmp_path / "a.html", *more) == 0
    assert (tmp_path / "a.html").exists()
    assert BulletinRow.objects.count() == 0
    assert "no record of it is kept" in capsys.readouterr().out


def test_a_replay_says_what_is_not_of_that_time_in_the_file_and_beside_it(
    stages: gorno.GornoStages, tmp_path: Path, capsys: Captured
) -> None:
    row = RunRow.objects.get()
    figures = json.loads(row.figures)
    figures["made_with"]["code"] = "0" * 64
    RunRow.objects.update(figures=json.dumps(figures))
    for name in ("a.html", "a.md"):
        assert bulletin(stages, tmp_path / name, "--known-at", "2100-01-01") == 0
        assert "Not of that time: Linked, judged and counted by the code of today" in capsys.readouterr().err
        assert "Linked, judged and counted by the code of today" in (tmp_path / name).read_text("utf-8")


def test_a_period_that_ends_before_it_begins_is_refused(
    stages: gorno.GornoStages, tmp_path: Path, capsys: Captured
) -> None:
    assert bulletin(stages, tmp_path / "a.html", "--from", "2031-05-06", "--to", "2031-05-04") == 2
    assert "lies after" in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()

"""A dossier that asks a language model: a real server process answers, the real linker and judge follow.

Without the models of the rules a run takes moments, so what changes from run to run is tried here as well: each cause
that `trucewatch changes` names is brought about and told.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trucewatch.cli.main import run
from trucewatch.running.bulletins import Wanted, changes_since, compose, publish
from trucewatch.running.dossiers import load_dossier
from trucewatch.running.engines.works import ReadingWork
from trucewatch.running.openings import open_dossier
from trucewatch.running.stages import DossierStages
from trucewatch.store.opening import close_store
from trucewatch.telling.changes import Change

Captured = pytest.CaptureFixture[str]
Serve = Callable[..., tuple[str, Path]]

DOSSIER = """
name: Qarin
places: places.csv
{reader}
"""
TRUCE = """
id: qarin
title: Truce of Qarin
version: "1"
summary: A truce for tests.
place_zone: UTC
declared: 2021-05-01
in_effect: {at: "{begins}", zone: UTC}
parties: [{name: Rebels, side: r}, {name: Army, side: a}]
areas:
  plain: {within: {km: 20, point: [36.5, 35.0]}, error_m: 100}
terms:
  - {id: no-fire, title: No fire, text: No fire., modality: shall_not, bearers: [parties], acts: [violent], area: plain,
     sources: [text]}
sources: [{id: text, title: The truce}]
"""
FIRST = "Rebels shelled the town of Qarin on Thursday, killing four people, residents of the town said."
SECOND = "Shells fired by Rebels fell on Qarin on 3 June, the mayor told a radio station in the capital; four died."
QUOTES = ("Rebels shelled the town of Qarin", "Shells fired by Rebels fell on Qarin")


def on(day: str) -> dict[str, str]:
    return {"earliest": day, "latest": day}


def account(quote: str, **changes: Any) -> dict[str, Any]:
    told = {
        "type": "shelling", "quote": quote, "reality": "asserted", "date": on("2021-06-03"), "places": ["Qarin"],
        "actors": ["Rebels"], "targets": [], "killed": {"min": 4, "max": 4}, "injured": None, "said_by": None,
        "breach": False,
    }  # fmt: skip
    return {**told, **changes}


def answer(**changes: Any) -> dict[str, Any]:
    """The accounts of both reports: what does not stand in the one asked about is dropped."""
    return {"accounts": [account(quote, **changes) for quote in QUOTES], "statements": [], "tallies": []}


def reading(url: str, model: str = "small") -> str:
    return f"endpoint: {{url: '{url}', model: {model}, price_in: 3, price_out: 15}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dossier of two reports of one shelling by two sources."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("TRUCEWATCH_DATABASE_URL", raising=False)
    place = tmp_path / "dossier"
    (place / "reports").mkdir(parents=True)
    (place / "agreements").mkdir()
    for name, text in (("wire", FIRST), ("radio", SECOND)):
        row = {"id": name, "source": name.title(), "published": "2021-06-04", "language": "en", "text": text}
        (place / "reports" / f"{name}.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    places(place, qarin=35.0)
    truce(place, begins="2021-06-01T00:00")
    return place


def places(folder: Path, qarin: float) -> None:
    (folder / "places.csv").write_text(f"name,lat,lon,feature_code\nQarin,{qarin},36.5,PPL\n", "utf-8")


def truce(folder: Path, begins: str) -> None:
    (folder / "agreements" / "truce.yaml").write_text(TRUCE.replace("{begins}", begins), "utf-8")


def go(folder: Path, reader: str) -> int:
    (folder / "dossier.yaml").write_text(DOSSIER.format(reader=reader), "utf-8")
    return run(["run", str(folder)])


def last_run() -> dict[str, Any]:
    from trucewatch.store.models import RunRow

    row = RunRow.objects.order_by("-number").first()
    assert row is not None
    return dict(json.loads(row.figures))


def published(folder: Path, since: str | None = None, until: str | None = None) -> Callable[[], list[Change]]:
    """A bulletin of the dossier as it is; gives what is told otherwise than in it when asked."""
    stages = DossierStages(open_dossier(folder)[0])
    wanted = Wanted("Qarin", since, until, None, "incident")
    made = publish(stages, wanted, "editor", compose(stages, wanted)[0].hash).row

    def changes() -> list[Change]:
        return list(changes_since(DossierStages(open_dossier(folder)[0]), made).changes)

    return changes


def causes(found: list[Change]) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((change.kind, tuple(cause.kind for cause in change.causes)) for change in found)


def test_the_run_keeps_what_was_asked_and_what_it_cost_and_drops_what_is_not_in_the_text(
    serve: Serve, folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUCEWATCH_ENDPOINT_KEY", "secret")
    url, seen = serve(answer(actors=["Rebels", "Northern Front"]), answer())
    assert go(folder, reading(url)) == 0
    out = capsys.readouterr().out
    assert "2 reports read by small: 2000 tokens in, 400 out" in out and "cost 0.0120" in out
    assert "2 rows without a true quote, 1 fields not in the text" in out
    asked = last_run()["endpoint"]
    assert (asked["model"], asked["n_reports"], asked["tokens_in"], asked["cost"]) == ("small", 2, 2000, 0.012)
    assert asked["seconds"] > 0
    assert asked["dropped"] == {"field-ungrounded": 1, "quote-ungrounded": 2}
    assert json.loads(seen.read_text("utf-8").splitlines()[0])["key"] == "Bearer secret"
    assert "secret" not in json.dumps(last_run()) + (folder / "dossier.yaml").read_text("utf-8")
    assert run(["incidents", str(folder), "--format", "jsonl"]) == 0
    (incident,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "Qarin" in json.dumps(incident) and "Northern Front" not in json.dumps(incident)


def test_a_second_run_asks_nothing_and_another_model_is_asked_about_all(
    serve: Serve, folder: Path, capsys: Captured
) -> None:
    url, seen = serve(answer(), answer(), answer(), answer())
    assert go(folder, reading(url)) == go(folder, reading(url)) == 0
    assert "Nothing new." in capsys.readouterr().out
    assert len(seen.read_text("utf-8").splitlines()) == 2
    assert go(folder, reading(url, "large")) == 0
    assert len(seen.read_text("utf-8").splitlines()) == 4
    assert last_run()["endpoint"]["model"] == "large"


def test_what_was_not_answered_for_is_asked_about_again_and_loses_nothing(
    serve: Serve, folder: Path, capsys: Captured
) -> None:
    url, seen = serve((401, "{}"), answer(), answer(), (401, "{}"), (401, "{}"))
    assert go(folder, reading(url)) == 0
    assert "1 read." in capsys.readouterr().out
    assert last_run()["endpoint"]["dropped"]["endpoint-status"] == 1
    assert go(folder, reading(url)) == 0
    assert "1 read." in capsys.readouterr().out
    assert go(folder, reading(url, "large")) == 0  # refuses both: what the small one read stands
    assert "2 reports not read" in capsys.readouterr().out
    assert last_run()["endpoint"]["dropped"]["endpoint-status"] == 2
    assert run(["incidents", str(folder), "--format", "jsonl"]) == 0
    assert "Qarin" in capsys.readouterr().out
    assert len(seen.read_text("utf-8").splitlines()) == 5


@pytest.mark.parametrize("more", [["--jobs", "2"], ["--engine", "processes"]])
def test_it_is_asked_one_report_at_a_time(serve: Serve, folder: Path, more: list[str], capsys: Captured) -> None:
    url, seen = serve(answer())
    (folder / "dossier.yaml").write_text(DOSSIER.format(reader=reading(url)), "utf-8")
    assert run(["run", str(folder), *more]) == 2
    assert "one report at a time" in capsys.readouterr().err
    assert not seen.exists()


def test_it_is_off_by_default(folder: Path) -> None:
    (folder / "dossier.yaml").write_text(DOSSIER.format(reader=""), "utf-8")
    dossier = load_dossier(folder)
    assert dossier.endpoint is None
    assert type(DossierStages(dossier).reading) is ReadingWork


def test_a_report_read_otherwise_is_told_as_read_anew(serve: Serve, folder: Path) -> None:
    url, _ = serve(answer(), answer(), *[answer(killed={"min": 9, "max": 9})] * 2)
    assert go(folder, reading(url)) == 0
    changes = published(folder)
    assert changes() == []
    assert go(folder, reading(url, "large")) == 0
    (change,) = changes()
    assert change.fields == (("toll", "4 killed", "9 killed"),)
    assert causes([change]) == [("changed", ("read_anew",))]


def test_a_report_not_read_as_telling_of_it_any_more_is_told_as_read_anew(serve: Serve, folder: Path) -> None:
    nothing: dict[str, Any] = {"accounts": [], "statements": [], "tallies": []}
    url, _ = serve(answer(), answer(), nothing, nothing, answer(), answer())
    assert go(folder, reading(url)) == 0
    changes = published(folder)
    assert go(folder, reading(url, "large")) == 0
    assert causes(changes()) == [("withdrawn", ("read_anew",))]
    back = published(folder)
    assert go(folder, reading(url, "small")) == 0
    assert causes(back()) == [("added", ("read_anew",))]


def test_another_wording_of_the_agreement_is_told_as_judged_anew(serve: Serve, folder: Path) -> None:
    url, seen = serve(answer(), answer())
    assert go(folder, reading(url)) == 0
    changes = published(folder)
    truce(folder, begins="2021-06-10T00:00")
    assert go(folder, reading(url)) == 0
    (change,) = changes()
    assert [(name, after) for name, _, after in change.fields] == [("outcomes", "no-fire: outside_period")]
    assert causes([change]) == [("changed", ("judged_anew",))]
    assert len(seen.read_text("utf-8").splitlines()) == 2


def test_accounts_put_together_otherwise_are_told_as_regrouped(serve: Serve, folder: Path) -> None:
    second = {"accounts": [account(QUOTES[0]), account(QUOTES[1], date=on("2021-06-01"))]}
    again = {**second, "statements": [], "tallies": []}
    url, _ = serve(answer(), answer(), again, again)
    assert go(folder, reading(url)) == 0
    run(["incidents", str(folder)])
    changes = published(folder)
    assert go(folder, reading(url, "large")) == 0
    assert ("changed", ("regrouped",)) in causes(changes())


def test_a_day_outside_the_bulletins_days_is_told_as_such(serve: Serve, folder: Path) -> None:
    url, _ = serve(answer(), answer(), *[answer(date=on("2021-05-20"))] * 2)
    assert go(folder, reading(url)) == 0
    changes = published(folder, "2021-06-01", "2021-06-30")
    assert go(folder, reading(url, "large")) == 0
    assert causes(changes()) == [("withdrawn", ("outside_window",))]


@pytest.fixture(autouse=True)
def closed() -> Any:
    yield
    close_store()

"""Any past moment of the store can be told again, and what changed since is told with its cause."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import gorno
import pytest

from trucewatch.running.bulletins import errata_of_last
from trucewatch.running.changes import changes_since_bulletin, changes_since_moment, record_payload
from trucewatch.running.decidings import decide_and_follow
from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.running.tellings import telling_of
from trucewatch.store import reader
from trucewatch.store.decisions import head
from trucewatch.store.filters import Filters
from trucewatch.store.models import BulletinRow, ReportRow
from trucewatch.store.opening import Store
from trucewatch.store.writer import add_reports
from trucewatch.telling.bulletins import make_bulletin
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import canonical_json

LATE = gorno.report("late-1", "2031-05-04 shelling at Gorno by the Northern army, 9 killed", published="2031-05-06")


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    return gorno.read_through(store)


def go(store: Store, stages: gorno.GornoStages) -> None:
    run(store, stages, engine_named("local"))


def now() -> str:
    """An instant after all that was done and before all that follows: the store keeps milliseconds."""
    time.sleep(0.003)
    said = datetime.now(UTC).isoformat()
    time.sleep(0.003)
    return said


def at(place: str) -> str:
    return reader.incidents(Filters(place=place)).rows[0].incident.incident_id


def publish(stages: gorno.GornoStages, name: str = "bul_1", recorded: bool = True) -> str:
    telling = telling_of(stages)
    seq, chain = head()
    BulletinRow.objects.create(
        bulletin_id=name, title="B", cut_off_at=telling.as_of, published_at=now(), author="editor",
        counting_rule="incident", sha256=make_bulletin(telling).hash, html="", markdown="", decisions_seq=seq,
        decisions_head=chain, payload=canonical_json(record_payload(telling)) if recorded else "{}",
    )  # fmt: skip
    return name


def test_a_bulletin_can_be_made_again_with_its_hash_after_all_has_changed(
    store: Store, stages: gorno.GornoStages
) -> None:
    decide_and_follow(stages, "verify", at("Nowhere"), author="reviewer")
    decide_and_follow(stages, "correct", at("Selo"), author="reviewer", field="type", new="withdrawal")
    before, moment = make_bulletin(telling_of(stages)).hash, now()
    add_reports([LATE])
    go(store, stages)
    decide_and_follow(stages, "refute", at("Nowhere"), author="reviewer")
    decide_and_follow(stages, "reject", at("Brod"), author="reviewer")
    assert make_bulletin(telling_of(stages)).hash != before
    assert make_bulletin(telling_of(stages, known_at=moment)).hash == before


def test_decisions_on_accounts_are_as_they_were(store: Store, stages: gorno.GornoStages) -> None:
    account = reader.accounts_of(at("Selo"))[0].account.account_id
    before, moment = make_bulletin(telling_of(stages)).hash, now()
    done = decide_and_follow(stages, "correct", account, author="reviewer", field="type", new="withdrawal")
    middle, later = make_bulletin(telling_of(stages)).hash, now()
    decide_and_follow(stages, "undo", done.decision_id, author="reviewer")
    decide_and_follow(stages, "reject", account, author="reviewer")
    assert make_bulletin(telling_of(stages, known_at=moment)).hash == before
    assert make_bulletin(telling_of(stages, known_at=later)).hash == middle


def test_a_rejected_incident_is_not_told(stages: gorno.GornoStages) -> None:
    gone = at("Brod")
    decide_and_follow(stages, "reject", gone, author="reviewer")
    told = telling_of(stages)
    assert gone not in told.incident
    assert gone not in {f.incident_id for f in told.findings}


def test_nothing_changed_is_no_change(store: Store, stages: gorno.GornoStages) -> None:
    name, moment = publish(stages), now()
    go(store, stages)
    assert changes_since_bulletin(stages, name).changes == ()
    assert changes_since_moment(stages, moment).changes == ()


@pytest.mark.parametrize("kept", [True, False], ids=["with its record", "replayed"])
def test_every_change_since_a_bulletin_has_its_cause(store: Store, stages: gorno.GornoStages, kept: bool) -> None:
    name = publish(stages, recorded=kept)
    nowhere, brod = at("Nowhere"), at("Brod")
    add_reports([LATE])
    go(store, stages)
    decide_and_follow(stages, "verify", nowhere, author="reviewer", reason="seen on film")
    decide_and_follow(stages, "reject", brod, author="reviewer", reason="a rumour")
    found = {c.title.split(", ")[1]: c for c in changes_since_bulletin(stages, name).changes}
    assert {place: c.kind for place, c in found.items()} == {
        "Gorno": "changed",
        "Nowhere": "changed",
        "Brod": "withdrawn",
    }
    assert [(c.kind, c.subject_id) for c in found["Gorno"].causes] == [("new_report", LATE.report_id)]
    assert ("toll", "3–5 killed", "3–9 killed") in found["Gorno"].fields
    assert found["Nowhere"].fields == (("belief", "alleged", "verified"),)
    assert [c.kind for c in found["Nowhere"].causes] == ["decision"]
    assert "seen on film" in found["Nowhere"].causes[0].what
    assert [c.kind for c in found["Brod"].causes] == ["decision"]


def test_a_new_incident_and_a_report_taken_out(store: Store, stages: gorno.GornoStages) -> None:
    name = publish(stages)
    fresh = gorno.report("late-2", "2031-05-05 gunfire at Brod by the Southern guard", published="2031-05-06")
    add_reports([fresh])
    ReportRow.objects.get(name="radio-2").delete()
    go(store, stages)
    found = {c.kind: c for c in changes_since_bulletin(stages, name).changes}
    assert [c.kind for c in found["added"].causes] == ["new_report"]
    assert [c.kind for c in found["withdrawn"].causes] == ["withdrawn"]


def test_a_merge_is_told_as_its_cause_and_undoing_it_leaves_none(store: Store, stages: gorno.GornoStages) -> None:
    name = publish(stages)
    merged = decide_and_follow(stages, "merge", at("Gorno"), author="reviewer", new=[at("Nowhere")])
    kinds = {cause.kind for c in changes_since_bulletin(stages, name).changes for cause in c.causes}
    assert kinds == {"decision"}
    decide_and_follow(stages, "undo", merged.decision_id, author="reviewer")
    assert changes_since_bulletin(stages, name).changes == ()


def test_an_unknown_bulletin_and_a_moment_that_is_none(stages: gorno.GornoStages) -> None:
    with pytest.raises(SettingsError, match="no bulletin is published yet"):
        changes_since_bulletin(stages, "bul_x")
    with pytest.raises(SettingsError, match="no ISO date"):
        changes_since_moment(stages, "yesterday")


def test_the_errata_are_those_of_the_last_bulletin(store: Store, stages: gorno.GornoStages) -> None:
    assert errata_of_last(stages) is None
    publish(stages, "bul_1")
    decide_and_follow(stages, "reject", at("Gorno"), author="reviewer", reason="a drill")
    found = errata_of_last(stages)
    assert found is not None and found.bulletin_id == "bul_1"
    assert [c.kind for c in found.changes] == ["withdrawn"]
    assert "a drill" in found.changes[0].causes[0].what
    publish(stages, "bul_2")
    later = errata_of_last(stages)
    assert later is not None and (later.bulletin_id, later.changes) == ("bul_2", ())

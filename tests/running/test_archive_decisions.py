"""What people decide on the incidents of an archive holds from one linking to the next, and only its windows move."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_archive_links import archive, at_once, files, incidents, link, write

from trucewatch.linking.incidents import Constraints, Linker, LinkSettings
from trucewatch.running.archive_decisions import FILE, archive_constraints, decide_on_archive
from trucewatch.terms.errors import SettingsError, StoreError
from trucewatch.terms.registries import Registry


def decide(output: Path, kind: str, subject: str, *others: str) -> str:
    at = "2031-07-01T00:00:00.000+00:00"
    return decide_on_archive(
        output, kind, subject, others, author="reviewer", reason="looked at both", at=at
    ).decision_id


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    link(write(archive(1), tmp_path / "read"), tmp_path / "out")
    return tmp_path


def holder(output: Path) -> dict[str, str]:
    return {a: i.incident_id for i in incidents(output) for a in i.account_ids}


def test_a_merge_over_months_and_a_split_hold_as_in_linking_at_once(linked: Path) -> None:
    out = linked / "out"
    dated = [i for i in incidents(out) if i.time]
    early, late = dated[0], max(dated, key=lambda i: i.time.earliest if i.time and i.time.earliest else "")
    wide = max((i for i in incidents(out) if i not in (early, late)), key=lambda i: len(i.account_ids))
    decide(out, "merge", early.incident_id, late.incident_id)
    decide(out, "split", wide.incident_id, wide.account_ids[0])
    done = link(linked / "read", out)
    assert done.n_linked and done.n_known and not done.n_lost
    now = holder(out)
    assert now[early.account_ids[0]] == now[late.account_ids[0]]
    assert now[wide.account_ids[0]] != now[wide.account_ids[1]]
    must, cannot = archive_constraints(out)
    whole = Linker(LinkSettings(), Registry(()))(archive(1), Constraints(must, cannot))
    assert {i.account_ids for i in incidents(out)} == {i.account_ids for i in whole}
    assert {i.incident_id: i.episode_id for i in incidents(out)} == {i.incident_id: i.episode_id for i in whole}
    assert link(linked / "read", out).n_linked == 0


def test_an_undo_brings_back_what_was_and_an_undo_of_it_the_decision(linked: Path) -> None:
    out, before = linked / "out", files(linked / "out")
    wide = max(incidents(out), key=lambda i: len(i.account_ids))
    split = decide(out, "split", wide.incident_id, wide.account_ids[0])
    link(linked / "read", out)
    assert files(out) != before
    undo = decide(out, "undo", split)
    link(linked / "read", out)
    assert files(out) == before and incidents(out) == at_once(archive(1))
    decide(out, "undo", undo)
    link(linked / "read", out)
    assert holder(out)[wide.account_ids[0]] != holder(out)[wide.account_ids[1]]


def test_an_id_that_went_in_a_merge_still_leads_to_its_incident(linked: Path) -> None:
    out = linked / "out"
    one, other = sorted(i.incident_id for i in incidents(out))[:2]
    decide(out, "merge", one, other)
    link(linked / "read", out)
    gone = ({one, other} - {i.incident_id for i in incidents(out)}).pop()
    decide(out, "note", gone)
    assert (out / FILE).read_text("utf-8").count("\n") == 2


def test_what_cannot_be_decided_says_why(linked: Path) -> None:
    out = linked / "out"
    alone = next(i for i in incidents(out) if len(i.account_ids) == 1)
    with pytest.raises(SettingsError, match="nothing-to-split"):
        decide(out, "split", alone.incident_id, alone.account_ids[0])
    with pytest.raises(SettingsError, match="nothing-to-merge"):
        decide(out, "merge", alone.incident_id)
    with pytest.raises(SettingsError, match="unknown-id"):
        decide(out, "merge", "inc_nowhere", alone.incident_id)
    with pytest.raises(SettingsError, match="decision-misfit"):
        decide(out, "verify", alone.incident_id)


def test_a_changed_line_is_found(linked: Path) -> None:
    out = linked / "out"
    wide = max(incidents(out), key=lambda i: len(i.account_ids))
    decide(out, "split", wide.incident_id, wide.account_ids[0])
    decide(out, "note", wide.incident_id)
    text = (out / FILE).read_text("utf-8")
    (out / FILE).write_text(text.replace("looked at both", "looked at none", 1), "utf-8")
    with pytest.raises(StoreError, match="decision-chain"):
        link(linked / "read", out)


def test_accounts_that_are_gone_are_counted(linked: Path) -> None:
    out = linked / "out"
    wide = max(incidents(out), key=lambda i: len(i.account_ids))
    decide(out, "split", wide.incident_id, wide.account_ids[0])
    for path in (linked / "read").glob("*/part-0.*"):
        path.unlink()
    lost = sum(a.account_id in wide.account_ids for r in archive(1)[0::4] for a in r.accounts)
    assert link(linked / "read", out).n_lost == lost

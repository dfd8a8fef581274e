"""The order of the queue kept beside incidents is what working it out from all findings gives, in both databases."""

from __future__ import annotations

import json
from collections.abc import Callable

import gorno
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from trucewatch.running.decidings import decide_and_follow
from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.store.models import FindingRow, IncidentRow
from trucewatch.store.opening import Store
from trucewatch.store.turns import Turn, first_turns, n_open, open_turns_of, turns_of
from trucewatch.store.writer import add_reports
from trucewatch.telling.charges import COUNTED

Decide = Callable[..., str]


@pytest.fixture
def decide(stages: gorno.GornoStages) -> Decide:
    return lambda kind, subject, **words: (
        decide_and_follow(stages, kind, subject, author="reviewer", reason="read it", **words).decision_id
    )


def worked_out() -> list[Turn]:
    """What the queue's order means, said plainly, of every incident nobody has reviewed."""
    out = []
    for row in IncidentRow.objects.filter(state="unreviewed"):
        found = [f.probability for f in FindingRow.objects.filter(incident=row) if f.outcome in COUNTED]
        unsure = 1.5 if row.confidence is None else 1 - row.confidence
        unsure += 2 * row.contested + 4 * (row.reality == "asserted")
        out.append(Turn(-max(found, default=0) * row.n_origins, -unsure, row.pk))
    return sorted(out)


def rows_of(turns: list[Turn]) -> list[tuple[str, object, object]]:
    return [(turn.incident_id, pytest.approx(turn.at_stake), pytest.approx(turn.unsure)) for turn in turns]


def holds() -> None:
    wanted = worked_out()
    assert [(t.incident_id, t.at_stake, t.unsure) for t in first_turns(100)] == rows_of(wanted)
    assert n_open() == len(wanted) > 0


def shellings() -> list[str]:
    return list(IncidentRow.objects.filter(type="shelling").order_by("pk").values_list("pk", flat=True))


def test_after_a_run_and_after_a_further_one(store: Store, stages: gorno.GornoStages) -> None:
    holds()
    assert first_turns(1)[0].at_stake < 0
    add_reports([gorno.report("late.txt", "2031-05-06 shelling at Brod by the Northern army, 9 killed")])
    run(store, stages, engine_named("local"))
    holds()


def test_after_every_kind_of_decision(decide: Decide) -> None:
    one = shellings()[0]
    rejected = decide("reject", one)
    holds()
    decide("undo", rejected)
    holds()
    account = json.loads(IncidentRow.objects.get(pk=one).payload)["account_ids"][0]
    decide("correct", account, field="type", new="patrol")
    holds()
    here = list(IncidentRow.objects.order_by("pk").values_list("pk", flat=True)[:2])
    decide("correct", here[0], field="contested", new=True)
    holds()
    decide("merge", here[0], new=[here[1]])
    holds()


def test_those_a_person_does_not_want_are_left_out(stages: gorno.GornoStages, decide: Decide) -> None:
    order = [turn.incident_id for turn in worked_out()]
    assert [turn.incident_id for turn in first_turns(2, but=order[:1])] == order[1:3]
    decide("accept", order[0])
    assert [turn.incident_id for turn in open_turns_of(order[:2])] == [order[1]]
    assert [turn.incident_id for turn in turns_of(order[:2])] == order[:2]


def test_a_store_from_before_gets_its_order(stages: gorno.GornoStages) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("store", "0011_formers")])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    holds()


def test_the_next_item_is_found_by_an_index(sqlite_store: Store) -> None:
    rows = IncidentRow.objects.filter(state="unreviewed").exclude(pk__in=["inc_1"])
    plan = rows.order_by("-at_stake", "-unsure", "pk").values_list("pk")[:40].explain()
    assert "incidents_queue" in plan and "TEMP B-TREE" not in plan

"""The audit finds whatever is not as it was written."""

from __future__ import annotations

from collections.abc import Callable

import gorno
import pytest
from django.db import connection

from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.store import reader
from trucewatch.store.audits import audit
from trucewatch.store.decisions import decide
from trucewatch.store.models import ReportRow, RulingRow
from trucewatch.store.opening import Store


def force(statement: str) -> None:
    """Changes the table as somebody would who owns the database: the triggers are taken away first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("no_update", "no_delete", "in_order"):
                cursor.execute(f"DROP TRIGGER decisions_{name}")
        else:
            cursor.execute("ALTER TABLE decisions DISABLE TRIGGER USER")
        cursor.execute(statement)


def rulings_gone() -> None:
    RulingRow.objects.all().delete()


def text_changed() -> None:
    ReportRow.objects.filter(name="wire-1").update(text="something else was written here")


@pytest.mark.parametrize(
    ("tamper", "code"),
    [
        (lambda: force("UPDATE decisions SET reason = 'other' WHERE seq = 2"), "decision-changed"),
        (lambda: force("UPDATE decisions SET author = 'other' WHERE seq = 1"), "decision-changed"),
        (rulings_gone, "ruling-missing"),
        (text_changed, "quote-changed"),
    ],
)
def test_a_change_is_found(store: Store, stages: gorno.GornoStages, tamper: Callable[[], None], code: str) -> None:
    decided(store)
    assert audit(store).faults == ()
    tamper()
    assert code in {f.code for f in audit(store).faults}


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_removed_decision_is_found_wherever_it_stood(store: Store, stages: gorno.GornoStages, seq: int) -> None:
    decided(store)
    # a run writes down where the chain stands, so that even its end cannot be cut off unseen
    run(store, gorno.GornoStages(stages.dossier, gorno.GornoWork(version="2")), engine_named("local"))
    RulingRow.objects.filter(pk=seq).delete()
    force(f"DELETE FROM decisions WHERE seq = {seq}")
    assert "decision-missing" in {f.code for f in audit(store).faults}


def test_a_changed_raw_file_is_found(store: Store, stages: gorno.GornoStages) -> None:
    from trucewatch.reading.sources import keep_raw, raw_path

    digest = keep_raw(b"as it came", store.raw)
    assert audit(store).n_raw == 1 and not audit(store).faults
    raw_path(digest, store.raw).write_bytes(b"as it never came")
    assert [f.code for f in audit(store).faults] == ["raw-changed"]


def decided(store: Store) -> None:
    for view in reader.incidents(limit=3).rows:
        decide("accept", view.incident.incident_id, author="reviewer", reason="read it")

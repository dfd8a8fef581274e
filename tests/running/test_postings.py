"""The kept book tells after every change of the store what a telling made anew from all of it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import gorno
import pytest

from trucewatch.running.decidings import decide_and_follow
from trucewatch.running.engines import engine_named
from trucewatch.running.pipelines import run
from trucewatch.running.postings import KeptBook, keep_postings
from trucewatch.running.tellings import telling_of
from trucewatch.store import reader
from trucewatch.store.models import PostingRow
from trucewatch.store.opening import Store
from trucewatch.store.writer import add_reports, write_sources
from trucewatch.telling.ledgers import GROUPS, make_ledger, rank_by_rule
from trucewatch.telling.rules import RULES
from trucewatch.terms.sources import Source

Decide = Callable[..., str]


@pytest.fixture
def stages(store: Store) -> gorno.GornoStages:
    """The stages of the store's dossier, after one run."""
    return gorno.read_through(store)


@pytest.fixture
def decide(stages: gorno.GornoStages) -> Decide:
    return lambda kind, subject, **words: (
        decide_and_follow(stages, kind, subject, author="reviewer", reason="read it", **words).decision_id
    )


def told(kept: KeptBook, stages: gorno.GornoStages, *, keep: bool = True) -> None:
    """The book now is that of a telling made from the whole store."""
    book, telling = kept.brought_up(keep=keep), telling_of(stages)
    for rule in RULES:
        for by in GROUPS:
            assert book.ledger(rule, by) == make_ledger(telling, rule, by), (rule, by)
    assert book.rankings() == rank_by_rule(telling)
    for cell in book.ledger("incident").cells:
        assert book.actor_name(cell.accused) == telling.actor_name(cell.accused)


def shellings() -> list[str]:
    rows = [view.incident for view in reader.incidents().rows]
    return [i.incident_id for i in rows if i.type == "shelling"]


def test_after_a_run_every_incident_has_a_posting(stages: gorno.GornoStages) -> None:
    assert PostingRow.objects.count() == len(reader.incidents().rows) > 3
    assert keep_postings(stages) == 0
    told(KeptBook(stages), stages)


def test_decisions_show_at_once(stages: gorno.GornoStages, decide: Decide) -> None:
    kept = KeptBook(stages)
    told(kept, stages)
    first, second = shellings()[:2]
    for act in (
        lambda: decide("reject", first),
        lambda: decide("verify", second),
        lambda: decide("refute", second),
        lambda: decide("correct", first, field="type", new="gunfire"),
        lambda: decide("accept", first),
    ):
        act()
        told(kept, stages)


def test_merging_splitting_and_undoing_show_at_once(stages: gorno.GornoStages, decide: Decide) -> None:
    kept = KeptBook(stages)
    told(kept, stages)
    first, second = shellings()[:2]
    merged = decide("merge", first, new=[second])
    told(kept, stages)
    decide("undo", merged)
    told(kept, stages)
    both = next(view.incident for view in reader.incidents().rows if len(view.incident.account_ids) > 1)
    decide("split", both.incident_id, new=list(both.account_ids[:1]))
    told(kept, stages)


def test_what_people_say_of_accounts_shows_at_once(stages: gorno.GornoStages, decide: Decide) -> None:
    kept = KeptBook(stages)
    told(kept, stages)
    accounts = [view.account for view in reader.accounts().rows if view.account.type == "shelling"]
    actors = [{"name": "somebody else"}]
    corrected = decide("correct", accounts[0].account_id, field="actors", new=actors)
    told(kept, stages)
    decide("reject", accounts[1].account_id)
    told(kept, stages)
    decide("undo", corrected)
    told(kept, stages)


def test_new_reports_and_another_sources_file_show_after_the_run(store: Store, stages: gorno.GornoStages) -> None:
    kept = KeptBook(stages)
    told(kept, stages)
    add_reports([gorno.report("wire-9", "2031-05-09 gunfire at Selo by the Northern army", published="2031-05-09")])
    run(store, stages, engine_named("local"))
    told(kept, stages)
    write_sources([replace(Source("valley-wire", "Valley Wire", "B"), alignment=(("*", "north"),))])
    told(KeptBook(stages), stages)


def test_what_is_not_kept_is_told_all_the_same(stages: gorno.GornoStages, decide: Decide) -> None:
    """As while a run writes: the page does not, and tells what it would."""
    kept = KeptBook(stages)
    PostingRow.objects.all().delete()
    told(kept, stages, keep=False)
    decide("reject", shellings()[0])
    PostingRow.objects.all().delete()
    told(kept, stages, keep=False)
    assert PostingRow.objects.count() == 0
    told(kept, stages)
    assert PostingRow.objects.count() == len(reader.incidents().rows)

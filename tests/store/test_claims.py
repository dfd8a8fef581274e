"""Claims on incidents: one holder each, and they lapse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trucewatch.store import claims
from trucewatch.store.opening import Store

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
LATER = timedelta(minutes=claims.HOLD_MINUTES)


@pytest.mark.usefixtures("store")
def test_what_one_person_holds_nobody_else_can_take() -> None:
    assert claims.take("inc_1", "amal", now=NOON)
    assert not claims.take("inc_1", "basma", now=NOON)
    assert claims.take("inc_2", "basma", now=NOON)
    assert [(c.pk, c.author) for c in claims.standing(now=NOON)] == [("inc_1", "amal"), ("inc_2", "basma")]


@pytest.mark.usefixtures("store")
def test_a_claim_is_renewed_by_its_holder_and_lapses_without() -> None:
    claims.take("inc_1", "amal", now=NOON)
    assert claims.take("inc_1", "amal", now=NOON + LATER / 2)
    assert not claims.take("inc_1", "basma", now=NOON + LATER)
    assert claims.holder("inc_1", now=NOON + 2 * LATER) is None
    assert claims.take("inc_1", "basma", now=NOON + 2 * LATER)


def test_whoever_lets_go_keeps_only_what_is_named(store: Store) -> None:
    for name in ("inc_1", "inc_2"):
        claims.take(name, "amal", now=NOON)
    claims.release("amal", keep="inc_2")
    assert [c.pk for c in claims.standing(now=NOON)] == ["inc_2"], store.vendor

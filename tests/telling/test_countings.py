"""Counting by postings that come and go gives what counting everything at once, charge by charge, gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import fsum, prod

from hypothesis import given
from hypothesis import strategies as st
from tellers import Told

from trucewatch.telling.charges import Charge, charges
from trucewatch.telling.ledgers import GROUPS, Book, book_of, make_ledger
from trucewatch.telling.postings import packed, postings_of, unpacked
from trucewatch.telling.rules import RULES
from trucewatch.telling.tellings import Telling

_incidents = st.lists(
    st.tuples(
        st.sampled_from(["Northern army", "Southern army", "Guests", ""]),
        st.sampled_from(["shelling", "gunfire", "bombing"]),
        st.sampled_from(["2031-05-04", "2031-05-05", None]),
        st.sampled_from([("Gorno",), ("Gorno", "Selo"), ()]),
        st.sampled_from([("Gorno Watch",), ("Southern Voice", "Northern Voice")]),
        st.floats(0.001, 1),
    ),
    min_size=1,
    max_size=8,
)
Row = tuple[str, str, str | None, tuple[str, ...], tuple[str, ...], float]


def telling_of(rows: Sequence[Row]) -> Telling:
    told = Told()
    for n, (by, kind, day, places, told_by, p) in enumerate(rows):
        outcome = "breach_if_true" if p > 0.7 else "undetermined"
        told.incident(
            str(n), by, type=kind, day=day, places=places, told_by=told_by, outcome=outcome, probability=p
        )  # fmt: skip
    return told.telling()


def counted_plainly(rows: Sequence[Charge], rule: str, telling: Telling) -> tuple[int, float, int, tuple[str, ...]]:
    """The definition: of each incident its best charge; of each key its greatest number with the chance of any."""
    best: dict[str, tuple[float, bool]] = {}
    for row in rows:
        p, certain = best.get(row.incident_id, (0.0, False))
        best[row.incident_id] = (max(p, row.probability), certain or row.certain)
    ticks = defaultdict(list)
    for key, (p, certain) in sorted(best.items()):
        for tick in RULES[rule].count(telling.incident[key], telling):
            ticks[tick.key].append((tick.n, p, certain, key))
    floors = [max((n for n, _, certain, _ in group if certain), default=0) for group in ticks.values()]
    tops = [max(n for n, *_ in group) for group in ticks.values()]
    chances = [1 - prod(1 - p for _, p, _, _ in group) for group in ticks.values()]
    expected = fsum(max(float(f), n * c) for f, n, c in zip(floors, tops, chances, strict=True))
    ids = {key for group in ticks.values() for *_, key in group}
    return sum(floors), round(expected, 3), sum(tops), tuple(sorted(ids))


@given(_incidents, st.sampled_from(sorted(RULES)))
def test_a_ledger_is_what_its_charges_come_to_by_definition(rows: list[Row], rule: str) -> None:
    telling = telling_of(rows)
    heaps: dict[tuple[str, str], list[Charge]] = defaultdict(list)
    for charge in charges(telling):
        heaps[charge.accuser, charge.accused].append(charge)
    wanted = {key: counted_plainly(group, rule, telling) for key, group in heaps.items()}
    found = {
        (c.accuser, c.accused): (c.certain, c.expected, c.possible, c.incident_ids)
        for c in make_ledger(telling, rule).cells
    }
    assert found == {key: count for key, count in wanted.items() if count[3]}


@given(_incidents, st.data(), st.sampled_from(sorted(RULES)), st.sampled_from(sorted(GROUPS)))
def test_postings_that_come_and_go_leave_no_trace(rows: list[Row], data: st.DataObject, rule: str, by: str) -> None:
    """What was counted, taken out, changed and put back in any order is counted as if it had been so from the start."""
    telling = telling_of(rows)
    postings = postings_of(telling)
    others = {p.incident_id: p for p in postings_of(telling_of([(*row[:5], row[5] / 3) for row in reversed(rows)]))}
    book = Book({actor.actor_id: actor.name for actor in telling.actors})
    book.ledger(rule, by), book.rankings()
    for posting in data.draw(st.permutations(postings)):
        book.put(posting)
        if data.draw(st.booleans()):
            book.put(others[posting.incident_id])
        if data.draw(st.booleans()):
            book.drop(posting.incident_id)
    for posting in data.draw(st.permutations(postings)):
        book.put(posting)
    fresh = book_of(telling)
    assert book.ledger(rule, by) == fresh.ledger(rule, by)
    assert book.rankings() == fresh.rankings()
    assert book.total(rule) == fresh.total(rule)
    for cell in fresh.ledger(rule, by).cells:
        assert book.actor_name(cell.accused) == telling.actor_name(cell.accused)


@given(_incidents)
def test_a_packed_posting_is_the_same_again(rows: list[Row]) -> None:
    for posting in postings_of(telling_of(rows)):
        assert unpacked(posting.incident_id, packed(posting)) == posting


def test_an_empty_book_has_empty_ledgers() -> None:
    book = Book({})
    assert book.ledger("incident").cells == ()
    assert book.total("incident").possible == 0
    assert book.rankings().standings == ()

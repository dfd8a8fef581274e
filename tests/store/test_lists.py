"""What a list finds by its indexes is what looking through every incident finds, in both databases."""

from __future__ import annotations

import random
from dataclasses import replace

import gorno
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from trucewatch.desk.clusters import MOST_POINTS, Cell, cells, cells_or_points
from trucewatch.store import reader
from trucewatch.store.clusters import write_incidents
from trucewatch.store.filters import Filters
from trucewatch.store.models import IncidentPartyRow, IncidentRow, PartyNameRow
from trucewatch.store.opening import Store
from trucewatch.store.rows import fold, incident_row, party_rows
from trucewatch.store.states import state_of_store
from trucewatch.terms.accounts import Party
from trucewatch.terms.incidents import Incident, Origin
from trucewatch.terms.places import Place
from trucewatch.terms.times import Interval

NAMES = ("Northern army", "Southern guard", "Gäste", "the army of the North", "Ärmel & Söhne")
PLACES = ("Gorno", "Selo", "Brod", "Novo Gorno", "O'Hara's \"Mill\"", "100% Brod_")
DAYS = ("2031-05-04", "2031-05-05", "2031-06-01", None)


def incident(number: int, chance: random.Random) -> Incident:
    """An incident with anything missing that can be."""
    day, later = chance.choice(DAYS), chance.choice(DAYS)
    time = Interval(day, max(day, later) if day and later else later) if day or later else None
    name, located = chance.choice(PLACES), chance.random() < 0.8
    lat, lon = round(chance.uniform(-1, 1), 3), round(chance.choice((0, 179.5)) + chance.uniform(-0.4, 0.4), 3)
    place = Place(name, None, lat, (lon + 180) % 360 - 180, 900.0) if located else Place(name, None)
    party = Party(chance.choice(NAMES), None, chance.choice((None, "north")))
    return Incident(
        incident_id=f"inc_{number:05d}", account_ids=(), type=chance.choice(("shelling", "patrol")),
        reality="asserted", time=time, places=(place,) if chance.random() < 0.9 else (), actors=(party,), targets=(),
        tolls=(), origins=(Origin("ori_1", chance.choice(NAMES), "speaker", ()),),
    )  # fmt: skip


@pytest.fixture
def told(store: Store) -> list[Incident]:
    """Incidents of every kind, in the store."""
    chance = random.Random(5)
    made = [incident(number, chance) for number in range(160)]
    IncidentRow.objects.bulk_create([incident_row(i, [f"a quote of {i.incident_id}"]) for i in made])
    IncidentPartyRow.objects.bulk_create([row for i in made for row in party_rows(i, ["Valley Wire"])])
    return made


def fits(i: Incident, f: Filters) -> bool:
    """What the filters mean, said plainly."""
    first, last = (i.time.earliest, i.time.latest) if i.time else (None, None)
    words = fold(" | ".join([*(p.name for p in i.places), *(p.name for p in i.actors), f"a quote of {i.incident_id}"]))
    spot = next((p for p in i.places if p.located), None)
    dated = first is not None or last is not None
    keys = {(p.actor_id or fold(p.name), p.name) for p in i.actors}

    def named(name: str, rows: set[tuple[str, str]]) -> bool:
        # SQLite and PostgreSQL differ in the case of letters beyond ASCII; the folded key finds those in both
        return any(key == name or fold(name) in key or called.lower() == name.lower() for key, called in rows)

    return all(
        (
            not f.since or (dated and (last or "9999") >= f.since),
            not f.until or (dated and (first or "") <= f.until),
            not f.undated or not dated,
            not f.unlocated or spot is None,
            not f.types or i.type in f.types,
            all(word in words for needle in (f.place, f.text) for word in fold(needle or "").split()),
            not f.actor or named(f.actor, keys),
            not f.accuser or named(f.accuser, {(fold(o.name), o.name) for o in i.origins}),
            f.box is None or (spot is not None and inside(spot, f.box)),
        )
    )


def inside(spot: Place, box: tuple[float, float, float, float]) -> bool:
    south, west, north, east = box
    assert spot.lat is not None and spot.lon is not None
    wide = west <= spot.lon <= east if west <= east else spot.lon >= west or spot.lon <= east
    return south <= spot.lat <= north and wide


ASKED = (
    Filters(),
    Filters(since="2031-05-05"),
    Filters(until="2031-05-05"),
    Filters(since="2031-05-05", until="2031-05-31", types=("patrol",)),
    Filters(undated=True),
    Filters(unlocated=True),
    Filters(actor="northern army"),
    Filters(actor="north"),
    Filters(actor="gaste"),
    Filters(actor="nobody at all"),
    Filters(actor="a"),
    Filters(accuser="Southern guard", actor="army"),
    Filters(text="orno"),
    Filters(text="no"),
    Filters(text="o'hara's \"mill\""),
    Filters(text="100% brod_"),
    Filters(text="brod ärmel quote"),
    Filters(text="inc_00017"),
    Filters(place="gorno novo", since="2031-05-04"),
    Filters(box=(-0.5, -0.2, 0.5, 0.3)),
    Filters(box=(-1, 179.4, 1, -179.7), types=("shelling",)),
)


@pytest.mark.parametrize("f", ASKED, ids=lambda f: repr({k: getattr(f, k) for k in f.__slots__ if getattr(f, k)}))
def test_a_list_is_what_looking_through_all_finds(told: list[Incident], f: Filters) -> None:
    def order(i: Incident) -> tuple[bool, str, str]:
        first = i.time.earliest if i.time else None
        return first is None, first or "", i.incident_id

    wanted = [i.incident_id for i in sorted((i for i in told if fits(i, f)), key=order)]
    assert [view.incident.incident_id for view in reader.incidents(f).rows] == wanted
    pages = [reader.lines(f, offset=at, limit=7) for at in range(0, len(wanted) + 1, 7)]
    assert [line.incident_id for page in pages for line in page.rows] == wanted
    assert {page.total for page in pages} == {len(wanted)}


def test_a_line_says_what_the_incident_says(told: list[Incident]) -> None:
    by_id = {i.incident_id: i for i in told}
    for line in reader.lines().rows:
        i = by_id[line.incident_id]
        assert (line.time, line.type, line.reality) == (i.time, i.type, i.reality)
        assert line.places == tuple((p.name, p.located) for p in i.places)
        assert line.actors == tuple(p.name for p in i.actors)
    assert set(reader.lines_by_id(["inc_00003", "inc_99999"])) == {"inc_00003"}


def test_words_that_change_or_go_are_found_as_they_are_now(told: list[Incident]) -> None:
    def found(text: str) -> list[str]:
        return [line.incident_id for line in reader.lines(Filters(text=text)).rows]

    IncidentRow.objects.filter(pk="inc_00003").update(words="a bridge was blown up")
    assert found("bridge blown") == ["inc_00003"]
    assert "inc_00003" not in found("quote")
    IncidentRow.objects.filter(pk="inc_00003").delete()
    assert found("bridge") == []
    write_incidents([replace(told[3], places=(Place("Bridge of Selo", None),))])
    assert found("bridge") == ["inc_00003"]


def test_names_of_parties_are_kept_once(told: list[Incident]) -> None:
    rows = set(IncidentPartyRow.objects.values_list("role", "key", "name"))
    assert sorted(PartyNameRow.objects.values_list("role", "key", "name")) == sorted(rows)


@pytest.mark.parametrize("zoom", [3, 8, 12])
@pytest.mark.parametrize("box", [None, (-0.5, -0.2, 0.5, 0.3), (-1, 179.4, 1, -179.7)])
def test_cells_of_a_map_count_what_lies_in_them(
    told: list[Incident], zoom: int, box: tuple[float, float, float, float] | None
) -> None:
    size = 360 / 2 ** (zoom + 3)
    spots = [next(p for p in i.places if p.located) for i in told if any(p.located for p in i.places)]
    heaps: dict[tuple[int, int], list[Place]] = {}
    for spot in spots:
        heaps.setdefault((int((spot.lat or 0) // size), int((spot.lon or 0) // size)), []).append(spot)
    south, west, north, east = (int(edge // size) for edge in box) if box else (0, 0, 0, 0)

    def touched(row: int, column: int) -> bool:
        wide = box is None or (west <= column <= east if box[1] <= box[3] else column >= west or column <= east)
        return wide and (box is None or south <= row <= north)

    wanted = [
        Cell(*key, len(heap), sum(s.lat or 0 for s in heap) / len(heap), sum(s.lon or 0 for s in heap) / len(heap))
        for key, heap in sorted(heaps.items())
        if touched(*key)
    ]
    found = cells(Filters(box=box), zoom, state_of_store())
    assert [(c.row, c.column, c.n) for c in found] == [(c.row, c.column, c.n) for c in wanted]
    assert [(c.lat, c.lon) for c in found] == [pytest.approx((c.lat, c.lon)) for c in wanted]


def test_a_map_of_few_incidents_shows_each(told: list[Incident]) -> None:
    features = cells_or_points(Filters(), "5")["features"]
    assert len(told) <= MOST_POINTS
    located = sorted(i.incident_id for i in told if any(p.located for p in i.places))
    assert [f["properties"]["id"] for f in features] == located


def test_a_store_from_before_is_brought_up_with_all_it_holds(told: list[Incident]) -> None:
    """Back to the tables as they were, with rows in them, and forward again: as opening an older store does."""
    executor = MigrationExecutor(connection)
    executor.migrate([("store", "0008_incident_areas")])
    assert IncidentRow.objects.count() == len(told)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    for f in (Filters(text="orno"), Filters(actor="north")):
        assert len(reader.lines(f).rows) == sum(fits(i, f) for i in told) > 0


def test_the_state_of_the_store_changes_with_every_decision(store: Store, stages: gorno.GornoStages) -> None:
    from trucewatch.store.decisions import decide

    before = state_of_store()
    assert state_of_store() == before
    decide("accept", reader.incidents().rows[0].incident.incident_id, author="reviewer", reason="read it")
    assert state_of_store() != before

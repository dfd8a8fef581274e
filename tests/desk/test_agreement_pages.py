"""Statements by party, agreements with their duties on a calendar, and incidents by the area of an agreement."""

from __future__ import annotations

import html
import re

import pytest
from desks import Desk, logged_in, token_in

pytestmark = pytest.mark.model
ZONE = "idlib-2018-09-17/idlib-area"


def test_the_statements_stand_on_lanes_and_lead_to_the_list(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as client:
        page = client.get("/statements/").text
        lanes = page.split('class="lanes"')[1].split("</svg>")[0]
        marks = re.findall(r'<a href="(/statements/[^"]+)" aria-label="([^"]+)"', lanes)
        assert any(label.startswith("Turkey, ") and label.endswith(": threat") for _, label in marks)
        address, label = next((a, x) for a, x in marks if x.startswith("Russia, ") and "denial" in x)
        listed = client.get(html.unescape(address).split("#")[0]).text.split('id="list"')[1]
        assert "Denial" in listed and "Threat" not in listed, label
        only = client.get("/statements/?kind=threat").text
    kinds = set(re.findall(r'class="k-([a-z]+)"', only))
    assert kinds == {"threat"}


def test_all_statements_of_the_list_are_counted_in_the_lanes(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as client:
        page = client.get("/statements/").text
        total = client.get("/api/statements?limit=1").json()["total"]
    lanes = page.split('class="lanes"')[1].split("</svg>")[0]
    undated = re.search(r"(\d+) without a day", page)
    counted = sum(int(n) for n in re.findall(r'class="party"[^>]*>[^<]*\((\d+)\)<', lanes))
    assert counted + (int(undated.group(1)) if undated else 0) == total


def test_duties_stand_on_a_calendar_with_the_incidents_that_weigh(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as client:
        page = client.get("/agreements/idlib-2020-03-05/").text
        march = page.split("<h3>March 2020</h3>")[1].split("</ul>")[0]
        assert "due by this day: Patrol the M4 together" in march and "due from this day: Agree how" in march
        assert '<td class="told' in march
        weighing = re.findall(r'href="(/incidents/inc_[0-9a-f]+/)">patrol', march)
        assert weighing and client.get(weighing[0]).status_code == 200
        assert client.get("/agreements/none/").status_code == 404


def test_each_term_lists_what_touches_it(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as client:
        page = client.get("/agreements/idlib-2020-03-05/").text
        cessation = page.split('id="cessation"')[1].split("</article>")[0]
        key = re.findall(r"/incidents/(inc_[0-9a-f]+)/", cessation)[0]
        findings = client.get(f"/api/incidents/{key}").json()["findings"]
    held = {(f["agreement_id"], f["term_id"]): f["outcome"] for f in findings}
    assert held["idlib-2020-03-05", "cessation"] == "breach_if_true"


def test_incidents_are_listed_by_area_and_a_corrected_place_moves_them(either_desk: Desk) -> None:
    with logged_in(either_desk, "reviewer") as client:
        inside = client.get(f"/api/incidents?limit=500&area={ZONE}").json()
        everything = client.get("/api/incidents?limit=1").json()["total"]
        assert 0 < inside["total"] < everything
        told = next(r["incident"] for r in inside["rows"] if len(r["incident"]["places"]) == 1)
        address = f"/incidents/{told['incident_id']}/"
        form = {"kind": "correct", "field": "places", "name": "Homs", "lat": "34.73", "lon": "36.72", "radius_m": "900"}
        form |= {"reason": "the other Saraqib", "csrfmiddlewaretoken": token_in(client.get(address).text)}
        client.post(f"{address}decision/", data=form, headers={"Referer": either_desk.url + "/"})
        assert client.get(f"/api/incidents?limit=1&area={ZONE}").json()["total"] == inside["total"] - 1
        token = token_in(client.get("/queue/").text)
        undo = {"kind": "undo", "csrfmiddlewaretoken": token}
        client.post("/queue/", data=undo, headers={"Referer": either_desk.url + "/"})
        assert client.get(f"/api/incidents?limit=1&area={ZONE}").json()["total"] == inside["total"]
        assert f"({inside['total']})" in client.get("/agreements/idlib-2018-09-17/").text

"""The page of one incident: origins side by side, tolls, denials, and every field open to correction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from desks import Desk, logged_in, token_in
from playwright.sync_api import Browser, Page

from trucewatch.desk.corrections import FIELDS

pytestmark = pytest.mark.model


def told_of(client: httpx.Client, what: str) -> dict[str, Any]:
    """The incident at Balyun: three sides tell of it, they do not agree, and one denies it."""
    rows = client.get("/api/incidents", params={"place": "Balyun"}).json()["rows"]
    found: dict[str, Any] = next(r["incident"] for r in rows if r["incident"]["contested"])
    assert found[what]
    return found


def corrected(client: httpx.Client, desk: Desk, incident_id: str, **form: str) -> dict[str, Any]:
    """The incident as the API tells it after the form of a correction."""
    page = client.get(f"/incidents/{incident_id}/").text
    sent = {"kind": "correct", "reason": "the photograph shows it", "csrfmiddlewaretoken": token_in(page), **form}
    client.post(f"/incidents/{incident_id}/decision/", data=sent, headers={"Referer": desk.url + "/"})
    after: dict[str, Any] = client.get(f"/api/incidents/{incident_id}").json()
    return after


def undone(client: httpx.Client, desk: Desk) -> None:
    """That person's last decision is undone."""
    token = token_in(client.get("/queue/").text)
    form = {"kind": "undo", "csrfmiddlewaretoken": token}
    client.post("/queue/", data=form, headers={"Referer": desk.url + "/"})


def test_origins_stand_side_by_side_and_differences_are_marked(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as client:
        page = client.get(f"/incidents/{told_of(client, 'denied_by')['incident_id']}/").text
    table = page.split('<table class="compared">')[1].split("</table>")[0]
    heads = table.split("</thead>")[0]
    assert all(name in heads for name in ("Orontes Observatory", "ministry", "Turkey")) and "russia" in heads
    differing = [row for row in table.split("<tr")[2:] if row.startswith(' class="differs"')]
    assert any("Done by" in row and "Syrian warplanes" in row and "regime" in row for row in differing)
    assert not any("When" in row for row in differing)


def test_tolls_have_their_speakers_and_denials_their_words(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as client:
        page = client.get(f"/incidents/{told_of(client, 'tolls')['incident_id']}/").text
    tolls = page.split('<table class="tolls">')[1].split("</table>")[0]
    assert "34 or more" in tolls and tolls.count("<rect") == 3
    denied = page.split('id="denials"')[1].split("</section>")[0]
    assert "Russian Defence Ministry" in denied and "denied that Russian aircraft" in denied


@pytest.mark.parametrize("kind", ["account", "incident"])
def test_every_field_has_an_editor(either_desk: Desk, kind: str) -> None:
    with logged_in(either_desk, "reviewer") as client:
        incident = told_of(client, "account_ids")
        asked = {"account": incident["account_ids"][0]} if kind == "account" else {}
        for field in FIELDS[kind]:
            page = client.get(f"/incidents/{incident['incident_id']}/correct/", params={"field": field, **asked})
            assert page.status_code == 200 and 'name="reason"' in page.text, field
        assert client.get(f"/incidents/{incident['incident_id']}/correct/?field=quote").status_code == 400


FORMS: dict[str, tuple[dict[str, str], Any]] = {
    "type": ({"new": "shelling"}, "shelling"),
    "killed": ({"min": "2", "max": "5"}, {"min": 2, "max": 5}),
    "injured": ({"min": "", "max": ""}, None),
    "actors": ({"new": "regime\nRussian warplanes\n"}, ["regime", "Russian warplanes"]),
    "breach": ({"new": "true"}, True),
}


@pytest.mark.parametrize("field", FORMS)
def test_a_field_of_an_account_is_corrected_and_undone(either_desk: Desk, field: str) -> None:
    form, wanted = FORMS[field]
    with logged_in(either_desk, "reviewer") as client:
        incident = told_of(client, "account_ids")
        subject = incident["account_ids"][0]

        def value(told: dict[str, Any]) -> Any:
            found = next(t["account"] for t in told["accounts"] if t["account"]["account_id"] == subject)[field]
            return [p["name"] for p in found] if field == "actors" else found

        before = value(client.get(f"/api/incidents/{incident['incident_id']}").json())
        after = corrected(client, either_desk, incident["incident_id"], subject=subject, field=field, **form)
        assert value(after) == wanted
        undone(client, either_desk)
        assert value(client.get(f"/api/incidents/{incident['incident_id']}").json()) == before


def test_setting_one_place_leaves_the_others(either_desk: Desk) -> None:
    with logged_in(either_desk, "reviewer") as client:
        rows = client.get("/api/incidents?limit=500").json()["rows"]
        incident = next(r["incident"] for r in rows if len(r["incident"]["places"]) > 1)
        form = {"index": "1", "name": "the mill", "lat": "35.9", "lon": "36.4", "radius_m": "300"}
        after = corrected(client, either_desk, incident["incident_id"], field="places", **form)["incident"]["places"]
        assert [p["name"] for p in after] == [
            "the mill" if i == 1 else p["name"] for i, p in enumerate(incident["places"])
        ]
        assert (after[1]["lat"], after[1]["radius_m"]) == (35.9, 300) and after[0] == incident["places"][0]
        undone(client, either_desk)


def test_a_value_that_does_not_fit_changes_nothing_and_says_so(either_desk: Desk) -> None:
    with logged_in(either_desk, "reviewer") as client:
        incident = told_of(client, "time")
        form = {"field": "time", "earliest": "2020-03-02", "latest": "2020-03-01"}
        after = corrected(client, either_desk, incident["incident_id"], **form)
        assert after["incident"]["time"] == incident["time"]
        assert "lies after the last day" in client.get(f"/incidents/{incident['incident_id']}/").text


@pytest.fixture
def page(chromium: Browser, open_desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=open_desk.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_a_place_that_was_weighed_is_taken_from_the_table(page: Page) -> None:
    for row in page.request.get("/api/incidents?limit=500").json()["rows"]:
        places = row["incident"]["places"]
        if any(len(p["candidates"]) > 1 for p in places):
            break
    page.goto(f"/incidents/{row['incident']['incident_id']}/")
    page.wait_for_selector(".map[data-ready]")
    last = page.locator("button[data-take]").last
    wanted = last.get_attribute("data-lat")
    last.click()
    assert page.input_value("#p-lat") == wanted
    page.fill("#p-reason", "the other one of that name")
    with page.expect_navigation():
        page.click("#place-form button")
    assert "Done: correct" in page.inner_text("[role=status]")
    points = page.request.get(page.url + "places.geojson").json()["features"]
    assert float(wanted or 0) in [f["geometry"]["coordinates"][1] for f in points if f["properties"].get("stands")]
    with page.expect_navigation():
        page.locator("ol form button").last.click()

"""What pages say, asked of the real server over the example dossier."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest
from desks import Desk, logged_in, token_in, trucewatch

pytestmark = pytest.mark.model


@pytest.fixture
def client(open_desk: Desk) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=open_desk.url, timeout=60) as opened:
        yield opened


def test_a_page_of_tallies_says_what_the_whole_telling_says(client: httpx.Client, open_desk: Desk) -> None:
    rows = [json.loads(line) for line in trucewatch("tallies", str(open_desk.folder), "--format", "jsonl").splitlines()]
    page = client.get("/tallies/").text
    shown = [cells(row) for row in re.findall(r'<tr id="tal_.*?</tr>', page, re.S)]
    assert len(shown) == len(rows) > 5
    for (verdict, behind), row in zip(shown, rows, strict=True):
        ids = row["everyone"]["incident_ids"] if row["everyone"] else []
        assert verdict == row["verdict"].replace("_", " ") and set(behind) <= set(ids) and bool(behind) == bool(ids)


def cells(row: str) -> tuple[str, list[str]]:
    """The verdict of a row and the incidents it leads to."""
    verdict = re.findall(r'<span class="tag (?:bad|good|warn|plain)">([a-z ]+)</span>', row)[-1]
    return verdict, re.findall(r"/incidents/(inc_[0-9a-f]+)/", row)


def test_the_overview_names_its_rule_and_marks_the_days_of_the_agreements(client: httpx.Client) -> None:
    page = client.get("/").text
    assert "by the counting rule “Incidents”" in unescape(page)
    bars = page.split('class="bars"')[1].split("</svg>")[0]
    assert "2020-03-06: idlib-2020-03-05 in effect" in bars and 'class="rule"' in bars


def test_a_few_tallies_come_to_the_overview_by_themselves(client: httpx.Client) -> None:
    assert 'hx-get="/tallies/?brief=1"' in client.get("/").text
    assert client.get("/tallies/?brief=1").text.count(" documented</li>") > 2


def test_a_report_marks_what_is_named_in_its_tellings(client: httpx.Client) -> None:
    account = client.get("/api/accounts?place=Balyun").json()["rows"][0]["account"]
    text = client.get(f"/reports/{account['report_id']}/").text.split('id="text"')[1].split("</section>")[0]
    marks = {kind for classes in re.findall(r'<mark class="([a-z ]+)"', text) for kind in classes.split()}
    assert {"account", "place", "actor", "time"} <= marks
    assert "".join(re.sub(r"<[^>]+>", "", unescape(text)).split())  # the words themselves are all there
    assert account["quote"].split()[0] in re.sub(r"<[^>]+>", "", text)


def test_maps_open_on_the_areas_of_the_agreements(client: httpx.Client) -> None:
    found = re.search(r'data-home="([-\d.,]+)"', client.get("/incidents/").text)
    assert found
    west, south, east, north = map(float, found[1].split(","))
    assert 35 < west < 36.5 < east < 38 and 34.5 < south < 35.8 < north < 37


def test_a_refusal_is_a_page_for_people(either_desk: Desk) -> None:
    with logged_in(either_desk, "viewer") as viewer:
        answer = viewer.get("/people/", headers={"Accept": "text/html"})
    assert answer.status_code == 403 and "it needs admin" in answer.text and "<nav" in answer.text


def test_the_page_of_the_api_tells_of_every_address(client: httpx.Client) -> None:
    document = client.get("/api/openapi.json").json()
    page = client.get("/api/").text
    assert all(f"<code>{address}</code>" in page for address in document["paths"])


def test_the_second_of_two_people_keeps_what_was_written(either_desk: Desk) -> None:
    with logged_in(either_desk, "editor") as one, logged_in(either_desk, "reviewer") as other:
        told = one.get("/api/incidents?type=shelling&limit=1").json()["rows"][0]
        address = f"/incidents/{told['incident']['incident_id']}/"

        def corrected(client: httpx.Client, kind: str, reason: str) -> str:
            form = {"kind": "correct", "field": "type", "new": kind, "reason": reason, "version": str(told["version"])}
            form["csrfmiddlewaretoken"] = token_in(client.get(address).text)
            client.post(f"{address}decision/", data=form, headers={"Referer": either_desk.url + address})
            return unescape(client.get(address).text)

        assert "Done: correct" in corrected(one, "airstrike", "the photograph")
        page = corrected(other, "bombing", "the crater")
        assert "somebody else has decided on this incident" in page
        assert "You had written: correct type to bombing, because: the crater" in page
        taken = re.findall(r'name="subject" value="(dec_[0-9a-f]+)"', one.get(address).text)[-1]
        form = {"kind": "undo", "subject": taken, "csrfmiddlewaretoken": token_in(one.get(address).text)}
        one.post(f"{address}decision/", data=form, headers={"Referer": either_desk.url + address})
        assert one.get(f"/api{address.rstrip('/')}").json()["incident"]["type"] == "shelling"

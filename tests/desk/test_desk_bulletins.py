"""Composing, publishing and correcting bulletins, asked of the real server."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from desks import CAST, Desk, copy_of, logged_in, serve, token_in

pytestmark = pytest.mark.model


def published(client: httpx.Client, desk: Desk, **asked: str) -> httpx.Response:
    """The answer to publishing what the form shows for these fields."""
    page = client.get("/bulletins/new/", params={"headline": "A week", **asked}).text
    seen = re.search(r'name="hash" value="([0-9a-f]{64})"', page)
    assert seen, page[-3000:]
    form = {"headline": "A week", **asked, "hash": seen.group(1), "csrfmiddlewaretoken": token_in(page)}
    return client.post("/bulletins/new/", data=form, headers={"Referer": desk.url + "/"})


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("reviewer", 403), ("editor", 200), ("admin", 200)])
def test_only_editors_compose_and_look_at_drafts(team_desk: Desk, role: str, status: int) -> None:
    with logged_in(team_desk, role) as client:
        assert client.get("/bulletins/new/").status_code == status
        assert client.get("/bulletins/preview/").status_code == status


@pytest.mark.parametrize("role", CAST[:2])
def test_others_cannot_publish(team_desk: Desk, role: str) -> None:
    with logged_in(team_desk, role) as client:
        client.get("/login/")
        form = {"headline": "x", "hash": "0" * 64, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        assert client.post("/bulletins/new/", data=form, headers={"Referer": team_desk.url}).status_code == 403


def test_what_is_published_is_what_was_looked_at_and_signed(team_desk: Desk) -> None:
    with logged_in(team_desk, "editor") as client:
        draft = client.get("/bulletins/preview/", params={"headline": "A week", "until": "2020-03-20"}).text
        answer = published(client, team_desk, until="2020-03-20")
        assert answer.status_code == 302
        address = answer.headers["location"]
        assert client.get(f"{address}page/").text == draft
        assert "by editor" in client.get(address).text
        assert client.get(f"{address}markdown/").headers["content-disposition"].startswith("attachment")
        assert address in client.get("/bulletins/").text


def test_contents_that_nobody_has_seen_are_not_published(team_desk: Desk) -> None:
    with logged_in(team_desk, "editor") as client:
        page = client.get("/bulletins/new/?headline=Unseen").text
        form = {"headline": "Unseen", "hash": "0" * 64, "csrfmiddlewaretoken": token_in(page)}
        answer = client.post("/bulletins/new/", data=form, headers={"Referer": team_desk.url + "/"})
        assert answer.status_code == 400 and "changed since you looked" in answer.text
        assert "Unseen" not in client.get("/bulletins/").text


def test_a_rejected_incident_is_in_the_errata_with_its_cause(team_desk: Desk) -> None:
    with logged_in(team_desk, "editor") as client:
        first = published(client, team_desk).headers["location"]
        assert "The dossier tells the same today" in client.get(first).text
        held = client.get("/api/findings?outcome=breach_if_true&limit=1").json()["rows"][0]
        subject = held["incident_id"]
        client.get("/login/")
        form = {"kind": "reject", "reason": "a drill", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        client.post(f"/incidents/{subject}/decision/", data=form, headers={"Referer": team_desk.url + "/"})
        assert "a drill" in client.get(first).text and "withdrawn" in client.get(first).text
        second = client.get(published(client, team_desk).headers["location"]).text
        errata = second.split("Errata it brought")[1]
        assert "withdrawn" in errata and "a drill" in errata and first in errata
        corrections = client.get(f"{published(client, team_desk).headers['location']}page/").text
        assert "is told the same" in corrections.split('id="errata"')[1]


def test_a_part_is_named_in_the_title(team_desk: Desk) -> None:
    with logged_in(team_desk, "editor") as client:
        page = client.get("/bulletins/preview/?headline=North&place=Saraqib&type=shelling").text
    assert "North (only shelling; at Saraqib)" in page


@pytest.mark.parametrize(
    ("asked", "field"),
    [("since=yesterday", "since"), ("type=picnic", "type"), ("agreement=none", "agreement"), ("rule=mine", "rule")],
)
def test_an_unusable_field_is_named(team_desk: Desk, asked: str, field: str) -> None:
    with logged_in(team_desk, "editor") as client:
        answer = client.get(f"/bulletins/new/?headline=x&{asked}")
    assert answer.status_code == 400 and field in answer.text.split('role="alert"')[1][:300]


@pytest.mark.parametrize("change", ["UPDATE bulletins SET title = 'other'", "DELETE FROM bulletins"])
def test_the_database_itself_refuses_to_change_a_bulletin(team_desk: Desk, change: str) -> None:
    with logged_in(team_desk, "editor") as client:
        published(client, team_desk)
    with sqlite3.connect(team_desk.folder / "trucewatch.sqlite3") as database:
        assert database.execute("SELECT COUNT(*) FROM bulletins").fetchone()[0] > 0
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            database.execute(change)


@pytest.fixture
def own_desk(read_dossier: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk whose files a test may edit."""
    yield from serve(copy_of(read_dossier, tmp_path / "house"))


def test_nothing_is_published_between_an_edit_and_a_run(own_desk: Desk) -> None:
    told = "idlib-2020-03-05.yaml was changed after the last run of"
    with httpx.Client(base_url=own_desk.url, timeout=60) as client:
        assert told not in client.get("/").text
        agreement = own_desk.folder.parents[1] / "agreements" / "idlib-2020-03-05.yaml"
        agreement.write_text(agreement.read_text("utf-8").replace("north_m: 6000", "north_m: 40000"), "utf-8")
        assert told in client.get("/").text
        answer = published(client, own_desk)
        assert answer.status_code == 400 and told in answer.text
        assert "A week" not in client.get("/bulletins/").text

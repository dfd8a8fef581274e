"""People and keys: who may see to them, what they open, and that the last admin stays."""

from __future__ import annotations

import re
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from desks import CAST, PASSWORD, Desk, copy_of, logged_in, token_in, trucewatch

pytestmark = pytest.mark.model


def sent(client: httpx.Client, desk: Desk, address: str, **form: str) -> httpx.Response:
    """The answer to a form of the page of people."""
    token = token_in(client.get("/people/").text)
    return client.post(address, data={**form, "csrfmiddlewaretoken": token}, headers={"Referer": desk.url + "/"})


def tried(desk: Desk, name: str, password: str) -> int:
    """The status of an attempt to log in: 302 where the door opens."""
    with httpx.Client(base_url=desk.url, timeout=60) as client:
        form = {"username": name, "password": password, "csrfmiddlewaretoken": token_in(client.get("/login/").text)}
        return client.post("/login/", data=form, headers={"Referer": desk.url + "/login/"}).status_code


def number_of(page: str, name: str) -> str:
    """The address of the forms about that person."""
    found = re.search(rf"<td>{name}</td>\s*<td><form[^>]+action=\"(/people/\d+/)\"", page)
    assert found, page[-3000:]
    return found.group(1)


def key_made(client: httpx.Client, desk: Desk, name: str, scope: str) -> str:
    page = sent(client, desk, "/people/tokens/", name=name, scope=scope, days="30").text
    found = re.search(r'id="key">(tw_[\w-]+)<', page)
    assert found, page[-2000:]
    return found.group(1)


@pytest.mark.parametrize("role", CAST[:3])
@pytest.mark.parametrize("address", ["/people/add/", "/people/1/", "/people/tokens/", "/people/tokens/1/revoke/"])
def test_only_admins_see_to_people(team_desk: Desk, role: str, address: str) -> None:
    with logged_in(team_desk, role) as client:
        client.get("/login/")
        form = {"name": "x", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        assert client.post(address, data=form, headers={"Referer": team_desk.url + "/"}).status_code == 403
        assert client.get("/people/").status_code == 403


def test_a_person_is_added_shut_out_and_let_in_with_another_password(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        assert sent(client, team_desk, "/people/add/", name="amal", password=PASSWORD, role="viewer").status_code == 302
        assert tried(team_desk, "amal", PASSWORD) == 302
        place = number_of(client.get("/people/").text, "amal")
        sent(client, team_desk, place, do="shut-out")
        assert tried(team_desk, "amal", PASSWORD) != 302
        sent(client, team_desk, place, do="let-in")
        sent(client, team_desk, place, do="password", password="quite another one")
        assert tried(team_desk, "amal", PASSWORD) != 302
        assert tried(team_desk, "amal", "quite another one") == 302


@pytest.mark.parametrize("form", [{"do": "shut-out"}, {"do": "role", "role": "viewer"}])
def test_the_last_admin_stays(team_desk: Desk, form: dict[str, str]) -> None:
    with logged_in(team_desk, "admin") as client:
        place = number_of(client.get("/people/").text, "admin")
        answer = sent(client, team_desk, place, **form)
        assert answer.status_code == 400 and "somebody must stay admin" in answer.text
        assert client.get("/people/").status_code == 200


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ({"name": "viewer", "password": PASSWORD, "role": "viewer"}, "already"),
        ({"name": "basma", "password": "short", "role": "viewer"}, "characters or more"),
        ({"name": "basma", "password": PASSWORD, "role": "king"}, "a role is one of"),
        ({"name": "<b>", "password": PASSWORD, "role": "viewer"}, "letters, digits"),
    ],
)
def test_what_cannot_be_added_is_said(team_desk: Desk, form: dict[str, str], what: str) -> None:
    with logged_in(team_desk, "admin") as client:
        answer = sent(client, team_desk, "/people/add/", **form)
    assert answer.status_code == 400 and what in answer.text


def test_the_first_account_must_be_an_admins(open_desk: Desk) -> None:
    with logged_in(open_desk, None) as client:
        answer = sent(client, open_desk, "/people/add/", name="amal", password=PASSWORD, role="viewer")
        assert answer.status_code == 400 and "first account" in answer.text


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("review", 201), ("edit", 201)])
def test_a_key_opens_what_its_scope_says(team_desk: Desk, scope: str, status: int) -> None:
    with logged_in(team_desk, "admin") as client:
        key = key_made(client, team_desk, f"notebook {scope}", scope)
    with httpx.Client(base_url=team_desk.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as program:
        first = program.get("/api/incidents?limit=1").json()["rows"][0]["incident"]["incident_id"]
        taken = program.post("/api/decisions", json={"kind": "note", "subject_id": first, "reason": "seen"})
        assert taken.status_code == status
        if status == 201:
            assert taken.json()["author"] == f"key notebook {scope} of admin"
        assert program.get("/incidents/", follow_redirects=False).status_code == 302


def test_a_key_that_was_revoked_or_has_ended_opens_nothing_and_only_its_hash_is_kept(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        revoked, ended = (key_made(client, team_desk, name, "read") for name in ("to revoke", "to end"))
        page = client.get("/people/").text
        assert revoked not in page
        place = re.findall(r"/people/tokens/\d+/revoke/", page.split("to revoke")[1])[0]
        sent(client, team_desk, place)
    with sqlite3.connect(team_desk.folder / "trucewatch.sqlite3") as database:
        past = (date.today() - timedelta(days=1)).isoformat()
        database.execute("UPDATE tokens SET expires_at = ? WHERE name = 'to end'", [past])
        assert revoked not in str(database.execute("SELECT * FROM tokens").fetchall())
    for key in (revoked, ended, "tw_made-up"):
        answer = httpx.get(f"{team_desk.url}/api/incidents", headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 401 and answer.json()["code"] == "bad-key"


def test_who_is_shut_out_loses_the_keys_too(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        sent(client, team_desk, "/people/add/", name="samir", password=PASSWORD, role="admin")
        with httpx.Client(base_url=team_desk.url, timeout=60) as other:
            form = {"username": "samir", "password": PASSWORD}
            form["csrfmiddlewaretoken"] = token_in(other.get("/login/").text)
            other.post("/login/", data=form, headers={"Referer": team_desk.url + "/login/"})
            key = key_made(other, team_desk, "of samir", "read")
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.get(f"{team_desk.url}/api/incidents", headers=headers).status_code == 200
        sent(client, team_desk, number_of(client.get("/people/").text, "samir"), do="shut-out")
        assert httpx.get(f"{team_desk.url}/api/incidents", headers=headers).status_code == 401


def test_a_page_of_another_address_decides_nothing_through_the_api(open_desk: Desk) -> None:
    with logged_in(open_desk, None) as client:
        first = client.get("/api/incidents?limit=1").json()["rows"][0]["incident"]["incident_id"]
        decided = {"kind": "note", "subject_id": first, "reason": "x"}
        foreign = client.post("/api/decisions", json=decided, headers={"Origin": "http://elsewhere.example"})
        assert foreign.status_code == 403
        assert client.post("/api/decisions", json=decided, headers={"Origin": open_desk.url}).status_code == 201


def test_after_eight_wrong_passwords_the_door_closes(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        sent(client, team_desk, "/people/add/", name="karim", password=PASSWORD, role="viewer")
    for _ in range(8):
        assert tried(team_desk, "karim", "a wrong password") != 302
    assert tried(team_desk, "karim", PASSWORD) == 429


def changes_of(page: str) -> list[tuple[str, str, str]]:
    """(author, what, of whom) of the changes the page lists, the newest first."""
    table = page.split('id="changes"')[1].split("</table>")[0]
    return re.findall(r'<td class="when">[^<]*</td><td>([^<]*)</td><td>([^<]*)</td><td>([^<]*)</td>', table)


def test_changes_of_people_and_keys_stand_in_the_chain_without_any_secret(either_desk: Desk) -> None:
    with logged_in(either_desk, "admin") as client:
        sent(client, either_desk, "/people/add/", name="dalia", password=PASSWORD, role="viewer")
        place = number_of(client.get("/people/").text, "dalia")
        sent(client, either_desk, place, do="role", role="reviewer")
        sent(client, either_desk, place, do="password", password="quite another one")
        sent(client, either_desk, place, do="shut-out")
        key = key_made(client, either_desk, "of dalia's notebook", "read")
        page = client.get("/people/").text
        taken = [(who, what) for who, what, name in changes_of(page) if name == "dalia"]
        assert taken == [("admin", what) for what in ("shut-out", "password", "role", "added")]
        assert "viewer → reviewer" in page and ("admin", "key") in [c[:2] for c in changes_of(page)]
        answer = client.get("/api/openapi.json")
        assert answer.status_code == 200 and key not in page.replace(f'id="key">{key}', "")


def test_a_removed_change_of_people_is_found_by_the_audit(team_desk: Desk, tmp_path: Path) -> None:
    with logged_in(team_desk, "admin") as client:
        sent(client, team_desk, "/people/add/", name="elias", password=PASSWORD, role="editor")
        sent(client, team_desk, "/people/add/", name="farah", password=PASSWORD, role="viewer")
    folder = copy_of(team_desk.folder, tmp_path / "house")
    trucewatch("audit", str(folder))
    with sqlite3.connect(folder / "trucewatch.sqlite3") as database:
        database.execute("DROP TRIGGER decisions_no_delete")
        database.execute("DELETE FROM decisions WHERE kind = 'person' AND new LIKE '%elias%'")
    with pytest.raises(AssertionError, match="Checked"):
        trucewatch("audit", str(folder))


def test_a_change_of_people_is_not_undone_as_a_decision(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        sent(client, team_desk, "/people/add/", name="ghada", password=PASSWORD, role="viewer")
        with sqlite3.connect(team_desk.folder / "trucewatch.sqlite3") as database:
            row = database.execute("SELECT decision_id FROM decisions WHERE new LIKE '%ghada%'").fetchone()
        answer = client.post("/api/decisions", json={"kind": "undo", "subject_id": row[0]})
    assert answer.status_code == 400 and "under People" in answer.json()["what"]


def test_everybody_changes_the_own_password_and_needs_the_present_one(either_desk: Desk) -> None:
    other = "quite another one"
    with logged_in(either_desk, "admin") as admin:
        sent(admin, either_desk, "/people/add/", name="hiba", password=PASSWORD, role="viewer")
    with httpx.Client(base_url=either_desk.url, timeout=60) as client:
        form = {"username": "hiba", "password": PASSWORD, "csrfmiddlewaretoken": token_in(client.get("/login/").text)}
        client.post("/login/", data=form, headers={"Referer": either_desk.url + "/login/"})

        def asked(**words: str) -> httpx.Response:
            words["csrfmiddlewaretoken"] = token_in(client.get("/password/").text)
            return client.post("/password/", data=words, headers={"Referer": either_desk.url + "/"})

        for words, problem in (
            ({"old": "not it", "password": other, "again": other}, "the present password is another"),
            ({"old": PASSWORD, "password": "short", "again": "short"}, "characters or more"),
            ({"old": PASSWORD, "password": other, "again": other + "!"}, "not typed twice alike"),
        ):
            answer = asked(**words)
            assert answer.status_code == 400 and problem in answer.text
        assert asked(old=PASSWORD, password=other, again=other).status_code == 302
        assert client.get("/incidents/").status_code == 200  # who changed it stays logged in
    assert tried(either_desk, "hiba", other) == 302
    assert tried(either_desk, "hiba", PASSWORD) != 302

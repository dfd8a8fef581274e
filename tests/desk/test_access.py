"""Every page and route is asked the same questions, once per person of the cast."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from desks import CAST, Desk, logged_in, token_in

pytestmark = pytest.mark.model

PAGES = (
    "/", "/incidents/", "/queue/", "/reports/", "/agreements/", "/ledger/", "/tallies/", "/statements/", "/sources/",
    "/bulletins/", "/runs/", "/areas.geojson", "/incidents/points.geojson",
)  # fmt: skip
ROUTES = ("/api/incidents", "/api/findings", "/api/statements", "/api/tallies", "/api/obligations", "/api/issues")


@pytest.mark.parametrize("role", CAST)
def test_the_cast_may_read_every_page(team_desk: Desk, role: str) -> None:
    with logged_in(team_desk, role) as client:
        assert {page: client.get(page).status_code for page in (*PAGES, *ROUTES)} == dict.fromkeys(
            (*PAGES, *ROUTES), 200
        )


def test_a_stranger_is_shown_the_door_on_every_page(team_desk: Desk) -> None:
    with logged_in(team_desk, None) as client:
        assert all(client.get(page).headers.get("location", "").startswith("/login/") for page in PAGES)


def test_a_stranger_gets_401_on_every_route(team_desk: Desk) -> None:
    with logged_in(team_desk, None) as client:
        answers = {route: client.get(route) for route in ROUTES}
    assert {route: a.status_code for route, a in answers.items()} == dict.fromkeys(ROUTES, 401)
    assert answers[ROUTES[0]].json()["code"] == "login-needed"


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("reviewer", 302), ("editor", 302), ("admin", 302)])
def test_only_reviewers_and_above_decide(team_desk: Desk, role: str, status: int) -> None:
    with logged_in(team_desk, role) as client:
        first = client.get("/api/incidents?limit=1").json()["rows"][0]["incident"]["incident_id"]
        client.get("/login/")
        form = {"kind": "note", "reason": "seen", "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        headers = {"Referer": team_desk.url + "/"}
        assert client.post(f"/incidents/{first}/decision/", data=form, headers=headers).status_code == status


def test_a_decision_without_the_form_token_is_refused(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        first = client.get("/api/incidents?limit=1").json()["rows"][0]["incident"]["incident_id"]
        client.cookies.delete("csrftoken")
        assert client.post(f"/incidents/{first}/decision/", data={"kind": "accept"}).status_code == 403


def test_every_page_carries_a_policy_without_inline_script(team_desk: Desk) -> None:
    with logged_in(team_desk, "viewer") as client:
        for page in PAGES:
            policy = client.get(page).headers["content-security-policy"]
            assert "script-src 'self'" in policy and "unsafe-inline" not in policy, page


def test_a_bad_filter_is_a_400_that_names_it(team_desk: Desk) -> None:
    with logged_in(team_desk, "viewer") as client:
        answer = client.get("/incidents/?since=yesterday", headers={"Accept": "text/html"})
    assert answer.status_code == 400 and "since" in answer.text


def test_the_desk_refuses_to_leave_loopback_without_an_admin(open_desk: Desk) -> None:
    command = [
        sys.executable,
        "-m",
        "trucewatch",
        "desk",
        str(open_desk.folder),
        "--host",
        "0.0.0.0",
        "--port",
        "0",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and "no-admin" in done.stderr


def test_a_name_for_a_proxy_closes_the_door_on_loopback_too(open_desk: Desk) -> None:
    command = [sys.executable, "-m", "trucewatch", "desk", str(open_desk.folder), "--port", "0"]
    env = {**os.environ, "TRUCEWATCH_HOSTS": "desk.example.org"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=env)
    assert done.returncode == 2 and "no-admin" in done.stderr


def test_the_queue_takes_a_decision_and_undoes_it(open_desk: Desk) -> None:
    with logged_in(open_desk, None) as client:
        before = client.get("/queue/").text
        subject = before.split('name="subject" value="')[1].split('"')[0]
        headers = {"Referer": open_desk.url + "/"}
        form = {"subject": subject, "csrfmiddlewaretoken": token_in(before)}
        client.post("/queue/", data={**form, "kind": "accept"}, headers=headers)
        assert subject not in client.get("/queue/").text
        client.post("/queue/", data={**form, "kind": "undo"}, headers=headers)
        assert f'value="{subject}"' in client.get("/queue/").text

"""Every page and route is asked the same questions, once per person of the cast."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import httpx
import pytest
from desks import CAST, Desk, logged_in, token_in
from test_desk_bulletins import published
from test_uploads import added, ended

from trucewatch.desk.urls import urlpatterns

pytestmark = pytest.mark.model

PAGES = (
    "/", "/incidents/", "/queue/", "/reports/", "/agreements/", "/ledger/", "/tallies/", "/statements/", "/sources/",
    "/bulletins/", "/runs/", "/areas.geojson", "/incidents/points.geojson", "/incidents/timeline/", "{incident}",
    "{incident}places.geojson", "/password/", "/agreements/idlib-2018-09-17/",
    "/api/", "{report}", "{bulletin}", "{bulletin}page/", "{bulletin}markdown/",
)  # fmt: skip
ROUTES = (
    "/api/incidents", "/api/accounts", "/api/findings", "/api/statements", "/api/tallies", "/api/obligations",
    "/api/issues", "/api{incident_path}", "/api/openapi.json",
)  # fmt: skip
READ: Mapping[str, str] = {  # who may at least look
    **dict.fromkeys((*PAGES, *ROUTES), "viewer"),
    "{incident}correct/": "reviewer",
    **dict.fromkeys(("/bulletins/new/", "/bulletins/preview/", "/reports/add/", "{upload}"), "editor"),
    "/people/": "admin",
}
# who may at least send it, the form, and the status for those who may: 302 where it is taken, 400 where only the form
# is at fault, 404 or 405 where there is nothing to change
SENT: Mapping[str, tuple[str, dict[str, str], int]] = {
    "{incident}decision/": ("reviewer", {"kind": "note", "reason": "seen"}, 302),
    "{report}decision/": ("reviewer", {"kind": "add", "quote": "", "type": "shelling"}, 302),
    "/queue/": ("reviewer", {"kind": "again"}, 302),
    "/bulletins/new/": ("editor", {"headline": "x", "hash": "0" * 64}, 400),
    "/bulletins/preview/": ("editor", {}, 405),
    "{bulletin}": ("editor", {}, 405),
    "/sources/": ("editor", {}, 405),
    "/reports/add/": ("editor", {}, 400),
    "{upload}stop/": ("editor", {}, 302),
    "{upload}go-on/": ("editor", {}, 302),
    "/reports/add/987654/stop/": ("editor", {}, 404),
    "/reports/add/987654/go-on/": ("editor", {}, 404),
    "/password/": ("viewer", {"old": "another"}, 400),
    "/people/add/": ("admin", {"name": "x"}, 400),
    "/people/987654/": ("admin", {"do": "shut-out"}, 404),
    "/people/tokens/": ("admin", {"name": "x", "scope": "none"}, 400),
    "/people/tokens/987654/revoke/": ("admin", {}, 302),
}
EVERYBODY = (None, *CAST)
OPEN = {"healthz", "login/", "logout/"}  # asked by strangers too, or by whoever leaves


@pytest.fixture(scope="module")
def known(either_desk: Desk) -> dict[str, str]:
    """Addresses that are there: an incident, a bulletin, a job of adding reports, and a report with words in it."""
    with logged_in(either_desk, "editor") as client:
        told = client.get("/api/accounts?limit=1").json()["rows"][0]["account"]
        incident = client.get("/api/incidents?limit=1").json()["rows"][0]["incident"]["incident_id"]
        upload = added(client, either_desk, [("broken.pdf", b"%PDF-1.4 no")]).headers["location"]
        ended(client, upload)
        return {
            "incident": f"/incidents/{incident}/",
            "incident_path": f"/incidents/{incident}",
            "report": f"/reports/{told['report_id']}/",
            "quote": told["quote"],
            "start": str(told["span"]["start"]),
            "bulletin": published(client, either_desk).headers["location"],
            "upload": upload,
        }


def answered(answer: httpx.Response) -> int | str:
    """The status, or "login" for who is shown the door."""
    return "login" if answer.headers.get("location", "").startswith("/login/") else answer.status_code


def due(role: str | None, least: str, address: str, status: int) -> int | str:
    """What that member of the cast should be answered."""
    if role is None:
        return 401 if address.startswith("/api") and address != "/api/" else "login"
    return status if CAST.index(role) >= CAST.index(least) else 403


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_may_look_at_what_the_role_allows(either_desk: Desk, known: dict[str, str], role: str | None) -> None:
    with logged_in(either_desk, role) as client:
        got = {address: answered(client.get(address.format(**known))) for address in READ}
    assert got == {address: due(role, least, address, 200) for address, least in READ.items()}


@pytest.mark.parametrize("role", EVERYBODY)
def test_each_may_change_what_the_role_allows(either_desk: Desk, known: dict[str, str], role: str | None) -> None:
    headers, got = {"Referer": either_desk.url + "/"}, {}
    with logged_in(either_desk, role) as client:
        client.get("/login/")
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        for address, (_, form, _) in SENT.items():
            got[address] = answered(client.post(address.format(**known), data={**form, **token}, headers=headers))
    assert got == {address: due(role, least, address, status) for address, (least, _, status) in SENT.items()}


def test_no_address_of_the_desk_is_left_out_of_these_tables(known: dict[str, str]) -> None:
    asked = {address.format(**known).removeprefix("/") for address in (*READ, *SENT)}
    missing = [str(p.pattern) for p in urlpatterns if not any(p.pattern.match(address) for address in asked)]
    assert set(missing) == OPEN


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_api_takes_decisions_of_reviewers_and_above(
    either_desk: Desk, known: dict[str, str], role: str | None
) -> None:
    decided = {"kind": "note", "subject_id": known["incident"].split("/")[2], "reason": "seen"}
    with logged_in(either_desk, role) as client:
        answer = client.post("/api/decisions", json=decided)
    assert answer.status_code == due(role, "reviewer", "/api/decisions", 201)
    if role is None:
        assert answer.json()["code"] == "login-needed"


def by_hand(desk: Desk) -> dict[str, str]:
    """The accounts people have added, each with its state."""
    with logged_in(desk, "viewer") as client:
        rows = client.get("/api/accounts?limit=500&text=trucewatch.desk.by_hand").json()["rows"]
    return {row["account"]["account_id"]: row["state"] for row in rows}


@pytest.mark.parametrize("role", EVERYBODY)
def test_reviewers_and_above_add_an_account_and_reject_it(
    either_desk: Desk, known: dict[str, str], role: str | None
) -> None:
    n_chars = 4 + EVERYBODY.index(role)  # the same words are an account of a report only once
    form = {"kind": "add", "quote": known["quote"][:n_chars], "start": known["start"], "type": "shelling"}
    headers, before = {"Referer": either_desk.url + "/"}, by_hand(either_desk)
    with logged_in(either_desk, role) as client:
        client.get("/login/")
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"], "reason": "the machine passed over it"}
        client.post(f"{known['report']}decision/", data={**form, **token}, headers=headers)
        new = by_hand(either_desk).keys() - before.keys()
        assert len(new) == (1 if role in CAST[1:] else 0)
        for account_id in new:
            rejected = {"kind": "reject", "subject": account_id, **token}
            client.post(f"{known['report']}decision/", data=rejected, headers=headers)
            assert by_hand(either_desk)[account_id] == "rejected"


def test_a_decision_without_the_form_token_is_refused(team_desk: Desk) -> None:
    with logged_in(team_desk, "admin") as client:
        first = client.get("/api/incidents?limit=1").json()["rows"][0]["incident"]["incident_id"]
        client.cookies.delete("csrftoken")
        assert client.post(f"/incidents/{first}/decision/", data={"kind": "accept"}).status_code == 403


def test_every_page_carries_a_policy_without_inline_script(either_desk: Desk, known: dict[str, str]) -> None:
    with logged_in(either_desk, "admin") as client:
        for page in READ:
            policy = client.get(page.format(**known)).headers["content-security-policy"]
            if page in ("{bulletin}page/", "/bulletins/preview/"):  # a file with its own style, which may run nothing
                assert "default-src 'none'" in policy and "script-src" not in policy, page
            else:
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

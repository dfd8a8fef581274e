"""The review queue with several people at it, asked of the real server and seen in Chromium."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from desks import Desk, copy_of, hire, logged_in, serve, token_in, trucewatch
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def careful_desk(read_dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk of a team whose dossier asks for a second reader."""
    folder = copy_of(read_dossier, tmp_path_factory.mktemp("careful") / "house")
    with (folder / "dossier.yaml").open("a") as file:
        file.write("\nsecond_reader: true\n")
    hire(folder)
    yield from serve(folder)


def subject_of(page: str) -> str:
    """The incident a page of the queue shows."""
    found = re.search(r'name="subject" value="(inc_[0-9a-f]+)"', page)
    assert found, page[-2000:]
    return found.group(1)


def told(client: httpx.Client, desk: Desk, kind: str, subject: str | None = None) -> str:
    """The queue after that decision on the incident it shows, or on that one."""
    page = client.get("/queue/").text
    form = {"kind": kind, "subject": subject or subject_of(page), "csrfmiddlewaretoken": token_in(page)}
    client.post("/queue/", data=form, headers={"Referer": desk.url + "/"})
    return client.get("/queue/").text


def test_two_people_are_shown_two_incidents_and_who_is_at_work(either_desk: Desk) -> None:
    with logged_in(either_desk, "reviewer") as one, logged_in(either_desk, "editor") as other:
        first, second = one.get("/queue/").text, other.get("/queue/").text
        assert subject_of(first) != subject_of(second)
        assert subject_of(one.get("/queue/").text) == subject_of(first)
        beside = second.split('id="at-work"')[1]
        assert "<b>reviewer</b>" in beside and subject_of(first) in beside
        assert "reviewer is at work on this one" in told(other, either_desk, "accept", subject_of(first))
        told(one, either_desk, "skip")
        assert subject_of(other.get("/queue/").text) == subject_of(second)  # what is held stays
        assert subject_of(told(other, either_desk, "skip")) == subject_of(first)
        told(other, either_desk, "skip")


def let_go(desk: Desk, role: str) -> None:
    """What that member of the cast still holds from before is free again."""
    with logged_in(desk, role) as client:
        page = client.get("/queue/").text
        form = {"kind": "skip", "subject": subject_of(page), "csrfmiddlewaretoken": token_in(page)}
        client.post("/queue/", data=form, headers={"Referer": desk.url + "/"})


def test_who_may_only_look_holds_nothing_up(either_desk: Desk) -> None:
    let_go(either_desk, "admin")
    with logged_in(either_desk, "viewer") as looker, logged_in(either_desk, "admin") as admin:
        shown = re.findall(r'<h2><a href="/incidents/(inc_[0-9a-f]+)/', looker.get("/queue/").text)
        assert shown == [subject_of(admin.get("/queue/").text)]
        told(admin, either_desk, "skip")


def test_the_queue_says_what_a_decision_would_change(either_desk: Desk) -> None:
    with logged_in(either_desk, "editor") as client:
        page = client.get("/queue/").text
    why = page.split('id="stake">')[1].split("</p>")[0]
    assert re.search(r"takes \d+(\.\d+)? alleged breach(es)? from the ledger", why), why


def test_two_must_agree_and_an_editor_settles(careful_desk: Desk) -> None:
    with logged_in(careful_desk, "reviewer") as one, logged_in(careful_desk, "admin") as other:
        subject = subject_of(one.get("/queue/").text)
        after = told(one, careful_desk, "accept")
        assert "A second person reads it" in after and subject_of(after) != subject
        told(one, careful_desk, "skip")
        page = other.get("/queue/").text
        assert subject_of(page) == subject and "One person has read it" in page
        assert "reviewer" not in page.split('id="at-work"')[0].split("</header>")[1]
        whole = other.get(f"/incidents/{subject}/").text.split("</header>")[1]
        assert "told when a second person has read it" in whole and "by reviewer" not in whole
        after = told(other, careful_desk, "reject")
        assert "1 on which two disagree waits for an editor" in after
        assert subject_of(after) != subject
        told(other, careful_desk, "skip")
        with logged_in(careful_desk, "editor") as editor:
            page = editor.get("/queue/").text
            assert subject_of(page) == subject and "says reviewer" in page and "says admin" in page
            assert "Done: accept" in told(editor, careful_desk, "accept")
            state = editor.get(f"/api/incidents/{subject}").json()["state"]
    assert state == "accepted"


def decided(client: httpx.Client, desk: Desk, report: str, **form: str) -> str:
    """The report's page after that decision on it."""
    page = client.get(report).text
    words = {"reason": "because", "csrfmiddlewaretoken": token_in(page), **form}
    client.post(f"{report}decision/", data=words, headers={"Referer": desk.url + report})
    return client.get(report).text


def refused(*args: str) -> str:
    """What the command says on standard error as it refuses; the input is to blame."""
    done = subprocess.run([sys.executable, "-m", "trucewatch", *args], capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_a_statement_is_read_by_two_and_settled_on_the_command_line(careful_desk: Desk) -> None:
    with logged_in(careful_desk, "reviewer") as one, logged_in(careful_desk, "admin") as other:
        told_of = one.get("/api/statements?kind=denial").json()["rows"][0]
        key, report = told_of["statement_id"], f"/reports/{told_of['report_id']}/"
        assert "A second person reads it" in decided(one, careful_desk, report, kind="reject", subject=key)
        assert "a word that you do not see" in other.get(report).text
        assert f"{report}#{key}" in other.get("/queue/").text.split('id="at-work"')[1]
        page = decided(other, careful_desk, report, kind="accept", subject=key)
        assert "<b>reject</b>, says reviewer" in page and "<b>accept</b>, says admin" in page
    folder = str(careful_desk.folder)
    assert "reject (reviewer); accept (admin)" in trucewatch("waiting", folder, "--format", "csv")
    words = ("decide", "reject", key, "--reason", "it denies nothing", "-d", folder)
    assert "readers-disagree" in refused(*words, "--author", "editor")
    assert "not-allowed" in refused(*words, "--author", "viewer", "--settle")
    assert "reject of" in trucewatch(*words, "--author", "editor", "--settle")
    assert key not in trucewatch("waiting", folder, "--format", "csv")


def test_an_added_account_waits_for_another_person(careful_desk: Desk) -> None:
    with logged_in(careful_desk, "reviewer") as one, logged_in(careful_desk, "admin") as other:
        account = one.get("/api/accounts").json()["rows"][0]["account"]
        report = f"/reports/{account['report_id']}/"
        before = one.get("/api/accounts?limit=1").json()["total"]
        page = decided(one, careful_desk, report, kind="add", quote=account["quote"][:-2], type="shelling")
        assert "You would add it" in page and one.get("/api/accounts?limit=1").json()["total"] == before
        offered = other.get(report).text.split('id="offered"')[1]
        proposal = re.search(r'name="proposal" value="(dec_[0-9a-f]+)"', offered)
        subject = re.search(r'name="subject" value="(acc_[0-9a-f]+)"', offered)
        assert proposal and subject
        page = decided(other, careful_desk, report, kind="add", subject=subject[1], proposal=proposal[1])
        assert "the account is added" in page
        assert one.get("/api/accounts?limit=1").json()["total"] == before + 1


@pytest.fixture
def page(chromium: Browser, open_desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=open_desk.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_two_incidents_are_merged_by_keys_and_taken_apart_again(page: Page) -> None:
    page.goto("/queue/")
    before = page.request.get("/api/incidents?limit=1").json()["total"]
    for _ in range(40):
        if page.locator("#merge").count():
            break
        with page.expect_navigation():
            page.keyboard.press("s")
    page.keyboard.press("1")  # not before M has shown the choices
    page.keyboard.press("m")
    assert page.locator("#merge[open]").count() == 1
    with page.expect_navigation():
        page.keyboard.press("1")
    assert "Done: merge" in page.inner_text("[role=status]")
    assert page.request.get("/api/incidents?limit=1").json()["total"] == before - 1
    with page.expect_navigation():
        page.keyboard.press("u")
    assert page.request.get("/api/incidents?limit=1").json()["total"] == before

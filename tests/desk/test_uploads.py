"""Adding reports by upload: the job runs outside the request, says how far it is, and never gives a file back."""

from __future__ import annotations

import io
import re
import time
import zipfile

import httpx
import pytest
from desks import Desk, logged_in, token_in

pytestmark = pytest.mark.model
HOSTILE = "<html><head><title>Shelling</title></head><body><script>alert(1)</script><p>{}</p></body></html>"
TOLD = "Regime forces shelled Saraqib on 9 March 2020, killing two civilians, the Observatory said."


def added(client: httpx.Client, desk: Desk, files: list[tuple[str, bytes]], **fields: str) -> httpx.Response:
    """The answer to sending these files with the form."""
    form = {**fields, "csrfmiddlewaretoken": token_in(client.get("/reports/add/").text)}
    sent = [("files", (name, content)) for name, content in files]
    return client.post("/reports/add/", data=form, files=sent, headers={"Referer": desk.url + "/"})


def ended(client: httpx.Client, address: str) -> str:
    """The page of the job once it is over."""
    for _ in range(240):
        page = client.get(address).text
        if not re.search(r">(waiting|running|stopping)</span>", page):
            return page
        time.sleep(0.5)
    pytest.fail("the job did not end: " + page[-3000:])


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return out.getvalue()


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("reviewer", 403), ("editor", 200), ("admin", 200)])
def test_only_editors_add_reports(team_desk: Desk, role: str, status: int) -> None:
    with logged_in(team_desk, role) as client:
        assert client.get("/reports/add/").status_code == status
        client.get("/login/")
        form = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post("/reports/add/", data=form, headers={"Referer": team_desk.url + "/"})
        assert answer.status_code == (403 if status == 403 else 400)


def test_files_and_archives_are_read_and_what_is_broken_is_named(open_desk: Desk) -> None:
    archive = zipped(one_txt=TOLD, two_html=HOSTILE.format(TOLD.replace("Saraqib", "Kafranbel")))
    files = [("march.zip", archive), ("../../etc/broken.pdf", b"%PDF-1.4 no")]
    with logged_in(open_desk, None) as client:
        answer = added(client, open_desk, files, source="Upload Wire", published="2020-03-10")
        assert answer.status_code == 302
        page = ended(client, answer.headers["location"])
        assert ">done</span>" in page and "<dd>2</dd>" in page and "broken.pdf" in page
        rows = client.get("/reports/?source=Upload+Wire").text
        assert "Seeing 2 of 2" in rows
        report = client.get(re.findall(r'href="(/reports/rep_[0-9a-f]+/)"', rows)[0]).text
        assert "Saraqib" in report or "Kafranbel" in report
        assert "<script>alert" not in report
        again = ended(
            client, added(client, open_desk, files, source="Upload Wire", published="2020-03-10").headers["location"]
        )
        assert "<dt>Known already</dt><dd>2</dd>" in again
    assert not list((open_desk.folder / "uploads").glob("*/*"))


def test_no_address_serves_a_file_that_was_added(open_desk: Desk) -> None:
    with logged_in(open_desk, None) as client:
        place = added(client, open_desk, [("page.html", HOSTILE.format("x").encode())]).headers["location"]
        for address in (f"{place}001-page.html", "/uploads/1/001-page.html", "/static/uploads/1/001-page.html"):
            assert client.get(address).status_code == 404, address
        ended(client, place)


def test_a_job_that_was_stopped_goes_on(open_desk: Desk) -> None:
    many = [(f"{n}.txt", TOLD.replace("9 March", f"{n + 1} March").encode()) for n in range(20)]
    with logged_in(open_desk, None) as client:
        place = added(client, open_desk, many, source="Many Wire", published="2020-03-28").headers["location"]
        form = {"csrfmiddlewaretoken": token_in(client.get(place).text)}
        headers = {"Referer": open_desk.url + "/"}
        client.post(f"{place}stop/", data=form, headers=headers)
        assert ">stopped</span>" in ended(client, place)
        client.post(f"{place}go-on/", data=form, headers=headers)
        assert ">done</span>" in ended(client, place)
        assert "Seeing 20 of 20" in client.get("/reports/?source=Many+Wire").text


def test_more_files_than_allowed_are_refused(open_desk: Desk) -> None:
    with logged_in(open_desk, None) as client:
        answer = added(client, open_desk, [(f"{n}.txt", b"x") for n in range(501)])
    assert answer.status_code == 400

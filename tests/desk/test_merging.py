"""A reviewer merges two incidents in Debian's Chromium and undoes it, over each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desks import Desk
from playwright.sync_api import Browser, Page
from test_publishing import log_in

pytestmark = [pytest.mark.browser, pytest.mark.model]
MERGE = "form:has([name=kind][value=merge])"


@pytest.fixture
def page(chromium: Browser, either_desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=either_desk.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def accounts_of(page: Page, incident_id: str) -> set[str]:
    """The accounts of an incident as the API tells them."""
    answer = page.request.get(f"/api/incidents/{incident_id}")
    assert answer.ok, answer.text()
    return {told["account"]["account_id"] for told in answer.json()["accounts"]}


def first_with_another_near(page: Page) -> str:
    """An incident whose page offers another to merge it with."""
    for row in page.request.get("/api/incidents?limit=500").json()["rows"]:
        incident_id: str = row["incident"]["incident_id"]
        if 'name="kind" value="merge"' in page.request.get(f"/incidents/{incident_id}/").text():
            return incident_id
    pytest.fail("no two incidents of the example lie near each other in place and time")


def test_two_incidents_are_merged_and_taken_apart_again(page: Page) -> None:
    log_in(page, "reviewer")
    one = first_with_another_near(page)
    page.goto(f"/incidents/{one}/")
    tick = page.locator(f"{MERGE} [name=new]").first
    other = tick.get_attribute("value") or ""
    before = accounts_of(page, one), accounts_of(page, other)
    tick.check()
    page.fill("#m-reason", "the same shells, told twice")
    with page.expect_navigation():
        page.click(f"{MERGE} button")
    assert "Done: merge" in page.inner_text("[role=status]")
    merged = page.url.rstrip("/").split("/")[-1]
    assert accounts_of(page, merged) == before[0] | before[1]
    page.goto(f"/incidents/{other}/")
    assert page.url.rstrip("/").split("/")[-1] == merged  # an address that was cited leads on
    with page.expect_navigation():
        page.locator("ol form button").last.click()
    assert "Undone." in page.inner_text("[role=status]")
    assert (accounts_of(page, one), accounts_of(page, other)) == before

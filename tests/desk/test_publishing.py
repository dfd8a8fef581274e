"""An editor publishes in Debian's Chromium, each of the cast logs in, and axe looks at the pages this needs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from desks import CAST, PASSWORD, Desk
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
PAGES = {"compose": "/bulletins/new/?headline=The+truce", "add-reports": "/reports/add/", "people": "/people/"}
EDITORS_LINKS = {"viewer": (0, 0), "reviewer": (0, 0), "editor": (1, 0), "admin": (1, 1)}  # to compose, to people
PICTURES = Path(os.environ.get("TRUCEWATCH_SCREENSHOTS", "screenshots"))


@pytest.fixture
def page(chromium: Browser, team_desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=team_desk.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def log_in(page: Page, role: str) -> None:
    page.goto("/bulletins/")
    page.fill("#id_username", role)
    page.fill("#id_password", PASSWORD)
    page.click("#login button")
    page.wait_for_selector(".who")  # the address of the login names the next page too, so it tells nothing


@pytest.mark.parametrize("role", CAST)
def test_each_of_the_cast_logs_in_and_sees_what_the_role_allows(page: Page, role: str) -> None:
    log_in(page, role)
    assert role in page.inner_text(".who")
    shown = page.locator("a[href='/bulletins/new/'].main").count(), page.locator("nav a[href='/people/']").count()
    assert shown == EDITORS_LINKS[role]
    page.click(".who button")
    page.goto("/bulletins/")
    assert page.locator("#login").count() == 1


def test_an_editor_looks_at_a_bulletin_and_publishes_it(page: Page) -> None:
    log_in(page, "editor")
    page.click("a.button.main")
    page.fill("#b-headline", "Two weeks of the truce")
    page.fill("#b-since", "2020-03-06")
    page.fill("#b-until", "2020-03-20")
    with page.expect_navigation():
        page.click("#compose button.main")
    assert "Two weeks of the truce" in page.inner_text("#preview h2")
    with page.expect_navigation():
        page.click("#publish")
    assert page.inner_text("h1") == "Two weeks of the truce"
    page.click("a.button.main")
    assert "Two weeks of the truce" in page.inner_text("body")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("device", "width"), [("desktop", 1280), ("phone", 390)])
def test_the_pages_fit_and_have_no_serious_fault(page: Page, name: str, device: str, width: int) -> None:
    log_in(page, "admin")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(PAGES[name])
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}-{device}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
    assert not grave, grave

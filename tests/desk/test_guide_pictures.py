"""The pictures of the guides and of the README, taken of the real desk over the example dossier as it is after a run.

They are written to `screenshots/guide`; `make pictures` writes them to `docs/pictures`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from desks import Desk, copy_of, serve
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
PICTURES = Path(os.environ.get("TRUCEWATCH_GUIDE_PICTURES", "screenshots/guide"))


@pytest.fixture(scope="module")
def untouched_desk(read_dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on which nobody has decided anything yet."""
    yield from serve(copy_of(read_dossier, tmp_path_factory.mktemp("untouched") / "house"))


@pytest.fixture
def page(chromium: Browser, untouched_desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=untouched_desk.url, viewport={"width": 1280, "height": 1000})
    PICTURES.mkdir(parents=True, exist_ok=True)
    yield context.new_page()
    context.close()


def test_the_picture_of_the_queue(page: Page) -> None:
    page.goto("/queue/")
    assert page.locator("main mark").count() and page.locator("[data-key=a]").is_visible()
    page.screenshot(path=PICTURES / "queue.png")


def test_the_picture_of_an_incident(page: Page) -> None:
    told = page.request.get("/api/incidents?belief=contested&place=Balyun").json()["rows"][0]["incident"]
    page.goto(f"/incidents/{told['incident_id']}/")
    page.wait_for_selector(".map[data-ready]")
    assert page.locator("tr.differs").count() and page.locator("#denials").count()
    page.screenshot(
        path=PICTURES / "incident.png", clip={"x": 0, "y": 0, "width": 1280, "height": 1720}, full_page=True
    )


def test_the_picture_of_composing(page: Page) -> None:
    page.goto("/bulletins/new/")
    page.fill("#b-since", "2020-03-06")
    page.fill("#b-until", "2020-06-30")
    page.get_by_role("button", name="Look at it").click()
    assert page.locator("#preview .figure").count() and page.locator("#publish").is_visible()
    page.screenshot(path=PICTURES / "desk-compose.png", full_page=True)


def test_the_picture_of_a_bulletin(page: Page) -> None:
    page.goto("/bulletins/preview/?headline=")
    assert page.locator("figure svg").count() == 2
    page.set_viewport_size({"width": 1100, "height": 2100})
    page.screenshot(path=PICTURES / "bulletin.png")

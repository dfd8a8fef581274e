"""The desk in Debian's Chromium: as a reviewer works, by mouse and by keyboard alone, looked at by axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from desks import Desk
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.model]
PAGES = {
    "overview": "/", "incidents": "/incidents/", "queue": "/queue/", "reports": "/reports/",
    "agreements": "/agreements/",
    "ledger": "/ledger/", "tallies": "/tallies/", "statements": "/statements/", "sources": "/sources/",
    "bulletins": "/bulletins/", "compose": "/bulletins/new/", "runs": "/runs/", "uploads": "/reports/add/",
    "people": "/people/", "api": "/api/", "nothing": "/incidents/?place=nowhere",
    "agreement": "/agreements/idlib-2020-03-05/",
}  # fmt: skip
PICTURES = Path(os.environ.get("TRUCEWATCH_SCREENSHOTS", "screenshots"))


@pytest.fixture
def page(chromium: Browser, open_desk: Desk) -> Iterator[Page]:
    context = chromium.new_context(base_url=open_desk.url, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    yield opened
    context.close()
    assert not faults, faults


@pytest.mark.parametrize("width", [1280, 390])  # on a phone tables scroll, which must go by keyboard too
@pytest.mark.parametrize("name", [*PAGES, "incident", "report"])
def test_no_page_has_a_serious_fault_of_accessibility(page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(PAGES.get(name, f"/{name}s/"))
    if name not in PAGES:
        page.goto(page.locator(f"main table a[href^='/{name}s/{name[:3]}']").first.get_attribute("href") or "")
        assert page.locator(".map.small, #text").count() == 1
    found = Axe().run(page).response["violations"]
    grave = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
    assert not grave, grave


@pytest.mark.parametrize(("device", "width"), [("desktop", 1280), ("phone", 390)])
def test_no_page_is_wider_than_its_screen(page: Page, device: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    PICTURES.mkdir(exist_ok=True)
    told = page.request.get("/api/incidents?belief=contested&place=Balyun").json()["rows"][0]["incident"]
    for name, address in {**PAGES, "incident": f"/incidents/{told['incident_id']}/"}.items():
        page.goto(address)
        if page.locator(".map").count():
            page.wait_for_selector(".map[data-ready]")
        page.screenshot(path=PICTURES / f"{name}-{device}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_filtering_by_type_narrows_list_and_address(page: Page) -> None:
    page.goto("/incidents/")
    page.select_option("#f-type", "shelling")
    with page.expect_response(lambda r: "type=shelling" in r.url and r.ok):
        page.click("form.filters button.main")
    page.wait_for_url("**type=shelling**")
    kinds = page.locator("#rows tbody tr td:nth-child(2) a").all_inner_texts()
    assert kinds and set(kinds) == {"Shelling"}


def test_dragging_along_the_timeline_sets_the_days_of_list_and_address(page: Page) -> None:
    page.goto("/incidents/")
    bars = page.locator("#timeline svg.bars")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box
    before = page.inner_text("#seen")
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 30, steps=4)
    with page.expect_response(lambda r: "since=2" in r.url and r.ok):
        page.mouse.up()
    page.wait_for_url("**since=2**")
    since, until = page.input_value("#f-since"), page.input_value("#f-until")
    page.wait_for_selector("#timeline rect.out")
    assert since < until and page.inner_text("#seen") != before


def test_the_box_of_the_map_narrows_the_list_and_can_be_left(page: Page) -> None:
    page.goto("/incidents/")
    page.wait_for_selector(".map[data-shown]")
    before, whole = page.inner_text("#seen"), page.locator(".map").get_attribute("data-box")
    page.locator(".maplibregl-ctrl-zoom-in").click()
    page.wait_for_selector(f".map[data-box]:not([data-box='{whole}'])")
    with page.expect_response(lambda r: "bbox=" in r.url and "/incidents/?" in r.url and r.ok):
        page.click("#take-box")
    page.wait_for_url("**bbox=**")
    page.reload()
    assert page.inner_text("#seen") != before
    page.get_by_role("link", name="leave the box of the map").click()
    assert page.inner_text("#seen") == before


def test_the_map_shows_the_incidents_of_the_list(page: Page) -> None:
    page.goto("/incidents/")
    page.wait_for_selector(".map[data-shown]")
    assert int(page.locator(".map").get_attribute("data-shown") or 0) > 0


def test_a_place_is_corrected_by_a_click_on_the_map_and_undone(page: Page) -> None:
    page.goto("/incidents/?outcome=breach_if_true")
    page.locator("#rows tbody tr a").first.click()
    page.wait_for_selector(".map[data-ready]")
    page.locator(".map canvas").click(position={"x": 60, "y": 60})
    page.wait_for_function("document.querySelector('#p-lat').value !== ''")
    lat = float(page.input_value("#p-lat"))
    page.fill("#p-reason", "the photograph shows the other village")
    with page.expect_navigation():
        page.click("#place-form button")
    assert "Done: correct" in page.inner_text("[role=status]")
    where = page.locator("section", has=page.locator("#place-form"))
    assert f"{lat:.4f}" in where.inner_text()
    with page.expect_navigation():
        page.locator("ol form button").last.click()
    assert "Undone." in page.inner_text("[role=status]")
    assert f"{lat:.4f}" not in where.inner_text()


def test_selected_words_become_an_account_and_it_can_be_rejected(page: Page) -> None:
    page.goto("/reports/")
    with page.expect_navigation():
        page.locator("main table a[href^='/reports/rep_']").first.click()
    page.evaluate("""() => {
        const text = document.querySelector("#text"), range = document.createRange();
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        let node = walker.nextNode();
        while (node && node.data.trim().length < 12) node = walker.nextNode();
        const at = node.data.search(/\\S/);
        range.setStart(node, at); range.setEnd(node, at + 11);
        getSelection().removeAllRanges(); getSelection().addRange(range);
    }""")
    page.wait_for_selector("#add-form [name=start]:not([value=''])", state="attached")
    quote = page.input_value("#q-quote")
    page.select_option("#q-type", "shelling")
    page.fill("#q-reason", "the machine passed over it")
    with page.expect_navigation():
        page.click("#add-form button")
    assert "the account is added" in page.inner_text("[role=status]")
    added = page.locator("article", has_text="trucewatch.desk.by_hand").first
    assert added.locator("blockquote").inner_text() == quote
    added.locator("summary").click()
    added.locator("[name=reason]").fill("it was a test of the page")
    with page.expect_navigation():
        added.get_by_role("button", name="The text does not say this").click()
    assert "Done: reject" in page.inner_text("[role=status]")


def test_ten_items_are_reviewed_by_keyboard_alone(page: Page) -> None:
    page.goto("/queue/")
    seen = set()
    for key in "aarasaraaa":
        seen.add(page.locator("input[name=subject]").get_attribute("value"))
        with page.expect_navigation():
            page.keyboard.press(key)
    assert len(seen) == 10
    with page.expect_navigation():
        page.keyboard.press("u")
    assert "Undone" in page.inner_text("[role=status]")


def test_a_page_can_be_walked_by_tab(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

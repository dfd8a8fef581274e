"""What a page links to or shows is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages import PAGES, ROOT, name_of

LINK = re.compile(r"\]\(([^)\s]+)\)")
PICTURES = sorted(p for p in (ROOT / "docs" / "pictures").rglob("*") if p.is_file())


def _anchors(page: Path) -> set[str]:
    """The names under which MyST and GitHub reach the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def _links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    return [link for link in LINK.findall(text) if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name_of(page)}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in _anchors(target), f"{name_of(page)}: {link}"


@pytest.mark.parametrize("picture", PICTURES, ids=name_of)
def test_a_picture_is_shown_by_some_page(picture: Path) -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in _links(page)}
    assert picture.resolve() in shown

"""How fast the review queue hands out items to somebody who works it by keyboard alone, in Debian's Chromium.

    python eval/crowded_store.py DIR --incidents 2000
    python eval/review_pace.py DIR/examples/crowded --items 100

A real server process is started and the queue opened; A (accept) is pressed as soon as an item is there to be read,
`--items` times over. Printed is what the desk takes of each item: the seconds from the key to the next item on the
screen, p50, p95 and all together, and how many seconds of ten minutes are left to read each. It takes real decisions,
so give it a copy. The exit code is 1 where less than four seconds are left for an item.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TEN_MINUTES_S = 600.0
LEAST_LEFT_S = 4.0  # to read a quote of a few lines and make up one's mind


def main() -> None:
    """Prints the figures as JSON."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("dossier", type=Path)
    words.add_argument("--items", type=int, default=100)
    asked = words.parse_args()
    command = [sys.executable, "-u", "-m", "trucewatch", "desk", str(asked.dossier), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            found = next(filter(None, (re.search(r"http://[\d.]+:\d+", line) for line in server.stdout or ())), None)
            if found is None:
                raise SystemExit("the server ended before it listened")
            took = _worked(found.group(0), asked.items)
        finally:
            server.terminate()
    whole, ordered = sum(took), sorted(took)
    left = (TEN_MINUTES_S - whole) / len(took)
    print(
        json.dumps(
            {
                "items": len(took),
                "desk_s": round(whole, 1),
                "p50_s": round(ordered[len(took) // 2], 3),
                "p95_s": round(ordered[int(len(took) * 0.95)], 3),
                "left_to_read_each_s": round(left, 2),
                "load": round(os.getloadavg()[0], 1),
            }
        )
    )
    sys.exit(left < LEAST_LEFT_S)


def _worked(url: str, n_items: int) -> list[float]:
    """Seconds from each key to the next item."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 900})
        page.goto("/queue/")
        took = [_accept(page) for _ in range(n_items)]
        browser.close()
    return took


def _accept(page: Page) -> float:
    subject = page.locator("input[name=subject]").get_attribute("value", timeout=5000)
    began = time.perf_counter()
    with page.expect_navigation():
        page.keyboard.press("a")
    page.wait_for_selector("input[name=subject], .empty", state="attached")
    took = time.perf_counter() - began
    if page.locator(f"input[name=subject][value='{subject}']").count():
        raise SystemExit(f"{subject} was not taken: {page.inner_text('main')[:400]}")
    return took


if __name__ == "__main__":
    main()

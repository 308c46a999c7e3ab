"""What is wrong with a page as it stands in the browser, and how it looked."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page


def problems(page: "Page") -> list[str]:
    """What axe finds, and whether the page is wider than the window."""
    found = [f"{rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("wider than the window")
    return found


def keep_picture(page: "Page", name: str) -> None:
    """In the folder `PORTAL_SHOTS`, where there is one: for people to look at."""
    if folder := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=Path(folder) / f"{re.sub(r'[^\w-]+', '-', name)}.png", full_page=True)

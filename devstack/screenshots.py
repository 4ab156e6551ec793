"""Screenshots of a running portal for README.md: ``make screenshots`` beside ``make run``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

#: File name → page of the portal with the examples of ``make run``.
PAGES = {
    "search": "/szukaj?q=seniorzy",
    "calls": "/call-for-offers/",
    "programme": "/program",
}
_WIDTH, _HEIGHT = 1280, 860
#: Debian's Chromium has no Polish pattern of its own for empty boxes of dates.
_NO_AMERICAN_DATES = "input[type=date] { color: transparent }"


def take(site: str, folder: Path) -> int:
    """Take a screenshot of each of :data:`PAGES`, in Polish.

    :param site: address of the portal
    :param folder: where the files go
    :returns: 0; 1 where there is no Chromium
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if not chromium:
        print("There is no Chromium: apt-get install chromium", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": _WIDTH, "height": _HEIGHT}, locale="pl-PL", bypass_csp=True
        )
        for name, path in PAGES.items():
            page.goto(site + path)
            page.wait_for_load_state("networkidle")
            page.add_style_tag(content=_NO_AMERICAN_DATES)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()
    return 0

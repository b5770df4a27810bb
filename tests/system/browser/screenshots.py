"""Take the screenshots of the README from the running demo: `make screenshots`."""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page, ViewportSize

from tests.support.programs.program import ROOT
from tests.system.browser.chromium import find_chromium, launched
from tests.system.browser.demo import ANNA, BORIS, MARIA, Chat, Demo, demo_running

PICTURES = ROOT / "docs"
WIDE = ViewportSize(width=1180, height=660)
SINGLE = ViewportSize(width=860, height=740)
PHONE = ViewportSize(width=390, height=760)


async def main(chromium: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="booking-desk-") as directory:
        async with launched(chromium) as browser, demo_running(Path(directory)) as demo:
            await _take(browser, demo)


async def _take(browser: Browser, demo: Demo) -> None:
    await demo.reset()
    await _russian(await _opened(browser, SINGLE, demo.address(BORIS)))
    await _phone(await _opened(browser, PHONE, demo.address(ANNA)))
    await _list_and_card(await _opened(browser, SINGLE, demo.address(ANNA)))
    await _both(await _opened(browser, WIDE, demo.address(ANNA, MARIA)))


async def _opened(browser: Browser, size: ViewportSize, address: str) -> Page:
    page = await browser.new_page(viewport=size, locale="en-GB", reduced_motion="reduce")
    await page.goto(address)
    await page.locator("#hint").get_by_label("Close").click()
    return page


async def _russian(page: Page) -> None:
    await Chat(page, 0).shows("Ждут")
    await _save(page, "russian")


async def _phone(page: Page) -> None:
    await Chat(page, 0).shows("Pending")
    await _save(page, "phone")


async def _list_and_card(page: Page) -> None:
    anna = Chat(page, 0)
    await anna.shows("Pending")
    await _save(page, "list")
    await anna.open_card("María")
    await _save(page, "card")


async def _both(page: Page) -> None:
    anna, maria = Chat(page, 0), Chat(page, 1)
    await anna.press("Confirm")
    await anna.shows("Confirmed by Anna")
    await maria.shows("María, welcome!")
    await anna.press("Refresh")
    await anna.shows("Welcome delivered")
    await _save(page, "both")


async def _save(page: Page, name: str) -> None:
    await page.mouse.move(0, 0)
    await page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    found = find_chromium()
    if found is None:
        sys.exit("Chromium is not installed; on Debian: apt install chromium")
    asyncio.run(main(found))

"""The page in dark mode and on a phone."""

import re
from base64 import b64encode
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.types import BotCommand
from playwright.async_api import Page, expect

from simulator import BotAccount, Telegram
from tests.system.browser.demo import ANNA, MARIA, Chat, Demo

BRIGHTNESS = """
async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  return data.reduce((sum, value, index) => sum + (index % 4 === 3 ? 0 : value), 0)
    / (data.length * 0.75 * 255);
}
"""

OUTSIDE = """
() => [...document.querySelectorAll("body *")]
  .filter((it) => it.checkVisibility() && it.tagName !== "BDI")
  .filter((it) => it.getBoundingClientRect().right > innerWidth)
  .map((it) => it.outerHTML.slice(0, 80))
"""


async def brightness(page: Page, path: Path) -> float:
    """Return the brightness of a screenshot, from 0 to 1."""
    picture = await page.screenshot(path=path)
    measured: float = await page.evaluate(BRIGHTNESS, b64encode(picture).decode())
    return measured


async def test_the_page_is_dark_where_the_system_is(
    page: Page, demo: Demo, tmp_path: Path
) -> None:
    await page.emulate_media(color_scheme="dark")
    await page.goto(demo.url)
    await Chat(page, 0).shows("Pending")
    assert await brightness(page, tmp_path / "dark.png") < 0.3

    await page.get_by_label("Light or dark").click()

    assert await brightness(page, tmp_path / "light.png") > 0.6


@pytest.mark.parametrize("width", [320, 390])
async def test_a_phone_shows_the_list_and_then_one_chat(
    page: Page, demo: Demo, tmp_path: Path, width: int
) -> None:
    await page.set_viewport_size({"width": width, "height": 720})
    await page.goto(demo.url)
    await page.locator(".entry", has_text="Anna").click()
    anna = Chat(page, 0)

    await anna.open_card("María")

    await expect(page.locator("#chats")).to_be_hidden()
    await expect(page.locator(".pane:visible")).to_have_count(1)
    await page.screenshot(path=tmp_path / "phone.png")
    assert await page.evaluate("document.documentElement.scrollWidth") == width
    await expect(anna.button("Confirm")).to_be_in_viewport()

    await anna.pane.get_by_label("Back").click()

    await expect(page.locator(".entry", has_text="Anna")).to_be_visible()


async def test_where_there_is_room_for_one_chat_the_other_one_of_the_address_can_be_opened(
    page: Page, demo: Demo
) -> None:
    await page.set_viewport_size({"width": 1000, "height": 720})
    await page.goto(demo.address(ANNA, MARIA))
    title = page.locator(".pane:visible .title b")
    await expect(title).to_have_text("Anna’s phone · School desk")

    await page.locator(".entry", has_text="María").click()

    await expect(title).to_have_text("María’s phone · School desk")


async def test_back_leads_to_the_list_whatever_else_is_in_the_address(
    page: Page, demo: Demo
) -> None:
    await page.set_viewport_size({"width": 390, "height": 720})
    await page.goto(demo.address(ANNA, MARIA))

    await Chat(page, 0).pane.get_by_label("Back").click()

    await expect(page.locator("#chats")).to_be_visible()


async def test_an_address_that_names_nobody_shows_the_first_chats(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.url}/#%")

    await expect(page.locator(".pane .title b")).to_have_text(
        [re.compile("^Anna"), re.compile("^María")]
    )


async def test_long_names_fit_on_a_phone(
    page: Page, url: str, bot: Bot, desk: BotAccount, telegram: Telegram
) -> None:
    mallory = telegram.add_person(2, "M" * 64, last_name="N" * 64)
    mallory.start(desk)
    staff = telegram.add_group(-1_000_000_000_500, "G" * 128, [mallory])
    staff.add(telegram.add_bot("1002:other", username="other_bot", name="B" * 64))
    await bot.set_my_commands([BotCommand(command="c" * 32, description="d" * 256)])
    await page.set_viewport_size({"width": 320, "height": 640})

    await page.goto(f"{url}/#2@{staff.id}")
    await expect(page.get_by_label("Seen by")).to_be_visible()
    assert await page.evaluate(OUTSIDE) == []

    await page.goto(f"{url}/#2@any_bot")
    await page.get_by_label("Commands").first.click()
    await expect(page.get_by_role("option")).to_be_visible()
    assert await page.evaluate(OUTSIDE) == []


async def test_what_arrives_in_another_chat_is_counted_until_it_is_read(
    page: Page, demo: Demo
) -> None:
    await page.goto(demo.address(ANNA))
    anna, entry = Chat(page, 0), page.get_by_title("Teaches maths")
    await anna.open_card("María")

    await anna.press("Confirm")
    await expect(entry.locator(".unread")).to_have_text("1")

    await entry.click()
    await expect(entry.locator(".unread")).to_have_count(0)

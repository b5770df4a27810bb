"""Whether everything on the page can be read: the contrast that WCAG calls AA."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from playwright.async_api import Page, expect

from simulator import BotAccount, Control, Person, Telegram, serve
from tests.system.browser.conftest import TOKEN
from tests.system.browser.demo import Chat
from tests.system.browser.page.test_page import MARKUP

AA = 4.5
GRAPHICS = 3.0
RED_SIGN = (221, 46, 68)
"""The color of 🚫 in the common fonts."""

#: Returns [contrast, words] of each text, with the colors under it laid over one another; of a
#: gradient each color counts.
MEASURE = """
() => {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], under) =>
    [r, g, b].map((value, i) => (value * a + under[i] * (255 - a)) / 255);
  const channel = (value) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const grounds = (element) => {
    if (!element) return [[255, 255, 255]];
    const style = getComputedStyle(element);
    const colors = style.backgroundImage.match(/(rgba?|color|oklab)\\([^)]*\\)/g);
    const layers = (colors ?? [style.backgroundColor]).map(rgba);
    if (layers.every((layer) => layer[3] === 255)) return layers;
    const below = grounds(element.parentElement);
    return below.flatMap((under) => layers.map((one) => over(one, under)));
  };
  const words = (element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.data)
      .join("")
      .replace(/[^\\p{L}\\p{N}]/gu, "");
  return [...document.querySelectorAll("body *")]
    .filter((it) => it.checkVisibility({ opacityProperty: true }) && words(it))
    .filter((it) => !it.closest("option, datalist, .spoiler, :disabled, noscript"))
    .map((it) => {
      const style = getComputedStyle(it);
      const color = rgba(it instanceof SVGElement ? style.fill : style.color);
      const under = it instanceof SVGElement
        ? [rgba(it.previousElementSibling.getAttribute("fill"))]
        : grounds(it);
      return [Math.min(...under.map((one) => contrast(over(color, one), one))), words(it)];
    });
}
"""


def rgb(color: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", color)[:3]))


def contrast(*colors: tuple[int, ...]) -> float:
    dark, bright = sorted(map(brightness, colors))
    return (bright + 0.05) / (dark + 0.05)


def brightness(color: tuple[int, ...]) -> float:
    shares = (value / 255 for value in color)
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def keyboard() -> InlineKeyboardMarkup:
    styles = ("primary", "success", "danger", None)
    row = [
        InlineKeyboardButton(text=style or "plain", callback_data="x", style=style)
        for style in styles
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


@asynccontextmanager
async def bot_at(url: str) -> AsyncIterator[Bot]:
    async with AiohttpSession(api=TelegramAPIServer.from_base(url)) as session:
        yield Bot(TOKEN, session, DefaultBotProperties(parse_mode="HTML"))


async def fill(telegram: Telegram, bot: Bot, desk: BotAccount) -> None:
    """Bring everything into the chats of the first three that has a color of its own."""
    anna, *others = [telegram.people[number] for number in (1, 2, 3)]
    for other in others:
        other.start(desk)
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [others[0], anna])
    staff.add(desk)
    anna.send(staff, "own")
    await bot.set_my_commands([BotCommand(command="help", description="What there is")])
    keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="a key")]])
    await bot.send_message(anna.id, MARKUP, reply_markup=keyboard())
    for person in (anna, others[0]):
        await bot.send_message(person.id, "one more", reply_markup=keys)
    anna.send_document(desk, b"a,b", "table.csv")
    anna.send_contact(desk, "Boris", user_id=2)
    anna.forward(desk, anna.send(desk, "https://example.com"))
    telegram.advise("Do something")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_text_can_be_read(
    page: Page, telegram: Telegram, desk: BotAccount, anna: Person, theme: Literal["light", "dark"]
) -> None:
    for number in range(2, 9):
        telegram.add_person(number, f"Person {number}")

    async def nothing() -> None:
        pass

    async with serve(telegram, controls={"Reset": Control(nothing)}) as url, bot_at(url) as bot:
        await fill(telegram, bot, desk)
        await page.emulate_media(color_scheme=theme)
        await page.goto(f"{url}/#1@any_bot&2@-1000000000500")
        chat = Chat(page, 0)
        await chat.shows("example.com")
        await page.get_by_label("For developers").first.click()
        await expect(page.locator(".calls details").first).to_be_visible()
        await bot.send_message(3, "unread")
        await expect(page.locator(".chat .unread")).to_be_visible()
        await chat.pane.get_by_label("Commands").click()
        measured = await page.evaluate(MEASURE)
        red = await chat.button("danger").evaluate("(it) => getComputedStyle(it).backgroundColor")

    assert len(measured) > 60
    assert [(round(value, 2), words) for value, words in measured if value < AA] == []
    assert contrast(rgb(red), RED_SIGN) > GRAPHICS

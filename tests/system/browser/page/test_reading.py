"""How the page keeps its reader informed: what is new, what is told, and what covers what."""

import asyncio
import re

from aiogram import Bot
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from playwright.async_api import Page, expect

from simulator import BotAccount, Control, Person, Telegram, serve
from tests.system.browser.demo import Chat
from tests.system.browser.page.test_page import pressed

INDENT = """
(it) => {
  const words = document.createRange();
  words.selectNodeContents(it);
  return words.getBoundingClientRect().left - it.getBoundingClientRect().left;
}
"""


async def test_chats_stand_in_the_order_of_their_newest_messages(
    chat: Chat, bot: Bot, page: Page, telegram: Telegram, anna: Person, desk: BotAccount
) -> None:
    names = page.locator(".entry .name")
    telegram.add_person(2, "Boris").start(desk)
    await expect(names).to_have_text(["Boris", "Anna"])

    await bot.send_message(anna.id, "hello")

    await expect(names).to_have_text(["Anna", "Boris"])


async def test_who_has_an_empty_chat_is_found_and_not_listed(
    chat: Chat, page: Page, telegram: Telegram, desk: BotAccount
) -> None:
    telegram.open(desk, telegram.add_person(2, "Boris").account)
    telegram.add_person(3, "Vera")
    names = page.locator(".entry .name")
    await expect(names).to_have_text(["Anna", "Vera"])

    await page.get_by_label("Search").fill("bor")

    await expect(names).to_have_text(["Boris"])


async def test_of_two_open_chats_the_one_that_is_used_stands_out(
    chat: Chat, page: Page, telegram: Telegram, desk: BotAccount
) -> None:
    telegram.add_person(2, "Boris").start(desk)
    await page.locator(".entry", has_text="Boris").click(modifiers=["Shift"])
    active = page.locator(".chat.active")

    await Chat(page, 1).input.click()
    await expect(active).to_contain_text("Boris")
    await chat.input.click()

    await expect(active).to_contain_text("Anna")
    await expect(page.locator(".chat.open")).to_have_count(2)


async def test_who_reads_further_up_is_led_to_what_has_come(
    chat: Chat, bot: Bot, anna: Person
) -> None:
    for number in range(30):
        await bot.send_message(anna.id, f"message {number}")
    await expect(chat.last).to_be_in_viewport()
    messages, down = chat.pane.locator(".messages"), chat.pane.locator(".down")
    await expect(down).to_be_hidden()
    await messages.evaluate("(it) => it.scrollTo(0, 0)")
    await expect(down).to_be_visible()

    await bot.send_message(anna.id, "the newest")
    await expect(down).to_have_text("1")
    await expect(chat.last).not_to_be_in_viewport()
    await down.click()

    await expect(chat.last).to_be_in_viewport()
    await expect(down).to_be_hidden()


async def test_who_is_at_the_end_stays_there_when_the_chat_becomes_smaller(
    chat: Chat, bot: Bot, page: Page, telegram: Telegram, anna: Person
) -> None:
    for number in range(30):
        await bot.send_message(anna.id, f"message {number}")
    telegram.advise("A long advice. " * 60)
    hint = page.locator("#hint")
    await hint.get_by_label("Close").click()
    await expect(chat.last).to_be_in_viewport()

    # The browser tells of both at once, and of the scrolling first.
    await page.evaluate(
        """() => {
          document.querySelector(".messages").scrollTop -= 5;
          document.querySelector("#hint").hidden = false;
        }"""
    )
    await expect(hint).to_be_visible()
    await bot.send_message(anna.id, "the newest")

    await chat.shows("the newest")
    await expect(chat.last).to_be_in_viewport()


async def test_a_toast_takes_the_place_of_the_last_one_and_an_alert_dims_the_chat(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    button = InlineKeyboardButton(text="Yes", callback_data="yes")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(anna.id, "Well?", reply_markup=markup)
    for words in ("one", "two"):
        await chat.press("Yes")
        await bot.answer_callback_query(await pressed(bot), words)
        await chat.is_told(words)
    await expect(chat.pane.locator(".notice")).to_have_text("two")

    await chat.press("Yes")
    await bot.answer_callback_query(await pressed(bot), "Read this", show_alert=True)
    await expect(page.get_by_role("alertdialog")).to_be_visible()

    over = chat.pane.locator(".notices")
    assert await over.bounding_box() == await chat.pane.bounding_box()
    await expect(over).to_have_css("background-color", re.compile(r"rgba\(0, 0, 0, 0\.4"))


async def test_a_folded_quote_shows_three_whole_lines(chat: Chat, bot: Bot, anna: Person) -> None:
    lines = "\n".join(map(str, range(9)))
    await bot.send_message(anna.id, f"<blockquote expandable>{lines}</blockquote>")

    shown = await chat.last.locator(".expandable").evaluate(
        "(it) => it.clientHeight / parseFloat(getComputedStyle(it).lineHeight)"
    )

    assert abs(shown - 3) < 0.1


async def test_the_time_fits_on_a_small_picture(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    small = await page.screenshot(clip={"x": 0, "y": 0, "width": 20, "height": 20})
    await bot.send_photo(anna.id, BufferedInputFile(small, "small.png"))
    await expect(chat.last.locator("img")).to_have_js_property("naturalWidth", 20)

    lines = await chat.last.locator(".meta").evaluate("(it) => it.getClientRects().length")
    meta = await chat.last.locator(".meta").bounding_box()
    bubble = await chat.last.locator(".bubble").bounding_box()
    assert meta
    assert bubble
    assert (lines, meta["height"] < 25) == (1, True)
    assert bubble["x"] <= meta["x"]


async def test_a_title_from_right_to_left_begins_on_the_left(
    page: Page, url: str, telegram: Telegram, desk: BotAccount
) -> None:
    telegram.add_person(2, "عائشة").start(desk)
    await page.goto(f"{url}/#2@any_bot")
    title = page.locator(".pane .title b").first
    await expect(title).to_contain_text("عائشة")

    for line in title, page.locator(".entry .name").first:
        assert abs(await line.evaluate(INDENT)) < 1


async def test_who_has_no_mouse_reaches_what_can_be_done_with_a_message(
    chat: Chat, page: Page
) -> None:
    tools = chat.last.locator(".tools")
    await expect(tools).to_have_css("pointer-events", "none")

    await chat.last.get_by_label("Forward").focus()
    await expect(tools).to_have_css("opacity", "1")
    await chat.input.focus()
    await expect(tools).to_have_css("opacity", "0")
    await chat.last.locator(".bubble").dispatch_event("click")

    await expect(tools).to_have_css("pointer-events", "auto")


async def test_the_panel_leaves_room_for_both_chats(
    chat: Chat, page: Page, telegram: Telegram, desk: BotAccount
) -> None:
    telegram.add_person(2, "Boris").start(desk)
    await page.locator(".entry", has_text="Boris").click(modifiers=["Shift"])
    await page.get_by_label("For developers").first.click()

    for width in (1440, 1180):
        await page.set_viewport_size({"width": width, "height": 800})
        panel = await page.locator("#panel").bounding_box()
        second = await page.locator(".pane").nth(1).bounding_box()
        assert panel
        assert second
        assert second["x"] + second["width"] <= panel["x"]
        assert second["width"] >= 340


async def test_the_page_asks_before_what_cannot_be_taken_back(
    page: Page, telegram: Telegram, anna: Person
) -> None:
    done = asyncio.Event()

    async def reset() -> None:
        done.set()

    telegram.advise("Begin anew")
    hint = page.locator("#hint")
    async with serve(telegram, controls={"Reset": Control(reset, "Really?")}) as url:
        await page.goto(url)
        for answer in ("Cancel", "Reset"):
            assert not done.is_set()
            await hint.get_by_role("button", name="Reset").click()
            await page.locator("dialog").get_by_role("button", name=answer).click()
        async with asyncio.timeout(20):
            await done.wait()

        await hint.get_by_label("Close").click()
        async with page.expect_response("**/sim/controls") as response:
            await page.reload()
        await (await response.value).finished()
        await page.evaluate("() => new Promise(requestAnimationFrame)")
        await expect(hint).to_be_hidden()
        telegram.advise("Something else")
        await expect(hint).to_contain_text("Something else")


async def test_that_the_server_is_gone_is_said_above_everything(
    page: Page, telegram: Telegram, anna: Person
) -> None:
    async with serve(telegram) as url:
        await page.goto(f"{url}/#1@any_bot")
        await Chat(page, 0).shows("/start")

    await expect(page.locator("body.lost")).to_be_visible()
    top = await page.locator("#chats").bounding_box()
    assert top
    assert top["y"] > 20
    await expect(Chat(page, 0).input).to_be_in_viewport(ratio=1)

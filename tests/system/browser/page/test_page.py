"""The messages of a bot on the page, with any bot."""

import re

import pytest
from aiogram import Bot
from aiogram.types import (
    CopyTextButton,
    DisabledButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from playwright.async_api import Page, expect

from simulator import BotAccount, Person, Telegram, serve
from tests.system.browser.demo import Chat

MARKUP = """\
<b>bold</b> <i>italic</i> <u>underline</u> <s>strike</s> <b>a<i>b</i></b> <code>code</code>
<tg-spoiler>secret</tg-spoiler> <a href="https://example.com/a">link</a> 👩‍👩‍👧 <b>after</b>
<pre><code class="language-python">print(1)</code></pre>
<blockquote>quote</blockquote>
<blockquote expandable>1
2
3
4
5</blockquote>
<tg-time unix="0" format="D">then</tg-time>"""


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[list(buttons)])


async def test_text_looks_as_it_is_marked_up(chat: Chat, bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, MARKUP)
    text = chat.last.locator(".text")

    for tag, words in {"i": "italic", "u": "underline", "s": "strike", "pre": "print(1)"}.items():
        await expect(text.locator(tag, has_text=words).first).to_be_visible()
    await expect(text.locator("b")).to_have_text(["bold", "ab", "after"])
    await expect(text.locator("b > i")).to_have_text("b")
    await expect(text.locator("a")).to_have_attribute("href", "https://example.com/a")
    await expect(text.locator("time")).to_have_text("1 January 1970")
    await expect(text.locator("blockquote")).to_have_count(2)


async def test_a_spoiler_and_a_long_quote_open(chat: Chat, bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, MARKUP)
    quote = chat.last.locator(".expandable")
    folded = await quote.bounding_box()

    await chat.last.locator(".spoiler").click()
    await quote.click()

    await expect(chat.last.locator(".spoiler.open")).to_have_text("secret")
    opened = await quote.bounding_box()
    assert folded
    assert opened
    assert opened["height"] > folded["height"]


async def test_a_long_quote_opens_with_the_keyboard_too(
    chat: Chat, bot: Bot, anna: Person
) -> None:
    await bot.send_message(anna.id, MARKUP)
    quote = chat.last.locator(".expandable")

    await quote.focus()
    await quote.press("Enter")

    await expect(quote).to_have_class("expandable open")


async def test_names_and_texts_are_never_markup(
    chat: Chat, page: Page, telegram: Telegram, desk: BotAccount
) -> None:
    mallory = telegram.add_person(2, "<img src=x onerror=alert(1)>", language_code="en")
    mallory.start(desk)
    mallory.send(desk, "<script>alert(1)</script>")

    await expect(page.locator(".entry .name").first).to_have_text("<img src=x onerror=alert(1)>")
    await expect(page.locator(".entry .last").first).to_have_text("<script>alert(1)</script>")


async def test_what_the_bot_edits_and_deletes_changes_in_place(
    chat: Chat, bot: Bot, anna: Person
) -> None:
    first = await bot.send_message(anna.id, "first")
    second = await bot.send_message(anna.id, "second")
    await chat.shows("second")

    await bot.edit_message_text("changed", chat_id=anna.id, message_id=first.message_id)
    await bot.delete_message(anna.id, second.message_id)

    await expect(chat.messages).to_have_count(2)
    await expect(chat.last.locator(".text")).to_contain_text("changed")
    edited = chat.last.locator(".meta")
    await expect(edited).to_have_text(re.compile(r"^edited\s\d"), use_inner_text=True)


async def test_what_arrives_after_a_deletion_is_counted(
    chat: Chat, bot: Bot, page: Page, telegram: Telegram, desk: BotAccount
) -> None:
    boris = telegram.add_person(2, "Boris")
    boris.start(desk)
    entry = page.locator(".entry", has_text="Boris")
    await bot.send_message(boris.id, "first")
    await entry.click()
    await chat.shows("first")
    await page.locator(".entry", has_text="Anna").click()

    await bot.delete_message(boris.id, boris.chat(desk)[-1].message_id)
    await expect(entry.locator(".last")).to_have_text("/start")
    await bot.send_message(boris.id, "second")

    await expect(entry.locator(".unread")).to_have_text("1")


async def test_a_press_is_answered_by_a_toast_or_an_alert(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    yes = InlineKeyboardButton(text="Yes", callback_data="yes", style="success")
    off = InlineKeyboardButton(text="Off", disabled=DisabledButton())
    await bot.send_message(anna.id, "Well?", reply_markup=keyboard(yes, off))
    await expect(chat.button("Off")).to_be_disabled()
    await expect(chat.button("Yes")).to_have_css("background-color", "rgb(37, 118, 45)")

    await chat.press("Yes")
    await expect(chat.pane.locator(".waiting")).to_have_count(1)
    first = await pressed(bot)
    await bot.answer_callback_query(first, "done")
    await chat.is_told("done")
    await expect(chat.pane.locator(".waiting")).to_have_count(0)

    await chat.press("Yes")
    await bot.answer_callback_query(await pressed(bot), "Read this", show_alert=True)
    await page.get_by_role("button", name="OK").click()
    await expect(page.get_by_role("alertdialog")).to_have_count(0)


@pytest.mark.parametrize("show_alert", [True, False])
async def test_an_answer_without_a_space_stays_inside_its_chat(
    chat: Chat, bot: Bot, anna: Person, page: Page, show_alert: bool
) -> None:
    yes = InlineKeyboardButton(text="Yes", callback_data="yes")
    await bot.send_message(anna.id, "Well?", reply_markup=keyboard(yes))
    await page.set_viewport_size({"width": 320, "height": 640})
    await chat.press("Yes")

    await bot.answer_callback_query(await pressed(bot), "x" * 200, show_alert=show_alert)

    notice = chat.pane.locator(".alert, .notice")
    await expect(notice).to_contain_text("xxx")
    assert await notice.evaluate("(it) => it.scrollWidth <= innerWidth")
    box = await notice.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


async def test_who_closes_an_alert_with_the_keyboard_goes_on_where_they_were(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    yes = InlineKeyboardButton(text="Yes", callback_data="yes")
    await bot.send_message(anna.id, "Well?", reply_markup=keyboard(yes))
    await chat.button("Yes").focus()
    await page.keyboard.press("Enter")
    await bot.answer_callback_query(await pressed(bot), "Read this", show_alert=True)
    await expect(page.get_by_role("button", name="OK")).to_be_focused()

    await page.keyboard.press("Escape")

    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await expect(chat.button("Yes")).to_be_focused()


async def pressed(bot: Bot) -> str:
    """Return the id of the next press, and remove it from the updates."""
    while True:
        for update in await bot.get_updates(timeout=5):
            await bot.get_updates(offset=update.update_id + 1)
            if update.callback_query:
                return update.callback_query.id


async def test_a_button_copies_its_text(chat: Chat, bot: Bot, anna: Person, page: Page) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = InlineKeyboardButton(text="Copy", copy_text=CopyTextButton(text="a text"))
    await bot.send_message(anna.id, "Take it", reply_markup=keyboard(copy))

    await chat.press("Copy")

    await expect(page.locator("#notices")).to_contain_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "a text"


async def test_typing_is_shown_until_the_message(chat: Chat, bot: Bot, anna: Person) -> None:
    await bot.send_chat_action(anna.id, "typing")
    await expect(chat.pane.locator("header.typing")).to_be_visible()

    await bot.send_message(anna.id, "here")

    await expect(chat.pane.locator("header.typing")).to_have_count(0)


async def test_a_fault_is_injected_and_seen_among_the_calls(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    await page.get_by_label("For developers").first.click()
    panel = page.locator("#panel")
    await panel.get_by_label("Method", exact=True).fill("sendMessage")
    await panel.get_by_label("Fault").select_option("error 500")
    await panel.get_by_role("button", name="Add").click()
    await expect(panel.locator(".faults")).to_contain_text("ServerError · sendMessage · 1 ×")

    with pytest.raises(Exception, match="Internal Server Error"):
        await bot.send_message(anna.id, "lost")
    await bot.send_message(anna.id, "arrived")

    await chat.shows("arrived")
    await expect(panel.locator(".faults")).to_be_empty()
    calls = panel.locator(".calls details", has_text="sendMessage")
    await expect(calls.locator("summary span:last-child")).to_have_text(["200", "500"])
    await calls.first.locator("summary").click()
    await expect(calls.first.locator("pre").first).to_contain_text('"text": "arrived"')


async def test_the_page_finds_the_server_again(
    page: Page, telegram: Telegram, anna: Person, desk: BotAccount
) -> None:
    async with serve(telegram) as url:
        await page.goto(f"{url}/#1@any_bot")
        await Chat(page, 0).shows("/start")
    await expect(page.locator("body.lost")).to_be_visible()
    anna.send(desk, "meanwhile")

    async with serve(telegram, port=int(url.rpartition(":")[2])):
        await Chat(page, 0).shows("meanwhile")


async def test_the_page_begins_anew_with_another_server(
    page: Page, telegram: Telegram, anna: Person, desk: BotAccount
) -> None:
    async with serve(telegram) as url:
        await page.goto(f"{url}/#1@any_bot")
        await Chat(page, 0).shows("/start")
        for number in range(9):
            anna.send(desk, f"before {number}")
        await Chat(page, 0).shows("before 8")
    other = Telegram()
    other_desk = other.add_bot(desk.token, username="any_bot", name="Any bot")
    other_anna = other.add_person(1, "Anna")
    other_anna.start(other_desk)

    async with serve(other, port=int(url.rpartition(":")[2])):
        await expect(Chat(page, 0).messages).to_have_count(1)
        other_anna.send(other_desk, "after")
        await Chat(page, 0).shows("after")

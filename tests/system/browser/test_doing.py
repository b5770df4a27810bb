"""The actions of people on the page, with any bot."""

from pathlib import Path

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
)
from playwright.async_api import FilePayload, Page, expect

from simulator import BotAccount, Person, Telegram
from tests.system.browser.demo import Chat

STAFF = -1_000_000_000_500


async def test_files_go_both_ways(
    chat: Chat, bot: Bot, anna: Person, desk: BotAccount, page: Page, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.png"
    await page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 40, "height": 30})

    await chat.pane.locator("input[type=file]").set_input_files(picture)
    await expect(chat.last.locator("img")).to_have_js_property("naturalWidth", 40)
    assert anna.chat(desk)[-1].photo

    await bot.send_document(anna.id, BufferedInputFile(b"a,b\n", "table.csv"))
    async with page.expect_download() as downloading:
        await chat.last.locator(".document").click()
    download = await downloading.value
    assert download.suggested_filename == "table.csv"
    assert (await download.path()).read_bytes() == b"a,b\n"


async def test_a_message_of_ones_own_is_edited_and_deleted(chat: Chat, page: Page) -> None:
    await chat.write("first")
    await chat.shows("first")
    await chat.last.hover()
    await chat.last.get_by_label("Edit").click()
    await chat.write("second")
    await chat.shows("second")

    await chat.last.hover()
    await chat.last.get_by_label("Delete").click()

    await expect(chat.messages).to_have_count(1)


async def test_what_is_refused_stays_in_the_input(
    chat: Chat, complaints: list[str], page: Page
) -> None:
    await chat.write("x" * 4097)
    await expect(page.locator("#notices")).to_contain_text("1 to 4096 characters")
    await expect(chat.input).to_have_value("x" * 4097)

    await chat.input.fill("A caption")
    empty = FilePayload(name="empty.txt", mimeType="text/plain", buffer=b"")
    await chat.pane.locator("input[type=file]").set_input_files(empty)
    await expect(page.locator("#notices")).to_contain_text("must be non-empty")
    await expect(chat.input).to_have_value("A caption")

    # The browser's console shows each refused request.
    assert len(complaints) == 2
    complaints.clear()


async def test_a_reply_quotes_what_it_answers(chat: Chat, bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "A question")
    await chat.shows("A question")
    await chat.last.hover()
    await chat.last.get_by_label("Reply").click()

    await chat.write("An answer")

    await expect(chat.last.locator(".reply")).to_contain_text("A question")


async def test_ticks_tell_what_the_bot_has_read(chat: Chat, bot: Bot) -> None:
    await expect(chat.last.locator(".ticks")).to_have_attribute("title", "Sent")

    [update] = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)

    await expect(chat.last.locator(".ticks")).to_have_attribute("title", "Read")


async def test_each_chat_has_its_own_menu(chat: Chat, bot: Bot, anna: Person, page: Page) -> None:
    await bot.set_my_commands([BotCommand(command="help", description="For all")])
    mine = [BotCommand(command=name, description=f"It is {name}") for name in ("one", "two")]
    await bot.set_my_commands(mine, scope=BotCommandScopeChat(chat_id=anna.id))
    await page.reload()

    await chat.pane.get_by_label("Commands").click()
    await expect(chat.pane.get_by_text("It is two")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await chat.shows("/two")


async def test_results_of_an_inline_bot_are_chosen(chat: Chat, bot: Bot) -> None:
    await chat.input.fill("@any_bot ver")
    query = None
    while query is None:
        for update in await bot.get_updates(timeout=5):
            query = update.inline_query
            await bot.get_updates(offset=update.update_id + 1)
    content = InputTextMessageContent(message_text="Vera, 3 bookings")
    found = InlineQueryResultArticle(id="1", title="Vera", input_message_content=content)
    await bot.answer_inline_query(query.id, [found])

    await chat.pane.get_by_role("option", name="Vera").click()

    assert query.query == "ver"
    await chat.shows("via @any_bot")


async def test_a_deep_link_starts_the_bot(chat: Chat, bot: Bot, anna: Person, page: Page) -> None:
    await bot.send_message(anna.id, "https://t.me/any_bot?start=welcome-7")

    await chat.last.locator("a").click()
    await chat.shows("/start welcome-7")

    await chat.pane.locator(".deeds summary").click()
    await page.get_by_role("button", name="Open a deep link").click()
    await page.keyboard.type("other")
    await page.keyboard.press("Enter")
    await chat.shows("/start other")


async def test_a_link_that_is_no_address_says_so(
    chat: Chat, bot: Bot, anna: Person, page: Page
) -> None:
    button = InlineKeyboardButton(text="Read", url="https://example.com:99999/")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(anna.id, "https://example.com:99999/", reply_markup=markup)

    await chat.last.locator("a").click()
    await chat.press("Read")

    await expect(chat.pane.locator(".notice")).to_have_text("This link leads nowhere.")


async def test_somebody_asks_to_join_a_group_and_is_let_in(
    chat: Chat, bot: Bot, anna: Person, desk: BotAccount, telegram: Telegram, page: Page
) -> None:
    owner = telegram.add_person(2, "Boris")
    staff = telegram.add_group(STAFF, "Staff", [owner])
    staff.add(desk)
    staff.promote(desk, "can_invite_users")
    link = await bot.create_chat_invite_link(STAFF, creates_join_request=True)

    await chat.pane.locator(".deeds summary").click()
    await page.get_by_role("button", name="Follow an invite link").click()
    await page.keyboard.type(link.invite_link)
    await page.keyboard.press("Enter")
    await chat.is_told("waits for an admin")
    await bot.approve_chat_join_request(STAFF, anna.id)
    await page.locator(".entry", has_text="Staff").click()

    await expect(chat.pane.locator(".service").last).to_have_text("Anna joined")
    await chat.pane.get_by_label("Seen by").select_option("Anna")
    await chat.write("Hello")
    await expect(chat.last).to_have_class("message own new")

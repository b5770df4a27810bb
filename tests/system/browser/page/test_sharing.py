"""What people pass on from the page, and where names and links lead."""

import asyncio

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
)
from playwright.async_api import Page, Route, expect

from simulator import BotAccount, Person, Telegram
from tests.system.browser.demo import Chat

STAFF = -1_000_000_000_500


async def test_a_message_is_forwarded_to_the_phone_of_somebody_else(
    chat: Chat, page: Page, telegram: Telegram, desk: BotAccount
) -> None:
    boris = telegram.add_person(2, "Boris")
    boris.start(desk)
    await chat.write("I have paid")
    await chat.shows("I have paid")
    await chat.last.hover()

    await chat.last.get_by_label("Forward").click()
    await page.get_by_label("Hide the author").check()
    await page.get_by_label("Forward to").last.fill("bor")
    await page.locator(".pick").click()

    await expect(Chat(page, 1).last).to_contain_text("Forwarded from Anna")
    [*_, forwarded] = boris.chat(desk)
    assert forwarded.text == "I have paid"
    assert getattr(forwarded.message.forward_origin, "sender_user_name", None) == "Anna"


async def test_contacts_are_shared_whether_they_are_on_telegram_or_not(
    chat: Chat, page: Page, telegram: Telegram, anna: Person, desk: BotAccount
) -> None:
    telegram.add_person(2, "Boris")

    for typed, found in ("bor", "Boris"), ("Somebody", "Somebody"):
        await chat.pane.get_by_label("Attach").click()
        await chat.pane.get_by_role("option", name="Contact").click()
        await page.get_by_label("Share a contact").last.fill(typed)
        await page.keyboard.press("Enter")
        await chat.shows(found)

    contacts = [message.message.contact for message in anna.chat(desk)[-2:]]
    shared = [(contact.first_name, contact.user_id) for contact in contacts if contact]
    assert shared == [("Boris", 2), ("Somebody", None)]


async def test_buttons_ask_for_people_and_for_ones_own_number(
    chat: Chat, bot: Bot, page: Page, telegram: Telegram, anna: Person, desk: BotAccount
) -> None:
    for number, name in enumerate(("Boris", "Vera"), start=2):
        telegram.add_person(number, name)
    request = KeyboardButtonRequestUsers(request_id=7, max_quantity=2)
    row = [
        KeyboardButton(text="Choose", request_users=request),
        KeyboardButton(text="My number", request_contact=True),
    ]
    markup = ReplyKeyboardMarkup(keyboard=[row])
    await bot.send_message(anna.id, "Who?", reply_markup=markup)

    await chat.press("Choose")
    for name in ("Boris", "Vera"):
        await page.locator(".pick", has_text=name).click()
    await page.get_by_role("button", name="Choose", exact=True).last.click()
    await expect(chat.pane.locator(".service").last).to_have_text("Chosen: Boris, Vera")
    await chat.press("My number")
    await page.get_by_role("button", name="Share").click()
    await chat.shows("Anna")

    *_, choice, own = [message.message for message in anna.chat(desk)]
    assert choice.users_shared
    assert [user.user_id for user in choice.users_shared.users] == [2, 3]
    assert own.contact
    assert own.contact.user_id == anna.id


async def test_mentions_and_links_open_the_chats_they_name(
    chat: Chat, bot: Bot, page: Page, telegram: Telegram, anna: Person, desk: BotAccount
) -> None:
    boris = telegram.add_person(2, "Boris", username="boris")
    boris.start(desk)
    staff = telegram.add_group(STAFF, "Staff", [boris, anna])
    staff.add(desk)
    await bot.send_message(STAFF, "Ask @boris, @nobody or https://t.me/any_bot?start=x-7")
    await page.goto(page.url.partition("#")[0] + f"#2@{STAFF}")
    beside = page.locator(".pane").nth(1).locator(".title b")

    await chat.pane.get_by_text("@boris").click()
    await expect(beside).to_have_text("Boris’s phone · Any bot")
    await chat.pane.get_by_text("@nobody").click()
    await chat.is_told("Nobody here")
    await chat.pane.get_by_label("Seen by").select_option("Anna")
    await chat.pane.get_by_text("start=x-7").click()

    await expect(beside).to_have_text("Anna’s phone · Any bot")
    await Chat(page, 1).shows("/start x-7")


async def test_a_command_that_is_written_out_is_sent_though_a_longer_one_comes_first(
    chat: Chat, bot: Bot, page: Page
) -> None:
    await bot.set_my_commands(
        [
            BotCommand(command=command, description=f"Show {command}")
            for command in ("bookings", "booking")
        ]
    )
    await page.reload()
    await chat.pane.get_by_label("Commands").click()
    await expect(chat.pane.get_by_role("option")).to_have_count(2)

    await chat.write("/booking")

    await expect(chat.last.locator(".text .link")).to_have_text("/booking")


async def test_commands_are_offered_once_the_menu_of_the_chat_is_known(
    chat: Chat, bot: Bot, page: Page
) -> None:
    await bot.set_my_commands([BotCommand(command="bookings", description="Show bookings")])
    asked, known = asyncio.Event(), asyncio.Event()

    async def slowly(route: Route) -> None:
        asked.set()
        await known.wait()
        await route.continue_()

    await page.route("**/menu/**", slowly)
    await page.reload()
    await asked.wait()
    await expect(chat.input).to_be_visible()
    await expect(chat.pane.get_by_label("Commands")).to_be_hidden()

    known.set()
    await chat.pane.get_by_label("Commands").click()

    await expect(chat.pane.get_by_role("option")).to_have_count(1)

"""Where students' data is shown: to an admin in private and in the staff's chat, nowhere else."""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.settings import Settings
from bot.views.lists import Origin
from keyboards.payloads.bookings import CardButton
from simulator import BotAccount, ChatMessage, Group, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import DESK_TOKEN, MakeBooking

STAFF: Final = -500
SHOWS_MORE: Final = ("l1:p:f::", "c1:p:f:::1", "p1:p:f:::1", "w1:p:f:::1", "j3::::::f:", "o1")
IN_PRIVATE: Final = {"en": "in private only", "ru": "только лично"}


@pytest.fixture
def desk_bot(telegram: Telegram) -> BotAccount:
    return telegram.add_bot(
        DESK_TOKEN, username="school_desk_bot", name="School desk", inline=True
    )


@pytest.fixture
def group(
    telegram: Telegram, desk_bot: BotAccount, anna: Person, boris: Person, vera: Person
) -> Group:
    people = [anna.account, boris.account, vera.account]
    group = telegram.add_group(STAFF, "North, autumn", people)
    group.add(desk_bot)
    return group


@pytest.fixture
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    api = TelegramAPIServer.from_base(str(settings.telegram_api_url))
    async with Bot(DESK_TOKEN, session=AiohttpSession(api=api)) as bot:
        yield bot


async def keyboard_in(bot: Bot, group: Group, person: Person) -> ChatMessage:
    """Return a message of the bot's in the group, as an earlier program may have left one."""
    button = InlineKeyboardButton(text="Bookings", callback_data="l1:p:f::")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await bot.send_message(group.id, "Welcome", reply_markup=markup)
    return person.account.chat(group)[-1]


def texts(person: Person, group: Group) -> Sequence[str]:
    return [message.text for message in person.account.chat(group) if message.text]


@pytest.mark.parametrize("data", SHOWS_MORE)
async def test_a_press_in_a_group_of_students_draws_nothing(
    desk: None,
    anna: Person,
    boris: Person,
    group: Group,
    bot: Bot,
    make_booking: MakeBooking,
    data: str,
) -> None:
    await make_booking()
    message = await keyboard_in(bot, group, anna)

    for admin, language in ((anna, "en"), (boris, "ru")):
        answer = await admin.account.press(group, message.message_id, data).answered()
        assert IN_PRIVATE[language] in (answer.text or "")
        assert answer.show_alert

    assert texts(anna, group) == ["Welcome"]


async def test_a_card_posted_into_a_chat_leads_to_nothing_but_itself(
    desk: None,
    anna: Person,
    desk_bot: BotAccount,
    group: Group,
    telegram: Telegram,
    make_booking: MakeBooking,
) -> None:
    await make_booking(first_name="Olga", user_id=99)
    await make_booking()
    search = anna.account.search(desk_bot, "vera")
    [result] = await search.results()
    card = anna.account.choose(group, search, result.id)
    offered = [each.text for row in card.buttons for each in row]

    for data in SHOWS_MORE:
        if not data.startswith("c1"):
            answer = await anna.account.press(group, card.message_id, data).answered()
            assert IN_PRIVATE["en"] in (answer.text or "")
    confirm = card.buttons[0][0].callback_data or ""
    await anna.account.press(group, card.message_id, confirm).answered()
    await telegram.until(lambda: "Confirmed by Anna" in texts(anna, group)[-1])

    assert offered == ["✅ Confirm", "🔀 Move…", "🚫 Cancel…", "🔄 Refresh"]
    shown = anna.account.chat(group)[-1]
    assert not any("Back" in each.text for row in shown.buttons for each in row)
    assert "Olga" not in shown.text


async def test_a_question_on_a_posted_card_asks_for_no_reply_and_is_answered_there(
    desk: None,
    anna: Person,
    desk_bot: BotAccount,
    group: Group,
    telegram: Telegram,
    make_booking: MakeBooking,
) -> None:
    await make_booking()
    search = anna.account.search(desk_bot, "vera")
    [result] = await search.results()
    card = anna.account.choose(group, search, result.id)

    for label in (
        "Cancel…",
        "Tell the student",
        "✓ Tell the student",
        "‹ Back to the booking",
        "Cancel…",
        "There are no places left.",
    ):
        await telegram.until(partial(payload_on, anna, group, label))
        assert "reply" not in texts(anna, group)[-1]
        data = payload_on(anna, group, label) or ""
        await anna.account.press(group, card.message_id, data).answered()
    await telegram.until(lambda: "Cancelled by Anna" in texts(anna, group)[-1])

    assert "There are no places left." in texts(anna, group)[-1]


def payload_on(person: Person, group: Group, label: str) -> str | None:
    """Return what the button with this label carries on the newest message, if it has one."""
    rows = person.account.chat(group)[-1].buttons
    return next((each.callback_data for row in rows for each in row if label in each.text), None)


async def test_a_command_in_a_group_is_not_answered(
    desk: None, anna: Person, group: Group, make_booking: MakeBooking
) -> None:
    await make_booking()

    for command in ("/pending@school_desk_bot", "/booking@school_desk_bot 1"):
        anna.account.send(group, command)
    await anna.opens("/pending", shows="1 booking")

    assert all(text.startswith("/") for text in texts(anna, group))


@pytest.mark.parametrize("upgraded", [False, True])
async def test_the_staff_s_own_chat_opens_what_it_is_told_of(
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    group: Group,
    make_booking: MakeBooking,
    upgraded: bool,
) -> None:
    booking = await make_booking()
    if upgraded:
        group.upgrade()
    async with open_desk(settings.model_copy(update={"staff_chat_id": STAFF})):
        await anna.opens(f"/booking {booking}", shows="Pending")
        await anna.press("Confirm")
        await telegram.until(lambda: any("didn't get" in text for text in texts(anna, group)))
        notice = anna.account.chat(group)[-1]
        opens = notice.buttons[-1][0].callback_data or ""

        answer = await anna.account.press(group, notice.message_id, opens).answered()

        assert answer.url == f"https://t.me/school_desk_bot?start=b_{booking}"
        card = CardButton.of(Origin(), booking=booking)
        await anna.account.press(group, notice.message_id, card).answered()
        await telegram.until(lambda: f"Booking #{booking}" in texts(anna, group)[-1])

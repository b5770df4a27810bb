"""`@bot Vera` in any chat: an admin posts a card there."""

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import InlineQueryResultArticle, InputTextMessageContent

from bot.settings import Settings
from simulator import BotAccount, ChatMessage, Group, Telegram
from tests.support.person import Person
from tests.support.school import DESK_TOKEN, MakeBooking


@pytest.fixture
def desk_bot(telegram: Telegram) -> BotAccount:
    return telegram.add_bot(
        DESK_TOKEN, username="school_desk_bot", name="School desk", inline=True
    )


@pytest.fixture
def staff(telegram: Telegram, desk_bot: BotAccount, anna: Person, boris: Person) -> Group:
    people = [anna.account, boris.account]
    group = telegram.add_group(-1_000_000_000_500, "Staff", people)
    group.add(desk_bot)
    return group


async def test_an_admin_posts_a_card_whose_buttons_work_for_other_admins(
    desk: None,
    anna: Person,
    boris: Person,
    desk_bot: BotAccount,
    staff: Group,
    telegram: Telegram,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()

    search = anna.account.search(desk_bot, "vera")
    [result] = await search.results()
    card = anna.account.choose(staff, search, result.id)
    data = card.buttons[0][0].callback_data or ""
    await boris.account.press(staff, card.message_id, data).answered()

    def posted() -> ChatMessage:
        return boris.account.chat(staff)[-1]

    await telegram.until(lambda: "Подтверждена" in posted().text)
    assert f"#{booking}" in posted().text


async def test_results_say_who_is_meant(
    desk: None, anna: Person, desk_bot: BotAccount, make_booking: MakeBooking
) -> None:
    made = [await make_booking() for _ in range(2)][::-1]

    results = await anna.account.search(desk_bot, "Vera").results()

    assert [result.id for result in results] == [str(booking) for booking in made]
    assert isinstance(results[0], InlineQueryResultArticle)
    assert f"#{made[0]} · Vera" in results[0].title


@pytest.mark.parametrize("text", ["", "\u200b", "x" * 250, "nobody of this name"])
async def test_what_finds_nothing_has_no_results(
    desk: None, anna: Person, desk_bot: BotAccount, text: str
) -> None:
    assert await anna.account.search(desk_bot, text).results() == []


async def test_nobody_else_finds_anything(
    desk: None, vera: Person, desk_bot: BotAccount, make_booking: MakeBooking
) -> None:
    await make_booking()

    assert await vera.account.search(desk_bot, "Vera").results() == []


async def test_answers_are_not_kept_for_others(
    desk: None, anna: Person, desk_bot: BotAccount, telegram: Telegram
) -> None:
    await anna.account.search(desk_bot, "Vera").results()

    [call] = [call for call in telegram.calls if call.method == "answerInlineQuery"]
    assert str(call.parameters["cache_time"]) == "0"
    assert call.parameters["is_personal"] in {True, "true"}


async def test_a_card_that_is_posted_to_the_bot_itself_is_no_search(
    desk: None, anna: Person, desk_bot: BotAccount, make_booking: MakeBooking
) -> None:
    await make_booking()
    search = anna.account.search(desk_bot, "vera")
    [result] = await search.results()

    anna.account.choose(desk_bot, search, result.id)
    await anna.opens("/help", shows="Booking desk")

    assert len(anna.inbox) == 1


async def test_what_another_bot_wrote_for_an_admin_is_answered_like_any_text(
    desk: None,
    settings: Settings,
    anna: Person,
    desk_bot: BotAccount,
    telegram: Telegram,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    names = telegram.add_bot("3003:names", username="names_bot", name="Names", inline=True)
    content = InputTextMessageContent(message_text="Vera", parse_mode=None)
    search = anna.account.search(names, "v")
    api = TelegramAPIServer.from_base(str(settings.telegram_api_url))
    async with Bot("3003:names", session=AiohttpSession(api=api)) as bot:
        [query] = await bot.get_updates()
        assert query.inline_query
        result = InlineQueryResultArticle(id="1", title="Vera", input_message_content=content)
        await bot.answer_inline_query(query.inline_query.id, [result])

    anna.account.choose(desk_bot, search, "1")

    await anna.sees(f"#{booking}")
